"""Reads a device's socket table while an app is explored. The table shows the app's servers if the log does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from explorer.devices.android.device import AndroidDevice
from explorer.devices.android.tools import AndroidError
from flows.record import Record


@dataclass(slots=True)
class SocketWatch:
    """Watches the connections of one app in the socket table of one device.

    Call `look` now and then. When the app has connected to a new address, `look` records all of the app's rows in the
    table, and `drain` returns these records. If the device does not show its table, `look` does not try again."""

    device: AndroidDevice
    package: str
    clock: Callable[[], float]
    _user: int | None = None
    _seen: set[str] = field(default_factory=set)
    _new: list[Record] = field(default_factory=list)
    _shut: bool = False

    async def look(self) -> None:
        if self._shut:
            return
        try:
            if self._user is None:
                self._user = await self.device.user_of(self.package)
            table = await self.device.sockets() if self._user else None
        except AndroidError:
            return  # the device is gone: whoever asks it for the screen says so
        if table is None or not self._user:
            self._shut = True
            return
        rows = [line for line in table.splitlines() if line.split()[7:8] == [str(self._user)]]
        sides = {row.split()[2] for row in rows}
        if sides - self._seen:
            self._seen |= sides
            self._new.append(Record(self.clock(), "sockets", "table", {"table": "\n".join(rows), "user": self._user}))

    def drain(self) -> list[Record]:
        told, self._new = self._new, []
        return told
