"""The demo, broken in every way of the truth table, comes out as the table says: verdict, cause and what blocks what."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.signals import Family
from tests.journeys.harness import CAUSES, TRUTH, Cell, differences, expected, latin_square, run_cell

SQUARE = [Cell(breaks, "classic" if n % 2 else "modern") for n, breaks in enumerate(latin_square())]
ALONE = [
    Cell({host: CAUSES[(5 * n) % len(CAUSES)]}, "modern" if n % 2 else "classic")
    for n, host in enumerate(TRUTH["hosts"])
]
GOOD = [
    Cell({}, skin, language)
    for skin in ("classic", "modern")
    for language in ("en", "de", "fr", "es", "pt", "ja", "zh")
]


@pytest.mark.parametrize("cell", SQUARE, ids=str)
async def test_all_leaf_hosts_broken_at_once_each_with_another_cause(cell: Cell, tmp_path: Path) -> None:
    outcome = await run_cell(cell, tmp_path)
    assert differences(outcome, cell.breaks) == []


@pytest.mark.parametrize("cell", ALONE, ids=str)
async def test_one_host_broken_alone(cell: Cell, tmp_path: Path) -> None:
    outcome = await run_cell(cell, tmp_path)
    assert differences(outcome, cell.breaks) == []


@pytest.mark.parametrize("cell", GOOD, ids=str)
async def test_a_healthy_app_passes_in_every_skin_and_language_without_an_incident(cell: Cell, tmp_path: Path) -> None:
    outcome = await run_cell(cell, tmp_path)
    assert differences(outcome, {}) == []
    assert [s for log in outcome.logs for s in log.signals if s.family is Family.TLS] == []


PERSONAS = (
    "curious", "impatient", "novice", "elderly", "adversarial", "student", "teenager", "business", "accessibility",
    "power-user",
)  # fmt: skip


@pytest.mark.parametrize("persona", PERSONAS)
async def test_no_persona_raises_a_false_alarm_on_a_healthy_app(persona: str, tmp_path: Path) -> None:
    outcome = await run_cell(Cell(), tmp_path, (persona,))
    assert [v for v in outcome.verdicts if v.cause] == []
    assert [s for log in outcome.logs for s in log.signals if s.family is Family.TLS] == []


def test_the_truth_of_several_broken_hosts_is_the_sum_of_each() -> None:
    truth = expected({"chat": "expired", "auth": "self-signed"})
    assert truth["start-chat"].cause == "expired"
    assert truth["payment"].blocked_by == "login"
    assert truth["submit-ticket"].verdict == "passed"
