"""Holds the requests of a whole browser until they have been checked.

We call CDP `Fetch.enable` on the browser's own session. A call on the session of each new target would come too late:
Playwright attaches to new windows, frames and workers as well, and may let them run before our call. On the browser's
session, the call covers every target that begins later, from its first request on. Targets that exist already need a
call on their own sessions.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol

from explorer.surfaces.surface import SurfaceGone
from explorer.surfaces.web.cdp import Cdp, Json
from explorer.surfaces.web.state import Target

_WRITTEN = (
    "127.",
    "localhost",
    "*.localhost",
    "10.",
    "192.168.",
    "172.",
    "169.254.",
    "100.",
    "0.",
    "192.0.",
    "198.1",
    "198.51.100.",
    "203.0.113.",
    *(f"{n}." for n in range(224, 256)),
    "[",
)
PAGES: Json = {
    "patterns": [
        {"urlPattern": "*", "resourceType": "Document"},
        *({"urlPattern": f"*://{start}*"} for start in _WRITTEN),
    ]
}
"""Patterns for navigations, and for URLs whose host looks like a private address."""
ALL: Json = {"patterns": [{"urlPattern": "*"}]}


class Wait(IntEnum):
    """Which requests the gate holds: none, those that match `PAGES`, or all."""

    NONE = 0
    PAGES = 1
    ALL = 2


class Watched(Protocol):
    """What the gate needs to know about a persona's session, which is one browser context."""

    @property
    def targets(self) -> Mapping[str, Target]:
        """The session's targets by their CDP sessions."""

    @property
    def looks(self) -> bool:
        """Whether the session's requests are checked before they leave."""

    @property
    def guards_login(self) -> bool:
        """Whether the session's requests are checked for a login."""

    def session_at(self, frame: str) -> str | None:
        """The CDP session of the target that has the frame, or whose own id is `frame`. None if there is neither."""

    def paused(self, session: str, p: Json, via: str) -> None:
        """Decide on a target's request (`Fetch.requestPaused`), which is paused at the CDP session `via`."""


_ASK = {Wait.PAGES: PAGES, Wait.ALL: ALL}
OWNER = 1.0
"""Seconds for which a request waits until it is known to which session its frame belongs."""


@dataclass(slots=True)
class Gate:
    """The gate of one browser. `contexts` returns the sessions that run in the browser."""

    cdp: Cdp
    contexts: Callable[[], Iterable[Watched]]
    wait: Wait = Wait.NONE
    _unknown: list[Json] = field(default_factory=list)
    """Waiting requests whose frames are not known yet."""

    async def close(self, wait: Wait, watch: Watched) -> None:
        """From now on, hold the requests that `wait` names: those of the session's targets, and of all later targets.

        Raises SurfaceGone if the browser died, CdpError if the browser or an open page does not allow it."""
        self.wait = max(wait, self.wait)
        await self.cdp.call("", "Fetch.enable", _ASK[self.wait])
        sessions = list(watch.targets)
        asked = [self.cdp.call(session, "Fetch.enable", _ASK[wait]) for session in sessions]
        for session, ended in zip(sessions, await asyncio.gather(*asked, return_exceptions=True), strict=True):
            there = watch.targets.get(session)
            lost = isinstance(ended, SurfaceGone) or (there is not None and there.kind in ("page", "iframe"))
            if isinstance(ended, BaseException) and lost:
                raise ended

    def paused(self, p: Json) -> None:
        """Handle a request of any session, which waits at the browser's CDP session."""
        if not self._given(p):
            self._unknown.append(p)
            asyncio.get_running_loop().call_later(OWNER, self._orphaned, p)

    def look(self) -> None:
        """Check the waiting requests again, because a new frame may own one of them."""
        self._unknown = [p for p in self._unknown if not self._given(p)]

    def _given(self, p: Json) -> bool:
        """Pass a request on to the session that owns its frame, or let it continue if no session checks requests.

        Returns whether either was done."""
        frame = str(p.get("frameId", ""))
        lookers = False
        for context in self.contexts():
            if (session := context.session_at(frame)) is not None:
                context.paused(session, p, via="")
                return True
            lookers = lookers or context.looks
        if not lookers:
            self.cdp.post("", "Fetch.continueRequest", {"requestId": p["requestId"]})
        return not lookers

    def _orphaned(self, p: Json) -> None:
        """Pass on a request whose frame is still unknown, for example one from a worker that serves several sessions.

        The request goes to a session that guards a login, otherwise to any session that checks requests. If there is
        neither, it continues.
        """
        if p not in self._unknown:
            return
        self._unknown.remove(p)
        lookers = [c for c in self.contexts() if c.looks]
        if lookers:
            next((c for c in lookers if c.guards_login), lookers[0]).paused("", p, via="")
        else:
            self.cdp.post("", "Fetch.continueRequest", {"requestId": p["requestId"]})
