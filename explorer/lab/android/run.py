"""Runs the demo's Android app: starts a virtual device and its servers for the duration of a run."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from explorer.devices.android.tools import Tools
from explorer.lab.android.lab import NOTE, AndroidLab, support_apk
from explorer.lab.android.support import PACKAGE
from explorer.lab.demo.app import DemoApp
from explorer.run.android import Android, Prepared, equipped
from explorer.run.android_network import Say, observed
from explorer.targets.apk.findings import findings
from explorer.targets.apk.package import read_app

DEVICE = "simulated"
"""The virtual device's name in reports."""


def demo_run(tools: Tools, demo: DemoApp) -> Android:
    """Settings for exploring the support app on a virtual device. `demo` must be running, in its modern skin."""
    routes = {(name, port): (address, port) for name, port, address in demo.resolve}

    @contextlib.asynccontextmanager
    async def ready(folder: Path, say: Say) -> AsyncIterator[Prepared]:
        async with (
            equipped(lambda logs: AndroidLab.of_demo(tools, logs, demo), folder) as lab,
            observed(lab.device, PACKAGE, say, routes) as tap,
        ):
            yield Prepared(
                lambda account: lab.surface(network=tap.take if tap else None, account=account), tap is not None
            )

    with TemporaryDirectory(prefix="trustwalk-app-") as workspace:
        app = read_app(support_apk(), Path(workspace))
    return Android(PACKAGE, {DEVICE: ready}, findings(app, datetime.now(UTC).date()), NOTE, support_apk().name)
