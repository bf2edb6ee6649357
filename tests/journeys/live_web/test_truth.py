"""The demo, broken in ways of the truth table, comes out as the table says: verdict, cause and what blocks what."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.signals import Family
from tests.journeys.cells import ON_EVERY_PUSH, WALKS
from tests.journeys.harness import differences, run_cell


async def right(name: str, folder: Path) -> None:
    """Walk one cell; on a healthy app nobody raises an alarm, whatever the persona manages."""
    walk = WALKS[name]
    outcome = await run_cell(walk.cell, folder, (walk.persona,))
    if walk.cell.breaks or walk.persona == "curious":
        assert differences(outcome, walk.cell.breaks) == []
    if not walk.cell.breaks:
        assert [v for v in outcome.verdicts if v.cause] == []
        assert [s for log in outcome.logs for s in log.signals if s.family is Family.TLS] == []


@pytest.mark.parametrize("name", ON_EVERY_PUSH)
async def test_verdicts_agree_with_the_truth(name: str, tmp_path: Path) -> None:
    await right(name, tmp_path)
