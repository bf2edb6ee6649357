"""Parses the head of a proxy request: a CONNECT, or a plain request to forward. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CONNECT = re.compile(rb"CONNECT (\[[0-9A-Fa-f:.]+\]|[^\s:]{1,253}):(\d{1,5}) HTTP/1\.[01]\r\n")
_PLAIN = re.compile(
    rb"([A-Z]{1,20}) http://(\[[0-9A-Fa-f:.]+\]|[^\s:/?#@]{1,253})(?::(\d{1,5}))?([/?]\S*)? (HTTP/1\.[01])\r\n"
)
_HOP = re.compile(rb"^(?:Proxy-[^:]*|Connection|Keep-Alive):.*\r\n", re.IGNORECASE | re.MULTILINE)

_UPGRADE = re.compile(rb"^Connection:[^\r\n]*\bupgrade\b", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ProxyRequest:
    """The destination and, for a plain request, the head to send to the server, or as a `whole` to another proxy."""

    host: str
    port: int
    head: bytes = b""
    whole: bytes = b""


def read_head(head: bytes) -> ProxyRequest | None:
    """Parse a CONNECT, or a request for an `http://` address (RFC 9112, 3.2.2). None for anything else.

    A plain request is rewritten to origin form. It asks the server to close the connection, because the client's next
    request may be for another host. Only a request to upgrade the connection, such as for a WebSocket, keeps that wish,
    because nothing else follows on the connection (RFC 9110, 7.8)."""
    if found := _CONNECT.match(head):
        port = int(found[2])
        return ProxyRequest(_name(found[1]), port) if 0 < port < 65_536 else None
    found = _PLAIN.match(head)
    if found is None:
        return None
    port = int(found[3] or 80)
    if not 0 < port < 65_536:
        return None
    path = found[4] or b"/"
    path = path if path.startswith(b"/") else b"/" + path
    rest = head[found.end() :]
    wish = b"Upgrade" if _UPGRADE.search(rest) else b"close"
    lines = b"Connection: %s\r\n%s" % (wish, _HOP.sub(b"", rest))
    target = b"http://%s:%d%s" % (found[2], port, path)
    return ProxyRequest(
        _name(found[2]),
        port,
        b"%s %s %s\r\n%s" % (found[1], path, found[5], lines),
        b"%s %s %s\r\n%s" % (found[1], target, found[5], lines),
    )


def _name(raw: bytes) -> str:
    return raw.decode("ascii", "replace").strip("[]").lower()
