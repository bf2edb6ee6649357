"""Makes requests of a whole browser wait for a look before they leave.

Asked on the browser's own session (CDP `Fetch.enable`), and not on each target's: Playwright attaches to new windows, frames
and workers as well, and whoever lets them run first lets them run for both. On the browser's session, whatever begins
after the call is asked for, its very first request included; targets that were there before have to be asked one by one.
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
"""Navigations, and what may be a private address as written."""
ALL: Json = {"patterns": [{"urlPattern": "*"}]}


class Wait(IntEnum):
    """Which requests wait."""

    NONE = 0
    PAGES = 1
    ALL = 2


class Watched(Protocol):
    """A session of the browser, as the gate needs it."""

    @property
    def targets(self) -> Mapping[str, Target]:
        """Its targets by their sessions."""

    @property
    def looks(self) -> bool:
        """Whether anybody looks at its requests before they leave."""

    @property
    def guards_login(self) -> bool:
        """Whether somebody looks for a login in them."""

    def session_at(self, frame: str) -> str | None:
        """The session of the target that holds a frame, or is named like it; None if neither is known here."""

    def paused(self, session: str, p: Json, via: str) -> None:
        """A request of a target waits at the session `via`."""


_ASK = {Wait.PAGES: PAGES, Wait.ALL: ALL}
OWNER = 1.0
"""Seconds for which a request waits for its frame to be known."""


@dataclass(slots=True)
class Gate:
    """The gate of one browser. `contexts` are the sessions in it."""

    cdp: Cdp
    contexts: Callable[[], Iterable[Watched]]
    wait: Wait = Wait.NONE
    _unknown: list[Json] = field(default_factory=list)
    """Requests of frames that nobody has told of yet."""

    async def close(self, wait: Wait, watch: Watched) -> None:
        """From now on all requests of a kind wait: those of the session's targets, and of all that is to come.

        Raises SurfaceGone if the browser died, CdpError if it, or a page that is there, does not allow it."""
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
        """A request of any session waits at the browser."""
        if not self._given(p):
            self._unknown.append(p)
            asyncio.get_running_loop().call_later(OWNER, self._orphaned, p)

    def look(self) -> None:
        """There may be a new frame: what waits may be its."""
        self._unknown = [p for p in self._unknown if not self._given(p)]

    def _given(self, p: Json) -> bool:
        """Pass a request to its session if known; let it go if nobody looks. Returns whether either was done."""
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
        """A worker that runs for several sessions, say: whoever looks decides, one that watches over a login first."""
        if p not in self._unknown:
            return
        self._unknown.remove(p)
        lookers = [c for c in self.contexts() if c.looks]
        if lookers:
            next((c for c in lookers if c.guards_login), lookers[0]).paused("", p, via="")
        else:
            self.cdp.post("", "Fetch.continueRequest", {"requestId": p["requestId"]})
