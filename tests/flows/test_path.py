"""Which steps of a session lead to a journey's outcome again."""

from __future__ import annotations

from dataclasses import replace

from flows.path import path_of
from flows.step import ActionKind, Step
from tests.flows.builders import opening, step

TICKET = "submit-ticket"
OPENED = replace(opening(), after="s1")


def sent(n: int, stage: str = "submit", *, expects: bool = True, success: str = "") -> Step:
    made = step(n, TICKET, stage, expects=expects, success=success)
    return replace(made, before=f"s{n}", after=f"s{n + 1}")


def seen(n: int, before: str, after: str) -> Step:
    """A step of a look around."""
    return replace(step(n, "", ""), before=before, after=after)


def walk(*steps: Step) -> list[int]:
    numbers = {s.n for s in steps if s.decision.journey == TICKET}
    return [s.n for s in path_of([OPENED, *steps], TICKET, numbers)]


def test_a_walk_ends_where_the_journey_succeeded() -> None:
    assert walk(sent(1, "open"), sent(2), sent(3, success="Thanks"), sent(4)) == [1, 2, 3]


def test_a_journey_that_only_failed_is_walked_to_the_first_try_of_its_furthest_stage() -> None:
    retried = (sent(1, "open"), sent(2, "fill", expects=False), sent(3), sent(4), sent(5, "open"))
    assert walk(*retried) == [1, 2, 3]


def test_of_the_wandering_before_it_only_the_shortest_way_is_left() -> None:
    wandered = (seen(1, "s1", "about"), seen(2, "about", "s1"), seen(3, "s1", "help"), seen(4, "help", "s5"))
    assert walk(*wandered, sent(5, success="Thanks")) == [3, 4, 5]


def test_a_journey_without_a_step_has_no_path() -> None:
    assert walk(seen(1, "s1", "about")) == []


def test_a_menu_that_the_pointer_opened_is_a_part_of_the_way() -> None:
    rest = seen(1, "s1", "open")
    rest = replace(rest, decision=replace(rest.decision, action=replace(rest.decision.action, kind=ActionKind.HOVER)))
    assert walk(rest, replace(sent(2, success="thanks"), before="open")) == [1, 2]
