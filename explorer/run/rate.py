"""Limits how many actions per second the sessions of a run take together."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(slots=True)
class Rate:
    """Allows at most `per_second` actions per second. `clock` returns the time in seconds; `rest` sleeps."""

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
