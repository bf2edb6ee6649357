"""What a form has ticked, offers, or tells of its price: nothing costly is chosen, and what is chosen already is changed back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from explorer.policy.allowed import Allowed
from explorer.policy.permission import Permission, Purpose
from explorer.surfaces.scripted import screen_of
from flows.journey import Role, load_catalogue
from flows.recognise.forms import forms
from flows.screen import Element
from flows.step import ActionKind
from tests.explorer.policy.test_beyond_support import asked
from tests.explorer.policy.test_filling import el, fill


def done(*fields: Element) -> list[tuple[str, str]]:
    """What the persona presses and chooses in a request with these fields."""
    text = (el("textbox", "Subject", required=True), el("textbox", "Description", kind="textarea", required=True))
    acted = fill("submit-ticket", text[0], *fields, text[1])
    return [(a.label, a.text) for a in acted if a.kind in (ActionKind.TAP, ActionKind.CHOOSE)]


def choice(name: str, *options: str, **facts: object) -> Element:
    return el("combobox", name, options=options, **{"required": True, **facts})


@pytest.mark.parametrize(
    ("name", "options", "chosen"),
    [
        ("Answer", ("Please choose", "Within 1 hour (+ €19)", "Within a day"), "Within a day"),
        ("Anliegen", ("Bitte wählen", "Kontolöschung", "Allgemeines"), "Allgemeines"),
        ("Motif", ("Choisir", "Résiliation", "Autre"), "Autre"),
        ("Inform", ("Choose", "All 40 members", "My contact"), "My contact"),
        (
            "Severity",
            ("Choose", "1 – System down (wakes the engineer on duty)", "2 – Slow", "3 – Question"),
            "3 – Question",
        ),
        ("Class", ("–", "P1 Outage", "P2 Slow", "P3 Question"), "P3 Question"),
        ("Priorität", ("Bitte wählen", "Niedrig", "Mittel", "Hoch", "Notfall"), "Mittel"),
        ("Seats", ("Choose", "1 seat", "2 seats", "10 seats"), "1 seat"),
        ("Topic", ("Choose", "Billing", "Delivery"), "Billing"),
    ],
)
def test_an_option_that_costs_ends_or_alarms_is_not_chosen(name: str, options: tuple[str, ...], chosen: str) -> None:
    assert done(choice(name, *options)) == [(name, chosen)]


def test_of_radio_buttons_the_one_without_a_price_is_pressed() -> None:
    gold, basic = (
        el("radio", "Gold (29 € a month)", hints=("p",), required=True),
        el("radio", "Free", hints=("p",), required=True),
    )
    assert done(gold, basic) == [("Free", "")]
    assert done(replace(gold, checked=True), basic) == [("Free", "")]
    assert done(gold, replace(basic, checked=True)) == []


@pytest.mark.parametrize(
    "name",
    ["Insurance for £3.50", "Vertragskündigung nach Abschluss", "Delete my account afterwards", "Visible to everyone"],
)
def test_a_box_that_is_ticked_already_is_unticked(name: str) -> None:
    ticked = el("checkbox", name, checked=True)
    assert done(ticked) == [(name, "")]
    assert done(el("checkbox", "Keep me informed about my request", checked=True)) == []


def test_a_choice_that_is_made_already_is_changed_back() -> None:
    assert done(choice("Notify", "No one", "All 40 members", value="All 40 members", required=False)) == [
        ("Notify", "No one")
    ]
    assert done(choice("Notify", "My manager", "Other", value="Other", required=False)) == []


@pytest.mark.parametrize("name", ["CC", "Copy to (optional)", "Kopie an", "Copie à", "共有先", "抄送"])
def test_nobody_gets_a_copy(name: str) -> None:
    assert all(label != name for label, _ in done(el("textbox", name)))
    copy: dict[str, object] = {"role": "textbox", "name": name, "group": "g"}
    assert asked("New request", "Send", copy)
    assert not asked("New request", "Send", {"role": "textbox", "name": "To", "group": "g"})


def test_a_copy_that_somebody_would_get_sends() -> None:
    assert not asked("New request", "Send", {"role": "textbox", "name": "CC", "group": "g", "value": "a@b.test"})
    assert not asked("New request", "Send", {"role": "textbox", "name": "CC", "group": "g", "required": True})
    shared: dict[str, object] = {
        "role": "combobox",
        "name": "Share with",
        "group": "g",
        "options": ["Private request", "Acme Corp"],
        "value": "Private request",
    }
    assert (
        asked("New request", "Send", shared)
        and done(choice("Share with", "Only me", "Acme", value="Only me", required=False)) == []
    )
    assert done(choice("Share with", "Only me", "Acme", value="Acme", required=False)) == [("Share with", "Only me")]


BOX: dict[str, object] = {"role": "checkbox", "group": "g", "kind": "checkbox"}


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ({**BOX, "name": "I accept a fee of $5 for each request", "required": True}, "payment"),
        ({**BOX, "name": "Meinem Konto werden 5 € berechnet", "required": True}, "payment"),
        ({**BOX, "name": "Account deletion", "required": True}, "delete"),
        ({**BOX, "name": "Cancel my contract", "checked": True, "enabled": False}, "end"),
        (
            {
                "role": "combobox",
                "name": "Inform",
                "group": "g",
                "options": ["All 40 members"],
                "value": "All 40 members",
            },
            "send",
        ),
        (
            {"role": "combobox", "name": "Plan", "group": "g", "options": ["", "9 €", "19 €"], "required": True},
            "payment",
        ),
    ],
)
def test_a_form_that_asks_for_such_a_choice_is_left_alone(field: dict[str, object], kind: str) -> None:
    assert not asked("New request", "Send", field)
    assert asked("New request", "Send", field, allow=frozenset({kind})) and asked(
        "New request", "Send", field, public=False
    )


@pytest.mark.parametrize(
    "name",
    [
        "I agree to the terms and the privacy policy",
        "Ich stimme der Verarbeitung zu. Die Einwilligung kann ich jederzeit widerrufen.",
        "J’accepte les conditions. Vous pouvez vous désabonner à tout moment.",
        "I have read the cancellation policy",
    ],
)
def test_a_box_that_agrees_to_terms_stands_in_nobodys_way(name: str) -> None:
    assert asked("New request", "Send", {**BOX, "name": name, "required": True})


def test_a_form_is_not_sent_while_something_costly_is_left_ticked() -> None:
    fields: list[dict[str, object]] = [
        {"role": "textbox", "name": "Message", "group": "g"},
        {**BOX, "name": "Insurance for 3 €", "checked": True},
    ]
    (form,) = forms(screen_of([*fields, {"role": "button", "name": "Send", "group": "g", "kind": "submit"}], ()))
    used = {form.fields[0].key}
    assert not Allowed(Permission(public=True)).is_ready(form, used) and Allowed(Permission()).is_ready(form, used)


def pressed(name: str, beside: str, purpose: Purpose, journey: Role, **facts: object) -> bool:
    screen = screen_of([{"role": "button", "name": name, "beside": [beside], "region": "main", **facts}], ())
    return Permission(public=True, journeys=load_catalogue()).may(screen.elements[0], screen, purpose, journey)


@pytest.mark.parametrize(
    ("name", "beside", "purpose", "role"),
    [
        ("Live chat", "Calls and chats cost 0.99 € per minute.", Purpose.DOOR, Role.CHAT),
        ("Live chat", "Calls and chats cost 0.99 € per minute.", Purpose.LOOK, Role.NONE),
        ("Download", "We add 12.00 CHF to your bill.", Purpose.FETCH, Role.DOWNLOAD),
        ("Anfrage senden", "Jede Anfrage kostet 5 Euro.", Purpose.SEND, Role.TICKET),
        ("送信", "1件につき5,000円が請求されます", Purpose.SEND, Role.TICKET),
        ("보내기", "5000원이 청구됩니다", Purpose.SEND, Role.TICKET),
        ("提交", "每次49元", Purpose.SEND, Role.TICKET),
    ],
)
def test_a_price_beside_a_control_is_its_price(name: str, beside: str, purpose: Purpose, role: Role) -> None:
    assert not pressed(name, beside, purpose, role)
    assert pressed(name, "We answer within 2 days.", purpose, role)


def test_a_link_under_a_price_only_asks_for_a_page() -> None:
    assert pressed("Live chat", "From 9 € a month", Purpose.DOOR, Role.CHAT, role="link", href="https://desk.test/chat")
