"""A journey uses only what it may, and what it had to leave is remembered in its name."""

from __future__ import annotations

from typing import Any

import pytest

from explorer.policy.allowed import Allowed, pays_at_once
from explorer.policy.permission import Permission, Purpose
from explorer.surfaces.scripted import screen_of
from flows.journey import choose, load_catalogue

TICKET = choose(load_catalogue(), ["submit-ticket"])[0]
FIELDS: list[str | dict[str, Any]] = [
    "textbox: Subject #ask",
    {"role": "textbox", "name": "Message", "kind": "textarea", "group": "ask"},
]


def test_of_two_forms_the_one_that_may_be_sent_is_used() -> None:
    one = Allowed(Permission(public=True))
    bad = {"role": "button", "name": "Send to all customers", "kind": "submit", "group": "ask"}
    assert one.form_of(TICKET, screen_of([*FIELDS, bad]), "ticket") is None
    assert one.withheld == {"submit-ticket": "Send to all customers"}
    good = {"role": "button", "name": "Send request", "kind": "submit", "group": "ask"}
    assert one.form_of(TICKET, screen_of([*FIELDS, good]), "ticket") is not None


@pytest.mark.parametrize(
    ("sender", "used"),
    [
        ("Einstellungen speichern", False),
        ("Update profile", False),
        ("Enregistrer mes préférences", False),
        ("Speichern", True),
        ("Submit changes", True),
        ("Create ticket", True),
    ],
)
def test_a_form_that_keeps_the_account_is_no_ticket(sender: str, used: bool) -> None:
    one = Allowed(Permission(journeys=load_catalogue()))
    control = {"role": "button", "name": sender, "kind": "submit", "group": "ask"}
    assert (one.form_of(TICKET, screen_of([*FIELDS, control]), "ticket") is not None) == used
    assert one.withheld == {}


def test_a_door_that_was_left_is_remembered() -> None:
    one = Allowed(Permission(public=True, never_press=("contact",)))
    screen = screen_of([{"role": "link", "name": "Contact us", "href": "https://desk.test/contact"}])
    assert not one.may(screen.elements[0], screen, Purpose.DOOR, TICKET)
    assert one.withheld == {"submit-ticket": "Contact us"}


def test_a_button_beside_a_stored_card_may_pay_at_once() -> None:
    screen = screen_of(["button: Pay"], ["text: Visa ending 1234"])
    assert pays_at_once(screen, screen.elements[0])
    assert not pays_at_once(screen_of(["button: Pay"]), screen.elements[0])
