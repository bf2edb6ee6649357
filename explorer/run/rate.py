"""How fast a run acts: all its sessions together stay below a number of actions in a second."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(slots=True)
class Rate:
    """`per_second` actions at most. `clock` gives seconds, `rest` lets them pass."""

    per_second: float
    clock: Callable[[], float] = time.monotonic
    rest: Callable[[float], Awaitable[None]] = asyncio.sleep
    _next: float = 0.0

    async def turn(self) -> None:
        """Wait until the next action may begin. Each call takes one turn, in the order of the calls."""
        now = self.clock()
        mine = max(self._next, now)
        self._next = mine + 1 / self.per_second
        if mine > now:
            await self.rest(mine - now)
