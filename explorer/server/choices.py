"""The devices that a run can use: the rows of devices.yml, and why some of them are unavailable."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from explorer.devices.android.row import lack_of
from explorer.devices.android.tools import AndroidError, find_tools
from explorer.devices.browser_setup import SetupError, find_browser
from explorer.devices.data_folder import data_folder
from explorer.devices.devices import DESKTOP, AndroidRow, DeviceError, SiteDevice, load_devices

FRESH = 3.0
"""Seconds for which the found devices are reused, because each search starts processes."""
PATIENCE = 5.0
"""Timeout for adb to list the attached devices, in seconds."""


@dataclass(frozen=True, slots=True)
class DeviceShown:
    """A device in the page's list.

    `lack` is a sentence that says why the device cannot be chosen, and what to do; empty if it can. `unsure` means that
    only the run will show whether the device is available."""

    name: str
    about: str
    lack: str = ""
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """The devices that the page lists: browsers for web addresses, Android devices for apps."""

    browsers: tuple[DeviceShown, ...] = ()
    androids: tuple[DeviceShown, ...] = ()


@dataclass(slots=True)
class DeviceFinder:
    """Finds the available devices, at most once every few seconds."""

    file: Path | None
    _found: Choices = field(default_factory=Choices)
    _until: float = 0.0
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def look(self) -> Choices:
        async with self._looking:
            if time.monotonic() >= self._until:
                self._found = await look(self.file)
                self._until = time.monotonic() + FRESH
            return self._found


async def look(file: Path | None) -> Choices:
    """All devices that can be listed. If a device cannot be chosen now, its `lack` says why."""
    try:
        devices = load_devices(file)
    except DeviceError as error:
        broken = (DeviceShown(DESKTOP, "", str(error)),)
        return Choices(broken, broken)
    return Choices(await _browsers(devices.all_of(SiteDevice)), await _androids(devices.all_of(AndroidRow)))


async def _browsers(rows: Mapping[str, SiteDevice]) -> tuple[DeviceShown, ...]:
    try:
        lack = "" if await find_browser() else "No browser was found: run «trustwalk doctor web --fix»."
    except SetupError as error:
        lack = str(error)
    return tuple(DeviceShown(name, row.about, lack) for name, row in rows.items())


async def _androids(rows: Mapping[str, AndroidRow]) -> tuple[DeviceShown, ...]:
    try:
        adb = (await asyncio.to_thread(find_tools, data_folder())).adb
    except AndroidError as error:
        return tuple(DeviceShown(name, row.about, f"{error}.") for name, row in rows.items())
    return tuple([await _shown(name, row, adb) for name, row in rows.items()])


async def _shown(name: str, row: AndroidRow, adb: Path) -> DeviceShown:
    if row.appium and not row.lack:  # do not contact another machine only because a page was opened
        return DeviceShown(name, row.about, unsure=True)
    return DeviceShown(name, row.about, await _lack(row, adb))


async def _lack(row: AndroidRow, adb: Path) -> str:
    try:
        async with asyncio.timeout(PATIENCE):
            return await lack_of(row, adb)
    except TimeoutError:
        return "adb does not respond: run «trustwalk doctor android» to find out why."
