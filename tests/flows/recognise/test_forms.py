"""Which fields belong together, what the form is for, and what sends it."""

from __future__ import annotations

import pytest

from flows.recognise.forms import form_of, forms
from flows.screen import Element, Screen


def el(role: str, name: str, **facts: object) -> Element:
    return Element(**{"ref": name, "key": f"{role}|{name}", "role": role, "name": name, "group": "f", **facts})  # type: ignore[arg-type]


def page(*elements: Element) -> Screen:
    return Screen(address="https://a.test/", title="", elements=elements)


SEND = el("button", "Send")
NATURES = {
    "login": (el("textbox", "User name"), el("textbox", "Password", kind="password"), el("button", "Log in")),
    "signup": (
        el("textbox", "E-mail"),
        el("textbox", "Password", kind="password"),
        el("textbox", "Repeat password", kind="password"),
        el("button", "Create account"),
    ),
    "payment": (el("textbox", "Card number"), el("textbox", "Expiry date"), el("textbox", "CVC"), el("button", "Pay")),
    "ticket": (el("textbox", "Subject"), el("textbox", "Description", kind="textarea"), SEND),
    "upload": (el("file", "Choose a file", kind="file"), el("button", "Upload")),
    "search": (el("searchbox", "Search"), el("button", "Search")),
}


@pytest.mark.parametrize("nature", NATURES)
def test_a_form_is_known_by_what_it_asks_for(nature: str) -> None:
    (form,) = forms(page(*NATURES[nature]))
    assert form.nature == nature


@pytest.mark.parametrize("nature", ["login", "payment", "ticket", "upload"])
def test_the_control_that_sends_it_is_found(nature: str) -> None:
    (form,) = forms(page(*NATURES[nature]))
    assert form.submit() == NATURES[nature][-1]


def test_forms_of_different_groups_and_frames_stay_apart() -> None:
    other = el("searchbox", "Search", group="s")
    framed = el("textbox", "Subject", frame="chat")
    found = forms(page(el("textbox", "Subject"), el("textbox", "Description", kind="textarea"), SEND, other, framed))
    assert [(f.frame, f.group) for f in found] == [("", "f"), ("", "s"), ("chat", "f")]


def test_cancel_sends_nothing() -> None:
    (form,) = forms(
        page(el("textbox", "Subject"), el("textbox", "Description", kind="textarea"), el("button", "Cancel"), SEND)
    )
    assert form.submit() == SEND
    (closed,) = forms(
        page(el("textbox", "Subject"), el("textbox", "Description", kind="textarea"), el("button", "Cancel"))
    )
    assert closed.submit() is None


def test_a_form_is_looked_up_by_what_it_is_for() -> None:
    screen = page(*NATURES["ticket"])
    found = form_of(screen, "ticket")
    assert found is not None and found.nature == "ticket" and form_of(screen, "login") is None


def test_what_cannot_be_written_is_no_field() -> None:
    assert forms(page(el("textbox", "Subject", readonly=True), SEND)) == ()
