"""A session knows what it sent for a journey, and takes the traffic's word for it only where the journey is over."""

from __future__ import annotations

import pytest

from explorer.run.sendings import Sendings
from explorer.surfaces.scripted import screen_of
from flows.effects import Effect, EffectKind
from flows.journey import choose, load_catalogue
from flows.screen import Screen
from flows.step import Action, ActionKind, Decision

TOKEN = "TWKRZLQP"
FORM = screen_of(["textbox: Subject #f", "textbox: Message #f", "button: Send #f"])
FORM_REST = ("textbox: Message #f", "button: Send #f")
EMPTY = screen_of(["link: Home"])
(TICKET,) = choose(load_catalogue(), ["submit-ticket"])
(LOGIN,) = choose(load_catalogue(), ["login"])
TYPE = Decision(Action(ActionKind.TYPE, text=f"Test {TOKEN}"), "submit-ticket", "fill")
PRESS = Decision(Action(ActionKind.TAP, label="Send"), "submit-ticket", "submit", expects=True)
EFFECTS = [
    Effect(at, "s", kind, (TOKEN,), "r", "desk.test", 443, method="POST", status=201)
    for kind, at in ((EffectKind.SENT, 21.0), (EffectKind.TAKEN, 22.0))
]


def proven(*done: tuple[Decision, float], after: Screen = EMPTY) -> str:
    sendings = Sendings()
    for decision, started in done:
        sendings.note(decision, TICKET, started)
    cue = sendings.proof(done[-1][0], TICKET, EFFECTS, FORM, after)
    return cue.kind if cue else ""


def test_what_was_pressed_and_taken_is_proven() -> None:
    assert proven((TYPE, 10), (PRESS, 20)) == "taken"


def test_what_was_only_typed_or_typed_in_another_round_is_not() -> None:
    assert proven((TYPE, 10)) == ""
    again = Decision(PRESS.action, "submit-ticket", "submit", attempt=2, expects=True)
    assert proven((TYPE, 10), (PRESS, 15), (again, 20)) == ""


@pytest.mark.parametrize(("texts", "kind"), [((), ""), ((f"heading: Test {TOKEN}",), "taken")])
def test_a_form_that_goes_on_is_not_at_its_end_unless_it_shows_what_was_sent(texts: tuple[str, ...], kind: str) -> None:
    further = screen_of(["textbox: Subject of the reply #g", "textbox: Message #g", "button: Next #g"], texts)
    assert proven((TYPE, 10), (PRESS, 20), after=further) == kind


def test_a_login_is_never_proven_so() -> None:
    sendings = Sendings()
    sendings.note(Decision(TYPE.action, "login", "fill"), LOGIN, 10)
    press = Decision(PRESS.action, "login", "submit", expects=True)
    sendings.note(press, LOGIN, 20)
    assert sendings.proof(press, LOGIN, EFFECTS, FORM, EMPTY) is None


def test_a_page_that_brings_the_form_back_with_its_text_or_asks_for_a_login_took_nothing() -> None:
    again = screen_of(
        [{"role": "textbox", "name": "Subject", "group": "f", "value": f"Test {TOKEN}"}, *FORM_REST], loaded=2.0
    )
    assert proven((TYPE, 10), (PRESS, 20), after=again) == ""
    login = screen_of(["textbox: User #l", "password: Password #l", "button: Log in #l"])
    assert proven((TYPE, 10), (PRESS, 20), after=login) == ""


@pytest.mark.parametrize(("fate", "kind"), [(EffectKind.TAKEN, "taken"), (EffectKind.LOST, "")])
def test_of_an_upload_the_file_must_arrive_and_not_the_line_beside_it(fate: EffectKind, kind: str) -> None:
    (upload,) = choose(load_catalogue(), ["upload-attachment"])
    file, line = "TWBCDFGH", "TWLMNPQR"
    choice = Decision(Action(ActionKind.UPLOAD, text=f"/tmp/photo-{file}.png"), upload.id, "choose")
    written = Decision(Action(ActionKind.TYPE, text=f"Look at this {line}"), upload.id, "fill")
    press = Decision(Action(ActionKind.TAP, label="Send"), upload.id, "submit", expects=True)
    sendings = Sendings()
    for decision, started in ((choice, 10), (written, 12), (press, 14)):
        sendings.note(decision, upload, started)
    effects = [
        Effect(11.0, "s", EffectKind.SENT, (file,), "f", "files.test", 443, method="POST"),
        Effect(11.5, "s", fate, (file,), "f", "files.test", 443, method="POST", status=201),
        Effect(15.0, "s", EffectKind.SENT, (line,), "w", "chat.test", 443),
        Effect(15.5, "s", EffectKind.RETURNED, (line,), "w", "chat.test", 443),
    ]
    cue = sendings.proof(press, upload, effects, EMPTY, EMPTY)
    assert (cue.kind if cue else "") == kind
