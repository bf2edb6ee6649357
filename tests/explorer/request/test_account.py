"""A login gives out its text only for places where it may be used."""

from __future__ import annotations

import pytest

from explorer.request.account import Account, NotHere, typed_texts
from explorer.request.credential import Login
from explorer.request.scope import scope_of

ACCOUNT = Account(Login.of("ann", "hush-hush"), scope_of("https://desk.com/", (), ["https://id.vendor.com"]))


def test_both_halves_are_given_out_at_home_and_at_a_named_identity_provider() -> None:
    assert ACCOUNT.reveal_at("user", "https://desk.com") == "ann"
    assert ACCOUNT.reveal_at("password", "https://id.vendor.com/login") == "hush-hush"


@pytest.mark.parametrize("part", ["user", "password"])
@pytest.mark.parametrize(("url", "named"), [("https://evil.net/login", "https://evil.net"), ("null", "without")])
def test_neither_half_is_given_out_anywhere_else(part: str, url: str, named: str) -> None:
    with pytest.raises(NotHere, match=named) as error:
        ACCOUNT.reveal_at(part, url)
    assert "hush" not in str(error.value)


def test_nothing_of_it_is_printed_but_the_user_name() -> None:
    assert "hush" not in repr(ACCOUNT) and "hush" not in repr(ACCOUNT.secret("password"))
    assert "ann" not in repr(ACCOUNT.secret("user"))


def test_a_session_knows_what_was_typed() -> None:
    assert typed_texts(ACCOUNT, "user") == ("ann",) and typed_texts(ACCOUNT, "password") == ("hush-hush",)
    assert typed_texts(None, "user") == typed_texts(ACCOUNT, "") == ()


def test_the_password_is_looked_for_alone_and_with_the_name() -> None:
    assert ACCOUNT.passwords().found("Basic YW5uOmh1c2gtaHVzaA==") and ACCOUNT.passwords().found("x=hush-hush")
    assert not ACCOUNT.passwords().found("x=ann") and ACCOUNT.names().found("x=ann")
