"""The Android half of a run: for each device a surface maker; one session at a time on each, devices side by side."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from explorer.devices.android import attached
from explorer.devices.android_tools import AndroidError, Tools
from explorer.devices.devices import AndroidRow
from explorer.monitors.log_signatures import make_book
from explorer.monitors.logcat import LogMonitor
from explorer.run.session import Feed, Finish
from explorer.surfaces.android import AndroidApp, AndroidSurface
from explorer.surfaces.surface import Surface, SurfaceGone
from explorer.targets.apk import App, check_device, parts_for
from explorer.targets.apk_findings import findings
from flows.incident import Finding

T = TypeVar("T")
MakeSurface = Callable[[], Surface]
"""A new session's surface on a device that is ready."""
Ready = AbstractAsyncContextManager[MakeSurface]
"""A device with what drives it. Entering raises SurfaceGone if there is none, TargetError if the app does not fit it."""

HINT = "«trustwalk doctor android --fix» tells what is missing on this machine"


@dataclass(frozen=True, slots=True)
class Android:
    """What a run needs beside its options to explore an app instead of a site.

    `devices` opens each device of the run by its name; `note` goes with each session (a simulated device says so);
    `findings` are the package's own."""

    package: str
    devices: Mapping[str, Callable[[Path], Ready]]
    findings: tuple[Finding, ...] = ()
    note: str = ""

    def monitor(self, session: str) -> tuple[Feed, Finish]:
        """What reads a session's log."""
        monitor = LogMonitor(make_book(platform="android"), session, self.package)
        return monitor.feed, lambda _: monitor.flush()


def android_run(app: App, rows: Mapping[str, AndroidRow], tools: Tools) -> Android:
    """Explore a package on rows of devices.yml."""

    def opener(row: AndroidRow) -> Callable[[Path], Ready]:
        return lambda folder: _ready(app, row, tools, folder)

    today = datetime.now(UTC).date()
    return Android(app.package, {name: opener(row) for name, row in rows.items()}, findings(app, today))


@contextlib.asynccontextmanager
async def _ready(app: App, row: AndroidRow, tools: Tools, folder: Path) -> AsyncIterator[MakeSurface]:
    async with equipped(lambda logs: attached(row, tools, logs), folder) as at:
        try:
            facts = await at.device.facts()
        except AndroidError as error:
            raise SurfaceGone(str(error)) from error
        check_device(app, facts.sdk, facts.abis)
        about = AndroidApp(app.package, app.activity, parts_for(app, facts.abis), app.test_only)
        yield lambda: AndroidSurface(about, at.device, at.appium, at.capabilities)


@contextlib.asynccontextmanager
async def equipped(enter: Callable[[Path], AbstractAsyncContextManager[T]], kept: Path) -> AsyncIterator[T]:
    """Enter what takes a folder for the logs of Appium and the emulator. Raises SurfaceGone in a sentence.

    Those logs hold all that is typed, passwords too: they are gone at the end. Only if nothing could be started, and so
    nothing was typed, they go into `kept`."""
    with TemporaryDirectory(prefix="trustwalk-android-") as logs:
        async with contextlib.AsyncExitStack() as stack:
            try:
                ready = await stack.enter_async_context(enter(Path(logs)))
            except AndroidError as error:
                if any(Path(logs).iterdir()):
                    shutil.copytree(logs, kept, dirs_exist_ok=True)
                told = str(error).replace(logs, str(kept)).rstrip(".")
                raise SurfaceGone(f"{told} ({HINT}).") from error
            yield ready


def own_origins(package: str) -> tuple[str, ...]:
    """The site that a package's name claims, as Android's convention has it: `com.example.app` → https://example.com."""
    labels = package.split(".")
    return (f"https://{labels[1]}.{labels[0]}",) if len(labels) > 1 else ()
