"""Finds a secret in files as they lie on the disk, packed ones and ones that were cut off included."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

_MEMBER, _GZIP = b"PK\x03\x04", b"\x1f\x8b\x08"
"""How a member of a ZIP archive begins (APPNOTE 4.3.7), and a gzip stream of deflate (RFC 1952)."""
_HEADER = struct.Struct("<4s5H3I2H")
_BARE, _WITH_HEAD = -zlib.MAX_WBITS, 16 + zlib.MAX_WBITS
_DEEPEST = 4
"""Archives within archives that are opened."""


def files(folder: Path) -> Iterator[Path]:
    """The regular files below a folder, links not followed."""
    return (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def holding(secret: str, folders: Iterable[Path]) -> list[str]:
    """The files in which the secret stands, as it is or packed."""
    found = []
    for path in (p for folder in folders for p in files(folder)):
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            continue  # it went while we looked
        if any(secret.encode() in text for text in _texts(data)):
            found.append(str(path))
    return found


def _texts(data: bytes, depth: int = 0) -> Iterator[bytes]:
    """The bytes, and what is packed in them. A list of members stands at the end of an archive, and one that was being
    written when its process was killed has none: so the members themselves are looked for."""
    yield data
    if depth == _DEEPEST:
        return
    if data.startswith(_GZIP):
        yield from _texts(_unpacked(data, _WITH_HEAD), depth + 1)
    at = data.find(_MEMBER)
    while at >= 0:
        if len(data) >= at + _HEADER.size:
            names, extra = _HEADER.unpack_from(data, at)[-2:]
            if text := _unpacked(data[at + _HEADER.size + names + extra :], _BARE):
                yield from _texts(text, depth + 1)
        at = data.find(_MEMBER, at + 1)


def _unpacked(data: bytes, window: int) -> bytes:
    """As much as comes out, small piece by small piece: of a stream that is cut off or damaged, what stands before."""
    stream, out = zlib.decompressobj(window), bytearray()
    for at in range(0, len(data), 512):
        try:
            out += stream.decompress(data[at : at + 512])
        except zlib.error:
            break
        if stream.eof:
            break
    return bytes(out)
