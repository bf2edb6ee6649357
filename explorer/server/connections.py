"""Closes connections that send no complete request in time, so that they do not keep others out."""

from __future__ import annotations

import asyncio
import resource
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

HEADERS = 10.0
"""Seconds in which the request line and the headers of a request must arrive."""
SPARE = 128
"""File descriptors that are kept for everything else: journals, workers, uploads, the database."""
BACKLOG = 32
"""How many connections are accepted in one go. More could use up the spare descriptors before they are counted."""
_Base: Any = AutoHTTPProtocol


def most_connections() -> int:
    """How many connections the limit on open files leaves room for.

    Raises the soft limit to the hard limit, but to at most 4096 files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(4096, hard) if hard != resource.RLIM_INFINITY else 4096
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return max(BACKLOG, (soft if soft != resource.RLIM_INFINITY else 4096) - SPARE)


class Connection(_Base):  # type: ignore[misc]  # one of uvicorn's two, by what is installed
    """A connection that is closed if no request arrives in time.

    If there are too many connections, the oldest one without a request under way is closed.
    """

    most = 4096
    patience = HEADERS
    _late: asyncio.TimerHandle | None = None
    _since = 0.0

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._since = self.loop.time()
        self._watch()
        standing = [c for c in self.connections if not c.transport.is_closing()]
        if len(standing) > self.most:
            waiting = [c for c in standing if c.waits and c is not self]
            oldest = min(waiting, key=lambda c: c._since, default=self)  # noqa: SLF001 - of the same class
            oldest.transport.abort()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        super().connection_lost(exc)

    @property
    def waits(self) -> bool:
        """Whether no request is under way."""
        return self.cycle is None or bool(self.cycle.response_complete)

    def _watch(self) -> None:
        if not self.waits:
            self._forget()
        elif self._late is None:
            self._late = self.loop.call_later(self.patience, self._give_up)

    def _forget(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _give_up(self) -> None:
        self._late = None
        if self.waits:
            self.transport.abort()
