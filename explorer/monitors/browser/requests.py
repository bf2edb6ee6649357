"""A browser's request in progress, and the exchange that it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flows.signals import Exchange

_PLACES = {
    "Stylesheet": "stylesheet",
    "Image": "image",
    "Media": "media",
    "Font": "font",
    "Script": "script",
    "TextTrack": "media",
    "XHR": "xhr",
    "Fetch": "fetch",
    "EventSource": "eventsource",
    "WebSocket": "websocket",
    "Manifest": "manifest",
    "Ping": "ping",
    "CSPViolationReport": "ping",
    "Prefetch": "prefetch",
    "Preflight": "fetch",
    "SignedExchange": "prefetch",
}
_WORKERS = {"worker": "worker", "service_worker": "service-worker", "shared_worker": "shared-worker"}
BACKGROUND = frozenset({"ping", "prefetch", "manifest"})
_PORTS = {"https": 443, "wss": 443, "http": 80, "ws": 80}


def endpoint(url: str) -> tuple[str, int]:
    """Host and port of a URL; empty and 0 if it has none."""
    try:
        parts = urlsplit(url)
        return parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return "", 0


@dataclass(slots=True)
class Pending:
    """The facts of a request so far. `answered` is its response, if there is one."""

    id: str
    url: str
    method: str
    place: str
    started: float
    frame: str
    document: str
    initiator: str
    initiator_url: str
    page: str
    target: str
    kind: str
    background: bool = False
    hops: int = 0
    failed: bool = False
    answered: Mapping[str, Any] = field(default_factory=dict)
    opened: bool = False  # a WebSocket whose handshake completed

    def exchange(self, session: str, outcome: str, finished: float, *, suffix: str = "") -> Exchange:
        """The request as an exchange, with the facts known so far."""
        host, port = endpoint(self.url)
        security = self.answered.get("security") or {}
        spoken = " ".join(w for w in (str(security.get("protocol", "")), str(self.answered.get("protocol", ""))) if w)
        return Exchange(
            id=f"{session}:{self.id}{suffix}",
            session=session,
            started=self.started,
            finished=finished,
            method=self.method,
            url=self.url,
            host=host,
            port=port,
            place=self.place,
            outcome=outcome,
            status=int(self.answered.get("status", 0)),
            frame=self.frame,
            document=self.document,
            initiator=self.initiator,
            initiator_url=self.initiator_url,
            address=str(self.answered.get("address", "")),
            protocol=spoken,
            background=self.background,
            issuer=str(security.get("issuer", ""))[:200],
            expires=float(security.get("validTo", 0) or 0),
        )


def began(data: Mapping[str, Any], time: float) -> Pending:
    """The new request in a record of `Network.requestWillBeSent`."""
    asked = data.get("initiator") or {}
    kind = "Preflight" if asked.get("type") == "preflight" else str(data.get("type", "Other"))
    place = _place(kind, data)
    favicon = kind == "Other" and (asked.get("type") in ("other", "") or str(data.get("url", "")).endswith(".ico"))
    return Pending(
        id=str(data["request"]),
        url=str(data["url"]),
        method=str(data.get("method", "GET")),
        place=place,
        started=float(data.get("wall") or time),
        frame=str(data.get("frame", "")),
        document=str(data.get("frame_url") or data.get("document_url", "")),
        initiator=_initiator(kind, asked),
        initiator_url=str(asked.get("url", "")),
        page=str(data.get("page", "")),
        target=str(data.get("target", "")),
        kind=kind,
        background=place in BACKGROUND or favicon,
    )


def _place(kind: str, data: Mapping[str, Any]) -> str:
    if data.get("target") in _WORKERS and kind != "WebSocket":
        return _WORKERS[str(data["target"])]
    if kind == "Document":
        if data.get("method") == "POST":
            return "form"
        if not data.get("main"):
            return "iframe"
        return (
            "popup"
            if data.get("popup") and str(data.get("frame_url", "")) in ("", ":", "about://blank", "about:blank", "://")
            else "document"
        )
    return _PLACES.get(kind, "other")


def _initiator(kind: str, asked: Mapping[str, Any]) -> str:
    if asked.get("timer"):
        return "timer"
    if kind == "Document":
        return "user"
    word = str(asked.get("type", "other"))
    return word if word in ("parser", "script") else "preload" if word in ("preload", "preflight") else "other"
