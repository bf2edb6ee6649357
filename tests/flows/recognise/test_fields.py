"""What a field wants, by what its maker left: type, `autocomplete`, label, developer's names."""

from __future__ import annotations

import pytest

from flows.recognise.fields import field_kind, is_field, takes_text
from flows.screen import Element


def box(name: str = "", role: str = "textbox", **facts: object) -> Element:
    return Element(**{"ref": "1", "key": f"{role}|{name}", "role": role, "name": name, **facts})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("element", "kind"),
    [
        (box("E-Mail-Adresse"), "email"),
        (box("Email address"), "email"),
        (box("Adresse e-mail"), "email"),
        (box("Endereço de e-mail"), "email"),
        (box("Dirección de correo electrónico"), "email"),
        (box("Address"), "street"),
        (box("Contraseña"), "password"),
        (box("Betreff"), "subject"),
        (box("件名"), "subject"),
        (box("Describe the problem"), "message"),
        (box("卡号"), "card-number"),
        (box("MM/YY"), "card-expiry"),
        (box("Sécurité", hints=("cc-csc",)), "card-cvc"),
        (box("", hints=("field_summary",)), "subject"),
        (box("", hints=("billing email",)), "email"),
        (box("Anything", kind="password"), "password"),
        (box("Order number", kind="number"), "order-number"),
        (box("How many", kind="number"), "number"),
        (box("Topic", role="combobox", options=("a", "b")), "choice"),
        (box("x", role="checkbox"), "checkbox"),
        (box("x", role="searchbox"), "search"),
        (box("", kind="textarea"), "message"),
        (box("Quux"), "text"),
    ],
)
def test_a_field_is_understood(element: Element, kind: str) -> None:
    assert field_kind(element) == kind


def test_the_word_that_covers_most_of_the_label_decides() -> None:
    assert field_kind(box("Message to our e-mail team, in detail please: your message")) != "email"
    assert field_kind(box("Your name")) == "name" and field_kind(box("Your user name")) == "username"


def test_what_one_writes_into_is_told_from_what_one_chooses() -> None:
    assert takes_text(box("a")) and takes_text(box("a", role="generic", kind="contenteditable"))
    assert not takes_text(box("a", role="checkbox")) and is_field(box("a", role="checkbox"))
    assert not is_field(box("a", role="button"))


def test_the_list_that_a_combobox_opens_is_no_field_of_its_own() -> None:
    assert not is_field(Element("1", "listbox|Oslo Bergen", "listbox", "Oslo Bergen"))
    assert is_field(Element("1", "listbox|City", "listbox", "City", options=("Oslo", "Bergen")))
