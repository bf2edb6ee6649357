"""Sends a device's traffic through the observing proxy during the exploration, and restores its settings afterwards."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from explorer.devices.android.device import AndroidDevice
from explorer.devices.android.server import device_port
from explorer.devices.android.tools import AndroidError
from explorer.proxy.observe import ObservingProxy
from explorer.run.owners import Owners
from flows.record import Record
from flows.session import Endpoint
from reports.journal.events import Broken, DeviceChanged, Event

Say = Callable[[Event], None]
HOST_ALIAS = "10.0.2.2"
"""The emulator's address for its host machine. The proxy runs there, so it connects to 127.0.0.1 instead."""


@dataclass(slots=True)
class Tap:
    """Holds the proxy's records until `take` returns them."""

    records: list[Record] = field(default_factory=list)

    def hear(self, record: Record) -> None:
        self.records.append(record)

    def take(self) -> list[Record]:
        """All records since the last call."""
        told, self.records = self.records, []
        return told


@contextlib.asynccontextmanager
async def observed(
    device: AndroidDevice, package: str, say: Say, resolve: Mapping[Endpoint, Endpoint] | None = None
) -> AsyncIterator[Tap | None]:
    """Send the device's HTTP traffic through our proxy in this context. Yields None if the device cannot be set up.

    All apps of the device use the proxy. Each record tells whether its connection is that of `package`. What the apps ask
    of the device itself (`localhost`) is led back to it, and the device's former proxy is used for everything else.

    The change is journalled first, and the old setting is kept on the device. So the setting can be restored even if
    this process is killed (`kill -9`)."""
    tap, owners = Tap(), Owners(device, package)
    aliases = {HOST_ALIAS: "127.0.0.1"}
    inside = partial(device_port, device.port, device.serial)
    async with ObservingProxy(tap.hear, resolve, aliases=aliases, owner=owners.next, inside=inside) as proxy:
        say(DeviceChanged(time.time(), device.serial, "global http_proxy", f"localhost, to our port {proxy.port}"))
        try:
            owners.port = await device.proxy.use(proxy.port)
            proxy.ways.beyond = await device.proxy.former()
        except AndroidError as error:
            await _restored(device, say)
            say(Broken(time.time(), "", device.serial, f"Its network is not observable: {error}"))
            yield None
            return
        try:
            yield tap
        finally:
            await _restored(device, say)


async def _restored(device: AndroidDevice, say: Say) -> None:
    try:
        if await device.proxy.restore():
            say(DeviceChanged(time.time(), device.serial, "global http_proxy", "as before", undone=True))
    except AndroidError as error:
        told = (
            f"{error} Our proxy stays set. The next run on the device or «trustwalk doctor android --fix» removes it."
        )
        say(Broken(time.time(), "", device.serial, told))


async def left_over(device: AndroidDevice, say: Say) -> None:
    """Undo the proxy setting that a killed run left on the device. Raises AndroidError if the device is gone."""
    if await device.proxy.restore():
        say(DeviceChanged(time.time(), device.serial, "global http_proxy", "as before a killed run", undone=True))
