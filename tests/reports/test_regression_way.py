"""Which steps of a run a script walks again, and what it looks for at the end."""

from __future__ import annotations

import ast
import re
from dataclasses import replace

import pytest

from flows.path import path_of
from flows.step import Cue, Step
from reports.journal.events import SessionStarted
from reports.regression_way import pattern, quoted, told
from reports.summary import SessionView
from tests.flows.builders import opening, step

TICKET = "submit-ticket"


def sent(n: int, stage: str = "submit", *, expects: bool = True, success: str = "") -> Step:
    made = step(n, TICKET, stage, expects=expects, success=success)
    return replace(made, before=f"s{n}", after=f"s{n + 1}")


def view(*steps: Step) -> SessionView:
    begun = SessionStarted(session="s", persona="curious", device="desktop", started=0.0)
    return SessionView(begun, [replace(opening(), after="s1"), *steps])


def walk(*steps: Step) -> list[int]:
    return [s.n for s in path_of(steps, TICKET, {s.n for s in steps})]


def test_a_walk_ends_where_the_journey_succeeded() -> None:
    assert walk(sent(1, "open"), sent(2), sent(3, success="Thanks"), sent(4)) == [1, 2, 3]


def test_a_journey_that_only_failed_is_walked_to_the_first_try_of_its_furthest_stage() -> None:
    retried = (sent(1, "open"), sent(2, "fill", expects=False), sent(3), sent(4), sent(5, "open"))
    assert walk(*retried) == [1, 2, 3]


def test_words_without_a_number_are_looked_for_first_and_numbers_may_differ() -> None:
    cues = (Cue(TICKET, "success", "words", "Ticket 42 is open"), Cue(TICKET, "success", "words", "Thank you"))
    assert told(replace(sent(1), cues=cues)) == cues[1]
    found = re.match(r"re\.compile\((.*)\)$", pattern(cues[0]))
    assert found is not None
    assert re.search(ast.literal_eval(found[1]), "Ticket 977 is open")


@pytest.mark.parametrize("hostile", ["'); import os  #", "a\nb", "\u202e", '"""', "\\"])
def test_no_words_of_the_app_leave_their_literal(hostile: str) -> None:
    assert ast.literal_eval(quoted(hostile)) == hostile
    assert quoted(hostile).isascii() and "\n" not in quoted(hostile)
