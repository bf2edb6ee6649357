"""What is blocked by its address alone: the password's spellings, everywhere but where it may be used."""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import quote

import pytest

from explorer.request.scope import scope_of
from explorer.request.spelling import Spellings
from explorer.surfaces.web.ahead import block_list, host_spellings, spellings

SECRET = "Tr0ub4dor & 3/ü?"
WAYS = {
    "as it is": SECRET,
    "component": quote(SECRET, safe=""),
    "twice": quote(quote(SECRET, safe=""), safe=""),
    "Base64": b64encode(SECRET.encode()).decode(),
    "hexadecimal": SECRET.encode().hex(),
    "Base64 by btoa": b64encode(SECRET.encode("latin-1")).decode(),
    "query of an old page": quote(SECRET.encode("latin-1"), safe=""),
    "UTF-16": SECRET.encode("utf-16-le").hex(),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_usual_spellings_are_known(way: str) -> None:
    assert WAYS[way] in spellings(SECRET)


def test_each_of_them_is_found_in_a_request_as_well() -> None:
    known = Spellings([SECRET])
    assert [text for text in spellings(SECRET) if not known.found(f"https://evil.net/?p={text}")] == []


@pytest.mark.parametrize("secret", ["Tr0ub4dor-Ü", "Right-Horse9"])
def test_hosts_that_spell_it_are_blocked_and_found(secret: str) -> None:
    told = [p["urlPattern"] for p in block_list([secret], scope_of("https://desk.com/"))["urlPatterns"] if p["block"]]
    assert [name for name in host_spellings(secret) if not Spellings([secret]).found_in_host(f"{name}.evil.net")] == []
    assert any(p.startswith(r"*://*") and p.endswith("*:*/*") and p != "*://*:*/*" for p in told)


def test_the_places_where_it_may_go_come_first() -> None:
    found = block_list([SECRET], scope_of("https://portal.desk.com/", login_at=["https://id.provider.org:8443"]))
    told = [(p["urlPattern"], p["block"]) for p in found["urlPatterns"]]
    assert told[:3] == [
        ("https://desk.com:*/*", False),
        ("https://*.desk.com:*/*", False),
        ("https://id.provider.org:8443/*", False),
    ]
    assert all(block for _, block in told[3:]) and len(told) > 10


def test_an_address_as_target_and_an_open_line_are_written_as_they_are() -> None:
    told = [
        p["urlPattern"] for p in block_list([SECRET], scope_of("http://[::1]:80/"))["urlPatterns"] if not p["block"]
    ]
    assert told == [r"https://[\:\:1]:*/*", r"http://[\:\:1]:*/*"]


def test_nothing_is_blocked_for_a_secret_that_is_in_every_address() -> None:
    assert block_list(["shop"], scope_of("https://desk.com/")) == {"urlPatterns": []}
