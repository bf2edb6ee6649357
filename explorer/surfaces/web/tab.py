"""The tab in front of one browser context: the state that surface, hands, settling and audit share, over raw CDP."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from explorer.surfaces.surface import SurfaceGone
from explorer.surfaces.web.cdp import CALL, CdpError, Json
from explorer.surfaces.web.records import plain_url
from explorer.surfaces.web.state import FrameState
from explorer.surfaces.web.subscribe import WORLD
from explorer.surfaces.web.watch import ContextWatch

READ = 3.0
"""Seconds within which a frame must report what it shows. A page whose script runs forever does not answer at all."""


@dataclass(slots=True)
class Tab:
    """The context's page in front, its last action and its last observation. All times are by the loop's clock."""

    watch: ContextWatch
    target_url: str
    page: str = ""
    """The DevTools target of the page in front; empty if none is open."""
    shown: list[FrameState] = field(default_factory=list)
    """Frames of the last observation; an element's reference begins with the index of its frame."""
    since: float = 0.0
    """Start of the last action."""
    acted: float = 0.0
    """End of the last action."""
    known: set[str] = field(default_factory=set)
    """Requests that were outstanding before the last action."""
    print_: str = ""
    """A hash of what the last observation showed (`settle.print_of`)."""
    looked_at: float = 0.0
    """Time of the last observation."""
    pages_looked: set[str] = field(default_factory=set)
    context_id: str = ""
    audited: set[str] = field(default_factory=set)
    """Places (`flows.recognise.fingerprint.place`) of the documents that were audited."""
    closed: bool = False
    _pages_seen: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page = self.watch.pages[-1] if self.watch.pages else ""
        self._pages_seen = list(self.watch.pages)
        self.pages_looked = set(self.watch.pages)

    async def read(self, frame: FrameState, *, peek: bool = False) -> Json | None:
        """What the page script reads in a frame. None if the script could not run.

        With `peek`, the elements keep the references that they got in the last observation."""
        if frame.error or not self.watch.answers(frame):
            return None
        try:
            text = await self.evaluate(frame, f"__tw.observe({int(peek)})", READ)
            return dict(json.loads(text)) if isinstance(text, str) else None
        except (CdpError, ValueError):
            return None

    async def evaluate(self, frame: FrameState, expression: str, limit: float = READ, *, promised: bool = False) -> Any:
        """The value of an expression in a frame's isolated world. Raises CdpError if it cannot be evaluated in time."""
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
        """Open another tab in front. Raises CdpError if the browser opens none."""
        watch = self.watch
        made = await watch.cdp.call(
            "", "Target.createTarget", {"url": "about:blank", "browserContextId": self.context_id}
        )
        if not await self._until(lambda: made["targetId"] in watch.pages):
            raise CdpError("the browser opened no new tab")
        await watch.heard(made["targetId"])
        self.follow()
        self.page = made["targetId"]

    async def replace_crashed(self) -> None:
        """Open a fresh tab in front, and close all crashed ones. The new tab keeps the context's cookies, guards and
        emulated device.

        A reload would bring a crashed tab back, but Playwright, which records the session, does not follow such a tab
        any more. Raises CdpError if the browser opens none."""
        watch, dead = self.watch, self.watch.crashed
        await self.new_page()
        for page in dead:
            watch.cdp.post("", "Target.closeTarget", {"targetId": page})
        await self._until(lambda: not dead & set(watch.pages))

    async def _until(self, condition: Callable[[], bool], limit: float = CALL) -> bool:
        """Wait until an event makes the condition true. False if that does not happen within `limit` seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(limit):
                while not condition():
                    self.watch.stir.clear()
                    await self.watch.stir.wait()
        return condition()

    @property
    def is_new_and_empty(self) -> bool:
        """Whether the page in front came with the last action, and has no address yet. The browser attaches us to a new
        window before it requests the window's document."""
        frame = self.watch.frames.get(self.page)
        return frame is not None and self.page not in self.pages_looked and frame.url in ("", ":", "about:blank")

    @property
    def crashed(self) -> bool:
        """Whether the page in front has crashed, and shows nothing any more."""
        return self.page in self.watch.crashed

    def follow(self) -> None:
        """Bring new tabs to the front, as a browser does. If the tab in front is gone, the newest takes its place."""
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
        """What the last action requested and has not received: URLs or, during downloads, only the downloads."""
        if self.watch.files.under_way:
            return [f"download {guid}" for guid in self.watch.files.under_way]
        return [plain_url(r.url) for r in self.watch.asked.outstanding(self.page, self.since) if r.id not in self.known]
