"""Finds the hosts that an app names (links, buttons, frames), and those of them that no session contacted. Pure.

No verdict covers a broken host that no session contacted. Reports list it all the same (docs/verdicts.md, «Hosts that
nobody asked»).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flows.screen import Screen, sent_to, without_values
from flows.session import Endpoint, SessionLog
from flows.step import NamedHost

_MOST = 200
"""The maximum number of hosts per session, because a directory of links may name any number."""
_TLS = {"https": 443, "wss": 443}


@dataclass(slots=True)
class Naming:
    """Collects the TLS hosts that a session's screens name, each with the first control or frame that leads there."""

    _found: dict[Endpoint, NamedHost] = field(default_factory=dict)

    def notice(self, screen: Screen) -> None:
        """Add the hosts that a screen names."""
        for address, door in _addresses(screen):
            endpoint = tls_endpoint(address)
            if endpoint is not None and endpoint not in self._found and len(self._found) < _MOST:
                self._found[endpoint] = NamedHost(*endpoint, door[:80], without_values(screen.address))

    @property
    def hosts(self) -> tuple[NamedHost, ...]:
        return tuple(self._found.values())


def _addresses(screen: Screen) -> Iterable[tuple[str, str]]:
    """Yields the addresses that a screen's controls and frames lead to, each with the name of that control or frame."""
    for element in screen.elements:
        if element.href:
            yield element.href, element.name
        address = sent_to(element, screen) if not element.frame else ""
        if address:
            yield address, element.name
    for frame in screen.frames:
        if frame.key:
            yield frame.url, frame.title


def tls_endpoint(address: str) -> Endpoint | None:
    """Returns host and port of an `https` or `wss` address; None for any other address."""
    try:
        parts = urlsplit(address)
        port = parts.port or _TLS.get(parts.scheme, 0)
    except ValueError:
        return None
    return (parts.hostname, port) if parts.scheme in _TLS and parts.hostname else None


def unasked(logs: Sequence[SessionLog]) -> dict[Endpoint, NamedHost]:
    """Returns the hosts that a session named and no session contacted, in the order of the sessions."""
    asked = {(x.host, x.port) for log in logs for x in log.exchanges}
    asked |= {(s.host, s.port) for log in logs for s in log.signals}
    found: dict[Endpoint, NamedHost] = {}
    for log in logs:
        for named in log.named:
            if (named.host, named.port) not in asked:
                found.setdefault((named.host, named.port), named)
    return found
