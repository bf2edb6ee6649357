"""Where a persona stands: places, repetitions, starting over, and finding again what it remembers."""

from __future__ import annotations

from explorer.policy.course import Course, found_again
from explorer.surfaces.scripted import screen_of
from flows.graph import FlowGraph
from flows.step import Action, ActionKind

HOME = screen_of(["link: Help", "link: News"])
HELP = screen_of(["link: Home"], address="https://desk.test/help")
TAP = Action(ActionKind.TAP, "e0", "link|Help||", label="Help")


def test_what_was_done_is_counted_for_each_screen() -> None:
    course = Course(FlowGraph())
    course.arrive(HOME)
    assert [course.count(TAP), course.count(TAP), course.times(TAP)] == [1, 2, 2]
    course.arrive(HELP)
    assert course.times(TAP) == 0
    course.arrive(HOME)
    assert course.times(TAP) == 2


def test_typing_something_else_is_something_else() -> None:
    course = Course(FlowGraph())
    course.arrive(HOME)
    course.count(Action(ActionKind.TYPE, "e0", "field", "one"))
    assert course.times(Action(ActionKind.TYPE, "e0", "field", "two")) == 0


def test_nobody_starts_over_from_the_start_nor_for_ever() -> None:
    course = Course(FlowGraph())
    course.arrive(HOME)
    assert course.start_over("lost") is None
    course.arrive(HELP)
    restarts = [course.start_over("lost", most=2) for _ in range(3)]
    assert [r.action.kind if r else None for r in restarts] == [ActionKind.OPEN, ActionKind.OPEN, None]
    more = course.start_over("lost", most=3)
    assert more is not None and more.why == "lost"


def test_a_start_that_looks_different_after_the_login_is_the_start_all_the_same() -> None:
    course = Course(FlowGraph())
    known = screen_of(["link: Help", "link: News", "link: Ada", "link: Log out"])
    course.arrive(HOME)
    course.arrive(HELP)
    assert course.start_over("lost") is not None
    course.arrive(known)
    assert course.start_over("lost") is None
    course.arrive(HELP)
    assert course.start_over("lost") is not None


def test_a_remembered_element_is_found_where_it_stands_now() -> None:
    link = HOME.elements[1]
    remembered = Action(ActionKind.TAP, "of-long-ago", link.key, label="News")
    again = found_again(remembered, HOME)
    assert again is not None and (again.ref, again.label) == (link.ref, "News")
    assert found_again(remembered, HELP) is None


def test_what_cannot_be_pressed_now_is_not_found_and_what_needs_no_element_always_is() -> None:
    grey = screen_of([{"role": "link", "name": "News", "enabled": False}])
    assert found_again(Action(ActionKind.TAP, "", grey.elements[0].key), grey) is None
    back = Action(ActionKind.BACK, label="back")
    assert found_again(back, grey) == back
