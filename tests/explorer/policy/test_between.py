"""What a persona does that no journey needs."""

from __future__ import annotations

from explorer.policy.between import Between
from explorer.surfaces.scripted import screen_of
from flows.session import AttemptState
from flows.step import Action, ActionKind, Decision
from tests.explorer.policy.parts import between, step

HOME = screen_of(["link: About us @navigation", "link: News @navigation"])


def todo(one: Between) -> list[str]:
    """The whys of quirks before all journeys that are open, until the persona goes straight on."""
    whys = []
    while (found := one.quirk(HOME, [a for a in one.attempts.values() if a.open])) is not None:
        whys.append(found.why)
    return whys


def test_nobody_in_particular_goes_straight_on() -> None:
    assert todo(between("start-chat", at=HOME)) == []


def test_other_tabs_are_used_once_something_has_passed() -> None:
    one = between("start-chat", "submit-ticket", at=HOME, tabs=3)
    assert todo(one) == []
    one.attempts["submit-ticket"].state = AttemptState.PASSED
    assert todo(one) == ["use another tab"] * 2


def test_a_phone_without_tabs_is_turned_and_turned_back() -> None:
    one = between("start-chat", "submit-ticket", tabs=3)
    one.attempts["submit-ticket"].state = AttemptState.PASSED
    app = screen_of(["button: Chat"], native=True)
    turns = [one.quirk(app, [one.attempts["start-chat"]]) for _ in range(3)]
    assert [t.action.text if t else "" for t in turns] == ["landscape", "portrait", ""]


def test_who_is_unsure_looks_elsewhere_and_comes_back_but_not_for_ever() -> None:
    one = between("start-chat", at=HOME, wandering=1.0)
    detours = [d for d in (one.quirk(HOME, list(one.attempts.values())) for _ in range(20)) if d is not None]
    assert len(detours) == 12
    assert {d.action.label for d in detours} <= {"About us", "News"}
    assert [d.action.kind for d in one.course.queue] == [ActionKind.BACK] * 12


def test_a_door_that_was_glanced_at_twice_is_left_for_when_it_is_needed() -> None:
    one = between("start-chat", at=HOME, wandering=1.0)
    taken = []
    while (detour := one.quirk(HOME, list(one.attempts.values()))) is not None:
        one.course.count(detour.action)
        taken.append(detour.action.label)
    assert sorted(taken) == ["About us", "About us", "News", "News"]


def test_a_dialog_that_was_left_open_is_closed_before_the_next_journey() -> None:
    one = between("start-chat")
    open_dialog = screen_of(["button: Close @dialog", "link: News"])
    first = one.quirk(open_dialog, list(one.attempts.values()))
    assert first is not None and (first.action.label, first.why) == ("Close", "close what was left open")


def test_what_was_not_found_is_looked_for_and_the_curious_look_on() -> None:
    one = between("start-chat", at=HOME, curiosity=1.0)
    search = one.look_around(HOME)
    assert search is not None and search.why == "look for what was not found yet"
    one.attempts["start-chat"].state = AttemptState.PASSED
    look = one.look_around(HOME)
    assert look is not None and look.why == "curious"


def test_nobody_in_particular_looks_no_further_once_all_is_settled() -> None:
    one = between("start-chat", at=HOME)
    one.attempts["start-chat"].state = AttemptState.PASSED
    assert one.look_around(HOME) is None


def test_what_did_nothing_is_pressed_once_more_and_no_third_time() -> None:
    one = between("start-chat")
    dead = step(Decision(Action(ActionKind.TAP, "e0", "button|Compare", label="Compare")), stayed=True)
    for _ in range(3):
        one.doubt(dead)
    assert [d.why for d in one.course.queue] == ["nothing happened: press it once more"]


def test_a_reader_reads_an_article_to_its_end_and_comes_back_from_its_tab() -> None:
    one = between("knowledge-base", reads=True)
    one.after_success(one.attempts["knowledge-base"], screen_of([], windows=2))
    assert [d.action.kind for d in one.course.queue] == [*[ActionKind.SCROLL] * 3, ActionKind.SWITCH]
