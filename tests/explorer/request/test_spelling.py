"""A secret is found in all its spellings, and nothing else is taken for it."""

from __future__ import annotations

import html
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.request.spelling import Spellings

SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "path": lambda s: quote(s, safe=""),
    "form": quote_plus,
    "form, small letters": lambda s: quote_plus(s).lower() if s.islower() else quote_plus(s),
    "twice": lambda s: quote(quote(s)),
    "JSON": json.dumps,
    "JSON in JSON": lambda s: json.dumps(json.dumps(s)),
    "JSON as it is": lambda s: json.dumps(s, ensure_ascii=False),
    "HTML": html.escape,
    "HTML numbers": lambda s: "".join(f"&#{ord(c)};" for c in s),
    "Base64": lambda s: b64encode(s.encode()).decode(),
    "Base64 for addresses": lambda s: urlsafe_b64encode(s.encode()).decode(),
    "Base64 in an address": lambda s: quote(b64encode(s.encode()).decode(), safe=""),
    "hex": lambda s: s.encode().hex(),
}
SECRET = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs")), min_size=6, max_size=24)


@pytest.mark.parametrize("spelling", SPELLINGS)
@settings(max_examples=30, deadline=None)
@given(secret=SECRET)
def test_a_secret_is_found_in_every_spelling(spelling: str, secret: str) -> None:
    known = Spellings([secret])
    text = f"user=x&password={SPELLINGS[spelling](secret)}&next=1"
    assert known.found(text) and known.shown(text)
    assert not known.found(known.masked(text))


@settings(deadline=None)  # a busy machine is no fault
@given(secret=SECRET, before=st.text("abc", max_size=4), after=st.text("xyz", max_size=4))
def test_it_is_found_inside_longer_base64(secret: str, before: str, after: str) -> None:
    assert Spellings([secret]).found(b64encode(f"{before}{secret}{after}".encode()).decode())


def test_both_halves_as_http_basic_has_them_are_found() -> None:
    known = Spellings(["p"], ["u:p"])
    assert known.found("Basic dTpw") and known.masked("Basic dTpw") == "Basic …"


@pytest.mark.parametrize("text", ["/shop/p/1?p=1&page=2", '{"p": "shop"}', "multipart"])
def test_a_short_secret_is_found_only_as_a_whole_value(text: str) -> None:
    known = Spellings(["p"])
    assert not known.found(text)
    assert known.found("a=1&password=p") and known.found('{"pw":"p"}')


def test_a_short_secret_is_masked_where_it_stands_alone() -> None:
    assert Spellings(["abc"]).masked("Hello abc, abcdef! /abc?x=abc") == "Hello …, abcdef! /…?x=…"


def test_no_secret_changes_nothing_and_none_is_printed() -> None:
    assert Spellings([""]).masked("text") == "text" and not Spellings([]).found("text")
    assert "hush" not in repr(Spellings(["hush-hush"]))
