"""What an address says: whether it is one, whose site it is, whether it is private, what its run is called."""

from __future__ import annotations

import pytest

from explorer.request.addresses import (
    checked_url,
    endpoint_named,
    endpoint_of,
    on_site,
    same_site,
    slug,
)
from flows.site import registrable


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
    assert endpoint_named("[::1]:8080") == ("[::1]", 8080)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("support.example", "https://support.example"),
        ("support.example?x=1", "https://support.example?x=1"),
        ("support.example#top", "https://support.example#top"),
        ("support.example/?x=1", "https://support.example/?x=1"),
        ("support.example:8443/help", "https://support.example:8443/help"),
        ("  https://support.example/  ", "https://support.example/"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/"),
        ("https://desk.test/mail?to=a@b.example", "https://desk.test/mail?to=a@b.example"),
    ],
)
def test_an_address_may_be_written_without_its_scheme(text: str, url: str) -> None:
    assert checked_url(text) == url


@pytest.mark.parametrize(
    "text",
    [
        "",
        "desk",
        "not a url",
        "https://",
        "https://:443",
        "https://a:0/",
        "https://a:99999/",
        "https://[/",
        "https://a b/",
        "https://a/\x01",
        "https://a/\n/b",
        "ftp://a.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "chrome://version",
    ],
)
def test_what_is_no_web_address_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="is not a web address") as caught:
        checked_url(text)
    assert not any(ord(character) < 32 for character in str(caught.value))


@pytest.mark.parametrize(
    "text",
    [
        "https://mia:harbour@desk.test/",
        "https://harbour@desk.test/",
        "mia:harbour@desk.test",
        "ftp://mia:harbour@a/",
        "https://mia:har/harbour@desk.test/ x",
    ],
)
def test_a_login_has_no_place_in_an_address_and_is_not_repeated(text: str) -> None:
    with pytest.raises(ValueError, match="address") as caught:
        checked_url(text)
    assert "harbour" not in str(caught.value)


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("https://Support.Example/Help?x=1", "support.example-help-x-1"),
        ("supportdesk.apk", "supportdesk.apk"),
        ("https://../../etc", "etc"),
        ("https://a..b/", "a.b"),
        ("https://" + "x" * 39 + ".y.example/", "x" * 39),
        ("日本.example", "example"),
    ],
)
def test_a_folder_is_named_after_the_target_and_leads_nowhere_else(target: str, name: str) -> None:
    assert slug(target) == name
