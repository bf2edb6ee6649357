"""Where a login may be used: whose site it is, and what merely looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.request.scope import Scope, checked_origin, origin_of, scope_of

LABEL = st.text("abcdefghijklmnopqrstuvwxyz0123456789", max_size=12).map("q{}q".format)
"""Labels that are no public suffix below another one, as `hk.com` is."""
PORT = st.integers(1, 65535)


@pytest.mark.parametrize(
    ("target", "url", "allowed"),
    [
        ("https://shop.co.uk/", "https://login.shop.co.uk:8443/x", True),
        ("https://shop.co.uk/", "https://other.co.uk/", False),
        ("https://shop.co.uk/", "https://shop.co.uk.evil.net/", False),
        ("https://shop.co.uk/", "https://evil.net/shop.co.uk", False),
        ("https://shop.co.uk/", "https://shop.co.uk@evil.net/", False),
        ("https://shop.co.uk/", "https://shop.co.uk./", False),
        ("https://shop.co.uk/", "http://shop.co.uk/", False),
        ("http://shop.co.uk/", "https://shop.co.uk/", True),
        ("https://mine.github.io/", "https://yours.github.io/", False),
        ("https://paypal.com/", "https://xn--pypal-4ve.com/", False),
        ("https://paypal.com/", "https://pаypal.com/", False),
        ("https://münchen.de/", "https://xn--mnchen-3ya.de/", True),
        ("http://desk.example/", "http://login.desk.example/", False),
        ("http://127.0.0.1:80/", "http://127.0.0.1:9/", True),
        ("http://127.0.0.1/", "http://127.0.0.2/", False),
        ("http://[::1]/", "http://[::1]:8/", True),
        ("http://intranet/", "http://intranet/", True),
        ("https://shop.co.uk/", "blob:https://shop.co.uk/1-2", True),
        ("https://shop.co.uk/", "blob:https://evil.net/1-2", False),
        ("https://shop.co.uk/", "wss://shop.co.uk/talk", True),
        ("https://shop.co.uk/", "null", False),
        ("https://shop.co.uk/", "about:blank", False),
        ("https://shop.co.uk/", "data:text/html,shop.co.uk", False),
        ("https://shop.co.uk/", "https://[bad/", False),
    ],
)
def test_a_login_is_for_the_site_and_for_nothing_that_looks_like_it(target: str, url: str, allowed: bool) -> None:
    assert scope_of(target).allows(url) is allowed


def test_origins_that_are_named_are_exact() -> None:
    scope = scope_of("https://desk.test/", ["help.vendor.com", "http://old.desk.net:8080"], ["https://id.vendor.com"])
    inside = ("https://help.vendor.com/a", "http://old.desk.net:8080/", "https://id.vendor.com/login?x=1")
    outside = ("https://vendor.com/", "https://x.id.vendor.com/", "http://id.vendor.com/", "https://old.desk.net:8080/")
    assert all(map(scope.allows, inside)) and not any(map(scope.allows, outside))


def test_an_origin_without_a_scheme_is_encrypted_unless_the_target_is_not() -> None:
    assert not scope_of("https://a.test/", ["b.test"]).allows("http://b.test/")
    assert scope_of("http://a.test/", ["b.test"]).allows("http://b.test/")
    assert not scope_of("http://a.test/", (), ["b.test"]).allows("http://b.test/")


def test_an_app_brings_its_own_site() -> None:
    scope = scope_of("support.apk", apps=["https://vendor.com"])
    assert scope.allows("https://id.vendor.com/") and not scope.allows("https://evil.net/")


@given(LABEL, LABEL, PORT)
def test_a_host_below_a_listed_suffix_is_its_own_site_at_every_port(one: str, other: str, port: int) -> None:
    scope = scope_of(f"https://{one}.com/")
    assert scope.allows(f"https://{other}.{one}.com:{port}/")
    assert scope.allows(f"https://{other}.com/") is (one == other)
    assert scope.allows(f"https://{one}.com.{other}.org/") is False


@given(st.text(max_size=60))
def test_no_text_at_all_is_allowed_by_an_empty_scope_or_raises(text: str) -> None:
    assert not Scope().allows(text)
    scope_of(text, [text], [text]).allows(text)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://id.example/", "https://id.example"),
        ("ID.example", "https://id.example"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("https://id.example:443", "https://id.example"),
    ],
)
def test_an_origin_is_read_as_people_write_it(written: str, read: str) -> None:
    assert checked_origin(written) == read and str(origin_of(read)) == read


@pytest.mark.parametrize("text", ["", "*", "ftp://x", "https://a:b@c/", "https://a.example/login/x", "https://", "a b"])
def test_what_is_no_origin_is_told_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="is not an origin"):
        checked_origin(text)


def test_the_sites_of_an_app_get_the_login_over_https_only() -> None:
    scope = scope_of("desk.apk", apps=["https://desk.com"])
    assert scope.allows("https://login.desk.com/") and not scope.allows("http://login.desk.com/")
