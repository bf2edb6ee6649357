"""Opens APKs and bundles of them as hostile ZIP files: bounded reads, no path that leaves its folder, clear errors."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from explorer.targets.error import TargetError

MAX_ENTRIES = 250_000
MAX_TOTAL = 8 << 30
"""Bytes that all entries together may claim to unpack to; the largest store downloads are about half of it."""
MAX_RATIO = 1_032
"""DEFLATE cannot compress better than this (RFC 1951: 258 bytes from 2 bits); a claim beyond it is a lie."""
BOMB_RATIO, BOMB_SIZE = 200, 256 << 20
"""Above both at once, an archive is taken for a bomb: code, resources and pictures stay far below the ratio."""
MAX_ENTRY = 512 << 20
"""Bytes of one entry that are ever read into memory."""
_CHUNK = 1 << 20


class Archive:
    """A ZIP file whose names and claimed sizes have been checked. Raises TargetError on every fault."""

    def __init__(self, path: str, zip_file: zipfile.ZipFile) -> None:
        self.path = path
        self._zip = zip_file
        self._entries = {info.filename: info for info in zip_file.infolist()}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._entries)

    def size(self, name: str) -> int:
        """Bytes that the entry claims to unpack to."""
        return self._entries[name].file_size

    def read(self, name: str, limit: int = MAX_ENTRY) -> bytes:
        """An entry's bytes; TargetError if it is missing, damaged or unpacks to more than `limit` bytes."""
        return b"".join(self.chunks(name, limit))

    def chunks(self, name: str, limit: int = MAX_ENTRY) -> Iterator[bytes]:
        """An entry's bytes in pieces: what it unpacks to is counted, as its header may lie."""
        if name not in self._entries:
            raise TargetError(f"{self.path}: {name} is missing inside, so this is no complete Android package.")
        seen = 0
        try:
            with self._zip.open(self._entries[name]) as entry:
                while piece := entry.read(_CHUNK):
                    seen += len(piece)
                    if seen > limit:
                        raise TargetError(
                            f"{self.path}: {_printable(name)} unpacks to more than {limit >> 20} MiB; refused as a zip bomb."
                        )
                    yield piece
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            RuntimeError,
            NotImplementedError,
            struct.error,
            OSError,
        ) as error:
            raise TargetError(
                f"{self.path}: {_printable(name)} inside cannot be unpacked ({_printable(str(error))}); "
                "the file is damaged or was cut off, fetch or build it again."
            ) from error


@contextmanager
def open_archive(file: Path, shown: str = "") -> Iterator[Archive]:
    """Open a file as a checked archive; errors call it `shown`, if that is given.

    Raises TargetError if it is missing, no ZIP file, cut off, a zip bomb, or holds a path that leaves its folder."""
    path = shown or str(file)
    try:
        with file.open("rb") as opened:
            head = opened.read(4)
            with _zip(path, opened, head) as zip_file:
                _check(path, zip_file)
                yield Archive(path, zip_file)
    except OSError as error:
        raise TargetError(f"{path}: cannot be read ({error.strerror or error}).") from error


def _zip(path: str, file: object, head: bytes) -> zipfile.ZipFile:
    if not head:
        raise TargetError(f"{path}: the file is empty; give an .apk, .apks, .xapk or .apkm file.")
    if head[:2] != b"PK":
        raise TargetError(f"{path}: this is no Android package (an APK is a ZIP file, and this is none).")
    try:
        return zipfile.ZipFile(file)  # type: ignore[call-overload,no-any-return]
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, EOFError, IndexError) as error:
        raise TargetError(
            f"{path}: the file is cut off or damaged ({_printable(str(error))}); fetch or build it again."
        ) from error


def _check(path: str, zip_file: zipfile.ZipFile) -> None:
    entries = zip_file.infolist()
    if len(entries) > MAX_ENTRIES:
        raise TargetError(f"{path}: holds {len(entries)} files; refused as a zip bomb.")
    total = 0
    for info in entries:
        name = info.filename
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name.replace("\\", "/")).parts or "\0" in name:
            raise TargetError(
                f"{path}: holds a path that leaves its folder ({_printable(name)}); no build tool makes such a file, refused."
            )
        packed, unpacked = max(info.compress_size, 1), info.file_size
        total += unpacked
        bomb = unpacked > BOMB_SIZE and unpacked / packed > BOMB_RATIO
        if bomb or (unpacked > _CHUNK and unpacked / packed > MAX_RATIO):
            raise TargetError(
                f"{path}: {_printable(name)} claims to unpack {packed} bytes to {unpacked}; refused as a zip bomb."
            )
    if total > MAX_TOTAL:
        raise TargetError(f"{path}: claims to unpack to {total >> 30} GiB; refused as a zip bomb.")


def _printable(text: str) -> str:
    """Text out of a hostile file, fit for a terminal."""
    return "".join(c if c.isprintable() else "?" for c in text)[:120]
