"""The web surface: one browser context as a person sees and uses it, over raw CDP."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from explorer.request.account import NotHere
from explorer.surfaces.surface import Acted, Audited, Settled
from explorer.surfaces.web import audit as web_audit
from explorer.surfaces.web.cdp import CdpError, Json
from explorer.surfaces.web.guard import CredentialGuard
from explorer.surfaces.web.hands import Hands
from explorer.surfaces.web.painted import painted
from explorer.surfaces.web.recorder import Recorder
from explorer.surfaces.web.screen import FrameReading, screen_of
from explorer.surfaces.web.settle import print_of, settle
from explorer.surfaces.web.sign_in import SignIn, is_of_question
from explorer.surfaces.web.state import FrameState
from explorer.surfaces.web.tab import Tab
from explorer.surfaces.web.watch import ContextWatch
from flows.record import Record
from flows.screen import Screen
from flows.step import Action, ActionKind

MOST_FRAMES = 60
Network = Callable[[], Sequence[Record]]
"""Returns a proxy's records of the session's connections since the last call."""


class WebSurface:
    """A `Surface` over one browser context. Made by `Browser.surface`."""

    def __init__(
        self,
        watch: ContextWatch,
        target_url: str,
        close: Callable[[], Awaitable[None]],
        recorder: Recorder | None = None,
        guard: CredentialGuard | None = None,
        sign_in: SignIn | None = None,
        network: Network | None = None,
    ) -> None:
        self.tab = Tab(watch, target_url)
        self.recorder = recorder
        self._close = close
        self._sign_in = sign_in
        self._network = network
        self._guard = guard
        self._hands = Hands(self.tab, guard)

    # -- the contract ----------------------------------------------------------------------------------------------

    async def open(self) -> Acted:
        """Go to the target's URL."""
        return await self.act(Action(ActionKind.OPEN, label=self.tab.target_url))

    async def act(self, action: Action) -> Acted:
        """Carry out one action. If that is not possible, `Acted.problem` is a sentence that says why."""
        self.tab.check()
        self.tab.follow()
        if self.recorder is not None:
            at = self.tab.watch.pages.index(self.tab.page) if self.tab.page in self.tab.watch.pages else -1
            await self.recorder.before(action, at, paint=self.tab.page not in self.tab.watch.dialogs)
        self.tab.since = asyncio.get_running_loop().time()
        self.tab.known = self.tab.watch.asked.ids()
        self.tab.watch.room.begin_step()
        started, foreign = time.time(), ""
        if action.kind in (ActionKind.TYPE, ActionKind.UPLOAD) and not action.secret and not action.credential:
            self.tab.watch.expect(action.text, file=action.kind is ActionKind.UPLOAD)
        if self._guard is not None and not action.credential:
            self._guard.acted()
        try:
            if self._sign_in is not None and is_of_question(action):
                problem = await self._sign_in.do(action, self.tab.watch.frames[self.tab.page])
            else:
                problem = await self._hands.do(action)
        except NotHere as error:
            problem, foreign = str(error), error.origin
        except CdpError as error:
            self.tab.check()
            problem = f"The page did not carry out the action: {error}."
        self.tab.acted = asyncio.get_running_loop().time()
        self.tab.follow()
        return Acted(started, problem, foreign)

    async def settle(self, limit: float, *, change: bool = False) -> Settled:
        """Wait until nothing that the last action started is outstanding and the page has stopped changing."""
        self.tab.check()
        return await settle(self.tab, limit, change=change)

    def drain(self) -> Sequence[Record]:
        """All records since the last call."""
        records, self.tab.watch.records = [*self.tab.watch.records, *self.tab.watch.room.told()], []
        return [*self._network(), *records] if self._network is not None else records

    async def screenshot(self, path: Path) -> bool:
        """Write the viewport as JPEG or PNG; False if the page cannot be painted, or paints the password."""
        self.tab.check()
        self.tab.follow()
        jpeg = path.suffix.lower() in (".jpg", ".jpeg")
        how: Json = {"format": "jpeg", "quality": 70} if jpeg else {"format": "png"}
        if self.tab.page in self.tab.watch.dialogs or self.tab.crashed:
            return False
        try:
            if await self._tells_password():
                return False
            answer = await self.tab.watch.cdp.call(
                self.tab.session, "Page.captureScreenshot", {**how, "optimizeForSpeed": True}, 5.0
            )
            if await self._tells_password():  # it may have come meanwhile
                return False
        except CdpError:
            return False
        path.write_bytes(base64.b64decode(answer["data"]))
        return True

    async def _tells_password(self) -> bool:
        """Whether the page in front shows the password. Raises CdpError if that cannot be found out.

        False as long as no login has been typed."""
        if self._guard is None or not self._guard.armed:
            return False
        return any(map(self._guard.shown, await painted(self.tab)))

    async def audit(self) -> Audited:
        """Audit the page in front with axe-core, and its forms and cookies. Finds nothing while a dialog is open."""
        self.tab.check()
        self.tab.follow()
        if self.tab.page not in self.tab.watch.frames or self.tab.page in self.tab.watch.dialogs or self.tab.crashed:
            return Audited()
        return await web_audit.audit(self.tab)

    async def close(self) -> None:
        """Close the context and all its pages. Records that came until then can still be drained."""
        if not self.tab.closed:
            self.tab.closed = True
            await self._close()

    # -- observing -------------------------------------------------------------------------------------------------

    async def observe(self) -> Screen:
        """The current screen, with all frames."""
        self.tab.check()
        self.tab.follow()
        watch = self.tab.watch
        await watch.tokens.looked()
        self.tab.looked_at, self.tab.pages_looked = asyncio.get_running_loop().time(), set(watch.pages)
        dialog = self.tab.dialog_text()
        windows, downloads = max(len(watch.pages), 1), len(watch.files.done)
        if dialog or self.tab.page not in watch.frames or self.tab.crashed:
            url = watch.frames[self.tab.page].url if self.tab.page in watch.frames else ""
            blank = FrameReading("", url, "", 0, None, (0, 0), (0, 0), (0, 0, 0, 0))
            return screen_of([blank], dialog=dialog, windows=windows, downloads=downloads)
        if self._sign_in is not None and self._sign_in.asked(watch.frames[self.tab.page]):
            self.tab.print_ = ""
            return self._sign_in.screen(watch.frames[self.tab.page], windows=windows, downloads=downloads)
        frames = list(watch.page_frames(self.tab.page))[:MOST_FRAMES]
        said = await asyncio.gather(*(self.tab.read(f) for f in frames))
        self.tab.shown = frames
        told = self._placed(frames, said)
        if any(a is not None and any(not f[0] for f in a["frames"]) for a in said) and await self._own_frames(frames):
            said = await asyncio.gather(*(self.tab.read(f) for f in frames))
            told = self._placed(frames, said)
        if self.tab.dialog_text():
            return await self.observe()
        self.tab.print_ = print_of(said, frames, downloads)
        return screen_of(told, windows=windows, downloads=downloads)

    def _placed(self, frames: Sequence[FrameState], said: Sequence[Json | None]) -> list[FrameReading]:
        """The readings of all frames, with their places in the top window, which the parent frames report."""
        places: dict[str, tuple[float, float, float, float, bool, str]] = {}
        told: list[FrameReading] = []
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
            told.append(
                FrameReading(
                    self.tab.watch.key(frame), url, frame.error, index, data, (x, y), (w, h), clip, shown, region
                )
            )
        return told

    async def _own_frames(self, frames: Sequence[FrameState]) -> bool:
        """Tell the page script of each parent frame which element contains which child frame.

        Returns True if a child frame was new."""
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
        call = self.tab.watch.cdp.call
        try:
            owner = await call(above.session, "DOM.getFrameOwner", {"frameId": frame.id})
            node = await call(
                above.session,
                "DOM.resolveNode",
                {"backendNodeId": owner["backendNodeId"], "executionContextId": above.context},
            )
            await call(
                above.session,
                "Runtime.callFunctionOn",
                {
                    "objectId": node["object"]["objectId"],
                    "functionDeclaration": "function(id){__tw.own(this,id)}",
                    "arguments": [{"value": frame.id}],
                },
            )
        except (CdpError, KeyError):
            return False
        return True
