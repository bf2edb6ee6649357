"""Whose connection the proxy has just accepted: the explored app's, or that of another app on the same device.

A device's proxy setting holds for all of its apps, and some of them talk all the time. The kernel's table of sockets
names the user of each connection, and each app is a user of its own. A connection that waits for the proxy's answer is
in that table, so the table is read before the proxy answers.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field

from explorer.devices.android.device import AndroidDevice
from explorer.devices.android.tools import AndroidError
from explorer.monitors.socket_table import connections

APP, OTHER, UNKNOWN = "app", "other", ""
"""Whose a connection is. It is unknown if the shell may not read the table, or if two apps connect at the same time."""
LIMIT = 3.0
"""Seconds that the device may take to show its table. An app waits for the proxy at most twice as long."""


@dataclass(slots=True)
class Owners:
    """Tells the owners of the connections to the proxy on `port` of the device, in the order in which they are accepted.

    Ask for each connection as soon as it is accepted. One look at the table answers all who wait for one, because each
    look takes the device a while, and the apps wait for it.
    """

    device: AndroidDevice
    package: str
    port: int = 0
    _user: int = 0
    _told: set[int] = field(default_factory=set)
    _waiting: list[asyncio.Future[str]] = field(default_factory=list)
    _ahead: deque[str] = field(default_factory=deque)
    """Owners of connections that were in the table before anybody asked for them. The next ones to ask get them."""
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def next(self) -> str:
        """The owner of the connection that was accepted next, one of `APP`, `OTHER` and `UNKNOWN`."""
        if self._ahead and not self._waiting:
            return self._ahead.popleft()
        mine: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._waiting.append(mine)
        async with self._turn:
            if not mine.done():
                await self._look()
        return mine.result()

    async def _look(self) -> None:
        """Look at the table once, and answer all who waited before that."""
        asking, self._waiting = self._waiting, []
        try:
            async with asyncio.timeout(LIMIT):
                owners = self._owners(await self._fresh(), len(asking))
        except (AndroidError, TimeoutError):
            owners = [UNKNOWN] * len(asking)  # whoever asks the device for its screen says that it is gone
        for one, owner in zip(asking, owners, strict=False):
            one.set_result(owner)
        self._ahead.extend(owners[len(asking) :])

    async def _fresh(self) -> list[int]:
        """The users of the connections that came since the last look. Empty if the table cannot be read."""
        self._user = self._user or await self.device.user_of(self.package)
        table = await self.device.sockets()
        if table is None or not self._user:
            return []
        rows = connections(table, self.port)
        fresh = [user for local, user in rows.items() if local not in self._told]
        self._told = set(rows)
        return fresh

    def _owners(self, users: list[int], asking: int) -> list[str]:
        """The owners of connections of these users, of which `asking` have been asked for.

        The table does not say which connection is which. So the owner is known only if all belong to one user, and if
        none of those that were asked for has gone already."""
        many = max(asking, len(users))
        if len(set(users)) != 1 or len(users) < asking:
            return [UNKNOWN] * many
        return [APP if users[0] == self._user else OTHER] * many
