"""Which addresses belong to the target's site, by the public suffix list."""

from __future__ import annotations

import pytest

from explorer.request.addresses import endpoint_of, on_site, registrable, same_site


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("www.support.example.co.uk", "example.co.uk"),
        ("chat.desk.test", "chat.desk.test"),
        ("127.0.0.1", "127.0.0.1"),
        ("::1", "::1"),
        ("localhost", "localhost"),
        ("someone.github.io", "someone.github.io"),
        ("help.example.com", "example.com"),
    ],
)
def test_the_registrable_domain_is_the_site(host: str, site: str) -> None:
    assert registrable(host) == site


def test_only_the_targets_site_and_allowed_origins_are_explored() -> None:
    sites = same_site("https://help.example.com/", ("https://portal.desk.test:8443",))
    assert on_site("https://www.example.com/a", sites)
    assert on_site("https://portal.desk.test:9/", sites)
    assert not on_site("https://chat.desk.test/", sites)
    assert not on_site("https://example.org/", sites)


def test_a_url_names_its_endpoint() -> None:
    assert endpoint_of("wss://chat.desk.test/socket") == ("chat.desk.test", 443)
    assert endpoint_of("http://[::1]:8080/") == ("::1", 8080)
