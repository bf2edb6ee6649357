"""What is written down of a step: the element to find again, the addresses, and no secret."""

from __future__ import annotations

from dataclasses import replace

from explorer.run.step_record import Taken, redacted, screen_seen, target_of
from explorer.surfaces.scripted import screen_of
from flows.screen import Frame, without_values
from flows.step import Action, ActionKind, Cue, Decision

FORM = screen_of(["button: Send", "textbox: Subject", "button: Send"], address="https://desk.test/form?token=abc#top")
DONE = screen_of([], ["status: Thank you"], address="https://desk.test/done", title="Done " * 60)
SEND = Decision(Action(ActionKind.TAP, FORM.elements[2].ref, FORM.elements[2].key, label="Send"), expects=True)


def test_a_step_names_the_element_and_its_place_among_its_like() -> None:
    target = target_of(FORM, SEND.action)
    assert target is not None and (target.role, target.name, target.place) == ("button", "Send", 1)
    assert target_of(None, SEND.action) is None
    assert target_of(FORM, Action(ActionKind.BACK)) is None


def test_an_element_in_a_frame_is_found_by_the_frame_s_address_without_its_values() -> None:
    inner = replace(FORM.elements[0], frame="f1")
    framed = replace(FORM, elements=(inner,), frames=(Frame("f1", "https://chat.desk.test/w?visitor=7"),))
    target = target_of(framed, Action(ActionKind.TAP, inner.ref, inner.key))
    assert target is not None and target.frame_url == "https://chat.desk.test/w"


def test_a_step_is_written_with_the_screens_around_it() -> None:
    taken = Taken(SEND, 3.0, "quiet", FORM, DONE, (Cue("submit-ticket", "success", "words", "Thank you"),))
    step = taken.step("ada@desktop", 4, 5.0, stayed=False, picture="screens/4.jpg")
    assert (step.n, step.session, step.started, step.settled, step.settled_as) == (4, "ada@desktop", 3.0, 5.0, "quiet")
    assert step.changed and step.before != step.after and len(step.title) == 200
    seen = screen_seen(DONE, step)
    assert (seen.fingerprint, seen.address, seen.step) == (step.after, "https://desk.test/done", 4)
    assert seen.screenshot == "screens/4.jpg"


def test_the_first_step_has_nothing_before_it_and_changes_everything() -> None:
    first = Taken(Decision(Action(ActionKind.OPEN)), 0.0, "quiet", None, FORM)
    step = first.step("s", 0, 1.0, stayed=False, picture="")
    assert (step.before, step.changed, step.target) == ("", True, None)


def test_steps_that_expect_or_show_something_are_telling() -> None:
    tap = Decision(Action(ActionKind.TAP))
    assert not Taken(tap, 0.0, "quiet", FORM, DONE).telling
    assert Taken(SEND, 0.0, "quiet", FORM, DONE).telling
    assert Taken(tap, 0.0, "quiet", FORM, DONE, seen="blank").telling


def test_secrets_and_paths_of_the_machine_are_not_written() -> None:
    secret = redacted(Decision(Action(ActionKind.TYPE, text="right-horse", secret=True)))
    file = redacted(Decision(Action(ActionKind.UPLOAD, text="/home/ada/private/note.txt")))
    assert (secret.action.text, file.action.text) == ("••••", "note.txt")
    assert redacted(Decision(Action(ActionKind.TYPE, text="Hello"))).action.text == "Hello"


def test_addresses_are_written_without_what_may_be_a_token() -> None:
    assert without_values(FORM.address) == "https://desk.test/form"
    assert without_values("https://desk.test/#access_token=abc") == "https://desk.test/"
