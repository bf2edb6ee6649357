"""Keeps a public page from leading the browser to this machine or the network around it.

Every navigation waits for our decision, also in frames, redirects and new windows. So does every other request whose
URL names a private address. `docs/safety.md` says what this does not see.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Protocol

from explorer.request.reach import Reach
from explorer.request.scope import origin_of
from explorer.surfaces.surface import LIMITS, SurfaceGone
from explorer.surfaces.web.cdp import CdpError, Json
from explorer.surfaces.web.gate import Gate, Wait
from explorer.surfaces.web.state import FrameState
from explorer.surfaces.web.watch import ContextWatch
from explorer.tls.connect import Unanswered, Unreachable, proxy_for, resolved
from explorer.tls.lookups import Lookups
from flows.private_address import is_blocked
from flows.record import Record


class Lookup(Protocol):
    """Looks up the IP addresses of host names."""

    async def __call__(self, host: str, port: int, *, page: bool) -> tuple[str, ...] | None:
        """The IP addresses of a host name. Empty if the name does not exist, None if the lookup failed.

        `page` says that the name is that of a whole page, and not of a frame in a page."""


PRIVATE, BLOCKED, UNRESOLVED = "private-address", "blocked-name", "unresolved-name"
"""Why a request was stopped."""

_TELLINGS = 50
"""The most records of one stopped address in a session.

Each step should report the address, but a page must not be able to cause a flood of records."""
_ALL_TELLINGS = 500
"""The most records of all stopped addresses in a session."""

LOOKUP = 5.0
"""Seconds for which a navigation waits until its host name is resolved."""


@dataclass(slots=True)
class Border:
    """The border of one session. It decides on every navigation, and on every request to a private address."""

    reach: Reach
    watch: ContextWatch
    gate: Gate
    lookup: Lookup
    _told: Counter[tuple[str, str]] = field(default_factory=Counter)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def close(self) -> None:
        """Close the border: from now on, requests wait for a decision. Returns when this holds for every target.

        Raises SurfaceGone if the requests of a page cannot be held, or if the browser died.
        """
        self.watch.border = self
        try:
            await self.gate.close(Wait.PAGES, self.watch)
        except CdpError as error:
            told = "The browser does not allow its requests to be checked, so no public page is opened."
            raise SurfaceGone(told) from error

    def paused(self, session: str, p: Json, via: str) -> None:
        """Decide on a target's request (`Fetch.requestPaused`), which is paused at the CDP session `via`."""
        task = asyncio.get_running_loop().create_task(self._decide(session, p, via))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _decide(self, session: str, p: Json, via: str) -> None:
        url = str(p["request"]["url"])
        frame = self.watch.frames.get(str(p.get("frameId", "")))
        page = frame is not None and not frame.parent
        guard = self.watch.guard if self.watch.guard is not None and self.watch.guard.armed else None
        if guard is not None and guard.is_told_by_name(url):
            guard.paused(session, p, via)  # which stops it; to look the name up would tell it to its name server
        elif why := await self._refuses(url, document=p.get("resourceType") == "Document", page=page):
            self.watch.cdp.post(via, "Fetch.failRequest", {"requestId": p["requestId"], "errorReason": "Aborted"})
            self._tell(session, p, why, str(origin_of(url) or url.partition("?")[0]))
            self._shut_empty_window(session, p)
        elif guard is not None:
            guard.paused(session, p, via)
        else:
            self.watch.cdp.post(via, "Fetch.continueRequest", {"requestId": p["requestId"]})

    def _shut_empty_window(self, session: str, p: Json) -> None:
        """Close a window that was opened only for the stopped request, because it would be in the way."""
        target = self.watch.targets.get(session)
        if target is None or p.get("resourceType") != "Document" or p.get("frameId") != target.id:
            return
        frame = self.watch.frames.get(target.id)
        if target.opener and frame is not None and frame.url in ("", ":", "about:blank"):
            self.watch.cdp.post("", "Target.closeTarget", {"targetId": target.id})

    async def _refuses(self, url: str, *, document: bool, page: bool) -> str:
        """Why this address must not be requested; empty if it may be."""
        settled = self.reach.settles(url)
        origin = origin_of(url)
        if settled is not None or origin is None or not document:
            return PRIVATE if settled is False else ""
        found = await self.lookup(origin.host, origin.port, page=page)
        if found is None:
            return UNRESOLVED
        if not self.reach.leads_away(url, found):
            return ""
        return BLOCKED if is_blocked(found) else PRIVATE

    def _tell(self, session: str, p: Json, kind: str, to: str) -> None:
        frame = self.watch.frames.get(str(p.get("frameId", "")))
        at = self._page(session, frame)
        how = "request" if p.get("resourceType") != "Document" else "frame" if frame and frame.parent else "page"
        how = "redirect" if p.get("redirectedRequestId") else how
        self._told[how, to] += 1
        if self._told[how, to] > _TELLINGS or self._told.total() > _ALL_TELLINGS:
            return
        data = {"to": to, "at": str(origin_of(at) or ""), "how": how}
        self.watch.records.append(Record(time.time(), LIMITS, kind, data))
        self.watch.touch()

    def _page(self, session: str, frame: FrameState | None) -> str:
        """The address of the document that makes the request.

        For a worker, it is the address of its script. For an empty window, it is the address of its opener. For a
        frame, it is the address of the nearest parent that has an origin, because the frame itself may be empty or
        about to change. For a frame that is not known yet, it is the address of its page.
        """
        frames, one, top = self.watch.frames, frame, ""
        while one is not None:
            top = one.id
            if origin_of(one.url) is not None and not (one is frame and one.parent):
                return one.url
            one = frames.get(one.parent)
        targets = self.watch.targets
        target = targets.get(session) or next((t for t in targets.values() if t.id == top), None)
        if target is not None and target.kind.endswith("worker"):
            return target.url
        near = [frames.get(target.opener), frames.get(target.id)] if target is not None else []
        known = [f.url for f in near if f is not None and origin_of(f.url) is not None]
        return known[0] if known else self._only_page()

    def _only_page(self) -> str:
        """The address of a page, if all pages of this context have one origin. Empty otherwise.

        The request of a window that a script has just opened may be told of before the window itself."""
        pages = {origin: f.url for f in self.watch.frames.values() if not f.parent and (origin := origin_of(f.url))}
        return next(iter(pages.values())) if len(pages) == 1 else ""


async def addresses(host: str, port: int) -> tuple[str, ...] | None:
    """The IP addresses of a host name by this machine's resolver. None if nobody answers in time.

    Empty if the name does not exist, because then the browser reports that. Also empty if nobody answers in time but a
    proxy is used, because then the proxy resolves names."""
    return await _known(host, resolved(host, port, LOOKUP))


def lookup_in(lookups: Lookups) -> Lookup:
    """A `Lookup` that works like `addresses`, but over `lookups`, because a page may name many hosts at once."""

    async def look(host: str, port: int, *, page: bool) -> tuple[str, ...] | None:
        return await _known(host, lookups.resolved(host, port, LOOKUP, page=page))

    return look


async def _known(host: str, found: Awaitable[tuple[str, ...]]) -> tuple[str, ...] | None:
    try:
        return await found
    except Unanswered:
        return () if proxy_for(host) else None
    except Unreachable:
        return ()
