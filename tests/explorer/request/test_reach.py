"""Where a public page may lead a run, and where it may not."""

from __future__ import annotations

import pytest

from explorer.request.reach import reach_of

PUBLIC = "https://shop.example/"
AWAY = ["203.0.112.9"]


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://localhost:8080/", "http://[::1]/", "https://192.168.0.1/", "http://a.localhost/x"],
)
def test_a_public_page_leads_to_no_private_address(url: str) -> None:
    assert reach_of(PUBLIC, addresses=AWAY).settles(url) is False


def test_what_a_name_resolves_to_counts() -> None:
    reach = reach_of(PUBLIC, addresses=AWAY)
    assert reach.settles("https://vendor.example/") is None
    assert reach.leads_away("https://vendor.example/", ["10.0.0.7"])
    assert reach.leads_away("https://vendor.example/", ["198.51.99.4", "10.0.0.7"])
    assert not reach.leads_away("https://vendor.example/", ["93.184.216.34"])
    assert not reach.leads_away("https://vendor.example/", [])


@pytest.mark.parametrize(
    ("target", "addresses"), [("http://127.0.0.1:8000/", []), ("http://localhost/", []), (PUBLIC, ["10.0.0.7"])]
)
def test_a_private_target_may_lead_anywhere(target: str, addresses: list[str]) -> None:
    assert reach_of(target, addresses=addresses).settles("http://192.168.0.1/") is True


def test_what_resolve_places_is_legitimate_under_its_name_alone() -> None:
    reach = reach_of("https://shop.example:8443/", [(("*", 8443), "127.0.0.1")], addresses=["10.0.0.7"])
    assert reach.settles("https://help.vendor.example:8443/") is True
    assert reach.settles("https://127.0.0.1:8443/") is False
    assert reach.settles("https://help.vendor.example/") is None
    placed = reach_of(PUBLIC, [(("shop.example", 443), "10.0.0.7")], addresses=["10.0.0.7"])
    assert placed.settles("https://shop.example/help") is True
    assert placed.settles("http://10.0.0.7/") is False


def test_origins_that_somebody_named_are_legitimate() -> None:
    reach = reach_of(PUBLIC, named=["http://10.0.0.7:8080", "desk.internal.example"])
    assert reach.settles("http://10.0.0.7:8080/login") is True
    assert reach.settles("http://10.0.0.7/") is False
    assert reach.settles("https://desk.internal.example/") is True


def test_with_the_word_of_the_owner_all_is_within_reach() -> None:
    assert reach_of(PUBLIC, private=True).settles("http://127.0.0.1/") is True
    assert reach_of(PUBLIC).settles("about:blank") is True


@pytest.mark.parametrize("host", ["a!b.evil.example", "a~b.evil.example", "a+b,c.evil.example", "x(.evil.example"])
def test_a_host_that_cannot_be_read_is_not_asked_and_what_has_none_is(host: str) -> None:
    reach = reach_of(PUBLIC, addresses=AWAY)
    assert reach.settles(f"http://{host}/") is False and reach.settles(f"wss://{host}/") is False
    assert reach.settles("about:blank") is True and reach.settles("data:text/html,x") is True
