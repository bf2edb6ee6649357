"""Cookies and storage that somebody saved are used only where the login may be."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.request.scope import scope_of
from explorer.request.storage import left_out_told, tokens, within

SCOPE = scope_of("https://desk.com/", (), ["https://id.provider.org"])


def cookie(domain: str, value: str = "x") -> dict[str, Any]:
    return {"name": "session", "value": value, "domain": domain, "path": "/"}


def test_what_belongs_to_the_site_and_to_a_named_provider_stays() -> None:
    mine = [cookie(d) for d in ("desk.com", ".desk.com", "login.desk.com", "id.provider.org", ".provider.org")]
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
    assert kept == {"cookies": [cookie("desk.com")], "origins": []}
    assert left == ("mail.example", "notdesk.com", "provider.org", "evil.provider.org", "com", "https://mail.example")
    assert "mail.example" in left_out_told(left) and "--login-at" in left_out_told(left)


@settings(deadline=None)  # a busy machine is no fault
@given(st.text("abc.", min_size=1, max_size=20))
def test_no_domain_of_a_foreign_site_is_kept(domain: str) -> None:
    assert within({"cookies": [cookie(domain)]}, scope_of("https://desk.net/"))[0]["cookies"] == []


def test_only_long_values_count_as_tokens() -> None:
    state = {
        "cookies": [cookie("desk.com", "dark"), cookie("desk.com", "k" * 40)],
        "origins": [{"origin": "https://desk.com", "localStorage": [{"name": "jwt", "value": "j" * 30}]}],
    }
    assert list(tokens(state)) == ["k" * 40, "j" * 30] and list(tokens({})) == []
