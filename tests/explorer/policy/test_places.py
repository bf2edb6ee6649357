"""Places that a user forbade or allowed, however an address spells them."""

from __future__ import annotations

import pytest

from explorer.policy.permission import Permission, Purpose
from explorer.policy.places import is_under, leads_home, path_of, paths_of
from explorer.surfaces.scripted import screen_of

HOME = "https://desk.test"


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("https://a.test/b%20c;x=1/d?e", "/b c/d"),
        ("https://a.test", "/"),
        ("https://[broken", "/"),
        ("https://a.test//b/./c/..%2fd", "/b/d"),
    ],
)
def test_a_path_is_read_as_a_server_reads_it(address: str, path: str) -> None:
    assert path_of(address) == path


def test_a_place_holds_what_lies_below_it_alone() -> None:
    assert is_under("/help/a", "/help/") and is_under("/help", "/help") and not is_under("/helpless", "/help")


def test_a_link_without_a_path_leads_home() -> None:
    assert leads_home("https://a.test/") and leads_home("https://a.test/#/")
    assert not leads_home("https://a.test/?do=x") and not leads_home("https://a.test/#/admin")


def test_a_route_and_what_is_encoded_twice_are_paths_too() -> None:
    assert paths_of("https://a.test/x#!/basket?y") == ("/x", "/basket")
    assert paths_of("https://a.test/%2562asket") == ("/%62asket", "/basket")


def may(address: str, at: str = HOME + "/", **facts: object) -> bool:
    screen = screen_of([{"role": "link", "name": "Look", "href": HOME + address}], address=at)
    one = Permission(public=True, site=lambda _: True, start=HOME + "/", **facts)  # type: ignore[arg-type]
    return one.rule(screen.elements[0], screen, Purpose.LOOK).allowed


BASKET = [
    "/basket",
    "//basket",
    "/BASKET",
    "/basket/x",
    "/%2562asket",
    "/#/basket",
    "/#!/Basket",
    "/en/../basket",
    "/./basket",
]


@pytest.mark.parametrize("address", BASKET)
def test_what_is_never_pressed_is_known_in_every_spelling(address: str) -> None:
    assert not may(address, never_press=("/basket",)) and may("/baskets", never_press=("/basket",))


@pytest.mark.parametrize(
    "address", ["/help/..%2fadmin", "/help%2f..%2fadmin", "/help/..%252fadmin", "/#/admin/x", "/help/a#/admin"]
)
def test_only_under_a_place_is_what_leads_there_in_every_reading(address: str) -> None:
    assert not may(address, only_under=("/help",), at=HOME + "/help")


@pytest.mark.parametrize("address", ["/help/a", "/", "/#/help/a", "/#/", "/help#part"])
def test_the_place_itself_and_the_first_page_stay_open(address: str) -> None:
    assert may(address, only_under=("/help",), at=HOME + "/help")
