"""Follows the TLS records of one direction, and hands on the messages in those that are not encrypted. Pure.

RFC 8446 section 5.1 and RFC 5246 section 6.2. Bodies of encrypted records are not kept, only their sizes. Text before TLS is
passed over: the answer of a proxy to CONNECT, or mail up to STARTTLS.
"""

from __future__ import annotations

import re
from typing import Protocol

CHANGE, ALERT, HANDSHAKE, DATA = 20, 21, 22, 23
"""Content types (RFC 8446 section 5.1)."""
MOST_OF_RECORD = (1 << 14) + 2048
MOST_OF_MESSAGE = 256 << 10
"""Largest message that is kept, in bytes. A larger one is passed over."""
MOST_BEFORE = 4096
"""How much text before TLS is kept."""
_STARTS = re.compile(rb"(?:\n|\A\x00\x00\x00\x08\x04\xd2\x16\x2f|\AS)(?=[\x15\x16]\x03[\x00-\x04])")
"""Where TLS begins behind text: after a line, or in PostgreSQL after its request for TLS or the answer to it."""


class Reader(Protocol):
    """What gets the content of the records."""

    def message(self, kind: int, body: bytes, *, whole: bool) -> None:
        """A handshake message that is not encrypted. If it is not `whole`, the capture lost a part of it, or it is too long."""

    def alert(self, level: int, code: int) -> None:
        """An alert that is not encrypted."""

    def change(self) -> None:
        """ChangeCipherSpec: below TLS 1.3, what follows is encrypted."""

    def sealed(self, kind: int, size: int) -> None:
        """An encrypted record of a content type, with a body of so many bytes, began."""


class Records:
    """One direction. `before` is the text before TLS; all that was said, if TLS never began. `lost`: it cannot be followed any
    more. `begun`: at least one record of TLS came."""

    __slots__ = (
        "_body",
        "_head",
        "_holed",
        "_kind",
        "_left",
        "_message",
        "_message_left",
        "_message_whole",
        "_plain",
        "_reader",
        "_size",
        "before",
        "begun",
        "lost",
    )

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.before, self.begun, self.lost = b"", False, False
        self._plain = True  # no ChangeCipherSpec yet
        self._head = b""
        self._kind, self._size, self._left, self._holed = 0, 0, 0, False
        self._body = bytearray()
        self._message = bytearray()
        self._message_left = 0  # of a message that is passed over
        self._message_whole = True

    def take(self, data: bytes) -> None:
        """The next bytes."""
        if self.lost:
            return
        if not self.begun:
            data = self._beginning(data)
        at, end = 0, len(data)
        while at < end and not self.lost:
            if not self._left:
                at = self._header(data, at)
                continue
            piece = data[at : at + self._left] if self._kind in (ALERT, HANDSHAKE) else b""
            step = min(self._left, end - at)
            at += step
            self._add(piece, step)

    def pass_over(self, count: int) -> None:
        """A hole of so many bytes: within a record, only this record is damaged."""
        if self.lost or not self.begun or self._head or count > self._left:
            self.lost = True
            return
        self._holed = True
        self._add(b"", count)

    def encrypted(self) -> None:
        """From the next record on, all is encrypted."""
        self._plain = False

    @property
    def held(self) -> int:
        """How many bytes are kept."""
        return len(self._body) + len(self._message) + len(self.before)

    def _beginning(self, data: bytes) -> bytes:
        """What TLS begins with; empty as long as it has not begun."""
        seen = self.before + data
        if len(seen) < 3 and seen[:1] in (b"\x15", b"\x16"):
            self.before = seen
            return b""
        if seen[:1] in (b"\x15", b"\x16", b"\x17", b"\x14") and seen[1:2] == b"\x03" and seen[2] <= 4:
            self.begun, self.before = True, b""
            return seen
        found = _STARTS.search(seen)
        if found is not None:
            self.begun, self.before = True, seen[: found.end()]
            return seen[found.end() :]
        self.before = seen[:MOST_BEFORE]
        if len(seen) > MOST_BEFORE:
            self.lost = True
        return b""

    def _header(self, data: bytes, at: int) -> int:
        wanted = 5 - len(self._head)
        head = self._head + data[at : at + wanted]
        if len(head) < 5:
            self._head = head
            return len(data)
        self._head = b""
        size = int.from_bytes(head[3:5], "big")
        if head[0] not in (CHANGE, ALERT, HANDSHAKE, DATA) or head[1] != 3 or size > MOST_OF_RECORD:
            self.lost = True
            return len(data)
        self._kind, self._size, self._left, self._holed = head[0], size, size, False
        if self._kind == DATA or (self._kind in (ALERT, HANDSHAKE) and not self._plain):
            self._reader.sealed(self._kind, size)
        if not size:
            self._body.clear()
        return at + wanted

    def _add(self, piece: bytes, step: int) -> None:
        self._left -= step
        if self._plain and self._kind in (ALERT, HANDSHAKE):
            self._body += piece + b"\0" * (step - len(piece))
        if self._left:
            return
        body, kind = bytes(self._body), self._kind
        self._body.clear()
        if kind == CHANGE:
            self._reader.change()
        elif kind == ALERT and self._plain:
            if len(body) == 2 and not self._holed:
                self._reader.alert(body[0], body[1])
            else:
                self._reader.sealed(kind, self._size)
        elif kind == HANDSHAKE and self._plain:
            self._messages(body)

    def partial(self) -> None:
        """At the end: hand on the first message as far as it came, since a name may stand in it."""
        if self._plain and (self._body or self._message) and self._kind == HANDSHAKE and self._left:
            self._message += self._body
            self._body.clear()
        if len(self._message) > 4 and self._plain:
            self._reader.message(self._message[0], bytes(self._message[4:]), whole=False)
            self._message.clear()

    def _messages(self, body: bytes) -> None:
        if self._message_left:
            step = min(self._message_left, len(body))
            self._message_left -= step
            body = body[step:]
        self._message += body
        self._message_whole &= not self._holed
        while len(self._message) >= 4 and self._plain:
            size = int.from_bytes(self._message[1:4], "big")
            kind, have = self._message[0], len(self._message) - 4
            if size > MOST_OF_MESSAGE:
                self._reader.message(kind, b"", whole=False)
                self._message_left = size - have
                self._message.clear()
                return
            if have < size:
                return
            told = bytes(self._message[4 : 4 + size])
            del self._message[: 4 + size]
            whole, self._message_whole = self._message_whole, not self._holed
            self._reader.message(kind, told, whole=whole)
