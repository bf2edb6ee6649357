"""Forms that look like a request for support and order, end, or go to other people."""

from __future__ import annotations

import pytest

from explorer.policy.permission import Permission
from explorer.surfaces.scripted import screen_of
from flows.journey import Role, load_catalogue
from flows.recognise.forms import forms

FIELDS: list[dict[str, object]] = [
    {"role": "textbox", "name": "Name", "group": "g"},
    {"role": "textbox", "name": "E-mail", "kind": "email", "group": "g"},
    {"role": "textbox", "name": "Message", "kind": "textarea", "group": "g", "required": True},
]


def asked(heading: str, button: str, *more: dict[str, object], role: Role = Role.TICKET, **facts: object) -> bool:
    """Whether a journey may send the form on a public target."""
    over = [heading] if heading else []
    fields = [{**f, "headings": over} for f in (*FIELDS, *more)]
    send = {"role": "button", "name": button, "kind": "submit", "group": "g", "sends": "post /x", "headings": over}
    screen = screen_of([*fields, send], (), address="https://desk.test/x")
    (form,) = forms(screen)
    return Permission(**{"public": True, "journeys": load_catalogue(), **facts}).may_fill(form, screen, role)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("heading", "button"),
    [
        ("Order form", "Send"), ("Bestellformular", "Absenden"), ("Bon de commande", "Envoyer"), ("注文フォーム", "送信"),
        ("Make an offer", "Send offer"), ("", "Send offer"), ("Tischreservierung", "Senden"), ("Cancellation form", "Send"),
        ("Kündigungsformular", "Senden"), ("Widerrufsformular", "Senden"), ("Formularz zwrotu", "Wyślij"), ("İade talebi", "Gönder"),
        ("退货申请", "提交"), ("예약 신청", "보내기"), ("Contact seller", "Send"), ("Vermieter kontaktieren", "Senden"),
        ("Refer a friend", "Send"), ("Share your story", "Send"), ("Questions about this product", "Submit"),
    ],
)  # fmt: skip
def test_such_a_form_is_left_alone_on_a_public_target(heading: str, button: str) -> None:
    assert not asked(heading, button)
    assert asked(heading, button, allow=frozenset({"payment", "send", "publish", "end"}))


@pytest.mark.parametrize(
    "heading",
    [
        "Contact us",
        "Problem with your order",
        "Kontaktformular",
        "Nous contacter",
        "Submit a request",
        "Questions about billing",
        "Share your problem with us",
        "지원",
        "",
    ],
)
def test_a_request_for_support_is_sent(heading: str) -> None:
    assert asked(heading, "Send")


def test_a_field_for_somebody_else_s_address_makes_it_a_mail_to_them() -> None:
    assert not asked("Tell us", "Send", {"role": "textbox", "name": "Friend's e-mail", "kind": "email", "group": "g"})


@pytest.mark.parametrize(
    "dialog",
    [
        "This message goes to all 312 members. Send it?",
        "Your question will be visible to everyone. Continue?",
        "Publish it?",
    ],
)
def test_a_dialog_that_says_that_others_get_it_is_not_accepted_on_a_public_target(dialog: str) -> None:
    assert not Permission(public=True).accepts(dialog, own=True)


@pytest.mark.parametrize(
    "dialog",
    [
        "Are all your details correct? Submit?",
        "Sind alle Angaben korrekt? Jetzt absenden?",
        "所有信息正确吗？",
        "¿Enviar el mensaje para soporte?",
        "Send your question about the invoice to support?",
    ],
)
def test_a_question_about_one_s_own_request_is_accepted(dialog: str) -> None:
    assert Permission(public=True).accepts(dialog, own=True)


@pytest.mark.parametrize("name", ["Kredit abrufen", "Guthaben laden", "Obtener préstamo", "获取贷款", "Geld holen"])
def test_a_button_that_fetches_no_file_is_not_pressed_for_a_download(name: str) -> None:
    from explorer.policy.permission import Purpose

    screen = screen_of(
        [{"role": "button", "name": name, "region": "main"}, {"role": "button", "name": "Rechnung herunterladen"}], ()
    )
    fetched, download = screen.elements
    one = Permission(public=True, journeys=load_catalogue())
    assert not one.may(fetched, screen, Purpose.FETCH, Role.DOWNLOAD)
    assert one.may(download, screen, Purpose.FETCH, Role.DOWNLOAD)
    assert not Permission(public=True, read_only=True, journeys=load_catalogue()).may(
        download, screen, Purpose.FETCH, Role.DOWNLOAD
    )
