"""The kernel's table of TCP sockets (`/proc/net/tcp`, `/proc/net/tcp6`): whom an app is connected to just now. Pure.

A connection that is being closed has no owner any more, so a failed handshake is seldom seen here: the table tells which
servers an app talks to, not which of them failed.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

Peer = tuple[str, int]
"""Address and port of the other side."""
_OPEN = frozenset({"01", "02", "04", "05", "08"})
"""States in which the connection still belongs to the app: established, being opened, and being closed (tcp_states.h)."""


def peers(table: str, uid: int) -> frozenset[Peer]:
    """The servers that sockets of this user are connected to, or are about to be."""
    return frozenset(_rows(table, uid))


def _rows(table: str, uid: int) -> Iterator[Peer]:
    for line in table.splitlines():
        words = line.split()
        if len(words) < 8 or not words[0].rstrip(":").isdecimal() or words[3] not in _OPEN or words[7] != str(uid):
            continue
        address, _, port = words[2].partition(":")
        try:
            yield _address(address), int(port, 16)
        except ValueError:
            continue


def _address(text: str) -> str:
    """Words of four bytes, each in the order of the device's processor: little-endian wherever Android runs."""
    raw = bytes.fromhex(text)
    if len(raw) not in (4, 16):
        raise ValueError(text)
    turned = b"".join(raw[n : n + 4][::-1] for n in range(0, len(raw), 4))
    ip = ipaddress.ip_address(turned)
    return str(getattr(ip, "ipv4_mapped", None) or ip)
