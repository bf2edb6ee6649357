"""Limits how often the given login may fail in a run, because many sites lock accounts after some wrong passwords."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from reports.text_display import count

MOST = 2
"""How often the login may fail in one run, over all personas, devices and counter-proofs.

Each part of a split run (`--shard`) has one try, because the parts do not know of each other."""


@dataclass(slots=True)
class Try:
    """One try of a session to log in. The login may be submitted only if `allowed` is set.

    A try counts as failed until its session sets `failed` to False."""

    allowed: bool
    failed: bool = True


@dataclass(slots=True)
class LoginTries:
    """The tries of a run's account, shared by its sessions.

    Only one session tries at a time, because two tries in parallel could both fail. A try that succeeded, or that no
    server answered, does not count as failed.
    """

    failed: int = 0
    most: int = MOST
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def spent(self) -> bool:
        """Whether there is no try left."""
        return self.failed >= self.most

    @property
    def why(self) -> str:
        """Why the login is no longer tried, as a sentence."""
        return (
            f"The given login failed {count(self.failed, 'time')} in this run, and is not tried again, "
            "so that the account is not locked."
        )

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Try]:
        """Wait for this session's turn, then yield a try. It is not `allowed` if no try is left."""
        async with self._turn:
            one = Try(allowed=not self.spent)
            try:
                yield one
            finally:
                self.failed += one.allowed and one.failed
