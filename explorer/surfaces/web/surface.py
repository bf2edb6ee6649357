"""The web surface: one browser context as a person sees and uses it, over raw CDP."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from explorer.surfaces.surface import Acted, Audited, Settled, SurfaceGone
from explorer.surfaces.web import audit as web_audit
from explorer.surfaces.web.cdp import CdpError, Json
from explorer.surfaces.web.hands import Hands
from explorer.surfaces.web.recorder import Recorder
from explorer.surfaces.web.records import plain_url
from explorer.surfaces.web.screen import Told, screen_of
from explorer.surfaces.web.settle import print_of, settle
from explorer.surfaces.web.sign_in import SignIn, is_of_question
from explorer.surfaces.web.state import FrameState
from explorer.surfaces.web.watch import WORLD, ContextWatch
from flows.record import Record
from flows.screen import Screen
from flows.step import Action, ActionKind

READ = 3.0
"""Seconds that a frame has to tell what it shows; a page whose script runs forever does not answer at all."""
MOST_FRAMES = 60
Network = Callable[[], Sequence[Record]]
"""Gives what a proxy has told of the session's connections since the last call."""


class WebSurface:
    """A `Surface` over one browser context. Made by `Browser.surface`."""

    def __init__(
        self, watch: ContextWatch, target_url: str, close: Callable[[], Awaitable[None]],
        recorder: Recorder | None = None, sign_in: SignIn | None = None, network: Network | None = None,
    ) -> None:  # fmt: skip
        self.watch = watch
        self.recorder = recorder
        self.target_url = target_url
        self._close = close
        self._sign_in = sign_in
        self._network = network
        self._hands = Hands(self)
        self.page = watch.pages[-1] if watch.pages else ""
        self._pages_seen = list(watch.pages)
        self.shown: list[FrameState] = []  # frames of the last observation, by index
        self.since = 0.0  # loop clock: start of the last action
        self.acted = 0.0  # and its end
        self.known: set[str] = set()  # requests that were outstanding before it
        self.print_ = ""  # of the last observation
        self.closed = False
        self.looked_at = 0.0  # loop clock: the last observation
        self.pages_looked: set[str] = set(watch.pages)
        self.context_id = ""
        self.audited: set[str] = set()  # places that were looked at, those of frames among them

    # -- the contract ----------------------------------------------------------------------------------------------

    async def open(self) -> Acted:
        """Go to the target's URL."""
        return await self.act(Action(ActionKind.OPEN, label=self.target_url))

    async def act(self, action: Action) -> Acted:
        """Carry out one action; what cannot be done is a sentence in `Acted.problem`."""
        self._check()
        self._follow()
        if self.recorder is not None:
            at = self.watch.pages.index(self.page) if self.page in self.watch.pages else -1
            await self.recorder.before(action, at, paint=self.page not in self.watch.dialogs)
        self.since = asyncio.get_running_loop().time()
        self.known = set(self.watch.requests)
        started = time.time()
        try:
            if self._sign_in is not None and is_of_question(action):
                problem = await self._sign_in.do(action, self.watch.frames[self.page])
            else:
                problem = await self._hands.do(action)
        except CdpError as error:
            self._check()
            problem = f"The page did not take it: {error}."
        self.acted = asyncio.get_running_loop().time()
        self._follow()
        return Acted(started, problem)

    async def settle(self, limit: float, *, change: bool = False) -> Settled:
        """Wait until nothing that the last action started is outstanding and the page has stopped changing."""
        self._check()
        return await settle(self, limit, change=change)

    def drain(self) -> Sequence[Record]:
        """All records since the last call."""
        records, self.watch.records = self.watch.records, []
        return [*self._network(), *records] if self._network is not None else records

    async def screenshot(self, path: Path) -> bool:
        """Write the viewport as JPEG or PNG; False if the page cannot be painted."""
        self._check()
        self._follow()
        jpeg = path.suffix.lower() in (".jpg", ".jpeg")
        how: Json = {"format": "jpeg", "quality": 70} if jpeg else {"format": "png"}
        if self.page in self.watch.dialogs or self.page in self.watch.crashed:
            return False
        try:
            answer = await self.watch.cdp.call(
                self.session, "Page.captureScreenshot", {**how, "optimizeForSpeed": True}, 5.0
            )
        except CdpError:
            return False
        path.write_bytes(base64.b64decode(answer["data"]))
        return True

    async def audit(self) -> Audited:
        """Look at the page in front with axe-core, and at its forms and cookies; not while a dialog holds it."""
        self._check()
        self._follow()
        if self.page not in self.watch.frames or self.page in self.watch.dialogs or self.page in self.watch.crashed:
            return Audited()
        return await web_audit.audit(self)

    async def close(self) -> None:
        """Close the context and all its pages. Records that came until then can still be drained."""
        if not self.closed:
            self.closed = True
            await self._close()

    # -- observing -------------------------------------------------------------------------------------------------

    async def observe(self) -> Screen:
        """What is to be seen now, in all frames."""
        self._check()
        self._follow()
        watch = self.watch
        self.looked_at, self.pages_looked = asyncio.get_running_loop().time(), set(watch.pages)
        dialog = self.dialog_text()
        windows, downloads = max(len(watch.pages), 1), len(watch.downloads)
        if dialog or self.page not in watch.frames or self.page in watch.crashed:
            url = watch.frames[self.page].url if self.page in watch.frames else ""
            blank = Told("", url, "", 0, None, (0, 0), (0, 0), (0, 0, 0, 0))
            return screen_of([blank], dialog=dialog, windows=windows, downloads=downloads)
        if self._sign_in is not None and self._sign_in.asked(watch.frames[self.page]):
            self.print_ = ""
            return self._sign_in.screen(watch.frames[self.page], windows=windows, downloads=downloads)
        frames = list(watch.page_frames(self.page))[:MOST_FRAMES]
        said = await asyncio.gather(*(self.read(f) for f in frames))
        self.shown = frames
        told = self._placed(frames, said)
        if any(a is not None and any(not f[0] for f in a["frames"]) for a in said) and await self._own_frames(frames):
            said = await asyncio.gather(*(self.read(f) for f in frames))
            told = self._placed(frames, said)
        if self.dialog_text():
            return await self.observe()
        self.print_ = print_of(said, frames, downloads)
        return screen_of(told, windows=windows, downloads=downloads)

    async def read(self, frame: FrameState, *, peek: bool = False) -> Json | None:
        """What the script tells of a frame; None where it could not run."""
        if frame.error:
            return None
        try:
            text = await self.evaluate(frame, f"__tw.observe({int(peek)})", READ)
            return dict(json.loads(text)) if isinstance(text, str) else None
        except (CdpError, ValueError):
            return None

    def _placed(self, frames: Sequence[FrameState], said: Sequence[Json | None]) -> list[Told]:
        """Each frame with its place in the top window, from what its parent says of its element."""
        places: dict[str, tuple[float, float, float, float, bool, str]] = {}
        told: list[Told] = []
        clips: dict[str, tuple[float, float, float, float]] = {}
        for index, (frame, data) in enumerate(zip(frames, said, strict=True)):
            if not frame.parent:
                w, h = (data or {}).get("w", 0), (data or {}).get("h", 0)
                x, y, shown, region = 0.0, 0.0, True, ""
                clip = (0.0, 0.0, float(w), float(h))
            else:
                x, y, w, h, shown, region = places.get(frame.id, (0.0, 0.0, 0.0, 0.0, False, ""))
                over = clips.get(frame.parent, (0.0, 0.0, 0.0, 0.0))
                clip = (max(over[0], x), max(over[1], y), min(over[2], x + w), min(over[3], y + h))
            clips[frame.id] = clip
            for child, cx, cy, cw, ch, ok, where in (data or {}).get("frames", ()):
                if child:
                    places[child] = (x + cx, y + cy, cw, ch, bool(ok) and shown, where or region)
            url = frame.url if frame.error else str((data or {}).get("url") or frame.url)
            told.append(Told(self.watch.key(frame), url, frame.error, index, data, (x, y), (w, h), clip, shown, region))
        return told

    async def _own_frames(self, frames: Sequence[FrameState]) -> bool:
        """Tie each child frame's element to its id in its parent's world; True if there was a new one."""
        fresh = False
        by_id = {f.id: f for f in frames}
        for frame in frames:
            above = by_id.get(frame.parent)
            if above is None or not above.context:
                continue
            tie = f"{above.session}:{above.context}"
            if frame.owned != tie:
                fresh = await self._own(frame, above) or fresh
                frame.owned = tie
        return fresh

    async def _own(self, frame: FrameState, above: FrameState) -> bool:
        call = self.watch.cdp.call
        try:
            owner = await call(above.session, "DOM.getFrameOwner", {"frameId": frame.id})
            node = await call(
                above.session, "DOM.resolveNode",
                {"backendNodeId": owner["backendNodeId"], "executionContextId": above.context},
            )  # fmt: skip
            await call(
                above.session, "Runtime.callFunctionOn",
                {"objectId": node["object"]["objectId"], "functionDeclaration": "function(id){__tw.own(this,id)}", "arguments": [{"value": frame.id}]},
            )  # fmt: skip
        except (CdpError, KeyError):
            return False
        return True

    async def evaluate(self, frame: FrameState, expression: str, limit: float = READ, *, promised: bool = False) -> Any:
        """A value from the isolated world of a frame. Raises CdpError if there is none or it does not answer."""
        for attempt in (1, 2):
            if not frame.context:
                await self._make_world(frame)
            try:
                answer = await self.watch.cdp.call(
                    frame.session, "Runtime.evaluate",
                    {"expression": expression, "contextId": frame.context, "returnByValue": True, "silent": True, "awaitPromise": promised}, limit,
                )  # fmt: skip
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
        """For a document that was there before us."""
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

    # -- pages and dialogs -----------------------------------------------------------------------------------------

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
        self._follow()
        self.page = made["targetId"]

    def _follow(self) -> None:
        """New tabs come to the front as a browser brings them; when one closes, the one before it does."""
        watch = self.watch
        for page in watch.pages:
            if page not in self._pages_seen:
                self._pages_seen.append(page)
                self.page = page
        if self.page not in watch.pages:
            self.page = watch.pages[-1] if watch.pages else ""

    def _check(self) -> None:
        if self.watch.cdp.gone:
            raise SurfaceGone(self.watch.cdp.gone)
        if self.closed:
            raise SurfaceGone("This session was closed.")

    def outstanding(self) -> list[str]:
        """URLs that the last action asked for and that have not been answered."""
        if self.watch.downloading:
            return [f"download {guid}" for guid in self.watch.downloading]
        return [plain_url(r.url) for r in self.watch.outstanding(self.page, self.since) if r.id not in self.known]
