"""When connections that worked began: whether a client that ended a connection soon made another one to the same host. Pure.

Connections become known in the order in which they end, which says nothing about the order in which they began.
"""

from __future__ import annotations

from collections.abc import Hashable

AGAIN = 10.0
"""Seconds within which a connection that works shows that the one before it was only given up: browsers connect anew when the
server asks for a client certificate, and race several connections."""
MOST = 100_000
"""How many pairs of a client and a second are kept."""


class Starts:
    """The beginnings of connections that worked, by who asked whom.

    Of each second, the first and the last beginning are kept. These suffice, since the span that is asked for is longer.
    """

    def __init__(self) -> None:
        self._seconds: dict[tuple[Hashable, int], tuple[float, float]] = {}

    def add(self, who: Hashable, time: float) -> None:
        """A connection began at `time`, in seconds since the epoch. Calls may come in any order."""
        key = (who, int(time))
        first, last = self._seconds.get(key, (time, time))
        if key in self._seconds or len(self._seconds) < MOST:
            self._seconds[key] = (min(first, time), max(last, time))

    def soon_after(self, who: Hashable, time: float) -> bool:
        """Whether one began at `time` or less than `AGAIN` seconds later."""
        seconds = range(int(time), int(time + AGAIN) + 1)
        kept = (self._seconds[who, second] for second in seconds if (who, second) in self._seconds)
        return any(time <= start < time + AGAIN for both in kept for start in both)
