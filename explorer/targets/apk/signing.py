"""Tells which signature schemes an APK has. It does not verify signatures; the device does so when it installs the app."""

from __future__ import annotations

import contextlib
import re
import struct
from pathlib import Path

from explorer.targets.apk.archive import Archive

_MAGIC = b"APK Sig Block 42"
_SCHEMES = {0x7109871A: "v2", 0xF05368C0: "v3", 0x1B93AD61: "v3.1"}
_V1 = re.compile(r"META-INF/[^/]+\.(RSA|DSA|EC)\Z", re.IGNORECASE)
MAX_BLOCK = 64 << 20


def signature_schemes(path: Path, archive: Archive) -> tuple[str, ...]:
    """The signature schemes of an APK, such as («v1», «v2», «v3»). Empty if the APK is not signed.

    The format is described at source.android.com, «APK signature scheme v2»."""
    found = {"v1"} if any(_V1.match(name) for name in archive.names) else set()
    with contextlib.suppress(OSError, struct.error):  # an unreadable signing block counts as none
        found |= {_SCHEMES[key] for key in _block_keys(path) if key in _SCHEMES}
    return tuple(sorted(found))


def _block_keys(path: Path) -> set[int]:
    """The ids of the ID-value pairs in the APK Signing Block, which lies directly before the ZIP central directory."""
    with path.open("rb") as file:
        file.seek(0, 2)
        size = file.tell()
        tail = min(size, 65_557)  # the end record and its longest possible comment
        file.seek(size - tail)
        end = file.read(tail)
        at = end.rfind(b"PK\x05\x06")
        if at < 0:
            return set()
        (directory,) = struct.unpack_from("<I", end, at + 16)
        file.seek(max(0, directory - 24))
        length, magic = struct.unpack("<Q16s", file.read(24))
        if magic != _MAGIC or not 24 <= length <= min(MAX_BLOCK, directory):
            return set()
        file.seek(directory - length)
        block = file.read(length - 24)
    keys, at = set(), 0
    while at + 12 <= len(block):
        pair, key = struct.unpack_from("<QI", block, at)
        keys.add(key)
        at += 8 + max(pair, 4)
    return keys
