"""How often the given login may fail in a run: few accounts survive more than a handful of wrong passwords."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

MOST = 2
"""Failed tries of one account in one run, over all its personas, devices and counter-proofs."""


@dataclass(slots=True)
class Try:
    """One submission of the login. Whoever made it says how it ended; until then it counts as failed."""

    allowed: bool
    failed: bool = True


@dataclass(slots=True)
class LoginTries:
    """The tries of a run's account, shared by its sessions.

    Only one session tries at a time, because two tries in parallel could both fail. A try that succeeded, or that no
    server answered, does not count as failed.
    """

    failed: int = 0
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def spent(self) -> bool:
        """Whether there is no try left."""
        return self.failed >= MOST

    @property
    def why(self) -> str:
        """Why the login is not tried any more, as a sentence."""
        return (
            f"The given login failed {self.failed} times in this run, and is not tried again, "
            "so that the account is not locked."
        )

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Try]:
        """A try, if one is left, once it is this session's turn."""
        async with self._turn:
            one = Try(allowed=not self.spent)
            try:
                yield one
            finally:
                self.failed += one.allowed and one.failed
