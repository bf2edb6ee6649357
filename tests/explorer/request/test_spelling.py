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
from explorer.request.ways import Way


def escape(text: str) -> str:
    """As JavaScript's function of this name does it."""
    units = text.encode("utf-16-be")
    pairs = [units[i : i + 2] for i in range(0, len(units), 2)]
    return "".join(f"%u{u.hex().upper()}" if u[0] else quote(u[1:], safe="@*_+-./") for u in pairs)


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
    "UTF-16 in Base64": lambda s: b64encode(s.encode("utf-16-le")).decode(),
    "UTF-16 in hex": lambda s: s.encode("utf-16-le").hex(),
    "UTF-16 octets": lambda s: s.encode("utf-16-le").decode("latin-1"),
    "UTF-8 octets": lambda s: s.encode().decode("latin-1"),
    "GB 18030 in an address": lambda s: quote(s.encode("gb18030"), safe=""),
    "escape": escape,
}
OLD = (
    "latin-1",
    "cp1252",
    "iso8859-15",
    "cp1251",
    "koi8-r",
    "cp932",
    "euc-jp",
    "cp949",
    "big5hkscs",
    "gb18030",
    "cp1254",
)
WORDS = (
    "Tr0ub4dor-ü",
    "geheim ß&é",
    "пароль-длинный",
    "秘密の言葉です",
    "비밀번호입니다",
    "señal€äöü",
    "şifre-ğİ",
    "密碼是很長的",
)
SECRET = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs")), min_size=6, max_size=24)


@settings(max_examples=15, deadline=None)
@given(secret=SECRET)
def test_a_secret_is_found_in_every_spelling(secret: str) -> None:
    known = Spellings([secret])
    for name, spelled in SPELLINGS.items():
        text = f"user=x&password={spelled(secret)}&next=1"
        assert known.found(text) and known.shown(text), name
        assert not known.found(known.masked(text)), name


@given(secret=SECRET, before=st.text("abc", max_size=4), after=st.text("xyz", max_size=4))
def test_it_is_found_inside_longer_base64(secret: str, before: str, after: str) -> None:
    assert Spellings([secret]).found(b64encode(f"{before}{secret}{after}".encode()).decode())


@pytest.mark.parametrize("secret", WORDS)
@pytest.mark.parametrize("encoding", OLD)
def test_a_form_in_an_old_encoding_does_not_hide_it(encoding: str, secret: str) -> None:
    octets = secret.encode(encoding, "xmlcharrefreplace")
    known = Spellings([secret])
    assert known.found(f"p={quote(octets, safe='')}") and known.found(f"p={quote_plus(octets)}&q=1")
    assert known.found(f"--x\r\n\r\n{octets.decode('latin-1')}\r\n--x")


@pytest.mark.parametrize("secret", ["Tr0ub4dor-ü", "señal-äöü", "Ünlü–«ß»"])
def test_btoa_and_basic_may_write_latin_1(secret: str) -> None:
    octets = secret.encode("cp1252")
    assert Spellings([secret]).found("x=" + b64encode(b"ab" + octets + b"c").decode())
    assert Spellings([secret]).found(octets.hex().upper())
    basic = b64encode(b"ada:" + octets).decode()
    assert Spellings([secret], [f"ada:{secret}"]).masked(f"Basic {basic}").rstrip("=") == "Basic …"


@pytest.mark.parametrize("spelled", [str, lambda s: quote(s, safe=""), lambda s: b64encode(s.encode()).decode()])
@pytest.mark.parametrize("left", [4, 7, 11, 13])
def test_one_that_a_limit_of_ours_cuts_off_is_masked(spelled: Callable[[str], str], left: int) -> None:
    cut = "x" * (200 - left) + spelled("Tr0ub4dor & 3/ü")[:left]
    assert Spellings(["Tr0ub4dor & 3/ü"]).masked(cut) == "x" * (200 - left) + "…"


def test_a_word_that_a_password_begins_with_stays() -> None:
    known = Spellings(["Password1"])
    assert known.masked("Password") == "Password" and known.masked("Your Password") == "Your Password"


def test_both_halves_as_http_basic_has_them_are_found() -> None:
    known = Spellings(["p"], ["u:p"])
    assert known.found("Basic dTpw") and known.masked("Basic dTpw") == "Basic …"


@pytest.mark.parametrize("text", ["/shop/p/1?p=1&page=2", '{"p": "shop"}', "multipart"])
def test_a_short_secret_is_found_only_as_a_whole_value(text: str) -> None:
    known = Spellings(["p"])
    assert not known.found(text)
    assert known.found("a=1&password=p") and known.found('{"pw":"p"}')


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"body": json.dumps({"p": "abc12"})}),
        quote(json.dumps({"p": "abc12"}), safe=""),
        "q=" + quote("a=1&p=abc12&b=2", safe=""),
    ],
)
def test_a_short_secret_is_found_as_a_value_of_a_text_within_another(text: str) -> None:
    assert Spellings(["abc12"]).found(text)
    assert not Spellings(["abc1"]).found(text)


def test_a_short_secret_is_masked_where_it_stands_alone() -> None:
    assert Spellings(["abc"]).masked("Hello abc, abcdef! /abc?x=abc") == "Hello …, abcdef! /…?x=…"


def test_no_secret_changes_nothing_and_none_is_printed() -> None:
    assert Spellings([""]).masked("text") == "text" and not Spellings([]).found("text")
    assert "hush" not in repr(Spellings(["hush-hush"]))


HEADER = b64encode(b'{"alg":"HS256","typ":"JWT"}').decode()


def test_of_tokens_that_begin_alike_only_what_a_text_holds_is_made_a_pattern(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Way] = []

    def whole(way: Way) -> str:
        made.append(way)
        return way.head() + way.bounds[1]

    monkeypatch.setattr(Way, "pattern", property(whole))
    tokens = [f"{HEADER}.{chr(97 + n) * 1500}" for n in range(26)]
    known = Spellings([], (), tokens)
    assert not known.shown(f"Bearer {HEADER}.{'ab' * 700}") and made == []
    assert known.masked(f"a {tokens[3]} b {quote(tokens[7])} c") == "a … b … c" and len(made) == 2


@pytest.mark.parametrize("times", range(1, 7))
def test_texts_in_texts_hide_no_quotation_mark(times: int) -> None:
    text = 'say "hello"'
    for _ in range(times):
        text = json.dumps(text)
    assert Spellings(['say "hello"']).found(text)


def test_it_is_found_after_any_number_of_backslashes() -> None:
    assert Spellings(["\\horse-9"]).masked("\\" * 5000 + "u005chorse-9!").endswith("\\…!")
