"""What a script types, and what it looks for at the end."""

from __future__ import annotations

import ast
import re
from dataclasses import replace

import pytest

from flows.step import Cue
from reports.regression_way import pattern, quoted, told
from tests.flows.builders import step

TICKET = "submit-ticket"


def test_words_without_a_number_are_looked_for_first_and_numbers_may_differ() -> None:
    cues = (Cue(TICKET, "success", "words", "Ticket 42 is open"), Cue(TICKET, "success", "words", "Thank you"))
    assert told(replace(step(1, TICKET, "submit", expects=True), cues=cues)) == cues[1]
    found = re.match(r"re\.compile\((.*)\)$", pattern(cues[0]))
    assert found is not None
    assert re.search(ast.literal_eval(found[1]), "Ticket 977 is open")


@pytest.mark.parametrize("hostile", ["'); import os  #", "a\nb", "\u202e", '"""', "\\"])
def test_no_words_of_the_app_leave_their_literal(hostile: str) -> None:
    assert ast.literal_eval(quoted(hostile)) == hostile
    assert quoted(hostile).isascii() and "\n" not in quoted(hostile)
