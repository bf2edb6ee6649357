"""Reads the bodies of requests as texts, to look for the login in them; compressed parts are decompressed. Pure."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

MOST = 8 << 20
"""The most octets that are decompressed from one body.

Even a page that sends a recording of the user's whole session sends only a few megabytes."""
WINDOW = 1 << 20
"""How many octets are decompressed at once."""
OVERLAP = 4_096
"""Octets that a window shares with the one before, so that no login is cut in two. A login is much shorter."""
MOST_PARTS = 64
"""The most compressed parts of one body that are read."""
MOST_HEADS = 16_384
"""Most places that are tried as the head of a part. Two octets look like one by chance about 60 times in a megabyte."""
_STEP = 16 << 10
"""How many compressed octets are fed at once. What was decompressed before a damaged place stays read."""
_HEADS = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")
"""Matches the first octets of gzip (RFC 1952) and zlib (RFC 1950) data. In some bodies, such data follows text."""
_GZIP_OR_ZLIB, _BARE = 47, -15
"""Values of `wbits` for `zlib.decompressobj`: gzip or zlib, detected by the header, and raw DEFLATE (RFC 1951)."""


@dataclass(slots=True)
class Body:
    """A body as texts. `whole` is false if it was not read completely, because of its size or its many parts."""

    texts: list[str] = field(default_factory=list)
    whole: bool = True


def read(octets: bytes) -> Body:
    """The texts of a body: decoded as UTF-8, and with one character for each octet (Latin-1).

    `Spellings` finds secrets in other encodings in the second text. Data that is compressed in the body is decompressed
    and added in the same way."""
    body = Body(list(_decoded(octets)))
    left, end, parts, heads = MOST, 0, 0, 0
    for at, form in _starts(octets):
        if at < end:
            continue  # this lies in a part that was read
        heads += 1
        if parts == MOST_PARTS or heads > MOST_HEADS:
            body.whole = False
            break
        part = _read_part(body, octets, at, form, left)
        left, end, parts = part.left, part.end, parts + part.opened
    return body


def _starts(octets: bytes) -> Iterator[tuple[int, int]]:
    """Where a compressed part may begin, and in which format."""
    if not octets.isascii():
        yield 0, _BARE
    yield from ((found.start(), _GZIP_OR_ZLIB) for found in _HEADS.finditer(octets))


@dataclass(frozen=True, slots=True)
class _Part:
    """What came of one head. `opened`: something was decompressed. `left`: octets that may still be decompressed."""

    opened: bool
    left: int
    end: int


def _read_part(body: Body, octets: bytes, at: int, form: int, left: int) -> _Part:
    """Add what a compressed part holds. Its end is 0 if none was met: then further heads inside it are tried, too."""
    unpacker = zlib.decompressobj(form)
    before, opened = b"", False
    for start in range(at, len(octets), _STEP):
        packed = octets[start : start + _STEP]
        full = True
        while full and not unpacker.eof:  # a full piece may have more behind it, even if nothing is left to feed
            if left <= 0:
                body.whole = False
                return _Part(opened, left, 0)
            most = min(WINDOW, left)
            try:
                piece = unpacker.decompress(packed, most)
            except zlib.error:
                return _Part(opened, left, 0)  # what came so far stays: a stream may break off in its middle
            packed, left, full = unpacker.unconsumed_tail, left - len(piece), len(piece) == most
            if piece:
                before += piece
                body.texts += _decoded(before)
                before, opened = before[-OVERLAP:], True
        if unpacker.eof:
            fed = min(start + _STEP, len(octets))
            return _Part(opened, left, fed - len(unpacker.unused_data) if opened else 0)
    return _Part(opened, left, 0)


def _decoded(octets: bytes) -> Iterator[str]:
    yield octets.decode("utf-8", "replace")
    if not octets.isascii() or 0 in octets:
        yield octets.decode("latin-1")
    if len(octets) > 1 and octets.count(0) * 3 > len(octets):
        yield octets.decode("utf-16-le", "replace")
        yield octets.decode("utf-16-be", "replace")
