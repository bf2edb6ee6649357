"""Whose connection the proxy has just accepted: the explored app's, or that of another app on the same device.

A device's proxy setting holds for all of its apps, and some of them talk all the time. The kernel's table of sockets
names the user of each connection, and each app is a user of its own. A connection that waits for the proxy's answer is
in that table, so the table is read before the proxy answers.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from explorer.devices.android.device import AndroidDevice
from explorer.devices.android.tools import AndroidError
from explorer.monitors.socket_table import connections

APP, OTHER, UNKNOWN = "app", "other", ""
"""Whose a connection is. It is unknown if the shell may not read the table, or if two apps connect at the same time."""
LIMIT = 3.0
"""Seconds that the device may take to show its table. Until then, the app waits for the proxy."""


@dataclass(slots=True)
class Owners:
    """Tells the owners of the connections to the proxy on `port` of the device, in the order in which they come."""

    device: AndroidDevice
    package: str
    port: int = 0
    _user: int = 0
    _told: set[int] = field(default_factory=set)
    _owed: int = 0
    """Connections that are in the table, and whose owner could not be told. They are asked for next."""
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def next(self) -> str:
        """The owner of the next connection, one of `APP`, `OTHER` and `UNKNOWN`."""
        async with self._turn:
            try:
                async with asyncio.timeout(LIMIT):
                    return await self._next()
            except (AndroidError, TimeoutError):
                return UNKNOWN  # whoever asks the device for its screen says that it is gone

    async def _next(self) -> str:
        self._user = self._user or await self.device.user_of(self.package)
        table = await self.device.sockets()
        if table is None or not self._user:
            return UNKNOWN
        rows = connections(table, self.port)
        fresh = {local: user for local, user in rows.items() if local not in self._told}
        self._told &= rows.keys()
        if self._owed:
            self._owed -= 1
            return UNKNOWN
        users = {user == self._user for user in fresh.values()}
        if len(users) > 1:
            self._told |= fresh.keys()
            self._owed = len(fresh) - 1
        if len(users) != 1:
            return UNKNOWN
        self._told.add(min(fresh))
        return APP if users.pop() else OTHER
