"""Joins a browser's events with the proxy's records of its connections, in one session. Pure.

The proxy adds handshakes to the browser's events. Its records correct those events only where the proxy hides facts
from the browser: the address of a server, and why a server could not be reached.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from explorer.monitors.browser.monitor import BrowserMonitor
from explorer.monitors.browser.net_errors import classify
from flows.effects import Effect
from flows.handshake import Handshake, handshake_of
from flows.record import Record
from flows.session import Endpoint
from flows.signals import Exchange, Signal

_WHY = {
    "refused": "net::ERR_CONNECTION_REFUSED",
    "dns": "net::ERR_NAME_NOT_RESOLVED",
    "timeout": "net::ERR_CONNECTION_TIMED_OUT",
    "unreachable": "net::ERR_ADDRESS_UNREACHABLE",
}
"""Why the proxy could not reach a server → the error that the browser would report without a proxy."""
_TUNNEL = "net::ERR_TUNNEL_CONNECTION_FAILED"

Observations = Sequence[Signal | Exchange | Effect | Handshake]


class WebNetwork:
    """Joins the records of the browser and the proxy of one session.

    Feed it every record in order, and call `finish` at the end.
    """

    def __init__(self, browser: BrowserMonitor, session: str) -> None:
        self._browser, self._session = browser, session
        self._address: dict[Endpoint, str] = {}
        self._why: dict[Endpoint, str] = {}

    def feed(self, record: Record) -> Observations:
        """Handle the next record. Returns the observations that are now complete."""
        if record.source != "proxy":
            return [self._put_right(item) for item in self._browser.feed(record)]
        handshake = handshake_of(record, self._session)
        host = (handshake.host, handshake.port)
        if handshake.address:
            self._address[host] = handshake.address
        if handshake.outcome == "unreachable":
            self._why[host] = _WHY.get(str(record.data.get("why", "")), "")
        return [handshake] if record.kind == "tunnel" else []

    def finish(self, now: float) -> Observations:
        """The observations that were still held back."""
        return [self._put_right(item) for item in self._browser.finish(now)]

    def _put_right(self, item: Signal | Exchange | Effect) -> Signal | Exchange | Effect:
        if isinstance(item, Effect):
            return item
        host = (item.host, item.port)
        if isinstance(item, Exchange):
            return replace(item, address=self._address.get(host, "")) if item.address else item
        error = self._why.get(host, "")
        if item.error != _TUNNEL or not error:
            return item
        meaning = classify(error)
        assert meaning.family is not None
        return replace(
            item,
            family=meaning.family,
            signature=meaning.signature,
            error=error,
            text=item.text.replace(_TUNNEL, error),
        )
