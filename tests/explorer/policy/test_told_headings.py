"""What stands over a form is what stands over each of its fields, or else over the page."""

from __future__ import annotations

from typing import Any

from explorer.policy.told_headings import chains, headed, is_telling, page_headings, title_parts
from explorer.surfaces.scripted import screen_of
from flows.journey import Role
from flows.recognise.forms import forms
from flows.screen import Screen


def page(over: list[str], sender: list[str], *texts: str, **facts: Any) -> Screen:
    place = {"group": "g", "region": "main"}
    field = {"role": "textbox", "name": "Message", "kind": "textarea", "headings": over, **place}
    send = {"role": "button", "name": "Send", "kind": "submit", "headings": sender, **place}
    return screen_of([field, send], texts, **facts)


def told(screen: Screen, role: Role = Role.TICKET) -> tuple[str, ...]:
    (form,) = forms(screen)
    return headed(screen.elements[1], form, screen, role).headings


def test_the_headings_of_all_parts_of_a_form_count() -> None:
    screen = page(["Close your account"], ["Your details"])
    (form,) = forms(screen)
    assert chains(screen.elements[1], form) == [("Close your account",), ("Your details",)]
    assert told(screen) == ("Close your account", "Your details")


def test_without_a_heading_of_its_own_a_form_has_those_of_its_page() -> None:
    screen = page(["Your details"], [], "heading: Book a table", title="Table – Acme")
    assert told(screen) == ("Table", "Acme", "Book a table", "Your details")
    assert told(page(["Contact us"], [], "heading: Book a table", title="Table – Acme")) == ("Contact us",)


def test_a_chat_in_a_corner_has_no_heading_of_the_page_but_one_of_an_app_has() -> None:
    assert told(page([], [], "heading: Buy a phone"), Role.CHAT) == ()
    assert told(page([], [], "heading: Message Ada", native=True), Role.CHAT) == ("Message Ada",)


def test_headings_of_menus_and_footers_are_not_those_of_the_page() -> None:
    screen = page([], [], title="Contact: Acme")
    assert page_headings(screen.elements[1], screen) == ("Contact", "Acme") and title_parts(screen) == [
        "Contact",
        "Acme",
    ]


def test_names_of_parts_tell_nothing() -> None:
    assert not any(map(is_telling, ("Your details", "Step 2 of 3", "Ihre Angaben:", "", "Vos coordonnées")))
    assert is_telling("Contact us") and is_telling("Mortgage")
