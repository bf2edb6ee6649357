"""From a row of devices.yml to an Android device that is ready, with an Appium server to drive it."""

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

NO_EMULATOR = "The AVD {avd} needs the emulator of the Android SDK; install it, or set ANDROID_HOME to where it is."

_GLANCE = 5.0
"""How long a device on the network may take where one only asks whether it is there."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A device for one session at a time. `appium` is a server of ours, or the URL of the row."""

    device: AndroidDevice
    appium: AppiumServer | str
    capabilities: Mapping[str, Any]


@contextlib.asynccontextmanager
async def attached(row: AndroidRow, tools: Tools, folder: Path) -> AsyncIterator[Attached]:
    """Boot the row's AVD or find its device, and start Appium unless the row names one; all of it is undone at the end.

    `folder` takes the logs of Appium and the emulator. Raises AndroidError."""
    adb_port = everybodys_port()
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
    """The serial that a row asks for; `any` takes the only device that is attached."""
    return row.serial or str(row.capabilities.get("appium:udid", "any"))


async def _reach(device: AndroidDevice, limit: float = 30.0) -> str:
    """The serial of the device that is wanted. One that is an address on the network is connected to if adb is not."""
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
    """Why this row cannot be explored on just now, in a sentence; empty if it can. Nothing is booted to find out."""
    if row.avd is not None:
        return "" if emulator_binary() else NO_EMULATOR.format(avd=row.avd)
    try:
        await ensure_adb(adb, everybodys_port())
        await _reach(AndroidDevice(adb, everybodys_port(), wanted_serial(row)), _GLANCE)
    except AndroidError as error:
        return str(error)
    return ""
