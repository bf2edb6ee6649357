"""Parses the kernel's table of TCP sockets (`/proc/net/tcp`, `/proc/net/tcp6`): an app's current connections. Pure.

A closing connection has no owner in the table, so failed handshakes are seldom seen here. The table shows which servers
an app contacts, not which of them fail.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

Peer = tuple[str, int]
"""Address and port of the peer."""
_OPEN = frozenset({"01", "02", "04", "05", "08"})
"""States in which the app still owns the connection: established, opening and closing (tcp_states.h)."""


def peers(table: str, uid: int) -> frozenset[Peer]:
    """The servers to which sockets of this user are connected or connecting."""
    return frozenset(_rows(table, uid))


def connections(table: str, port: int) -> dict[int, int]:
    """Local port → user of each open connection to `port` of the device itself."""
    found = {}
    for words in _open_rows(table):
        address, far = _side(words[2])
        if far == port and is_loopback(address):
            found[_side(words[1])[1]] = int(words[7])
    return found


def _rows(table: str, uid: int) -> Iterator[Peer]:
    return (_side(words[2]) for words in _open_rows(table) if words[7] == str(uid))


def is_loopback(address: str) -> bool:
    """Whether an address is the device itself. A proxy over `adb reverse` is there."""
    return ipaddress.ip_address(address).is_loopback


def _open_rows(table: str) -> Iterator[list[str]]:
    """The words of each row that can be read and whose connection has an owner."""
    for line in table.splitlines():
        words = line.split()
        if len(words) < 8 or not words[0].rstrip(":").isdecimal() or words[3] not in _OPEN:
            continue
        try:
            _side(words[1]), _side(words[2]), int(words[7])
        except ValueError:
            continue
        yield words


def _side(text: str) -> Peer:
    """One end of a connection. Raises ValueError."""
    address, _, port = text.partition(":")
    return _address(address), int(port, 16)


def _address(text: str) -> str:
    """Decode an address: words of four bytes in the processor's byte order. Raises ValueError.

    The byte order is little-endian on every Android device."""
    raw = bytes.fromhex(text)
    if len(raw) not in (4, 16):
        raise ValueError(text)
    turned = b"".join(raw[n : n + 4][::-1] for n in range(0, len(raw), 4))
    ip = ipaddress.ip_address(turned)
    return str(getattr(ip, "ipv4_mapped", None) or ip)
