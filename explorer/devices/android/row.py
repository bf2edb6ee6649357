"""Prepares the Android device of a row in devices.yml, with an Appium server to drive it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from explorer.devices.android.device import AndroidDevice, choose_device, list_devices
from explorer.devices.android.emulator import Emulator, emulator_binary
from explorer.devices.android.server import AppiumServer, ensure_adb, everybodys_port
from explorer.devices.android.tools import AndroidError, Tools
from explorer.devices.devices import AndroidRow

NO_EMULATOR = "The AVD {avd} needs the emulator of the Android SDK: install it, or set ANDROID_HOME to its folder."

_GLANCE = 5.0
"""Seconds that a device on the network may take to become ready when its availability is checked."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A device that is ready for sessions, one at a time.

    `appium` is a server that was started for the device, or the URL in its row of devices.yml."""

    device: AndroidDevice
    appium: AppiumServer | str
    capabilities: Mapping[str, Any]


@contextlib.asynccontextmanager
async def attached(row: AndroidRow, tools: Tools, folder: Path) -> AsyncIterator[Attached]:
    """Boot the row's AVD or find its device, and start Appium unless the row names a server.

    On exit, Appium and the emulator are stopped. An adb server that was started keeps running. The logs of Appium and
    the emulator go into `folder`. Raises AndroidError."""
    adb_port = everybodys_port()
    if row.lack:
        raise AndroidError(row.lack)
    async with contextlib.AsyncExitStack() as stack:
        await ensure_adb(tools.adb, adb_port)
        serial = await _serial(row, tools.adb, folder, adb_port, stack)
        device = AndroidDevice(tools.adb, adb_port, serial)
        appium: AppiumServer | str = row.appium or AppiumServer(tools, folder / "appium.log", adb_port)
        if isinstance(appium, AppiumServer):
            await appium.start()
            stack.push_async_callback(appium.stop)
        yield Attached(device, appium, row.capabilities)


def wanted_serial(row: AndroidRow) -> str:
    """The serial of a row's device; `any` stands for the only attached device."""
    return row.named or "any"


async def _reach(device: AndroidDevice, limit: float = 30.0) -> str:
    """The serial of the requested device. If it is a network address, adb is connected to it first."""
    if ":" in device.serial and (await list_devices(device.port)).get(device.serial) != "device":
        await device.connect(limit)
    return await choose_device(device.port, device.serial)


async def _serial(row: AndroidRow, adb: Path, folder: Path, adb_port: int, stack: contextlib.AsyncExitStack) -> str:
    if row.avd is None:
        return await _reach(AndroidDevice(adb, adb_port, wanted_serial(row)))
    binary = emulator_binary()
    if binary is None:
        raise AndroidError(NO_EMULATOR.format(avd=row.avd))
    emulator = Emulator(binary, row.avd, folder / "emulator.log", headless=row.headless)
    stack.push_async_callback(emulator.stop)
    await emulator.start(adb_port, frozenset(await list_devices(adb_port)))
    return emulator.serial


async def lack_of(row: AndroidRow, adb: Path) -> str:
    """Why this row's device is unavailable now, in a sentence; empty if it is available. Boots nothing."""
    if row.lack:
        return row.lack
    if row.avd is not None:
        return "" if emulator_binary() else NO_EMULATOR.format(avd=row.avd)
    try:
        await ensure_adb(adb, everybodys_port())
        await _reach(AndroidDevice(adb, everybodys_port(), wanted_serial(row)), _GLANCE)
    except AndroidError as error:
        return str(error)
    return ""
