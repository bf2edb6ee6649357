"""What a browser context has asked for and was not given yet (CDP `Network`). All times are on the loop's clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from explorer.surfaces.web.cdp import Json
from explorer.surfaces.web.records import is_file

_UNAWAITED = frozenset(
    {"WebSocket", "EventSource", "Ping", "Prefetch", "CSPViolationReport", "Manifest", "Media", "Other"}
)
"""Resource types that a screen does not wait for: they last, or nobody sees them come."""
_ENDLESS = ("text/event-stream", "multipart/x-mixed-replace")


@dataclass(slots=True)
class Request:
    """One outstanding request; `awaited` if a screen waits for it."""

    id: str
    url: str
    kind: str
    started: float
    awaited: bool
    frame: str = ""
    page: str = ""


@dataclass(slots=True)
class Requests:
    """The outstanding requests of one context, and when something last came of any."""

    answered_at: float = 0.0
    """Last end of a request that a screen waited for."""
    told_at: float = 0.0
    """Last message over a socket or an event stream, in either direction."""
    _open: dict[str, Request] = field(default_factory=dict)
    _shown: set[str] = field(default_factory=set)
    """Requests of files that open in a tab or frame, and are not saved."""

    def begun(self, p: Json, target: str, page: str, now: float) -> bool:
        """`Network.requestWillBeSent` of a kind of target. Whether a screen waits for it."""
        kind, url = p.get("type", "Other"), p["request"]["url"]
        awaited = kind not in _UNAWAITED and url.startswith("http") and target in ("page", "iframe", "worker")
        known = self._open.get(p["requestId"])
        started = known.started if known else now
        self._open[p["requestId"]] = Request(p["requestId"], url, kind, started, awaited, p.get("frameId", ""), page)
        return awaited

    def answered(self, p: Json) -> bool:
        """`Network.responseReceived`. True if this is an answer without an end, for which nobody waits any more."""
        if p.get("type") == "EventSource" or p["response"].get("mimeType") in _ENDLESS:
            self._open.pop(p["requestId"], None)
            return True
        if is_file(p):
            self._shown.add(p["requestId"])
        return False

    def ended(self, p: Json, now: float) -> tuple[Request | None, bool]:
        """A request came to its end, well or badly. Returns it, if it was known, and whether it is a file to be shown."""
        request = self._open.pop(p["requestId"], None)
        if request is not None and request.awaited:
            self.answered_at = now
        shown = p["requestId"] in self._shown
        self._shown.discard(p["requestId"])
        return request, shown

    def close_page(self, page: str) -> None:
        """A page is gone, and with it whoever waited."""
        self._drop(r.id for r in list(self._open.values()) if r.page == page)

    def leave_document(self, frame: str) -> None:
        """A frame has a new document. Nobody will say how the requests of the old one ended."""
        self._drop(r.id for r in list(self._open.values()) if r.frame == frame and r.kind != "Document")

    def close_frame(self, frame: str) -> None:
        """A frame shows nothing any more, and waits for nothing."""
        self._drop(r.id for r in list(self._open.values()) if r.frame == frame)

    def _drop(self, requests: Iterable[str]) -> None:
        for request in requests:
            self._open.pop(request, None)

    def ids(self) -> set[str]:
        """All that are outstanding, also those that nobody waits for."""
        return set(self._open)

    def outstanding(self, page: str, since: float) -> list[Request]:
        """Requests of a page that someone waits for, begun at or after `since`."""
        return [r for r in self._open.values() if r.awaited and r.started >= since and r.page == page]

    def navigates(self, page: str, since: float) -> bool:
        """Whether the page has asked for another document since."""
        return any(r.kind == "Document" and r.frame == page and r.started >= since for r in self._open.values())
