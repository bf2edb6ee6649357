"""Finds compressed data in a body, at any place, and decompresses it within limits. Pure."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

MOST = 8 << 20
"""The most octets that are decompressed from one body.

Even a page that sends a recording of the user's whole session sends only a few megabytes."""
WINDOW = 1 << 20
"""The most octets in one piece of decompressed data."""
OVERLAP = 4_096
"""Octets that a piece shares with the one before, so that no login is cut in two. A login is much shorter."""
MOST_PARTS = 64
"""The most compressed parts of one body that are read."""
MOST_HEADS = 65_536
"""The most places that are tried as the head of a part. About 500 octet pairs in a megabyte look like one by chance."""
SHORTEST = 1_024
"""A damaged part with fewer decompressed octets than this does not count towards MOST_PARTS.

Behind a chance head, zlib yields up to some hundred octets before it notices that this is no compressed data."""
_STEP = 16 << 10
"""How many compressed octets are fed to zlib at once."""
_ZLIB = b"|".join(
    re.escape(bytes([cmf]))
    + b"["
    + b"".join(re.escape(bytes([f])) for f in range(256) if not f & 32 and (cmf * 256 + f) % 31 == 0)
    + b"]"
    for cmf in range(0x08, 0x79, 0x10)
)
"""The first two octets of zlib data (RFC 1950, 2.2), for each window size. The check bits fit; no dictionary is preset."""
_HEADS = re.compile(rb"\x1f\x8b\x08|" + _ZLIB)
_BARE_STARTS = re.compile(rb"\A|\r\n\r\n")
"""Where raw DEFLATE data may begin, which has no head: at the start of a body, and of a part of a multipart body."""
_GZIP_OR_ZLIB, _BARE = 47, -15
"""Values of `wbits` for `zlib.decompressobj`: gzip or zlib, detected by the header, and raw DEFLATE (RFC 1951)."""


@dataclass(slots=True)
class Inflated:
    """What was decompressed from a body.

    `pieces` overlap where they belong to one part. `left` is how many octets may still be decompressed. `whole` is
    false if a limit was reached."""

    left: int = MOST
    pieces: list[bytes] = field(default_factory=list)
    whole: bool = True


def inflate(octets: bytes, left: int = MOST) -> Inflated:
    """Decompress everything in a body that looks compressed, at most `left` octets. Damaged parts are read as far as
    they go."""
    found = Inflated(left)
    if octets.isascii():
        return found
    end, parts = 0, 0
    for heads, (at, form) in enumerate(_starts(octets)):
        if at < end:
            continue  # this lies in a part that was read
        if parts == MOST_PARTS or heads == MOST_HEADS:
            found.whole = False
            break
        opened, end = _part(found, octets, at, form)
        parts += opened
        if not found.whole:
            break
    return found


def _starts(octets: bytes) -> Iterator[tuple[int, int]]:
    """Where a compressed part may begin, and in which format."""
    yield from ((bare.end(), _BARE) for _, bare in zip(range(MOST_PARTS), _BARE_STARTS.finditer(octets), strict=False))
    yield from ((head.start(), _GZIP_OR_ZLIB) for head in _HEADS.finditer(octets))


def _part(found: Inflated, octets: bytes, at: int, form: int) -> tuple[bool, int]:
    """Add what a part holds. Returns whether it counts as a part, and where it ends (0 if its end was not met)."""
    part = _Part(found)
    unpacker = zlib.decompressobj(form)
    for start in range(at, len(octets), _STEP):
        step = octets[start : start + _STEP]
        before, known = unpacker.copy(), len(part.read)
        try:
            part.feed(unpacker, step)
        except zlib.error:
            del part.read[known:]
            part.feed_slowly(before, step)
            return part.close() >= SHORTEST, 0
        if unpacker.eof:
            read = part.close()
            return read > 0, min(start + _STEP, len(octets)) - len(unpacker.unused_data) if read else 0
        if not found.whole:
            break
    return part.close() > 0, 0


class _Part:
    """The decompressed data of one part, which is handed on in pieces."""

    def __init__(self, found: Inflated) -> None:
        self.read = bytearray()
        self._found = found
        self._size = 0

    def feed(self, unpacker: zlib._Decompress, packed: bytes) -> None:
        """Decompress one step. Raises zlib.error if the data is damaged; `read` then lacks what the step held."""
        full = True
        while full and not unpacker.eof:  # a full piece may have more behind it, even if nothing is left to feed
            room = min(WINDOW, self._found.left)
            if room <= 0:
                self._found.whole = False
                return
            piece = unpacker.decompress(packed, room)
            packed, full = unpacker.unconsumed_tail, len(piece) == room
            self.read += piece
            self._size += len(piece)
            self._found.left -= len(piece)
            if len(self.read) >= WINDOW:
                self._hand_on()

    def feed_slowly(self, unpacker: zlib._Decompress, packed: bytes) -> None:
        """Decompress a step with damaged data octet by octet, until zlib notices the damage."""
        for at in range(len(packed)):
            try:
                self.feed(unpacker, packed[at : at + 1])
            except zlib.error:
                return

    def close(self) -> int:
        """Hand on the rest. Returns how many octets the part had."""
        if self.read:
            self._found.pieces.append(bytes(self.read))
        return self._size

    def _hand_on(self) -> None:
        self._found.pieces.append(bytes(self.read))
        del self.read[:-OVERLAP]
