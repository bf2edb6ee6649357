"""What a control does is told from its words, pictures, address and markup before it is pressed."""

from __future__ import annotations

import pytest

from flows.recognise.acts import acts_of, acts_of_address, stays_on_page
from flows.recognise.lexicon import acts_in
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
        ("/konto/usun", {"delete", "end"}),
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


NEW = {
    "payment": ["Book another", "Place a bid", "Bid 40", "Hire Anna", "Fazer uma oferta", "Złóż ofertę", "雇う", "聘用", "Inhuren"],
    "change": ["Join the group", "Enrol", "Enroll now", "Claim", "Claim it", "Kurs anmelden", "Beitreten", "Rejoindre", "Unirse",
        "Iscriviti", "Inscrever-se", "Deelnemen", "Zapisz się", "Kayıt ol", "参加する", "수강 신청", "报名", "Inscribirse"],
    "end": ["Resolve", "Resolve ticket", "Complete", "Complete task", "Return item", "Return", "Ticket lösen", "Zurücksenden",
        "Résoudre", "Resolver", "Devolver", "Risolvi", "Oplossen", "Ukończ", "Görevi tamamla", "返品する", "반품하기", "退货"],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in NEW.items() for name in names])
def test_what_takes_part_takes_back_or_is_done_with_is_an_act(kind: str, name: str) -> None:
    assert kind in acts_of(Element("1", "k", "button", name))


@pytest.mark.parametrize(
    "name", ["Return to the shop", "Complete guide to lamps", "Bid history", "Claim status", "Books"]
)
def test_what_only_sounds_like_one_is_none(name: str) -> None:
    assert acts_of(Element("1", "k", "link", name)) == set()


def test_a_place_in_the_same_page_is_told_from_another_page() -> None:
    here = Screen("https://a.test/p?q=1#top", "")
    link = Element("1", "k", "link", "Prices", href="https://a.test/p?q=1#prices")
    assert stays_on_page(link, here) and not stays_on_page(link, Screen("https://a.test/", ""))


@pytest.mark.parametrize(
    ("name", "acts"),
    [("청구서", set()), ("청구서 보기", set()), ("보험금 청구하기", {"payment"}), ("청구서 납부", {"payment"})],
)
def test_an_invoice_is_a_thing_in_korean_too_and_claiming_one_an_act(name: str, acts: set[str]) -> None:
    assert acts_in(name) == acts


@pytest.mark.parametrize(
    ("address", "named"),
    [
        *(("/docs/123/sign", True), ("/guides/7/book", True), ("/docs/42/share", True), ("/help/12/order", True)),
        *(("/help/order", False), ("/kb/post", False)),
    ],
)
def test_below_a_library_only_a_topic_of_its_own_is_no_act(address: str, named: bool) -> None:
    assert bool(acts_of_address(f"https://a.test{address}")) is named
