"""A journey's own control that costs is left alone on a public target, whether its name or the page around it says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from explorer.policy.permission import Purpose
from explorer.surfaces.scripted import screen_of
from flows.journey import Role
from flows.recognise.amounts import names_a_price
from flows.refusal import Reason
from tests.explorer.policy.test_permission import button, link, on, permission

PRICED = [
    (link("Live chat (1.99 € per minute)", "/chat"), Purpose.DOOR, Role.CHAT),
    (button("Chat with us: $3"), Purpose.DOOR, Role.CHAT),
    (link("Download (uses 1 credit, 4 €)", "/dl/1", download=True), Purpose.FETCH, Role.DOWNLOAD),
    (button("Send request – 30 zł"), Purpose.SEND, Role.TICKET),
    (button("送信 (¥300)"), Purpose.SEND, Role.TICKET),
]


@pytest.mark.parametrize(("element", "purpose", "role"), PRICED, ids=[str(e["name"]) for e, *_ in PRICED])
def test_what_has_a_price_in_its_name_needs_the_permission_to_pay(
    element: dict[str, Any], purpose: Purpose, role: Role
) -> None:
    screen, made = on(element)
    assert permission().rule(made, screen, purpose, role).reason is Reason.ACT
    assert permission(allow=frozenset({"payment"})).rule(made, screen, purpose, role).reason is not Reason.ACT
    assert permission(public=False).rule(made, screen, purpose, role).reason is None


def test_curiosity_leaves_the_same_doors_alone() -> None:
    screen, made = on(link("Live chat (1.99 € per minute)", "/chat"))
    assert permission().rule(made, screen, Purpose.LOOK).reason is Reason.ACT
    screen, made = on(button("Proceed to payment"), texts=("text: We will charge the card on file.",))
    assert permission().rule(made, screen, Purpose.LOOK).reason is Reason.ACT


def test_an_article_and_a_product_may_name_a_price() -> None:
    screen, made = on(link("Blue shirt 29.90 €", "/p/12"))
    assert permission().may(made, screen, Purpose.LOOK)


@pytest.mark.parametrize(
    "text", ["We will charge the card on file.", "Visa ending 4242", "Your card will be charged 400 €"]
)
def test_the_way_to_the_checkout_is_left_where_the_page_knows_a_card(text: str) -> None:
    screen, made = on(button("Proceed to payment"), texts=(f"text: {text}",))
    assert permission().rule(made, screen, Purpose.DOOR, Role.PAYMENT).reason is Reason.ACT
    screen, made = on(button("Proceed to payment"), texts=("text: Three things in your basket",))
    assert permission().may(made, screen, Purpose.DOOR, Role.PAYMENT)
    screen, made = on(link("Checkout", "/checkout"), texts=(f"text: {text}",))
    assert permission().may(made, screen, Purpose.DOOR, Role.PAYMENT)


def test_a_picture_of_a_card_does_not_say_that_it_only_leads_to_a_form() -> None:
    for name, hints in (("💳", []), ("", ["fa fa-credit-card"])):
        screen, made = on(button(name, hints=hints))
        assert not permission().may(made, screen, Purpose.DOOR, Role.PAYMENT)


@pytest.mark.parametrize(("name", "href"), [("", "/billing"), ("Λογαριασμοί", "/checkout")])
def test_on_a_test_system_a_plain_link_without_words_may_lead_to_the_bills(name: str, href: str) -> None:
    screen, made = on(link(name, href, hints=["fa fa-credit-card"]))
    assert permission(public=False).may(made, screen, Purpose.DOOR, Role.PAYMENT)
    screen, made = on(button(name, hints=["fa fa-credit-card"]))
    assert name or not permission(public=False).may(made, screen, Purpose.DOOR, Role.PAYMENT)


@pytest.mark.parametrize(
    "text",
    ["4 €", "€4", "12,50 EUR", "CHF 3", "₩5000", "R$ 10", "3 zł", "20 TL", "100円", "100 원", "AUD 2.99", "2 euros"],
)
def test_a_price_is_known_in_what_people_write(text: str) -> None:
    assert names_a_price(f"Chat ({text})")


@pytest.mark.parametrize(
    "text",
    [
        "Chat 24/7",
        "Order 1042",
        "Version 2.0",
        "EUR",
        "Usd guide",
        "1 kraken",
        "Step 3 TLS",
        "고객지원 1:1 문의",
        "지원 1588-1234",
        "单元 3",
    ],
)
def test_another_number_is_none(text: str) -> None:
    assert not names_a_price(text)


@pytest.mark.parametrize("name", ["Chat with us: $3", "Start chat – £2.50", "Chat $5", "Start chat: 1,99 €"])
def test_a_button_with_a_price_is_not_pressed_to_look_around_either(name: str) -> None:
    screen, made = on(button(name))
    assert not permission().may(made, screen, Purpose.LOOK)


def test_a_link_that_pays_is_left_where_the_page_knows_a_card() -> None:
    screen, made = on(link("Pay now", "/invoices/12/pay"), texts=("text: Visa ending in 4242",))
    assert permission().rule(made, screen, Purpose.DOOR, Role.PAYMENT).reason is Reason.ACT
    screen, made = on(link("Pay now", "/invoices/12/pay"), texts=("text: Invoice 12",))
    assert permission().may(made, screen, Purpose.DOOR, Role.PAYMENT)


def test_a_price_in_a_question_is_a_cost() -> None:
    screen, made = on(button("Send", kind="submit", asks="4.99 € for this question. OK?"))
    assert permission().rule(made, screen, Purpose.SEND, Role.CHAT).reason is Reason.LOSS
    assert not permission().accepts("4.99 € for this question. OK?", own=True)
    assert permission().accepts("Send this question?", own=True)


def test_a_link_in_a_cart_that_opened_is_followed() -> None:
    screen = screen_of((link("Checkout", "/checkout", region="dialog"),), ("text: Desk lamp $19.99",))
    screen = replace(screen, texts=tuple(replace(t, region="dialog") for t in screen.texts))
    assert permission(public=False).may(screen.elements[0], screen, Purpose.DOOR, Role.PAYMENT)


@pytest.mark.parametrize(
    ("control", "may"),
    [
        (link("Finalizar compra", "/pago"), True),
        (link("ご購入手続きへ", "/next"), True),
        (link("Pagar mi recibo", "/r"), True),
        (link("Régler en ligne", "/r"), True),
        (link("Pay your electricity bill", "/r"), True),
        (button("Checkout", sends="post /warenkorb", kind="submit", group="g"), True),
        (button("Finalizar compra", sends="post /cesta", kind="submit", group="g"), True),
        (button("Finalizar compra", sends="post /pedido", kind="submit", group="g"), False),
        (button("Finalizar compra"), False),
        (button("Checkout", sends="post /orders", kind="submit", group="g"), False),
        (button("Buy now", sends="post /cart", kind="submit", group="g"), False),
        (button("Add to cart", sends="post /cart", kind="submit", group="g"), False),
    ],
    ids=str,
)
def test_what_leads_from_a_cart_to_the_checkout_is_no_payment(control: dict[str, Any], may: bool) -> None:
    screen, made = on(control)
    assert permission().may(made, screen, Purpose.DOOR, Role.PAYMENT) is may
