"""The tab in front of one browser context: what surface, hands, settling and audit share of it, over raw CDP."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from explorer.surfaces.surface import SurfaceGone
from explorer.surfaces.web.cdp import CdpError, Json
from explorer.surfaces.web.records import plain_url
from explorer.surfaces.web.state import FrameState
from explorer.surfaces.web.subscribe import WORLD
from explorer.surfaces.web.watch import ContextWatch

READ = 3.0
"""Seconds that a frame has to tell what it shows; a page whose script runs forever does not answer at all."""


@dataclass(slots=True)
class Tab:
    """The context's page in front, and what was last done to it and seen of it. All times are the loop's clock."""

    watch: ContextWatch
    target_url: str
    page: str = ""
    """The DevTools target of the page in front; empty if none is open."""
    shown: list[FrameState] = field(default_factory=list)
    """Frames of the last observation; an element's reference begins with the index of its frame."""
    since: float = 0.0
    """Start of the last action."""
    acted: float = 0.0
    """Its end."""
    known: set[str] = field(default_factory=set)
    """Requests that were outstanding before the last action."""
    print_: str = ""
    """A short print of what the last observation showed."""
    looked_at: float = 0.0
    """The last observation."""
    pages_looked: set[str] = field(default_factory=set)
    context_id: str = ""
    audited: set[str] = field(default_factory=set)
    """Places that were looked at, those of frames among them."""
    closed: bool = False
    _pages_seen: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page = self.watch.pages[-1] if self.watch.pages else ""
        self._pages_seen = list(self.watch.pages)
        self.pages_looked = set(self.watch.pages)

    async def read(self, frame: FrameState, *, peek: bool = False) -> Json | None:
        """What the script tells of a frame; None where it could not run."""
        if frame.error:
            return None
        try:
            text = await self.evaluate(frame, f"__tw.observe({int(peek)})", READ)
            return dict(json.loads(text)) if isinstance(text, str) else None
        except (CdpError, ValueError):
            return None

    async def evaluate(self, frame: FrameState, expression: str, limit: float = READ, *, promised: bool = False) -> Any:
        """A value from the isolated world of a frame. Raises CdpError if there is none or it does not answer."""
        for attempt in (1, 2):
            if not frame.context:
                await self._make_world(frame)
            try:
                answer = await self.watch.cdp.call(
                    frame.session,
                    "Runtime.evaluate",
                    {
                        "expression": expression,
                        "contextId": frame.context,
                        "returnByValue": True,
                        "silent": True,
                        "awaitPromise": promised,
                    },
                    limit,
                )
            except CdpError as error:
                if attempt == 2 or "context" not in str(error).lower():
                    raise
                frame.context = 0
                continue
            if "exceptionDetails" in answer:
                if attempt == 1 and "__tw" in str(answer["exceptionDetails"]):
                    frame.context = 0
                    continue
                raise CdpError(str(answer["exceptionDetails"].get("text", "the page script failed")))
            return answer["result"].get("value")
        return None

    async def _make_world(self, frame: FrameState) -> None:
        """Make the isolated world of a document that was loaded before we attached."""
        made = await self.watch.cdp.call(
            frame.session, "Page.createIsolatedWorld", {"frameId": frame.id, "worldName": WORLD}, READ
        )
        context = made["executionContextId"]
        await self.watch.cdp.call(
            frame.session,
            "Runtime.evaluate",
            {"expression": self.watch.script, "contextId": context, "silent": True},
            READ,
        )
        frame.context = context

    @property
    def session(self) -> str:
        """CDP session of the page in front."""
        frame = self.watch.frames.get(self.page)
        if frame is None:
            raise CdpError("there is no page open")
        return frame.session

    def dialog_text(self) -> str:
        """The text of the open native dialog of the page in front; empty if none is open."""
        dialog = self.watch.dialogs.get(self.page)
        if dialog is None:
            return ""
        return str(dialog.get("message", ""))[:500] or str(dialog.get("type", "dialog"))

    async def new_page(self) -> None:
        """A second tab, brought to the front."""
        watch = self.watch
        made = await watch.cdp.call(
            "", "Target.createTarget", {"url": "about:blank", "browserContextId": self.context_id}
        )
        async with asyncio.timeout(5):
            while made["targetId"] not in watch.pages:
                watch.stir.clear()
                await watch.stir.wait()
        self.follow()
        self.page = made["targetId"]

    def follow(self) -> None:
        """New tabs come to the front as a browser brings them; when one closes, the one before it does."""
        watch = self.watch
        for page in watch.pages:
            if page not in self._pages_seen:
                self._pages_seen.append(page)
                self.page = page
        if self.page not in watch.pages:
            self.page = watch.pages[-1] if watch.pages else ""

    def check(self) -> None:
        if self.watch.cdp.gone:
            raise SurfaceGone(self.watch.cdp.gone)
        if self.closed:
            raise SurfaceGone("This session was closed.")

    def outstanding(self) -> list[str]:
        """URLs that the last action asked for and that have not been answered."""
        if self.watch.files.under_way:
            return [f"download {guid}" for guid in self.watch.files.under_way]
        return [plain_url(r.url) for r in self.watch.outstanding(self.page, self.since) if r.id not in self.known]
