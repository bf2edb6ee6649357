"""What goes wrong with a device, Appium or adb is never blamed on TLS, never hangs, and leaves other devices alone."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from explorer.cli.running import finish
from explorer.demo.android.support import PACKAGE
from explorer.run.android import Android, Prepared
from explorer.run.exit_code import FailOn
from explorer.run.run import Outcome, Run
from flows.incident import Verdict
from flows.journey import load_catalogue
from reports.journal import Broken, Event, FindingMade, IncidentFound, SessionEnded, StepTaken
from reports.summary import load
from tests.explorer.run.test_android import device as scripted
from tests.journeys.android import DEVICE, World, world
from tests.journeys.harness import Cell, options

pytestmark = [pytest.mark.android, pytest.mark.xdist_group("android"), pytest.mark.asyncio(loop_scope="module")]

Do = Callable[[World], Awaitable[None]]
OTHER = "other"
SERVER = "io.appium.uiautomator2.server"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lab(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with world(tmp_path_factory.mktemp("faults")) as made:
        yield made
        assert made.lab.virtual.unknown == []


async def nothing(_: World) -> None:
    """No fault of this kind."""


@dataclass(frozen=True)
class Fault:
    """`before` is done before the session, `amid` after its second step; `after` mends it."""

    before: Do = nothing
    amid: Do = nothing
    after: Do = nothing


async def explored(
    lab: World, out: Path, fault: Fault, *devices: str, told: list[int] | None = None
) -> tuple[Outcome, list[Event]]:
    """A run of two journeys on the virtual device, where something befalls it, and on another that is well.

    `told` gets the exit code of the command."""
    said: list[Event] = []
    going: list[asyncio.Task[None]] = []
    (out / "evidence").mkdir(parents=True)
    await lab.set(
        {"tickets": "expired"}
    )  # there is something to blame, if the log were read as if nothing had happened

    def hear(event: Event) -> None:
        said.append(event)
        mine = isinstance(event, StepTaken) and event.step.session.endswith(f"@{DEVICE}")
        if mine and isinstance(event, StepTaken) and event.step.n == 1:
            going.append(asyncio.get_running_loop().create_task(_done(fault.amid(lab))))

    @contextlib.asynccontextmanager
    async def ready(_: Path, __: Callable[[Event], None]) -> AsyncIterator[Prepared]:
        yield Prepared(lab.lab.surface)

    asked = options(lab.demo, Cell({}, "modern"), devices=devices or (DEVICE, OTHER), counter_proof=False, steps=40)
    asked = replace(asked, journeys=tuple(j for j in load_catalogue() if j.id in {"submit-ticket", "knowledge-base"}))
    await fault.before(lab)
    try:
        run = Run(asked, out, [hear], android=Android(PACKAGE, {DEVICE: ready, OTHER: scripted()}))
        async with asyncio.timeout(240):
            outcome = await run.explore()
        code = finish(run.journal, outcome, out, ("json",), FailOn(), ())
        if told is not None:
            told.append(code)
    finally:
        await asyncio.gather(*going)
        await fault.after(lab)
    return outcome, said


async def _done(work: Awaitable[None]) -> None:
    await work


async def vanish(lab: World) -> None:
    await lab.lab.virtual.vanish()


async def come_back(lab: World) -> None:
    await lab.lab.virtual.listen()
    await lab.lab.device.connect()


async def kill_adb(lab: World) -> None:
    os.kill(lab.lab.adb.pid, signal.SIGKILL)


async def new_adb(lab: World) -> None:
    await lab.lab.adb.stop()
    await lab.lab.adb.start()
    await lab.lab.device.connect()


async def kill_appium(lab: World) -> None:
    os.kill(lab.lab.appium.pid, signal.SIGKILL)


async def kill_instrumentation(lab: World) -> None:
    lab.lab.virtual.stop_process(SERVER, "killed")


def flag(name: str, value: Any) -> Do:
    async def set_(lab: World) -> None:
        setattr(lab.lab.virtual.faults, name, value)

    return set_


MID = {
    "vanished": (Fault(amid=vanish, after=come_back), ""),
    "adb killed": (Fault(amid=kill_adb, after=new_adb), "ended"),
    "Appium died": (Fault(amid=kill_appium), "Appium"),
    "instrumentation died": (Fault(amid=kill_instrumentation), "ended"),
}
REFUSED = {
    "disk full": (Fault(flag("disk_full", True), after=flag("disk_full", False)), "enough room"),
    "session refused": (
        Fault(flag("refuse_session", True), after=flag("refuse_session", False)),
        "refused the session",
    ),
}


def told(said: list[Event]) -> str:
    return " ".join(e.what for e in said if isinstance(e, Broken))


def other_is_well(outcome: Outcome) -> bool:
    return ("submit-ticket", Verdict.PASSED) in [(v.journey, v.verdict) for v in outcome.verdicts if v.device == OTHER]


@pytest.mark.parametrize("name", MID)
async def test_what_dies_in_mid_session_is_an_infrastructure_failure(lab: World, tmp_path: Path, name: str) -> None:
    fault, words = MID[name]
    outcome, said = await explored(lab, tmp_path / "run", fault)
    assert not [e for e in said if isinstance(e, IncidentFound)]
    assert outcome.problem and words in told(said)
    ended = {e.session: e.why for e in said if isinstance(e, SessionEnded)}
    assert ended[f"curious@{DEVICE}"] == "gone" and ended[f"curious@{OTHER}"] == "done"
    mine = {v.verdict for v in outcome.verdicts if v.device == DEVICE}
    assert mine <= {Verdict.INCONCLUSIVE, Verdict.NOT_ATTEMPTED, Verdict.NOT_FOUND}
    assert other_is_well(outcome)
    assert outcome.problem in [b.what for b in load(tmp_path / "run").broken]


@pytest.mark.parametrize("name", REFUSED)
async def test_what_prevents_a_session_is_told_and_nothing_explored_ends_with_3(
    lab: World, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    fault, words = REFUSED[name]
    outcome, said = await explored(lab, tmp_path / "run", fault)
    assert words in told(said) and not [e for e in said if isinstance(e, IncidentFound)]
    assert other_is_well(outcome)
    code: list[int] = []
    await explored(lab, tmp_path / "alone", fault, DEVICE, told=code)
    assert code == [3]
    assert words in " ".join(capsys.readouterr().out.split())


async def test_an_app_that_crashes_at_its_start_is_a_crash_and_no_tls_failure(lab: World, tmp_path: Path) -> None:
    fault = Fault(flag("crash_at_start", True), after=flag("crash_at_start", False))
    outcome, said = await explored(lab, tmp_path / "run", fault)
    assert not [e for e in said if isinstance(e, IncidentFound)]
    assert {v.cause for v in outcome.verdicts if v.device == DEVICE} <= {"", "other"}
    assert {v.why for v in outcome.verdicts if v.device == DEVICE} == {"The app crashed as it was opened."}
    assert other_is_well(outcome)
    code: list[int] = []
    await explored(lab, tmp_path / "alone", fault, DEVICE, told=code)
    assert code == [3]


async def test_an_app_that_never_settles_is_explored_all_the_same(lab: World, tmp_path: Path) -> None:
    fault = Fault(flag("never_settles", True), after=flag("never_settles", False))
    outcome, said = await explored(lab, tmp_path / "run", fault)
    assert {e.why for e in said if isinstance(e, SessionEnded)} == {"done"}
    mine = {v.journey: (v.verdict, v.cause) for v in outcome.verdicts if v.device == DEVICE}
    assert mine["submit-ticket"] == (Verdict.FAILED, "expired") and mine["knowledge-base"] == (Verdict.PASSED, "")


async def test_a_log_that_stalls_is_noticed_told_and_opened_anew(lab: World, tmp_path: Path) -> None:
    async def stall(lab: World) -> None:
        lab.lab.virtual.log.stalled = True

    async def resume(lab: World) -> None:
        lab.lab.virtual.log.resume()

    outcome, said = await explored(lab, tmp_path / "run", Fault(amid=stall, after=resume))
    assert "interrupted (it had stalled)" in told(said)
    assert "log-gap" in {e.finding.kind for e in said if isinstance(e, FindingMade)}
    assert {v.cause for v in outcome.verdicts if v.device == DEVICE} <= {"", "other", "expired"}
    assert other_is_well(outcome)
