"""WebSockets of a browser: whether the handshake succeeded, and if not, why."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from explorer.monitors.browser.net_errors import classify, net_error
from explorer.monitors.browser.requests import Pending, began
from explorer.monitors.browser.signalling import TWIN, Observations, Signaller
from flows.record import Record
from flows.signals import Family, Signal


@dataclass(slots=True)
class WebSockets:
    """Turns WebSocket events into observations.

    `under_way` holds all unfinished requests of the session by id, including WebSockets.
    """

    signaller: Signaller
    under_way: MutableMapping[str, Pending]
    _left: dict[str, float] = field(default_factory=dict)
    """Page and frame → when it began to load another document."""

    def created(self, record: Record, data: Mapping[str, Any]) -> None:
        """Add the socket that a page opens to the unfinished requests."""
        sent = {**data, "type": "WebSocket", "method": "GET", "wall": record.time}
        self.under_way[str(data["request"])] = began(sent, record.time)

    def leaving(self, document: Pending, time: float) -> None:
        """Note that a frame loads a new document. This cancels the previous document's sockets, which is no failure."""
        self._left[_where(document)] = time

    def opened(self, record: Record, data: Mapping[str, Any]) -> Observations:
        """Handle the server's response to the handshake. Returns the exchange if the socket is open now."""
        request = self.under_way.get(str(data["request"]))
        if request is None:
            return []
        request.opened = int(data.get("status", 0)) == 101
        request.answered = data
        return [request.exchange(self.signaller.session, "ok", record.time)] if request.opened else []

    def failed(self, record: Record, data: Mapping[str, Any]) -> Observations:
        """Handle the browser's report of why a socket could not be opened. Returns the observations.

        A failure after the handshake is ignored, because it is not about TLS."""
        request = self.under_way.get(str(data["request"]))
        if request is None or request.opened or request.failed:
            return []
        request.failed = True
        words = str(data.get("error", ""))
        code = re.search(r"response code:? (\d{3})", words)
        if code is not None:
            request.answered = {"status": int(code.group(1))}
        signal = self._signal(record, request, words, code.group(1) if code else "")
        outcome = "http-error" if code else "failed" if signal else "aborted"
        told: Observations = [request.exchange(self.signaller.session, outcome, record.time)]
        return [*told, signal] if signal else told

    def _signal(self, record: Record, request: Pending, words: str, status: str) -> Signal | None:
        signal, meaning = self.signaller.signal, classify(words)
        if status:
            return signal(record, Family.HTTP, f"http-{status}", f"HTTP {status}", request=request, text=words)
        if meaning.family is not None:
            return signal(
                record,
                meaning.family,
                meaning.signature,
                net_error(words),
                causes=meaning.causes,
                request=request,
                text=words,
            )
        if "cancel" in words.lower() and not self._going(request, record.time):
            return signal(record, Family.NETWORK, "websocket-cancelled", words, request=request, text=words)
        return None

    def closed(self, record: Record, data: Mapping[str, Any]) -> Observations:
        """Forget a closed socket. Returns an exchange only if none was reported for it before."""
        request = self.under_way.pop(str(data["request"]), None)
        if request is None or request.opened or request.failed:
            return []
        return [request.exchange(self.signaller.session, "aborted", record.time)]

    def _going(self, request: Pending, time: float) -> bool:
        return time - self._left.get(_where(request), float("-inf")) < TWIN


def _where(request: Pending) -> str:
    return f"{request.page} {request.frame}"
