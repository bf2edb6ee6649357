"""Actions per second on the virtual Android device, and where the time of an action goes: Appium, adb, waiting, ourselves.

Needs `make appium`. The device is simulated: what a real one takes for itself is not in these figures.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from explorer.devices.android.device import AndroidDevice
from explorer.devices.android.tools import AndroidError, find_tools
from explorer.devices.data_folder import data_folder
from explorer.lab.android.lab import AndroidLab, support_apk
from explorer.lab.android.support import PACKAGE
from explorer.lab.demo.app import DemoApp
from explorer.monitors.app_network import AppNetwork
from explorer.monitors.logs.logcat import LogMonitor
from explorer.monitors.logs.signatures import make_book
from explorer.policy.policy import Policy
from explorer.run.attachments import make_attachments
from explorer.run.session import Session
from explorer.run.session_plan import SessionPlan
from explorer.surfaces.android.driver import CALL_LIMIT, Driver
from explorer.surfaces.android.hands import Hands
from explorer.surfaces.android.surface import AndroidApp, AndroidSurface
from flows.graph import FlowGraph
from flows.journey import load_catalogue, permit
from flows.step import ActionKind
from personas.persona import by_name

T = TypeVar("T")


class Spent:
    """Seconds by whom they were spent, and how many calls that were."""

    def __init__(self) -> None:
        self.seconds = {"Appium": 0.0, "adb": 0.0}
        self.calls = {"Appium": 0, "adb": 0}

    def add(self, whose: str, started: float) -> None:
        self.seconds[whose] += time.perf_counter() - started
        self.calls[whose] += 1


class TimedDevice(AndroidDevice):
    """Takes the time of each question to adb."""

    spent: Spent

    async def shell(self, command: str, limit: float = 30.0) -> str:
        started = time.perf_counter()
        try:
            return await super().shell(command, limit)
        finally:
            self.spent.add("adb", started)


class TimedDriver(Driver):
    """Takes the time of each call to Appium."""

    spent: Spent

    async def _call(self, what: Callable[[], T], limit: float = CALL_LIMIT) -> T:
        started = time.perf_counter()
        try:
            return await super()._call(what, limit)
        finally:
            self.spent.add("Appium", started)


class TimedSurface(AndroidSurface):
    """An app that is driven by a timed driver."""

    def time_calls(self, spent: Spent) -> None:
        """Before the session begins: count its calls."""
        driver = TimedDriver(self.device.serial, self.device.absence)
        driver.spent = spent
        self._driver, self._hands = driver, Hands(driver, self._hands.parsed)
        self._dialogs.driver = self._driver


async def main() -> int:
    """One session of a curious user, all good; prints the figures."""
    try:
        tools = find_tools(data_folder())
    except AndroidError as error:
        print(f"left out: {error}", file=sys.stderr)
        return 0
    with tempfile.TemporaryDirectory(prefix="trustwalk-bench-") as name:
        folder = Path(name)
        async with DemoApp(skin="modern", workdir=folder) as demo, AndroidLab.of_demo(tools, folder, demo) as lab:
            spent = Spent()
            device = TimedDevice(tools.adb, lab.adb.port, lab.virtual.serial)
            surface = TimedSurface(AndroidApp(PACKAGE, f"{PACKAGE}.MainActivity", (support_apk(),)), device, lab.appium)
            device.spent = spent
            surface.time_calls(spent)
            session = _session(surface, demo, folder)
            begun = time.perf_counter()
            await surface.open()
            started, spent.__dict__ = time.perf_counter(), Spent().__dict__
            await session.explore()
            wall = time.perf_counter() - started
            await surface.close()
    _tell(session, spent, started - begun, wall)
    return 0


def _session(surface: AndroidSurface, demo: DemoApp, folder: Path) -> Session:
    (persona,) = by_name(("curious",))
    plan = SessionPlan("s", persona, "virtual", ("portal.desk.test", 443), permit(load_catalogue(), frozenset()), 120)
    files = make_attachments(folder / "files", "1")
    policy = Policy(persona, plan.journeys, random.Random("1"), login=True, files=files)
    network = AppNetwork(LogMonitor(make_book(platform="android"), "s", PACKAGE), "s")

    def hear(_: Any) -> None:
        """Nobody reads a journal here."""

    return Session(
        plan=plan, surface=surface, policy=policy, feed=network.feed, finish=network.finish, say=hear, graph=FlowGraph()
    )


def _tell(session: Session, spent: Spent, opened: float, wall: float) -> None:
    steps = len(session.steps)
    acted = sum(1 for s in session.steps if s.decision.action.kind is not ActionKind.WAIT)
    known = spent.seconds["Appium"] + spent.seconds["adb"]
    decided = session.spent["decide"]
    rest = max(0.0, wall - known - decided)
    print(f"installed and first screen {opened:7.1f} s")
    print(f"actions           {acted / wall:8.2f} a second ({acted} of {steps} steps in {wall:.1f} s)")
    for whose in ("Appium", "adb"):
        each = spent.calls[whose] / steps
        print(
            f"  {whose:14} {1000 * spent.seconds[whose] / steps:8.0f} ms each ({each:.1f} calls), {spent.seconds[whose] / wall:.0%}"
        )
    print(f"  deciding       {1000 * decided / steps:8.0f} ms each, {decided / wall:.1%}")
    print(f"  waiting and the rest of ours {1000 * rest / steps:.0f} ms each, {rest / wall:.0%}")
