"""How a form is filled in: what is asked for, what was given to the run, and never a password made of nonsense."""

from __future__ import annotations

import random

import pytest

from explorer.policy.attempt import Attempt
from explorer.policy.data import Writer
from explorer.policy.filling import PLACEHOLDERS, Filler
from flows.effects import new_token
from flows.journey import choose, load_catalogue
from flows.recognise.forms import forms
from flows.screen import Element, Screen
from flows.step import Action, ActionKind
from personas.persona import Persona, neutral


def el(role: str, name: str, **facts: object) -> Element:
    return Element(**{"ref": name, "key": f"{role}|{name}", "role": role, "name": name, "group": "f", **facts})  # type: ignore[arg-type]


def fill(
    journey: str,
    *elements: Element,
    login: bool = False,
    persona: Persona | None = None,
    hostile: bool = False,
    number: int = 1,
) -> list[Action]:
    persona, rng = persona or neutral(), random.Random(3)
    filler = Filler(persona, rng, Writer(persona, rng), login, hostile)
    screen = Screen(address="https://a.test/", title="", elements=elements, language="en")
    attempt, (form,) = Attempt(choose(load_catalogue(), (journey,))[0], number=number), forms(screen)
    actions: list[Action] = []
    while (action := filler.next_action(form, attempt, screen)) is not None:
        actions.append(action)
    return actions


def test_the_login_that_was_given_is_used_and_its_password_kept_secret() -> None:
    name, word = fill(
        "login",
        el("textbox", "User name"),
        el("textbox", "Password", kind="password"),
        el("button", "Log in"),
        login=True,
    )
    assert (name.credential, name.secret) == ("user", False) and (word.credential, word.secret) == ("password", True)
    assert (name.text, word.text) == (PLACEHOLDERS["user"], PLACEHOLDERS["password"])


def test_every_field_gets_its_turn_once_and_a_choice_means_something() -> None:
    acted = fill(
        "submit-ticket",
        el("textbox", "Subject", required=True),
        el("combobox", "Topic", options=("Please choose", "Billing"), required=True),
        el("textbox", "Description", kind="textarea", required=True),
        el("checkbox", "I agree to the terms"),
        el("checkbox", "Send me offers"),
    )
    assert [(a.kind, a.label) for a in acted] == [
        (ActionKind.TYPE, "Subject"),
        (ActionKind.CHOOSE, "Topic"),
        (ActionKind.TYPE, "Description"),
        (ActionKind.TAP, "I agree to the terms"),
    ]
    assert acted[1].text == "Billing"


@pytest.mark.parametrize(
    "name",
    [
        "I agree to receive the newsletter",
        "I consent to marketing e-mails",
        "Yes, I accept offers by post",
        "I agree to be billed monthly",
        "Ich stimme der Zusendung von Werbung zu",
        "J'accepte de recevoir des offres",
        "マーケティングメールの受信に同意する",
    ],
)
def test_a_box_that_agrees_to_messages_or_to_a_price_is_ticked_only_where_it_must_be(name: str) -> None:
    subject = el("textbox", "Subject", required=True)
    assert [a.label for a in fill("submit-ticket", subject, el("checkbox", name))] == ["Subject"]


def test_what_is_shut_or_filled_in_already_is_left_alone() -> None:
    acted = fill(
        "submit-ticket",
        el("textbox", "Subject"),
        el("textbox", "Description", kind="textarea"),
        el("textbox", "Name", enabled=False),
        el("combobox", "Topic", options=("Please choose", "Billing", "Other"), value="Other"),
    )
    assert [a.label for a in acted] == ["Subject", "Description"]


@pytest.mark.parametrize("hostile", [True, False])
def test_hostile_input_is_typed_only_where_it_is_allowed(hostile: bool) -> None:
    persona = neutral().model_copy(update={"wrong_input": 1.0, "hostile": True})
    texts = [
        a.text
        for a in fill(
            "submit-ticket",
            el("textbox", "Subject"),
            el("textbox", "Description", kind="textarea"),
            persona=persona,
            hostile=hostile,
        )
    ]
    assert any(mark in t for t in texts for mark in ("<img", "OR '1'", "../..", "<script")) is hostile


def test_what_the_app_filled_in_itself_stays_and_what_it_refuses_is_filled_in() -> None:
    known = el("textbox", "Your e-mail", value="ada@desk.test", required=True)
    wrong = el("textbox", "Phone", value="12", invalid=True)
    ours = el("textbox", "Subject", value=f"Trustwalk test {new_token(random.Random(1))}: my order")
    asked = el("textbox", "Description", kind="textarea")
    acted = fill("submit-ticket", known, wrong, ours, asked)
    assert [a.label for a in acted] == ["Phone", "Subject", "Description"]


def test_a_field_that_took_nothing_twice_is_left_alone() -> None:
    persona, rng = neutral(), random.Random(3)
    field = el("textbox", "Description", kind="textarea", required=True)
    screen = Screen(address="https://a.test/", title="", elements=(field, el("button", "Send")), language="en")
    attempt, (form,) = Attempt(choose(load_catalogue(), ("submit-ticket",))[0]), forms(screen)
    filler = Filler(persona, rng, Writer(persona, rng), False, False)
    assert filler.pending(form, attempt)
    attempt.useless.add(field.key)
    assert not filler.pending(form, attempt)


def test_the_name_that_an_app_took_from_the_file_stays_though_the_file_is_ours() -> None:
    name = el("textbox", "File name", value=f"trustwalk-{new_token(random.Random(1))}.png")
    assert [a.label for a in fill("submit-ticket", name, el("textbox", "Description", kind="textarea"))] == [
        "Description"
    ]


@pytest.mark.parametrize(
    ("name", "kind", "value"),
    [
        ("Phone", "", "+49"),
        ("Website", "", "https://"),
        ("Your e-mail", "", "you"),
        ("Message", "textarea", "Please describe your problem here:"),
    ],
)
def test_a_prefix_or_a_template_is_not_what_the_app_knows(name: str, kind: str, value: str) -> None:
    field = el("textbox", name, kind=kind, value=value, required=True)
    assert [a.label for a in fill("submit-ticket", field, el("textbox", "Subject"))] == [name, "Subject"]


_REPORT = (
    el("textbox", "Titel"),
    el("textbox", "Ersetzt durch"),
    el("textbox", "Verteiler"),
    el("textbox", "Gerät *"),
    el("textbox", "Beschreibung", kind="textarea"),
)


@pytest.mark.parametrize("number", [1, 2])
def test_a_box_that_nobody_understands_stays_empty_until_the_form_was_refused(number: int) -> None:
    filled = [a.label for a in fill("submit-ticket", *_REPORT, number=number)]
    assert filled == [e.name for e in _REPORT if number == 2 or e.name not in ("Ersetzt durch", "Verteiler")]


def test_of_a_form_that_is_not_understood_every_box_is_filled_in() -> None:
    boxes = (el("textbox", "Тема"), el("textbox", "Устройство"), el("textbox", "Описание", kind="textarea"))
    assert [a.label for a in fill("submit-ticket", *boxes)] == [e.name for e in boxes]


def test_what_is_chosen_asks_for_nothing_that_costs_changes_or_ends() -> None:
    acted = fill(
        "submit-ticket",
        el("textbox", "Subject", required=True),
        el("combobox", "Topic", options=("Please choose", "Cancel my subscription", "Other"), required=True),
        el("radio", "Delete my account", hints=("what",), required=True),
        el("radio", "A question", hints=("what",), required=True),
        el("textbox", "Description", kind="textarea", required=True),
    )
    assert [a.text for a in acted if a.kind is ActionKind.CHOOSE] == ["Other"]
    assert [a.label for a in acted if a.kind is ActionKind.TAP] == ["A question"]


def test_a_choice_among_harmful_things_is_not_made() -> None:
    acted = fill(
        "submit-ticket",
        el("textbox", "Subject", required=True),
        el("combobox", "Wish", options=("Please choose", "Cancel my booking", "Delete my account"), required=True),
        el("textbox", "Description", kind="textarea", required=True),
    )
    assert ActionKind.CHOOSE not in {a.kind for a in acted}


def test_a_required_choice_among_acts_takes_a_mild_one() -> None:
    acted = fill(
        "submit-ticket",
        el("textbox", "Subject", required=True),
        el("combobox", "Wish", options=("Please choose", "Cancel order", "Change order"), required=True),
        el("radio", "Delete my account", hints=("how",), required=True),
        el("radio", "Send me an email", hints=("how",), required=True),
        el("textbox", "Description", kind="textarea", required=True),
    )
    assert [a.text for a in acted if a.kind is ActionKind.CHOOSE] == ["Change order"]
    assert [a.label for a in acted if a.kind is ActionKind.TAP] == ["Send me an email"]
