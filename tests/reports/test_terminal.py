from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from rich.console import Console

from reports.summary import Summary
from reports.terminal import lines, verdict_lines, verdict_table
from tests.reports.runs import SMALLER

Told = Callable[[str], Summary]


def printed(summary: Summary, width: int, *, colour: bool) -> str:
    out = io.StringIO()
    console = Console(
        file=out, width=width, force_terminal=colour, no_color=not colour, color_system="standard" if colour else None
    )
    console.print(verdict_table(summary, width))
    return out.getvalue()


@pytest.mark.parametrize("name", SMALLER)
@pytest.mark.parametrize("width", [80, 120])
def test_the_table_fits_and_keeps_every_journey(told: Told, name: str, width: int) -> None:
    text = printed(told(name), width, colour=False)
    assert max(len(line) for line in text.splitlines()) <= width
    assert "\x1b" not in text and "\x07" not in text
    folded = "".join(text.split())
    assert all(line.verdict.value in folded for line in lines(told(name)))


@pytest.mark.parametrize("width", [80, 110, 120])
def test_a_host_is_never_broken_in_two(told: Told, width: int) -> None:
    """Who copies it from the terminal gets all of it, port included."""
    rows = printed(told("failed"), width, colour=False).splitlines()
    for line in lines(told("failed")):
        assert any(line.host in row for row in rows), line.host


def test_at_eighty_columns_a_journey_and_its_blame_stand_each_on_a_line(told: Told) -> None:
    text = printed(told("failed"), 80, colour=False)
    rows = [row.strip() for row in text.splitlines()]
    at = next(n for n, row in enumerate(rows) if row.startswith("✕ failed") and row.endswith("Start a chat"))
    assert rows[at + 1] == "expired at chat.desk.test"


def test_colours_come_only_where_the_console_has_them(told: Told) -> None:
    assert "\x1b[1;31m✕ failed" in printed(told("failed"), 120, colour=True)


def test_personas_who_agree_share_a_row(told: Told) -> None:
    rows = [(r.journey, r.personas, r.verdict.value) for r in lines(told("failed"))]
    assert ("Start a chat", "all", "failed") in rows
    assert ("Read a help article", "curious and novice", "failed") in rows
    assert ("Read a help article", "impatient", "passed") in rows


def test_plain_lines_say_the_same(told: Told) -> None:
    text = verdict_lines(told("failed"))
    assert text.startswith("4 of 8 journeys fail because TLS fails\n")
    assert "✕ failed        Start a chat  all  expired  chat.desk.test" in text
