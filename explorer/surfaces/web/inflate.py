"""Finds compressed data in a body, at any place, and decompresses it within limits. Pure."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

MOST = 8 << 20
"""The most octets that are decompressed from one body.

Even a page that sends a recording of the user's whole session sends only a few megabytes."""
WORK = 64 << 20
"""The most work for one body: the compressed octets that are fed to zlib, and HEAD octets for each head.

So a page cannot keep us busy with a small body that holds many heads. It is about three seconds on one core."""
HEAD = 256
"""The work for trying one place at which compressed data may begin."""
_STEPS = (64, 1 << 10, 16 << 10)
"""How many compressed octets are fed at once: few at first, because most heads are none. The last size is repeated."""
_FLAGS = {cmf: [f for f in range(256) if not f & 0x20 and (cmf * 256 + f) % 31 == 0] for cmf in range(0x08, 0x79, 0x10)}
"""The first octet of zlib data, for each window size → the octets that may follow (RFC 1950, 2.2).

The check bits fit, and no dictionary is preset."""
_HEADS = re.compile(
    rb"\x1f\x8b\x08|"
    + b"|".join(re.escape(bytes([cmf])) + b"[" + re.escape(bytes(flags)) + b"]" for cmf, flags in _FLAGS.items())
)
_BARE_STARTS = re.compile(rb"\A|\r\n\r\n")
"""Where raw DEFLATE data may begin, which has no head: at the start of a body, and of a part of a multipart body."""
_GZIP_OR_ZLIB, _BARE = 47, -15
"""Values of `wbits` for `zlib.decompressobj`: gzip or zlib, detected by the header, and raw DEFLATE (RFC 1951)."""


@dataclass(slots=True)
class Budget:
    """What may still be done for one body: octets to decompress, and work. `whole` is false if that was not enough."""

    left: int = MOST
    work: int = WORK
    whole: bool = True

    def spend(self, work: int) -> bool:
        """Take work from the budget. False if there is not enough left."""
        self.work -= work
        self.whole = self.whole and self.work >= 0
        return self.work >= 0


def inflate(octets: bytes, budget: Budget) -> Iterator[bytes]:
    """Decompress everything in a body that looks compressed, part by part. A damaged part is read up to the damage."""
    end = 0
    for at, form in _starts(octets):
        if at < end or octets[at : at + 64].isascii():
            continue  # this lies in a part that was read, or is text: compressed data is not ASCII for so long
        if not budget.spend(HEAD) or budget.left <= 0:
            budget.whole = False
            return
        read, end = _part(octets, at, form, budget)
        if read:
            yield bytes(read)


def _starts(octets: bytes) -> Iterator[tuple[int, int]]:
    """Where a compressed part may begin, and in which format."""
    if octets.isascii():
        return
    yield from ((bare.end(), _BARE) for bare in _BARE_STARTS.finditer(octets))
    yield from ((head.start(), _GZIP_OR_ZLIB) for head in _HEADS.finditer(octets))


def _part(octets: bytes, at: int, form: int, budget: Budget) -> tuple[bytearray, int]:
    """The data of a part, and where the part ends (0 if its end was not met)."""
    unpacker = zlib.decompressobj(form)
    read = bytearray()
    steps = iter(_STEPS)
    size = next(steps)
    while at < len(octets) and budget.left > 0 and budget.spend(size):
        step = octets[at : at + size]
        before = unpacker.copy()
        try:
            piece = unpacker.decompress(step, budget.left)
        except zlib.error:
            read += _before_damage(before, step, budget)
            return read, 0
        read += piece
        budget.left -= len(piece)
        at += len(step)
        if unpacker.eof:
            return read, at - len(unpacker.unused_data) if read else 0
        size = next(steps, _STEPS[-1])
    budget.whole = budget.whole and budget.left > 0
    return read, 0


def _before_damage(unpacker: zlib._Decompress, step: bytes, budget: Budget) -> bytes:
    """What the step with the damage yields before the damage. `unpacker` has the state before the step."""
    sound, damaged, read = 0, len(step), b""
    while damaged - sound > 1 and budget.spend(len(step)):
        middle = (sound + damaged) // 2
        try:
            read = unpacker.copy().decompress(step[:middle], budget.left)
            sound = middle
        except zlib.error:
            damaged = middle
    budget.left -= len(read)
    return read
