"""A whole run on the virtual device, as `trustwalk demo --android` makes it: journal, verdicts, report; nothing secret left."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.cli.demo import demo_options
from explorer.devices.android.tools import find_tools
from explorer.devices.data_folder import data_folder
from explorer.lab.android.run import DEVICE, demo_run
from explorer.lab.demo.app import DemoApp
from explorer.run.run import Run
from explorer.run.run_outcome import RunOutcome
from flows.incident import Confidence, Verdict
from flows.journey import load_catalogue
from personas.persona import by_name
from reports import render
from reports.journal.events import Event, IncidentFound, ScreenAudited, SessionStarted

pytestmark = [pytest.mark.android]


async def explored(folder: Path, breaks: dict[str, str], *journeys: str) -> tuple[RunOutcome, list[Event]]:
    said: list[Event] = []
    out = folder / "run"
    (out / "evidence").mkdir(parents=True)
    async with DemoApp(breaks, skin="modern", workdir=folder, blemished=True) as demo:
        options = demo_options(
            demo,
            personas=by_name(("curious",)),
            journeys=tuple(j for j in load_catalogue() if j.id in journeys),
            devices=(DEVICE,),
            steps=60,
            seed=1,
            headed=False,
        )
        options = options.model_copy(update={"target": "supportdesk.apk", "counter_proof": False})
        run = Run(options, out, [said.append], android=demo_run(find_tools(data_folder()), demo))
        outcome = await run.explore()
        run.journal.close()
        kept = b"".join(file.read_bytes() for file in out.rglob("*") if file.is_file())
        assert demo.login[1].encode() not in kept
    return outcome, said


async def test_a_run_on_a_simulated_device_says_so_and_blames_as_on_the_web(tmp_path: Path) -> None:
    outcome, said = await explored(tmp_path, {"tickets": "expired"}, "login", "submit-ticket")
    assert outcome.problem == ""
    assert [e.note for e in said if isinstance(e, SessionStarted)] == ["simulated Android device"]
    told = {v.journey: (v.verdict, v.cause, v.host) for v in outcome.verdicts}
    assert told == {
        "login": (Verdict.PASSED, "", ""),
        "submit-ticket": (Verdict.FAILED, "expired", "tickets.desk.test"),
    }
    flaws = {(f.rule, f.control, f.detail) for e in said if isinstance(e, ScreenAudited) for f in e.flaws}
    more = "button «more»"  # the app's blemish: it is also too low for a finger
    assert flaws == {("accessibility/name", more, ""), ("accessibility/touch-target", more, "393 × 36 dp")}
    (incident,) = [e.incident for e in said if isinstance(e, IncidentFound)]
    assert incident.confidence is Confidence.MEDIUM
    assert "tickets.desk.test" in render(tmp_path / "run", ("json",), None)["json"]


async def test_an_app_whose_portal_is_broken_is_blocked_at_its_entry(tmp_path: Path) -> None:
    outcome, _ = await explored(tmp_path, {"portal": "not-yet-valid"}, "login", "submit-ticket")
    told = {v.journey: (v.verdict, v.blocked_by, v.cause, v.host) for v in outcome.verdicts}
    blocked = (Verdict.BLOCKED, "entry", "not-yet-valid", "portal.desk.test")
    assert told == {"login": blocked, "submit-ticket": blocked}
