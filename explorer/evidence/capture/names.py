"""Reads which names stand for which addresses from the DNS answers in a capture (RFC 1035 section 4). Pure."""

from __future__ import annotations

import re

PORT = 53
MOST = 20_000
"""The most addresses that are remembered."""
_A, _AAAA = 1, 28
_NAME = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")


class Names:
    """The names that were asked for, by the addresses in the answers."""

    def __init__(self) -> None:
        self._found: dict[bytes, set[str]] = {}

    def take(self, message: bytes) -> None:
        """A DNS message; what is no answer, or damaged, tells nothing."""
        if len(message) < 12 or not message[2] & 0x80 or int.from_bytes(message[4:6], "big") != 1:
            return
        name, at = _question(message)
        if not name:
            return
        for _ in range(min(int.from_bytes(message[6:8], "big"), 50)):
            at = _behind_name(message, at)
            kind, size = int.from_bytes(message[at : at + 2], "big"), int.from_bytes(message[at + 8 : at + 10], "big")
            data = message[at + 10 : at + 10 + size]
            at += 10 + size
            if kind in (_A, _AAAA) and len(data) == (4 if kind == _A else 16) and len(self._found) < MOST:
                names = self._found.setdefault(data, set())
                if len(names) < 2:  # more than one is as good as none
                    names.add(name)

    def of(self, address: bytes) -> str:
        """The one name that stands for an address; empty if there is none, or several."""
        found = self._found.get(address, set())
        return next(iter(found)) if len(found) == 1 else ""


def _question(message: bytes) -> tuple[str, int]:
    """The name that was asked for, and where the answers begin."""
    labels: list[str] = []
    at = 12
    while at < len(message) and 0 < message[at] < 64 and len(labels) < 40:
        labels.append(message[at + 1 : at + 1 + message[at]].decode("latin-1").lower())
        at += 1 + message[at]
    name = ".".join(labels)
    return (name if _NAME.fullmatch(name) else "", at + 5)


def _behind_name(message: bytes, at: int) -> int:
    """Where the name of a record ends, which may be a pointer."""
    while at < len(message):
        size = message[at]
        if size >= 0xC0:
            return at + 2
        at += 1 + size
        if not size:
            break
    return at
