"""Reads the bodies of requests as texts, to look for the login in them; compressed parts are decompressed. Pure."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

MOST = 8 << 20
"""Most octets that are decompressed of one body. Recordings of a whole session have a few megabytes."""
WINDOW = 1 << 20
"""How much is read at once, in octets."""
OVERLAP = 4_096
"""Octets that a window shares with the one before, so that nothing is cut in two. A login is much shorter."""
MOST_PARTS = 64
"""Most compressed parts of one body."""
_HEADS = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")
"""How gzip (RFC 1952) and zlib (RFC 1950) begin. Some bodies have such a part after a head of text."""
_GZIP_OR_ZLIB, _BARE = 47, -15
"""What `zlib.decompressobj` calls both formats with a head, and bare deflate (RFC 1951)."""


@dataclass(slots=True)
class Body:
    """A body as texts. `whole` is false if a part of it was too large to be read."""

    texts: list[str] = field(default_factory=list)
    whole: bool = True


def read(octets: bytes) -> Body:
    """A body as UTF-8, and octet by octet, as `Spellings` looks for other encodings; and what is compressed in it."""
    body = Body(list(_decoded(octets)))
    left, end = MOST, 0
    starts = [] if octets.isascii() else [(0, _BARE)]
    starts += [(m.start(), _GZIP_OR_ZLIB) for m in _HEADS.finditer(octets)]
    for at, form in starts[:MOST_PARTS]:
        if at < end:
            continue  # this lies in a part that was read
        left, end = _read_part(body, octets, at, form, left)
    body.whole = body.whole and len(starts) <= MOST_PARTS
    return body


def _read_part(body: Body, octets: bytes, at: int, form: int, left: int) -> tuple[int, int]:
    """Add what a compressed part holds. Returns how much may still be read, and where the part ends (0: it is none)."""
    unpacker = zlib.decompressobj(form)
    packed, before, found = octets[at:], b"", False
    while packed and not unpacker.eof:
        if left <= 0:
            body.whole = False
            break
        try:
            piece = unpacker.decompress(packed, min(WINDOW, left))
        except zlib.error:
            return left, 0  # what came so far stays: a stream may break off in its middle
        packed, left = unpacker.unconsumed_tail, left - len(piece)
        if piece:
            body.texts += _decoded(before + piece)
            before, found = piece[-OVERLAP:], True
        if not piece and not packed:
            break
    return left, len(octets) - len(unpacker.unused_data) if unpacker.eof and found else 0


def _decoded(octets: bytes) -> Iterator[str]:
    yield octets.decode("utf-8", "replace")
    if not octets.isascii() or 0 in octets:
        yield octets.decode("latin-1")
    if len(octets) > 1 and octets.count(0) * 3 > len(octets):
        yield octets.decode("utf-16-le", "replace")
        yield octets.decode("utf-16-be", "replace")
