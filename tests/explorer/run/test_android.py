"""The Android half of a run: what befalls one device leaves the others alone, and is never a finding."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from explorer.cli.running import explore
from explorer.devices.android.tools import AndroidError
from explorer.request.fail_on import FailOn
from explorer.request.resolve import RunOptions
from explorer.run.android import Android, Opener, Prepared, equipped, own_origins
from explorer.run.run import Run
from explorer.run.run_outcome import RunOutcome
from explorer.surfaces.scripted import FakeClock, ScriptedSurface
from explorer.surfaces.surface import SurfaceGone
from explorer.targets.error import TargetError
from flows.incident import Finding, Severity, Verdict
from flows.journey import load_catalogue
from personas.persona import by_name
from reports.journal.events import Broken, Event, SessionStarted

DESK: dict[str, Any] = {
    "start": "home",
    "native": True,
    "screens": {
        "home": {
            "address": "desk.Main",
            "elements": ["link: New ticket @navigation"],
            "moves": {"tap New ticket": "form"},
        },
        "form": {
            "address": "desk.Form",
            "elements": ["textbox: Subject #f", "textbox: Message #f", "button: Send #f"],
            "moves": {"tap Send": {"to": "done", "needs": ["Subject", "Message"], "else": "form"}},
        },
        "done": {"address": "desk.Done", "texts": ["status: Thank you. Your ticket T-1042 has been created."]},
    },
}
WEAK = Finding(Severity.HIGH, "weakens-trust", "Net.check accepts every server certificate.")


def device(problem: Exception | None = None, script: Mapping[str, Any] = DESK) -> Opener:
    @contextlib.asynccontextmanager
    async def ready(folder: Path, say: Callable[[Event], None]) -> AsyncIterator[Prepared]:
        if problem is not None:
            raise problem
        yield Prepared(lambda _: ScriptedSurface(script, FakeClock(datetime.now(UTC).timestamp())))

    return ready


def options(*devices: str) -> RunOptions:
    journeys = tuple(j for j in load_catalogue() if j.id == "submit-ticket")
    return RunOptions(
        target="app.apk",
        personas=by_name(("curious",)),
        journeys=journeys,
        devices=devices,
        counter_proof=False,
        probe=False,
        screenshots=False,
    )


async def explored(out: Path, **devices: Opener) -> tuple[RunOutcome, list[Event]]:
    said: list[Event] = []
    run = Run(options(*devices), out, [said.append], android=Android("test.desk", devices, (WEAK,), "made up"))
    outcome = await run.explore()
    run.journal.close()
    return outcome, said


async def test_a_device_that_is_not_there_leaves_the_others_alone(tmp_path: Path) -> None:
    outcome, said = await explored(tmp_path, gone=device(SurfaceGone("No Android device is attached.")), here=device())
    assert [(v.device, v.verdict) for v in outcome.verdicts] == [("here", Verdict.PASSED)]
    assert [(e.where, e.what) for e in said if isinstance(e, Broken)] == [("gone", "No Android device is attached.")]
    assert outcome.problem == "No Android device is attached."


async def test_each_session_carries_the_note_and_the_run_the_packages_findings(tmp_path: Path) -> None:
    outcome, said = await explored(tmp_path, here=device())
    assert [e.note for e in said if isinstance(e, SessionStarted)] == ["made up"]
    assert outcome.findings == [WEAK]


async def test_a_silent_app_that_fails_ends_with_3_and_not_as_other(tmp_path: Path) -> None:
    lost = {"address": "desk.Form", "texts": ["alert: Something went wrong. Please try again."]}
    app = {**DESK, "screens": {**DESK["screens"], "done": lost}}
    android = Android("test.desk", {"only": device(script=app)})
    assert await explore(options("only"), tmp_path, ("json",), FailOn(), android=android) == 3
    (told,) = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["journeys"]
    assert (told["verdict"], told["reason"]) == ("inconclusive", "not-observable")


@pytest.mark.parametrize(
    ("problem", "code"), [(SurfaceGone("No device."), 3), (TargetError("app.apk: needs SDK 35."), 2)]
)
async def test_no_device_ends_with_3_and_an_app_that_does_not_fit_its_device_with_2(
    tmp_path: Path, problem: Exception, code: int
) -> None:
    android = Android("test.desk", {"only": device(problem)})
    assert await explore(options("only"), tmp_path, ("json",), FailOn(), android=android) == code


async def test_logs_hold_what_was_typed_and_are_gone_after_the_run(tmp_path: Path) -> None:
    @contextlib.asynccontextmanager
    async def works(logs: Path) -> AsyncIterator[Path]:
        (logs / "appium.log").write_text("typed: secret", encoding="utf-8")
        yield logs

    async with equipped(works, tmp_path / "kept") as logs:
        assert (logs / "appium.log").is_file()
    assert not logs.exists() and not (tmp_path / "kept").exists()


async def test_where_nothing_started_the_log_is_kept_and_the_sentence_says_where_and_what_to_do(tmp_path: Path) -> None:
    @contextlib.asynccontextmanager
    async def fails(logs: Path) -> AsyncIterator[None]:
        (logs / "appium.log").write_text("no such option", encoding="utf-8")
        raise AndroidError(f"Appium ended at once (exit code 1). Its log says why: {logs}/appium.log")
        yield

    kept = tmp_path / "kept"
    with pytest.raises(SurfaceGone, match="doctor android --fix") as told:
        async with equipped(fails, kept):
            pass
    assert f"Its log says why: {kept}/appium.log" in str(told.value)
    assert (kept / "appium.log").read_text(encoding="utf-8") == "no such option"


def test_a_package_name_claims_a_site() -> None:
    assert own_origins("com.example.app.debug") == ("https://example.com",)
    assert own_origins("app") == ()
