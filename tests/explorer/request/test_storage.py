"""Cookies and storage that somebody saved are used only where the login may be."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.request.scope import scope_of
from explorer.request.spelling import Spellings
from explorer.request.storage import left_out_told, tokens, within

SCOPE = scope_of("https://desk.com/", (), ["https://id.provider.org"])


def cookie(domain: str, value: str = "x") -> dict[str, Any]:
    return {"name": "session", "value": value, "domain": domain, "path": "/"}


def test_what_belongs_to_the_site_and_to_a_named_provider_stays() -> None:
    mine = [cookie(d) for d in ("desk.com", ".desk.com", "login.desk.com", "id.provider.org")]
    mine = [{**c, "secure": True} for c in mine]
    stores = [{"origin": "https://desk.com", "localStorage": []}]
    state = {"cookies": mine, "origins": stores}
    assert within(state, SCOPE) == (state, ())


@pytest.mark.parametrize(
    "state", [{"cookies": ["x"]}, {"cookies": {"a": 1}}, {"origins": ["a"]}, {"origins": [{"localStorage": [1]}]}]
)
def test_a_file_of_another_kind_holds_nothing_of_either(state: dict[str, Any]) -> None:
    kept, _ = within(state, SCOPE)
    assert kept["cookies"] == [] and list(tokens(state)) == []


def test_everything_else_is_left_out_and_told() -> None:
    others = [cookie(d) for d in (".mail.example", "notdesk.com", "provider.org", "evil.provider.org", ".com")]
    state = {"cookies": [cookie("desk.com"), *others], "origins": [{"origin": "https://mail.example"}]}
    kept, left = within(state, SCOPE)
    assert kept == {"cookies": [{**cookie("desk.com"), "secure": True}], "origins": []}
    assert left == ("mail.example", "notdesk.com", "provider.org", "evil.provider.org", "com", "https://mail.example")
    assert "mail.example" in left_out_told(left) and "--login-at" in left_out_told(left)


def test_a_cookie_of_a_parent_domain_goes_to_the_named_host_alone() -> None:
    told = [cookie(".provider.org"), cookie(".id.provider.org")]
    kept, left = within({"cookies": told}, SCOPE)
    assert [(c["domain"], c["secure"]) for c in kept["cookies"]] == [("id.provider.org", True)] * 2 and left == ()


def test_a_cookie_goes_over_an_open_line_only_where_the_scope_has_one() -> None:
    told = {"cookies": [cookie("desk.com"), {**cookie(".desk.com"), "secure": False}]}
    assert [c["secure"] for c in within(told, SCOPE)[0]["cookies"]] == [True, True]
    assert within(told, scope_of("http://desk.com/"))[0] == {**told, "origins": []}
    both = scope_of("https://a.net/", (), ["http://id.provider.org", "https://id.provider.org"])
    assert [c["secure"] for c in within({"cookies": [cookie("id.provider.org")]}, both)[0]["cookies"]] == [False]


@given(st.text("abc.", min_size=1, max_size=20))
def test_no_domain_of_a_foreign_site_is_kept(domain: str) -> None:
    assert within({"cookies": [cookie(domain)]}, scope_of("https://desk.net/"))[0]["cookies"] == []


def test_only_long_values_count_as_tokens() -> None:
    state = {
        "cookies": [cookie("desk.com", "dark"), cookie("desk.com", "k" * 40)],
        "origins": [{"origin": "https://desk.com", "localStorage": [{"name": "jwt", "value": "j" * 30}]}],
    }
    assert list(tokens(state)) == ["k" * 40, "j" * 30] and list(tokens({})) == []


@pytest.mark.parametrize("wrap", [json.dumps, lambda v: json.dumps(json.dumps(v)), lambda v: quote(json.dumps(v))])
def test_what_stands_in_json_is_a_token_too(wrap: Callable[[object], str]) -> None:
    value = wrap({"user": {"idToken": "i" * 40, "note": "a text of many words"}, "more": ["m" * 20, 7]})
    stores = [{"origin": "https://desk.com", "localStorage": [{"name": "auth", "value": value}]}]
    told = list(tokens({"cookies": [cookie("desk.com", value)], "origins": stores}))
    assert {"i" * 40, "m" * 20} <= set(told) and not any(t[-5:] == "words" for t in told)


@pytest.mark.parametrize(
    "spelled", [str, quote, json.dumps, lambda t: b64encode(t.encode()).decode(), lambda t: t.encode().hex()]
)
def test_a_token_is_masked_in_all_spellings(spelled: Callable[[str], str]) -> None:
    token = 'tok"en/with+signs=' + "x" * 30
    assert "x" * 20 not in (told := Spellings((), (), [token]).masked(spelled(token))) and "eHh4" not in told


TOKEN = "eyJhbGciOi9.x7Qk2mPz5v"


@pytest.mark.parametrize("value", [f"Bearer {TOKEN}", f'{{"auth": "Token {TOKEN}"}}', f"id=7; token {TOKEN}"])
def test_a_token_with_words_around_it_is_known_by_itself(value: str) -> None:
    state = {"origins": [{"origin": "https://desk.com", "localStorage": [{"name": "auth", "value": value}]}]}
    assert TOKEN in tokens(state)


@pytest.mark.parametrize(
    "held", [{"value": {"user": {"accessToken": TOKEN}}}, {"valueEncoded": {"o": [{"k": "t", "v": TOKEN}]}}]
)
def test_a_token_in_a_database_of_the_browser_is_known_and_the_data_beside_it_is_not(held: dict[str, Any]) -> None:
    text = {"value": "The internationalization of lamps is explained in the handbook"}
    database = {"name": "firebaseLocalStorageDb", "stores": [{"name": "s", "records": [{"key": "k", **held}, text]}]}
    assert list(tokens({"origins": [{"origin": "https://desk.com", "indexedDB": [database]}]})) == [TOKEN]
