"""Sessions side by side: one can be ended by its name, and the others go on."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from explorer.request.resolve import RunOptions
from explorer.run.android import Android, Opener, Prepared
from explorer.run.session import Feed, Finish
from explorer.run.session_plan import SessionPlan
from explorer.run.sessions import Sessions
from explorer.surfaces.scripted import ScriptedSurface
from explorer.surfaces.surface import Acted, Surface
from flows.incident import Verdict
from flows.journey import choose, load_catalogue
from personas.persona import by_name
from reports.journal.events import Event, RunFinished, RunStarted, SessionEnded
from reports.summary import Summary

DESK = {"start": "home", "native": True, "screens": {"home": {"elements": ["button: Help"]}}}


class Hanging(ScriptedSurface):
    """An app that never opens."""

    async def open(self) -> Acted:
        await asyncio.Event().wait()
        raise AssertionError("nothing comes after it")


def device(surface: Callable[[], ScriptedSurface]) -> Opener:
    @contextlib.asynccontextmanager
    async def ready(folder: Path, say: Callable[[Event], None]) -> AsyncIterator[Prepared]:
        yield Prepared(lambda _: surface())

    return ready


async def test_a_session_that_is_stopped_leaves_the_others_alone(tmp_path: Path) -> None:
    said: list[Event] = []
    stopped: list[bool] = []

    def hear(event: Event) -> None:
        said.append(event)
        if isinstance(event, SessionEnded) and event.session == "curious@works":
            stopped.extend([sessions.stop("curious@hangs"), sessions.stop("nobody@nowhere")])

    devices = {"hangs": device(lambda: Hanging(DESK)), "works": device(lambda: ScriptedSurface(DESK))}
    journeys = choose(load_catalogue(), ("start-chat",))
    options = RunOptions(
        target="app.apk", personas=by_name(("curious",)), journeys=journeys, devices=tuple(devices), screenshots=False
    )
    sessions = Sessions(options, tmp_path, Android("test.desk", devices), hear)
    await sessions.observe()
    assert stopped == [True, False]
    assert {e.session: e.why for e in said if isinstance(e, SessionEnded)} == {
        "curious@works": "done",
        "curious@hangs": "interrupted",
    }
    assert [log.session for log in sessions.logs()] == ["curious@works"], "who did nothing is not judged"


async def test_a_session_that_is_stopped_before_its_app_is_open_is_told_as_stopped(tmp_path: Path) -> None:
    said: list[Event] = []
    options = RunOptions(
        target="https://desk.test/", personas=by_name(("curious",)), journeys=choose(load_catalogue(), ("start-chat",))
    )
    sessions = Sessions(options, tmp_path, None, said.append)
    opening = asyncio.Event()

    async def never(plan: SessionPlan) -> tuple[Surface, Feed, Finish]:
        opening.set()
        await asyncio.Event().wait()
        raise AssertionError("nothing comes after it")

    plan = sessions._plan(options.personas[0], "desktop")
    async with asyncio.TaskGroup() as group:
        task = group.create_task(sessions._session(never, plan, asyncio.Semaphore(1)))
        await opening.wait()
        task.cancel()
    assert [type(e).__name__ for e in said] == ["SessionStarted", "SessionEnded"]
    summary = Summary.from_events(
        [RunStarted("run", "https://desk.test/", 1.0, 1, "0", ("start-chat",)), *said, RunFinished(2.0, 3)], tmp_path
    )
    (verdict,) = summary.sessions[0].verdicts.values()
    assert (verdict.verdict, verdict.reason) == (Verdict.INCONCLUSIVE, "interrupted")
