"""Blank PNG pictures (RFC 2083), because the virtual device draws no screen."""

from __future__ import annotations

import struct
import zlib


def png(width: int, height: int) -> bytes:
    """A light grey picture."""
    row = b"\0" + b"\xee\xee\xee" * width
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(row * height))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
