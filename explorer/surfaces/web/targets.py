"""Passes the events of a browser on to the contexts that they belong to."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources

from explorer.surfaces.web.cdp import Cdp, Json
from explorer.surfaces.web.gate import Gate
from explorer.surfaces.web.subscribe import AUTO_ATTACH
from explorer.surfaces.web.watch import ContextWatch


def page_script() -> str:
    """The script that reads pages, for an isolated world."""
    folder = resources.files("explorer.surfaces.web")
    return "".join(folder.joinpath(name).read_text(encoding="utf-8") for name in ("hover.js", "page.js"))


class BrowserWatch:
    """Passes each event of the browser on to its context."""

    def __init__(self) -> None:
        self.cdp = Cdp(self._event)
        self._script = page_script()
        self._contexts: dict[str, ContextWatch] = {}
        self.gate = Gate(self.cdp, self._contexts.values)
        self._by_session: dict[str, ContextWatch] = {}
        self._listeners: dict[str, Callable[[str, str, Json], None]] = {}

    async def start(self, port: int) -> None:
        await self.cdp.connect(port)
        await self.cdp.call("", "Target.setAutoAttach", AUTO_ATTACH)

    def context(self, context_id: str) -> ContextWatch:
        """The watch over a browser context, by its `browserContextId`."""
        if context_id not in self._contexts:
            self._contexts[context_id] = ContextWatch(self.cdp, self._script)
        return self._contexts[context_id]

    def forget(self, context_id: str) -> None:
        """Drop a context that was closed."""
        gone = self._contexts.pop(context_id, None)
        for session in [s for s, c in self._by_session.items() if c is gone]:
            del self._by_session[session]

    def hear(self, session: str, listener: Callable[[str, str, Json], None]) -> None:
        """Pass the `Fetch.authRequired` events of a CDP session to `listener`, which replaces any earlier one."""
        self._listeners[session] = listener

    def _event(self, session: str, method: str, p: Json) -> None:
        if method == "Target.attachedToTarget":
            info = p["targetInfo"]
            context = self._by_session.get(session) or self.context(info.get("browserContextId", ""))
            if info["type"] in ("page", "iframe", "worker", "shared_worker", "service_worker"):
                self._by_session[p["sessionId"]] = context
                context.attach(p["sessionId"], info, session)
                self.gate.look()
            elif p.get("waitingForDebugger"):
                self.cdp.post(p["sessionId"], "Runtime.runIfWaitingForDebugger")
        elif method == "Target.detachedFromTarget":
            self._listeners.pop(p["sessionId"], None)
            context_or_none = self._by_session.pop(p["sessionId"], None)
            if context_or_none is not None:
                context_or_none.detach(p["sessionId"])
        elif method == "Fetch.authRequired" and session in self._listeners:
            self._listeners[session](session, method, p)
        elif session in self._by_session:
            self._by_session[session].event(session, method, p)
            if method in ("Page.frameAttached", "Page.frameNavigated"):  # a new window may have frames before it tells
                self.gate.look()
        elif method == "Fetch.requestPaused":
            self.gate.paused(p)
        elif method in ("Browser.downloadWillBegin", "Browser.downloadProgress"):
            for each in self._contexts.values():
                each.download(method, p)
