"""A form is sent only if the headings over it name nothing that its journey does not bring along."""

from __future__ import annotations

from dataclasses import replace

import pytest

from explorer.policy.permission import Purpose
from flows.journey import Role
from flows.recognise.forms import forms
from flows.refusal import Reason
from tests.explorer.policy.test_permission import button, on, permission

HARMFUL = [
    (Role.UPLOAD, "Import customers (replaces all)", "change"),
    (Role.UPLOAD, "Preisliste ersetzen", "change"),
    (Role.UPLOAD, "Modifier la photo de profil", "change"),
    (Role.TICKET, "Close your account", "end"),
    (Role.TICKET, "Konto löschen", "delete"),
    (Role.TICKET, "Demande de remboursement : rembourser", "payment"),
    (Role.TICKET, "Send a newsletter to all customers", "send"),
    (Role.TICKET, "Cambiar la dirección", "change"),
    (Role.CHAT, "サービスを解約", "end"),
    (Role.NONE, "Delete account", "delete"),
]


@pytest.mark.parametrize(("role", "heading", "kind"), HARMFUL, ids=[h for _, h, _ in HARMFUL])
def test_a_heading_that_names_an_act_needs_its_permission(role: Role, heading: str, kind: str) -> None:
    purpose = Purpose.SEND if role is not Role.NONE else Purpose.LOOK
    send = button(
        "OK" if role is Role.NONE else "Submit", kind="submit", sends="post /x", headings=["Acme", heading, "Step 1"]
    )
    screen, made = on(send)
    ruling = permission().rule(made, screen, purpose, role)
    assert (ruling.reason, ruling.kind) == (Reason.ACT, kind)
    allowed = permission(allow=frozenset({kind})).rule(made, screen, purpose, role)
    assert allowed.reason is not Reason.ACT


FOR_LOGINS = [("Close your account", "end"), ("Konto löschen", "delete"), ("Changer d’adresse", "change")]


@pytest.mark.parametrize(("heading", "kind"), FOR_LOGINS)
def test_the_same_holds_for_a_login(heading: str, kind: str) -> None:
    for name in ("Continue", "Sign in"):
        screen, made = on(button(name, kind="submit", sends="post /x", headings=["Acme", heading]))
        assert permission().rule(made, screen, Purpose.SEND, Role.LOGIN).kind == kind


def test_read_only_sends_a_password_to_a_true_login_alone() -> None:
    secret = {"role": "textbox", "name": "Password", "kind": "password", "group": "f"}
    for name, may in (("Continue", False), ("Sign in", True)):
        screen, _ = on(secret, button(name, kind="submit", sends="post /x", group="f"))
        sender = next(e for e in screen.elements if e.name == name)
        assert permission(read_only=True).may(sender, screen, Purpose.SEND, Role.LOGIN) is may
        assert permission(read_only=True).may(screen.elements[0], screen, Purpose.FIELD, Role.LOGIN) is may
    for title, may in (("Safe", False), ("Sign in", True)):
        screen = replace(on(secret)[0], title=title)
        assert permission(read_only=True).may_fill(forms(screen)[0], screen, Role.LOGIN) is may


@pytest.mark.parametrize("hint", ["checkout", "ticket", "contact-form", "live-chat", "login"])
@pytest.mark.parametrize("name", ["Complete", "Go on", "Finalise it"])
def test_an_id_or_a_class_makes_no_door_of_a_control_with_a_name(hint: str, name: str) -> None:
    screen, made = on(button(name, hints=[hint]))
    for role in (Role.PAYMENT, Role.TICKET, Role.CHAT, Role.LOGIN):
        assert not permission().may(made, screen, Purpose.DOOR, role)


HARMLESS = [
    (Role.UPLOAD, "Attach a file to your request"),
    (Role.UPLOAD, "Datei hochladen"),
    (Role.UPLOAD, "Send us your documents"),
    (Role.UPLOAD, "Envoyer un fichier"),
    (Role.TICKET, "Contact us"),
    (Role.TICKET, "Drop us a line"),
    (Role.TICKET, "Drop in"),
    (Role.TICKET, "Contact customer support"),
    (Role.TICKET, "Send a message to customer service"),
    (Role.TICKET, "Submit a request"),
    (Role.TICKET, "Neue Anfrage"),
    (Role.TICKET, "Nous écrire"),
    (Role.TICKET, "Problem melden"),
    (Role.CHAT, "Chat with us"),
    (Role.PAYMENT, "Pay your invoice"),
    (Role.LOGIN, "Sign in to cancel your booking"),
]


@pytest.mark.parametrize(("role", "heading"), HARMLESS, ids=[h for _, h in HARMLESS])
def test_a_heading_of_the_journey_itself_does_not_stand_in_its_way(role: Role, heading: str) -> None:
    screen, made = on(button("Send", kind="submit", sends="post /x", headings=["Acme help", heading]))
    assert permission().rule(made, screen, Purpose.SEND, role).reason is None


def test_a_form_that_sends_what_is_chosen_at_once_is_ruled_by_its_heading() -> None:
    field = {"role": "file", "name": "Choose a file", "headings": ["Restore a backup"]}
    screen, _ = on(field)
    assert not permission().may_fill(forms(screen)[0], screen, Role.UPLOAD)
    assert permission(allow=frozenset({"change"})).may_fill(forms(screen)[0], screen, Role.UPLOAD)


def test_a_test_system_needs_the_permission_too() -> None:
    screen, made = on(button("Submit", kind="submit", sends="post /x", headings=["Close your account"]))
    assert permission(public=False).rule(made, screen, Purpose.SEND, Role.TICKET).kind == "end"


def test_a_search_and_a_door_are_not_ruled_by_a_heading() -> None:
    screen, made = on(button("Search", kind="submit", sends="get /search", headings=["Delete account"]))
    assert permission().rule(made, screen, Purpose.LOOK).reason is not Reason.ACT
    screen, made = on(button("Live chat", headings=["Delete account"]))
    assert permission().may(made, screen, Purpose.DOOR, Role.CHAT)


NO_SENDER: list[tuple[dict[str, object], Role, bool]] = [
    (
        {"role": "textbox", "kind": "contenteditable", "name": "", "value": "Team handbook, version 3"},
        Role.TICKET,
        False,
    ),
    (
        {"role": "textbox", "kind": "textarea", "name": "Message", "group": "ask", "value": "What the owner wrote"},
        Role.TICKET,
        False,
    ),
    ({"role": "textbox", "kind": "textarea", "name": "Message", "group": "ask"}, Role.TICKET, True),
    ({"role": "file", "name": "", "headings": ["Shop logo"]}, Role.UPLOAD, False),
    ({"role": "file", "name": "Avatar", "headings": ["Upload a file"]}, Role.UPLOAD, False),
    ({"role": "file", "name": "Choose file"}, Role.UPLOAD, True),
]


@pytest.mark.parametrize(("field", "role", "used"), NO_SENDER, ids=str)
def test_what_is_saved_as_it_is_typed_or_chosen_is_no_journeys_form(
    field: dict[str, object], role: Role, used: bool
) -> None:
    subject = {"role": "textbox", "name": "Subject", "group": field.get("group", "")}
    screen, _ = on(*([subject] if role is Role.TICKET else []), field)
    assert permission().may_fill(forms(screen)[0], screen, role) is used


def test_a_public_post_is_no_chat() -> None:
    screen, made = on(button("Post reply", kind="submit", sends="post /t/9"))
    assert permission().rule(made, screen, Purpose.SEND, Role.CHAT).kind == "publish"
    assert permission(public=False).may(made, screen, Purpose.SEND, Role.CHAT)


ORDINARY = [
    (Role.TICKET, ("Change request",)),
    (Role.TICKET, ("Update ticket #42", "Add an update")),
    (Role.TICKET, ("Reply to customer",)),
    (Role.TICKET, ("Order 42", "Contact us")),
    (Role.UPLOAD, ("Edit order 42", "Attachments")),
]


@pytest.mark.parametrize(("role", "headings"), ORDINARY, ids=[" - ".join(h) for _, h in ORDINARY])
def test_on_a_test_system_a_heading_of_daily_work_stands_in_nobodys_way(role: Role, headings: tuple[str, ...]) -> None:
    screen, made = on(button("Send", kind="submit", sends="post /x", headings=list(headings)))
    assert permission(public=False).rule(made, screen, Purpose.SEND, role).reason is None
