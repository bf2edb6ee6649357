"""Keeps a public page from leading the browser to this machine or the network around it.

Every navigation asks first, those of frames, redirects and new windows among them; and so does whatever is asked for at a
private address that is written as one. `docs/safety.md` says what that does not see.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from explorer.request.reach import Reach
from explorer.request.scope import origin_of
from explorer.surfaces.surface import LIMITS, SurfaceGone
from explorer.surfaces.web.cdp import CdpError, Json
from explorer.surfaces.web.state import FrameState
from explorer.surfaces.web.watch import ContextWatch
from explorer.tls.connect import Unreachable, resolved
from flows.record import Record

Lookup = Callable[[str, int], Awaitable[tuple[str, ...]]]
"""The addresses of a name; none if it cannot be resolved."""

_WRITTEN = ("127.", "localhost", "*.localhost", "10.", "192.168.", "172.", "169.254.", "100.", "0.", "[")
ASK: Json = {
    "patterns": [
        {"urlPattern": "*", "resourceType": "Document"},
        *({"urlPattern": f"*://{start}*"} for start in _WRITTEN),
    ]
}
"""Only these requests wait for us: navigations, and what may be a private address as written."""


@dataclass(slots=True)
class Border:
    """The border of one session. All of the context's targets, those to come too, ask it before such a request leaves."""

    reach: Reach
    watch: ContextWatch
    lookup: Lookup
    _told: set[tuple[str, str]] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def close(self) -> None:
        """Close the border. Comes back once every target asks; raises SurfaceGone if the browser died."""
        self.watch.border = self
        sessions = list(self.watch.targets)
        asked = [self.watch.cdp.call(session, "Fetch.enable", ASK) for session in sessions]
        for session, ended in zip(sessions, await asyncio.gather(*asked, return_exceptions=True), strict=True):
            there = self.watch.targets.get(session)
            if isinstance(ended, CdpError) and there is not None and there.kind in ("page", "iframe"):
                raise SurfaceGone("The browser does not let its requests be looked at, so it goes to no public page.")
            if isinstance(ended, SurfaceGone):
                raise ended

    def attach(self, session: str) -> None:
        """A new target: it asks before its first request."""
        self.watch.cdp.post(session, "Fetch.enable", ASK)

    def paused(self, session: str, p: Json) -> None:
        """A request waits."""
        task = asyncio.get_running_loop().create_task(self._decide(session, p))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _decide(self, session: str, p: Json) -> None:
        url = str(p["request"]["url"])
        if await self._leads_away(url, document=p.get("resourceType") == "Document"):
            self.watch.cdp.post(session, "Fetch.failRequest", {"requestId": p["requestId"], "errorReason": "Aborted"})
            self._tell(session, p, str(origin_of(url) or url.partition("?")[0]))
            self._shut_empty_window(session, p)
        elif self.watch.guard is not None and self.watch.guard.armed:
            self.watch.guard.event(session, "Fetch.requestPaused", p)
        else:
            self.watch.cdp.post(session, "Fetch.continueRequest", {"requestId": p["requestId"]})

    def _shut_empty_window(self, session: str, p: Json) -> None:
        """A window that was opened for this alone would only be in the way."""
        target = self.watch.targets.get(session)
        if target is None or p.get("resourceType") != "Document" or p.get("frameId") != target.id:
            return
        frame = self.watch.frames.get(target.id)
        if target.opener and frame is not None and frame.url in ("", ":", "about:blank"):
            self.watch.cdp.post("", "Target.closeTarget", {"targetId": target.id})

    async def _leads_away(self, url: str, *, document: bool) -> bool:
        settled = self.reach.settles(url)
        origin = origin_of(url)
        if settled is not None or origin is None or not document:
            return settled is False
        return self.reach.leads_away(url, await self.lookup(origin.host, origin.port))

    def _tell(self, session: str, p: Json, to: str) -> None:
        frame = self.watch.frames.get(str(p.get("frameId", "")))
        at = self._page(session, frame)
        how = "request" if p.get("resourceType") != "Document" else "frame" if frame and frame.parent else "page"
        how = "redirect" if p.get("redirectedRequestId") else how
        if (how, to) in self._told:
            return
        self._told.add((how, to))
        data = {"to": to, "at": str(origin_of(at) or ""), "how": how}
        self.watch.records.append(Record(time.time(), LIMITS, "private-address", data))
        self.watch.touch()

    def _page(self, session: str, frame: FrameState | None) -> str:
        """The address of the document that leads there; of an empty window or frame, that of its maker."""
        target = self.watch.targets.get(session)
        maker = (frame.parent if frame is not None else "") or (target.opener if target is not None else "")
        for one in (frame, self.watch.frames.get(maker)):
            if one is not None and origin_of(one.url) is not None and not (one is frame and one.parent):
                return one.url
        return ""


async def addresses(host: str, port: int) -> tuple[str, ...]:
    """What this machine's resolver says of a name; nothing if it knows none, as the browser will say by itself."""
    try:
        return await resolved(host, port, 3.0)
    except Unreachable:
        return ()
