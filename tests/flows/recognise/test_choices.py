"""What a form does by its fields and by what is chosen in it."""

from __future__ import annotations

from typing import Any

import pytest

from flows.recognise.choices import acts_of_form, chosen_for_good, graves, is_copy, is_mild, wants_back
from flows.recognise.forms import Form
from flows.screen import Element


def field(role: str, name: str, **facts: Any) -> Element:
    return Element(name, name, role, name, group="f", **facts)


def form(*fields: Element) -> Form:
    return Form("", "f", fields, (), "ticket")


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("Premium for 9 €", {"payment"}),
        ("Kündigung", {"end"}),
        ("Remove my profile", {"delete"}),
        ("Tell all customers", {"send"}),
        ("Billing", set()),
        ("I agree. My consent can be withdrawn at any time.", set()),
        ("Ich kann dies jederzeit widerrufen.", set()),
    ],
)
def test_a_grave_choice_is_known_by_its_words(text: str, acts: set[str]) -> None:
    assert graves(text) == acts


def test_a_mild_choice_names_no_act_at_all() -> None:
    assert is_mild("Billing") and not is_mild("Change address") and not is_mild("9 € a month")


def test_a_field_for_copies_sends_only_what_stands_in_it() -> None:
    assert is_copy(field("textbox", "CC (optional)")) and not is_copy(field("textbox", "To"))
    assert acts_of_form(form(field("textbox", "CC"))) == set() and acts_of_form(form(field("textbox", "To"))) == {
        "send"
    }
    assert acts_of_form(form(field("textbox", "CC", value="ada@a.test"))) == {"send"}


def test_what_cannot_be_changed_back_is_chosen_for_good() -> None:
    paid = field("combobox", "Plan", options=("Free", "9 €"), value="9 €")
    assert wants_back(paid) and chosen_for_good(form(paid)) == set()
    assert chosen_for_good(form(field("combobox", "Plan", options=("9 €",), value="9 €"))) == {"payment"}
    assert chosen_for_good(form(field("radio", "9 €", required=True), field("radio", "19 €", required=True))) == {
        "payment"
    }
