"""A whole run on an app with one blemish of each kind: all are seen on the way, and no verdict is another for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from explorer.lab.demo.app import DemoApp
from explorer.request.fail_on import FailOn
from explorer.run.exit_code import exit_code
from explorer.run.run import Run
from reports import render
from reports.journal.events import RunFinished
from tests.journeys.harness import Cell, Expected, options

WANTED = {"login": Expected(), "account-info": Expected(), "start-chat": Expected("failed", "expired")}
JOURNAL = {"dead-control", "script-error"}
"""What the journal tells without any audit."""
AUDIT = {"cookie-not-secure", "cookie-for-scripts", "accessibility/button-name", "accessibility/color-contrast"}


@pytest.mark.parametrize("audit", [True, pytest.param(False, marks=pytest.mark.nightly)])
async def test_one_of_each_is_seen_and_the_verdicts_are_what_they_are(tmp_path: Path, audit: bool) -> None:
    out = tmp_path / "run"
    (out / "evidence").mkdir(parents=True)
    cell = Cell({"chat": "expired"})
    async with DemoApp(cell.breaks, workdir=tmp_path / "demo", blemished=True) as demo:
        asked = options(demo, cell, audit=audit, counter_proof=False)
        wanted = tuple(j for j in asked.journeys if j.id in WANTED)
        run = Run(asked.model_copy(update={"journeys": wanted}), out)
        outcome = await run.explore()
    code = exit_code(outcome.verdicts, outcome.findings, FailOn(), (), None)
    run.say(RunFinished(0, code))
    run.journal.close()
    assert {v.journey: Expected(v.verdict.value, v.cause, v.blocked_by) for v in outcome.verdicts} == WANTED
    assert code == 1
    report = json.loads(render(out, ("json",), None)["json"])
    found = {f["rule"]: f for f in report["seen"]["findings"]}
    assert set(found) >= JOURNAL | AUDIT if audit else set(found) == JOURNAL
    assert (
        found["dead-control"]["control"] == "button «More plans»"
        and found["dead-control"]["reach"][0]["action"] == "Tapped «More plans»"
    )
    assert report["seen"]["never_tried"]
