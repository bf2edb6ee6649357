"""What goes wrong with a device, Appium or adb is never blamed on TLS, never hangs, and leaves other devices alone."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from explorer.cli.running import finish
from explorer.lab.android.lab import support_apk
from explorer.lab.android.support import PACKAGE
from explorer.request.fail_on import FailOn
from explorer.run import session
from explorer.run.android import Android, Prepared
from explorer.run.exit_code import closing_code, exit_code
from explorer.run.run import Run
from explorer.run.run_outcome import RunOutcome
from explorer.surfaces.android import log
from explorer.surfaces.android.surface import AndroidApp, AndroidSurface
from explorer.surfaces.scripted import FakeClock, ScriptedSurface
from explorer.surfaces.surface import Acted, Surface
from flows.incident import Verdict
from flows.journey import load_catalogue
from flows.step import Action
from reports.journal.events import Broken, Event, FindingMade, IncidentFound, SessionEnded, StepTaken
from reports.summary import load
from tests.explorer.run.test_android import DESK
from tests.journeys.android import DEVICE, Beside, World, beside, world
from tests.journeys.harness import Cell, options

pytestmark = [pytest.mark.android, pytest.mark.asyncio(loop_scope="module")]

Do = Callable[[World], Awaitable[None]]
OTHER = "other"
MINE = f"curious@{DEVICE}"
SERVER = "io.appium.uiautomator2.server"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lab(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with world(tmp_path_factory.mktemp("faults")) as made:
        yield made
        assert made.lab.virtual.unknown == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def second(lab: World) -> AsyncIterator[Beside]:
    async with beside(lab) as made:
        yield made


async def nothing(_: World) -> None:
    """No fault of this kind."""


LIMITS = ("log-gap", "network-not-observable")
"""Kinds of notes on what could not be seen: they put nothing down to anybody. These sessions have no proxy."""


@dataclass(frozen=True)
class Fault:
    """`before` is done before the session, `amid` after its second step; `after` mends it."""

    before: Do = nothing
    amid: Do | None = None
    after: Do = nothing


@dataclass(frozen=True)
class Told:
    """What a run came to, what it said on the way, the exit code, and what a reader of the HTML report sees."""

    outcome: RunOutcome
    said: list[Event]
    code: int
    report: str

    def broken(self) -> str:
        return " ".join(e.what for e in self.said if isinstance(e, Broken))

    def mine(self) -> dict[str, tuple[Verdict, str]]:
        return {v.journey: (v.verdict, v.cause) for v in self.outcome.verdicts if v.device == DEVICE}

    def others(self) -> dict[str, tuple[Verdict, str]]:
        return {v.journey: (v.verdict, v.cause) for v in self.outcome.verdicts if v.device == OTHER}

    def ended(self) -> dict[str, str]:
        return {e.session.partition("@")[2]: e.why for e in self.said if isinstance(e, SessionEnded)}

    def blamed(self) -> list[str]:
        """What of the faulty device is put down to TLS."""
        incidents = [e.incident for e in self.said if isinstance(e, IncidentFound)]
        findings = [e.finding for e in self.said if isinstance(e, FindingMade)]
        at_fault = [i.why for i in incidents if i.session == MINE]
        at_fault += [f.text for f in findings if f.session == MINE and f.kind not in LIMITS]
        return at_fault + [cause for _, cause in self.mine().values() if cause not in {"", "other"}]

    def alone(self) -> int:
        """The exit code of a run that had no other device."""
        mine = [v for v in self.outcome.verdicts if v.device == DEVICE]
        code, problem = exit_code(mine, (), FailOn()), self.outcome.problem
        return closing_code(code, problem=problem, unfit=False, explored=True, interrupted=False)


class HeldScript(ScriptedSurface):
    """A well device whose user does nothing until the other device has met its fault."""

    struck: asyncio.Event

    async def act(self, action: Action) -> Acted:
        await self.struck.wait()
        return await ScriptedSurface.act(self, action)


class HeldApp(AndroidSurface):
    struck: asyncio.Event

    async def act(self, action: Action) -> Acted:
        await self.struck.wait()
        return await AndroidSurface.act(self, action)


def well(struck: asyncio.Event, second: Beside | None) -> Surface:
    """The other device's surface: a real one, or a script where the fault is one that all devices of an adb server share."""
    made: HeldScript | HeldApp
    if second is None:
        made = HeldScript(DESK, FakeClock(datetime.now(UTC).timestamp()))
    else:
        app = AndroidApp(PACKAGE, f"{PACKAGE}.MainActivity", (support_apk(),))
        made = HeldApp(app, second.device, second.appium)
    made.struck = struck
    return made


async def explored(lab: World, out: Path, fault: Fault, *devices: str, second: Beside | None = None) -> Told:
    """A run of two journeys on the virtual device, where something befalls it, and on another that is well."""
    said: list[Event] = []
    going: list[asyncio.Task[None]] = []
    struck = asyncio.Event()
    (out / "evidence").mkdir(parents=True)
    # There is something to blame, if the log were read as if nothing had happened.
    await lab.set({"tickets": "expired"})

    async def strike(amid: Do) -> None:
        try:
            await amid(lab)
        finally:
            struck.set()

    def hear(event: Event) -> None:
        said.append(event)
        if isinstance(event, StepTaken) and event.step.session == MINE and event.step.n == 1 and fault.amid:
            going.append(asyncio.get_running_loop().create_task(strike(fault.amid)))

    @contextlib.asynccontextmanager
    async def ready(_: Path, __: Callable[[Event], None]) -> AsyncIterator[Prepared]:
        yield Prepared(lambda account: lab.lab.surface(account=account))

    @contextlib.asynccontextmanager
    async def other(_: Path, __: Callable[[Event], None]) -> AsyncIterator[Prepared]:
        yield Prepared(lambda _: well(struck, second))

    if fault.amid is None:
        struck.set()
    asked = options(lab.demo, Cell({}, "modern"), devices=devices or (DEVICE, OTHER), counter_proof=False, steps=40)
    asked = asked.model_copy(
        update={"journeys": tuple(j for j in load_catalogue() if j.id in {"submit-ticket", "knowledge-base"})}
    )
    await fault.before(lab)
    try:
        run = Run(asked, out, [hear], android=Android(PACKAGE, {DEVICE: ready, OTHER: other}))
        async with asyncio.timeout(240):
            outcome = await run.explore()
        code = finish(run.journal, outcome, out, ("json", "html"), FailOn(), ())
    finally:
        await asyncio.gather(*going)
        await fault.after(lab)
    return Told(outcome, said, code, unescape((out / "report.html").read_text(encoding="utf-8")))


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
    "vanished": (Fault(amid=vanish, after=come_back), "is gone: adb "),
    "adb killed": (Fault(amid=kill_adb, after=new_adb), "adb server"),
    "Appium died": (Fault(amid=kill_appium), "Appium"),
    "instrumentation died": (Fault(amid=kill_instrumentation), "ended"),
}
REFUSED = {
    "disk full": (Fault(flag("disk_full", True), after=flag("disk_full", False)), "enough free space"),
    "session refused": (
        Fault(flag("refuse_session", True), after=flag("refuse_session", False)),
        "refused the session",
    ),
}
UNEXPLORED = {Verdict.INCONCLUSIVE, Verdict.NOT_ATTEMPTED, Verdict.NOT_FOUND}
SCRIPTED_WELL = ("submit-ticket", (Verdict.PASSED, ""))
REALLY_WELL = {"submit-ticket": (Verdict.FAILED, "expired"), "knowledge-base": (Verdict.PASSED, "")}


@pytest.mark.parametrize("name", MID)
async def test_what_dies_in_mid_session_is_an_infrastructure_failure(
    lab: World, second: Beside, tmp_path: Path, name: str
) -> None:
    fault, words = MID[name]
    shared = name == "adb killed"  # it serves both devices
    told = await explored(lab, tmp_path / "run", fault, second=None if shared else second)
    if shared:
        await second.device.connect()
    assert told.blamed() == []
    assert told.outcome.problem and words in told.broken()
    assert told.outcome.problem in [b.what for b in load(tmp_path / "run").broken]
    assert told.outcome.problem in told.report
    assert told.ended() == {DEVICE: "gone", OTHER: "done"}
    assert {verdict for verdict, _ in told.mine().values()} <= UNEXPLORED and told.alone() == 3
    if shared:
        assert SCRIPTED_WELL in told.others().items() and told.code == 3  # what passed elsewhere is no «all is well»
    else:
        assert told.others() == REALLY_WELL and told.code == 1


@pytest.mark.parametrize("name", REFUSED)
async def test_what_prevents_a_session_is_told_and_nothing_explored_ends_with_3(
    lab: World, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    fault, words = REFUSED[name]
    told = await explored(lab, tmp_path / "run", fault)
    assert words in told.broken() and words in told.report and told.blamed() == []
    assert SCRIPTED_WELL in told.others().items() and told.code == 3
    alone = await explored(lab, tmp_path / "alone", fault, DEVICE)
    assert alone.code == 3 and words in alone.report
    assert words in " ".join(capsys.readouterr().out.split())


async def test_an_app_that_crashes_at_its_start_is_a_crash_and_no_tls_failure(lab: World, tmp_path: Path) -> None:
    fault = Fault(flag("crash_at_start", True), after=flag("crash_at_start", False))
    told = await explored(lab, tmp_path / "run", fault)
    assert told.blamed() == []
    assert {v.why for v in told.outcome.verdicts if v.device == DEVICE} == {"The app crashed as it was opened."}
    assert "The app crashed as it was opened." in told.report
    assert SCRIPTED_WELL in told.others().items()
    assert told.alone() == 3
    alone = await explored(lab, tmp_path / "alone", fault, DEVICE)
    assert alone.code == 3


async def test_an_app_that_never_settles_is_explored_all_the_same(
    lab: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "SETTLE", 3.0)  # each step of it waits so long
    fault = Fault(flag("never_settles", True), after=flag("never_settles", False))
    told = await explored(lab, tmp_path / "run", fault)
    assert told.ended() == {DEVICE: "done", OTHER: "done"}
    assert told.mine() == REALLY_WELL and told.code == 1  # that ticket did fail for TLS
    assert SCRIPTED_WELL in told.others().items()


async def test_a_log_that_stalls_is_noticed_told_and_opened_anew(
    lab: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "SILENT", 0.5)  # the session takes less than the five seconds that it takes otherwise
    monkeypatch.setattr(log, "ANSWER", 0.5)

    async def stall(lab: World) -> None:
        lab.lab.virtual.log.stalled = True

    async def resume(lab: World) -> None:
        lab.lab.virtual.log.resume()

    told = await explored(lab, tmp_path / "run", Fault(amid=stall, after=resume))
    assert "interrupted (it had stalled)" in told.broken() and "interrupted (it had stalled)" in told.report
    assert "log-gap" in {e.finding.kind for e in told.said if isinstance(e, FindingMade)}
    assert told.ended() == {DEVICE: "done", OTHER: "done"}
    assert {cause for _, cause in told.mine().values()} <= {"", "other", "expired"}
    assert SCRIPTED_WELL in told.others().items()
