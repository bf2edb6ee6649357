"""What a browser context is doing: its targets, frames, requests and records, observed over CDP on each of its
targets."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from explorer.surfaces.web.caps import RecordCap
from explorer.surfaces.web.cdp import Cdp, Json
from explorer.surfaces.web.downloads import Downloads
from explorer.surfaces.web.let_past import LetPast
from explorer.surfaces.web.records import plain_url, shortened
from explorer.surfaces.web.requests import Requests
from explorer.surfaces.web.state import Doorkeeper, FrameState, Guard, Target, in_order, named, world_changed
from explorer.surfaces.web.subscribe import AUTO_ATTACH, subscribe
from explorer.surfaces.web.tokens import KEPT_BODIES, NO_BODIES, TokenWatch
from flows.record import Record

_REMEMBERED = 200
"""How many removed frames are remembered."""


@dataclass(slots=True)
class ContextWatch:
    """All that happens in one browser context, which is one persona's session."""

    cdp: Cdp
    script: str
    guard: Guard | None = None
    border: Doorkeeper | None = None
    targets: dict[str, Target] = field(default_factory=dict)
    frames: dict[str, FrameState] = field(default_factory=dict)
    asked: Requests = field(default_factory=Requests)
    records: list[Record] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)  # target ids, oldest first
    dialogs: dict[str, Json] = field(default_factory=dict)  # page target id → open native dialog
    choosers: dict[str, Json] = field(default_factory=dict)  # page target id → file chooser that was asked for
    reading: dict[str, float] = field(default_factory=dict)  # frame whose document is being parsed → since when
    torn: set[str] = field(default_factory=set)  # frames whose document failed, and whose error page is still to come
    stir: asyncio.Event = field(default_factory=asyncio.Event)
    active_at: float = 0.0  # loop clock: last mutation, request or navigation
    changed_at: float = 0.0  # last mutation or navigation
    opened: int = 0
    room: RecordCap = field(default_factory=RecordCap)
    files: Downloads = field(init=False)
    let_past: LetPast = field(init=False)
    _left: dict[str, FrameState] = field(default_factory=dict)  # frames that are gone, the latest last
    tokens: TokenWatch = field(init=False)

    def __post_init__(self) -> None:
        self.tokens = TokenWatch(self.cdp, self._keep)
        self.files = Downloads(self.cdp, self.tell)
        self.let_past = LetPast(self.cdp)

    # -- targets ---------------------------------------------------------------------------------------------------

    def attach(self, session: str, info: Json, parent: str) -> None:
        """Add a new target, turn on its CDP events, and let it run."""
        kind = info["type"]
        target = Target(session, info["targetId"], kind, info.get("url", ""), info.get("openerId", ""), parent)
        self.targets[session] = target
        page = kind in ("page", "iframe")
        if page:
            self._take_frame(target, info)
        bodies = KEPT_BODIES if self.tokens.wanted else NO_BODIES
        subscribe(self.cdp, session, page=page, script=self.script, bodies=bodies)
        self.let_past.attach(session)
        if self.guard is not None:
            self.guard.attach(session)
        self.cdp.post(session, "Target.setAutoAttach", AUTO_ATTACH)
        self.cdp.post(session, "Runtime.runIfWaitingForDebugger")
        self.touch()

    async def heard(self, page: str) -> None:
        """Wait until a new page has turned on its CDP events. Raises CdpError if it does not.

        Call this before the first navigation. The navigation may move the page to another process, and then calls that
        the old process has not answered can be lost."""
        await self.cdp.call(self.frames[page].session, "Page.enable")

    def expect(self, text: str, *, file: bool) -> None:
        """Follow the tokens of a text that is about to be typed, or of a file's name; bodies are kept from then on."""
        if self.tokens.expect(text, file=file):
            for session in list(self.targets):
                self.cdp.post(session, "Network.enable", KEPT_BODIES)

    def let(self, hosts: frozenset[tuple[str, int]], *, dates_only: bool = False) -> None:
        """From now on, ignore the certificate errors of these hosts only (a counter-proof)."""
        self.let_past.begin(hosts, list(self.targets), dates_only=dates_only)

    def _take_frame(self, target: Target, info: Json) -> None:
        frame = self.frames.get(target.id)
        if target.kind == "page":
            self.frames[target.id] = FrameState(target.id, "", target.session, target.id, key="", url=target.url)
            if target.id not in self.pages:
                self.pages.append(target.id)
                self.opened += 1
            return
        if frame is None:
            parent = info.get("parentFrameId", "")
            page = self.frames[parent].page if parent in self.frames else self._page_of(target.parent)
            frame = self.frames[target.id] = FrameState(target.id, parent or page, target.session, page)
        frame.session, frame.context = target.session, 0

    def _page_of(self, session: str) -> str:
        for _ in range(20):
            target = self.targets.get(session)
            if target is None:
                break
            if target.kind == "page":
                return target.id
            session = target.parent
        return self.pages[-1] if self.pages else ""

    def detach(self, session: str) -> None:
        """Drop a target that went away: a closed tab, an ended worker, a frame that moved to another process."""
        target = self.targets.pop(session, None)
        if target is None:
            return
        self.reading.pop(target.id, None)
        if target.kind == "page":
            if target.id in self.pages:
                self.pages.remove(target.id)
            self._answer_no_more(target.id)
            for frame in [f.id for f in self.frames.values() if f.page == target.id]:
                self._gone(frame)
            self.asked.close_page(target.id)
        for frame_state in self.frames.values():
            if frame_state.session == session:
                above = self.frames.get(frame_state.parent)
                frame_state.session, frame_state.context = (above.session if above else target.parent), 0
        self.touch()

    def _crashed(self, target: Target) -> None:
        """Handle the crash of a target's renderer. The target stays, but does not answer any more.

        If the target is a page, the whole page shows nothing any more. If it is a frame, only that frame does."""
        target.crashed = True
        for frame in [f for f in self.frames.values() if f.session == target.session]:
            frame.context = 0
            self.reading.pop(frame.id, None)
            self.torn.discard(frame.id)
            self.asked.close_frame(frame.id)
        if target.kind == "page":
            self.asked.close_page(target.id)
            self._answer_no_more(target.id)
        self.touch(changed=True)

    def _answer_no_more(self, page: str) -> None:
        """Forget the dialog and the file chooser that a page has opened."""
        self.dialogs.pop(page, None)
        self.choosers.pop(page, None)

    def answers(self, frame: FrameState) -> bool:
        """Whether a frame has a renderer that could say what it shows."""
        target = self.targets.get(frame.session)
        return target is None or not target.crashed

    # -- events ----------------------------------------------------------------------------------------------------

    def event(self, session: str, method: str, p: Json) -> None:
        """Handle an event of one of this context's targets."""
        target = self.targets.get(session)
        if target is None:
            return
        if method == "Runtime.bindingCalled":
            self.touch(changed=True)
            return
        domain = method.split(".", maxsplit=1)[0]
        if method == "Fetch.requestPaused":
            self.paused(session, p, via=session)
        if domain == "Page":
            self._page_event(target, method, p)
        elif domain == "Runtime":
            if world_changed(self.frames, target, method, p):
                self.touch(changed=True)
        elif domain == "Network":
            self._network_event(target, method, p)
            self.tokens.event(session, method, p)
            if self.guard is not None:
                self.guard.event(method, p)
        elif method == "Security.certificateError":
            self.let_past.error(session, p)
        elif method == "Inspector.targetCrashed":
            self._crashed(target)
        self._record(target, method, p)

    @property
    def crashed(self) -> set[str]:
        """The pages whose renderer died, and that have not loaded a document since."""
        return {t.id for t in self.targets.values() if t.crashed and t.kind == "page"}

    @property
    def looks(self) -> bool:
        """Whether requests are checked before they leave."""
        return self.border is not None or self.guards_login

    @property
    def guards_login(self) -> bool:
        """Whether requests are checked for the login."""
        return self.guard is not None and self.guard.armed

    def paused(self, session: str, p: Json, via: str) -> None:
        """Pass a target's paused request to the border, or to the guard if there is no border.

        If there is neither, the request continues.

        `via` is the CDP session at which the request is paused."""
        if self.border is not None:
            self.border.paused(session, p, via)
        elif self.guard is not None and self.guard.armed:
            self.guard.paused(session, p, via)
        else:
            self.cdp.post(via, "Fetch.continueRequest", {"requestId": p["requestId"]})

    def session_at(self, frame: str) -> str | None:
        """The CDP session of the target that has the frame, or whose own id is `frame`. None if there is neither."""
        if frame in self.frames:
            return self.frames[frame].session
        return self._session_of(frame) or None

    def _record(self, target: Target, method: str, p: Json) -> None:
        data = shortened(method, p)
        if data is None:
            return
        frame_id = (
            p.get("frameId")
            or (p.get("issue") or {}).get("frameId")
            or (target.id if target.kind in ("page", "iframe") else "")
        )
        frame = self.frames.get(frame_id)
        page = self.targets.get(self._session_of(frame.page)) if frame else None
        data |= {
            "target": target.kind,
            "target_url": plain_url(target.url) if target.kind.endswith("worker") else "",
            "frame": self.key(frame) if frame else "",
            "frame_url": plain_url(frame.url) if frame and frame.url else "",
            "main": frame is not None and not frame.parent,
            "popup": bool(page and page.opener),
            "page": frame.page if frame else self._page_of(target.session),
        }
        self._keep(Record(time.time(), "cdp", method, data))

    def tell(self, record: Record) -> None:
        """Keep a record that no cap may drop."""
        self.records.append(record)

    def _keep(self, record: Record) -> None:
        if self.room.takes(record):
            self.records.append(record)

    def _session_of(self, target_id: str) -> str:
        return next((s for s, t in self.targets.items() if t.id == target_id), "")

    def key(self, frame: FrameState) -> str:
        """The frame's name on screens."""
        return named(self.frames, frame)

    def _page_event(self, target: Target, method: str, p: Json) -> None:
        match method:
            case "Page.frameAttached":
                above = self.frames.get(p["parentFrameId"])
                page = above.page if above else self._page_of(target.session)
                self.frames.setdefault(p["frameId"], FrameState(p["frameId"], p["parentFrameId"], target.session, page))
            case "Page.frameNavigated":
                self._navigated(target, p["frame"])
                if p["frame"]["id"] == target.id and p.get("type") != "BackForwardCacheRestore":
                    self.reading[target.id] = self.active_at
            case "Page.frameDetached":
                if p.get("reason") != "swap":
                    self._drop(p["frameId"])
                self.touch(changed=True)
            case "Page.navigatedWithinDocument":
                if p["frameId"] in self.frames:
                    self.frames[p["frameId"]].url = p["url"]
                self.touch(changed=True)
            case "Page.domContentEventFired":  # told of the main frame of a page or iframe target only
                self.reading.pop(target.id, None)
                self.touch(changed=True)
            case "Page.frameStartedLoading" | "Page.frameStoppedLoading":
                self.touch()
            case "Page.javascriptDialogOpening":
                self.dialogs[self._page_of(target.session)] = {**p, "session": target.session}
                self.touch(changed=True)
            case "Page.javascriptDialogClosed":
                self.dialogs.pop(self._page_of(target.session), None)
                self.touch(changed=True)
            case "Page.fileChooserOpened":
                self.choosers[self._page_of(target.session)] = {**p, "session": target.session}
                self.touch(changed=True)

    def download(self, method: str, p: Json) -> None:
        """Handle a download event of the browser. Events of other contexts are ignored."""
        frame = self.frames.get(p.get("frameId", "")) or self._left.get(p.get("frameId", ""))
        if not self.files.event(method, p, ours=frame is not None):
            return
        if frame is not None:
            target = self.targets.get(frame.session) or Target(frame.session, frame.page, "page", frame.url)
            self._record(target, method, p)
        self.touch(changed=True)

    def _gone(self, frame: str) -> None:
        """Remove a frame, but remember the latest removed ones.

        A frame that only begins a download may be gone before the browser reports the download."""
        self._left[frame] = self.frames.pop(frame)
        if len(self._left) > _REMEMBERED:
            del self._left[next(iter(self._left))]

    def _navigated(self, target: Target, f: Json) -> None:
        frame = self.frames.get(f["id"])
        if frame is None:
            page = self._page_of(target.session)
            frame = self.frames[f["id"]] = FrameState(
                f["id"], f.get("parentId", "") or (page if f["id"] != page else ""), target.session, page
            )
        for child in [c.id for c in self.frames.values() if c.parent == frame.id]:
            self._drop(child)
        self.asked.leave_document(frame.id)
        bad = f.get("unreachableUrl", "")
        frame.url = bad or f["url"] + f.get("urlFragment", "")
        frame.error = (frame.failed or "net::ERR_FAILED") if bad else ""
        self.torn.discard(frame.id)
        frame.failed = ""
        frame.session = target.session
        target.crashed = False  # whatever showed this document lives
        self.touch(changed=True)

    def _drop(self, frame_id: str) -> None:
        for child in [c.id for c in self.frames.values() if c.parent == frame_id]:
            self._drop(child)
        frame = self.frames.get(frame_id)
        if frame is not None and frame.parent:
            self._gone(frame_id)
        self.reading.pop(frame_id, None)
        self.torn.discard(frame_id)

    def _network_event(self, target: Target, method: str, p: Json) -> None:
        match method:
            case "Network.requestWillBeSent":
                self._sent(target, p)
            case "Network.responseReceived":
                if self.asked.answered(p):
                    self.touch()
            case "Network.webSocketFrameSent" | "Network.webSocketFrameReceived" | "Network.eventSourceMessageReceived":
                self.asked.told_at = asyncio.get_running_loop().time()
            case "Network.loadingFinished" | "Network.loadingFailed":
                request, shown = self.asked.ended(p, asyncio.get_running_loop().time())
                if request is not None and request.awaited:
                    self.touch()
                if shown and method == "Network.loadingFinished":
                    self.files.done.add(p["requestId"])
                    self.touch(changed=True)
                if method == "Network.loadingFailed" and p.get("type") == "Document" and not p.get("canceled"):
                    frame = self.frames.get(request.frame if request is not None else target.id)
                    if frame is not None:
                        frame.failed = p.get("errorText", "")
                        self.torn.add(frame.id)

    def _sent(self, target: Target, p: Json) -> None:
        kind, url = p.get("type", "Other"), p["request"]["url"]
        frame = self.frames.get(p.get("frameId", ""))
        if kind == "Document" and frame is not None and frame.key is None and url.startswith("http"):
            old, frame.url = frame.url, url
            self.key(frame)
            frame.url = old or url
        page = frame.page if frame else self._page_of(target.session)
        if self.asked.begun(p, target.kind, page, asyncio.get_running_loop().time()):
            self.touch()

    # -- for those who wait ----------------------------------------------------------------------------------------

    def touch(self, *, changed: bool = False) -> None:
        """Wake everyone who waits for an event. `changed`: the page itself has changed."""
        now = asyncio.get_running_loop().time()
        self.active_at = now
        if changed:
            self.changed_at = now
        self.stir.set()

    def parsing(self, page: str, since: float) -> bool:
        """Whether a document of this page, begun at or after `since` (the loop's clock), is still being parsed."""
        frames = self.frames
        return any(at >= since and f in frames and frames[f].page == page for f, at in self.reading.items())

    def page_frames(self, page: str) -> Iterable[FrameState]:
        """The frames of a page, parents before children, in document order."""
        return in_order(self.frames, page)
