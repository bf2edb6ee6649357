"""The outstanding requests of a browser context (CDP `Network`). All times are on the loop's clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from explorer.surfaces.web.cdp import Json
from explorer.surfaces.web.records import is_file

_UNAWAITED = frozenset(
    {"WebSocket", "EventSource", "Ping", "Prefetch", "CSPViolationReport", "Manifest", "Media", "Other"}
)
"""Resource types that a screen does not wait for: they stay open, or their result is not visible."""
_ENDLESS = ("text/event-stream", "multipart/x-mixed-replace")


@dataclass(slots=True)
class Request:
    """One outstanding request. `awaited` says that a screen waits for its response."""

    id: str
    url: str
    kind: str
    started: float
    awaited: bool
    frame: str = ""
    page: str = ""


@dataclass(slots=True)
class Requests:
    """The outstanding requests of one context, and the times of the last answer and message."""

    answered_at: float = 0.0
    """When the last request that a screen waited for ended."""
    told_at: float = 0.0
    """When a socket or an event stream last carried a message, in either direction."""
    _open: dict[str, Request] = field(default_factory=dict)
    _shown: set[str] = field(default_factory=set)
    """Requests of files that open in a tab or frame, and are not saved."""

    def begun(self, p: Json, target: str, page: str, now: float) -> bool:
        """Add a request (`Network.requestWillBeSent`). Returns whether a screen waits for its response.

        `target` is the kind of the target that sends the request. `page` is the target id of the page."""
        kind, url = p.get("type", "Other"), p["request"]["url"]
        awaited = kind not in _UNAWAITED and url.startswith("http") and target in ("page", "iframe", "worker")
        known = self._open.get(p["requestId"])
        started = known.started if known else now
        self._open[p["requestId"]] = Request(p["requestId"], url, kind, started, awaited, p.get("frameId", ""), page)
        return awaited

    def answered(self, p: Json) -> bool:
        """Handle `Network.responseReceived`. True if the response never ends, so that nobody waits for it any more."""
        if p.get("type") == "EventSource" or p["response"].get("mimeType") in _ENDLESS:
            self._open.pop(p["requestId"], None)
            return True
        if is_file(p):
            self._shown.add(p["requestId"])
        return False

    def ended(self, p: Json, now: float) -> tuple[Request | None, bool]:
        """Remove a request that finished or failed. Returns the request (None if it is unknown), and whether its
        response is a file that the browser shows."""
        request = self._open.pop(p["requestId"], None)
        if request is not None and request.awaited:
            self.answered_at = now
        shown = p["requestId"] in self._shown
        self._shown.discard(p["requestId"])
        return request, shown

    def close_page(self, page: str) -> None:
        """Drop all requests of a page that is gone."""
        self._drop(r.id for r in list(self._open.values()) if r.page == page)

    def leave_document(self, frame: str) -> None:
        """Drop the requests of a frame's old document, because the browser will not report how they end."""
        self._drop(r.id for r in list(self._open.values()) if r.frame == frame and r.kind != "Document")

    def close_frame(self, frame: str) -> None:
        """Drop all requests of a frame that shows nothing any more."""
        self._drop(r.id for r in list(self._open.values()) if r.frame == frame)

    def _drop(self, requests: Iterable[str]) -> None:
        for request in requests:
            self._open.pop(request, None)

    def ids(self) -> set[str]:
        """The ids of all outstanding requests, also of those that nobody waits for."""
        return set(self._open)

    def outstanding(self, page: str, since: float) -> list[Request]:
        """The outstanding requests of a page that its screen waits for, and that began at or after `since`."""
        return [r for r in self._open.values() if r.awaited and r.started >= since and r.page == page]

    def navigates(self, page: str, since: float) -> bool:
        """Whether a document that the page requested at or after `since` is outstanding."""
        return any(r.kind == "Document" and r.frame == page and r.started >= since for r in self._open.values())
