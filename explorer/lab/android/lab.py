"""A complete Android setup on a machine without Android: virtual device, adb server and Appium."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path
from types import TracebackType
from typing import Any

from explorer.devices.android.device import AndroidDevice
from explorer.devices.android.server import AdbServer, AppiumServer
from explorer.devices.android.tools import Tools
from explorer.lab.android.apps import MakeApp
from explorer.lab.android.device import VirtualDevice
from explorer.lab.android.profiles import PIXEL_34, Profile
from explorer.lab.android.support import PACKAGE, support_app
from explorer.lab.demo.app import DemoApp
from explorer.surfaces.android.surface import AndroidApp, AndroidSurface

NOTE = "simulated Android device"


def support_apk() -> Path:
    """The path of the demo app's package, which is part of the wheel."""
    with as_file(files(__package__) / "supportdesk.apk") as path:
        return path


class AndroidLab:
    """A virtual device together with an adb server and an Appium server.

    Use it as `async with AndroidLab(tools, folder, routes, roots) as lab:`, then call `lab.surface()`.

    `routes` and `roots` are the virtual device's network and trust store (see `Network`). `ports` maps hosts to their
    ports where these are not 443. Appium's log goes into `folder`. The adb server is private, so other devices are not
    touched. `profile` is the kind of device.
    """

    def __init__(
        self,
        tools: Tools,
        folder: Path,
        routes: Mapping[tuple[str, int], tuple[str, int]],
        roots: str,
        *,
        ports: Mapping[str, int] | None = None,
        apps: Mapping[str, MakeApp] | None = None,
        skew: float = 0,
        blemished: bool = False,
        profile: Profile = PIXEL_34,
    ) -> None:
        self.tools = tools
        self.adb = AdbServer(tools.adb)
        self.appium = AppiumServer(tools, folder / "appium.log", self.adb.port)
        self.plain: set[str] = set()
        """Hosts that the support app contacts over `http://`, by their short names."""
        support = support_app(ports, self.plain, blemished=blemished)
        self.virtual = VirtualDevice(apps or {PACKAGE: support}, routes, roots, skew=skew, profile=profile)
        self._exit = contextlib.AsyncExitStack()

    @classmethod
    def of_demo(
        cls, tools: Tools, folder: Path, demo: DemoApp, *, skew: float = 0, profile: Profile = PIXEL_34
    ) -> AndroidLab:
        """A lab whose device reaches the demo's hosts.

        The demo must be running, and must have been created with the skin `modern`.
        """
        routes = {(name, port): (address, port) for name, port, address in demo.resolve}
        ports = {name: port for name, port, _ in demo.resolve}
        root, blemished = demo.ca.read_text(encoding="utf-8"), demo.desk.blemished
        return cls(tools, folder, routes, root, ports=ports, skew=skew, blemished=blemished, profile=profile)

    async def __aenter__(self) -> AndroidLab:
        try:
            await self.adb.start()
            self._exit.push_async_callback(self.adb.stop)
            await self.appium.start()
            self._exit.push_async_callback(self.appium.stop)
            await self._exit.enter_async_context(self.virtual)
            await self.device.connect()
        except BaseException:
            await self._exit.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._exit.aclose()

    @property
    def device(self) -> AndroidDevice:
        return AndroidDevice(self.tools.adb, self.adb.port, self.virtual.serial)

    def surface(self, app: AndroidApp | None = None, **more: Any) -> AndroidSurface:
        """The device's surface for a new session of an app, by default the support app."""
        app = app or AndroidApp(PACKAGE, f"{PACKAGE}.MainActivity", (support_apk(),))
        return AndroidSurface(app, self.device, self.appium, **more)
