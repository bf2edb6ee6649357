"""What a control does is told from its words, pictures, address and markup before it is pressed."""

from __future__ import annotations

import pytest

from flows.recognise.acts import acts_of, acts_of_address, stays_on_page
from flows.screen import Element, Screen


@pytest.mark.parametrize(
    ("address", "kinds"),
    [
        ("/delete?id=3", {"delete"}),
        ("/items/7/delete", {"delete"}),
        ("/order/place", {"payment"}),
        ("/account/close", {"end"}),
        ("/cart/add?item=2", {"change"}),
        ("/list?action=remove", {"delete"}),
        ("/list?action=frobnicate", {"change"}),
        ("/vote?csrf_token=1", {"change", "publish"}),
        ("/do/something", {"change"}),
        ("/logout", {"end"}),
        ("/konto/kuendigen", {"end"}),
        ("/compte/resilier", {"end"}),
        ("/konto/usun", {"delete"}),
        ("/help/cancel-order", set()),
        ("/orders/12", set()),
        ("/list?sort=order&page=2", set()),
        ("/list?action=view", set()),
        ("/blog/how-to-buy", set()),
        ("/news/release-notes", set()),
    ],
)
def test_an_address_names_what_it_does(address: str, kinds: set[str]) -> None:
    assert acts_of_address(f"https://a.test{address}") == kinds


def test_a_broken_address_may_do_anything_and_a_mail_address_does_nothing() -> None:
    assert acts_of_address("https://[a") == {"change"} and acts_of_address("mailto:delete@a.test") == frozenset()


@pytest.mark.parametrize(
    ("facts", "kinds"),
    [
        ({"name": "Kündigen"}, {"end"}),
        ({"name": "", "hints": ("fa fa-trash",)}, {"delete"}),
        ({"name": "", "hints": ("icon-cart-plus",)}, {"payment"}),
        ({"name": "×"}, {"delete"}),
        ({"name": "×", "region": "dialog"}, set()),
        ({"name": "Go", "asks": "Delete it?"}, {"delete"}),
        ({"name": "Go", "sends": "delete /x"}, {"delete"}),
        ({"name": "Go", "sends": "post /items/purge"}, {"delete"}),
        ({"name": "Sign out everywhere"}, {"end"}),
        ({"name": "Go", "hints": ("btn btn-danger",)}, {"delete"}),
        ({"name": "About us"}, set()),
    ],
)
def test_a_control_says_what_it_does(facts: dict[str, object], kinds: set[str]) -> None:
    assert acts_of(Element(**{"ref": "1", "key": "k", "role": "button", **facts})) == kinds  # type: ignore[arg-type]


def test_a_place_in_the_same_page_is_told_from_another_page() -> None:
    here = Screen("https://a.test/p?q=1#top", "")
    link = Element("1", "k", "link", "Prices", href="https://a.test/p?q=1#prices")
    assert stays_on_page(link, here) and not stays_on_page(link, Screen("https://a.test/", ""))
