"""Opens APKs and bundles as untrusted ZIP files: bounded reads, no path that leaves its folder, clear errors."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from explorer.targets.damaged import DAMAGED
from explorer.targets.error import TargetError

MAX_ENTRIES = 250_000
MAX_TOTAL = 8 << 30
"""Largest total unpacked size, in bytes. The largest downloads of app stores are about half as large."""
MAX_RATIO = 1_032
"""The highest compression ratio that DEFLATE can reach (RFC 1951: 258 bytes from 2 bits).

A header with a higher ratio is false."""
BOMB_RATIO, BOMB_SIZE = 200, 256 << 20
"""An entry above both limits (ratio, unpacked bytes) is a zip bomb. Code and pictures stay far below the ratio."""
MAX_ENTRY = 512 << 20
"""Largest entry that is read into memory, in bytes."""
_CHUNK = 1 << 20
PLEASE = "If this is a real package, please report it."
BOMB = f"refused as a zip bomb. {PLEASE}"
"""`BOMB` and `PLEASE` are the ends of messages about a package above a limit.

They say what a person can do if the package is not hostile."""


class Archive:
    """A ZIP file with checked names and sizes. `read` and `chunks` raise TargetError."""

    def __init__(self, path: str, zip_file: zipfile.ZipFile) -> None:
        self.path = path
        self._zip = zip_file
        self._entries = {info.filename: info for info in zip_file.infolist()}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._entries)

    def size(self, name: str) -> int:
        """The unpacked size of an entry according to its header, in bytes."""
        return self._entries[name].file_size

    def ratio(self, name: str) -> float:
        """The unpacked size of an entry divided by its packed size, according to its header."""
        return self._entries[name].file_size / max(self._entries[name].compress_size, 1)

    def read(self, name: str, limit: int = MAX_ENTRY) -> bytes:
        """The bytes of an entry. Raises TargetError if it is missing, damaged or larger than `limit` bytes."""
        return b"".join(self.chunks(name, limit))

    def chunks(self, name: str, limit: int = MAX_ENTRY) -> Iterator[bytes]:
        """The bytes of an entry in pieces. The bytes are counted, because the size in the header may be false."""
        if name not in self._entries:
            raise TargetError(f"{self.path}: the file {name} is missing; download or build the package again.")
        seen = 0
        try:
            with self._zip.open(self._entries[name]) as entry:
                while piece := entry.read(_CHUNK):
                    seen += len(piece)
                    if seen > limit:
                        raise TargetError(
                            f"{self.path}: {printable(name)} unpacks to more than {limit >> 20} MiB; {BOMB}"
                        )
                    yield piece
        except DAMAGED as error:
            raise TargetError(
                f"{self.path}: {printable(name)} in this archive cannot be unpacked ({printable(str(error))}); "
                "the file is damaged or truncated; download or build it again."
            ) from error


@contextmanager
def open_archive(file: Path, shown: str = "") -> Iterator[Archive]:
    """Open a file as a checked archive. Error messages call the file `shown`, if that is not empty.

    Raises TargetError if the file is missing, truncated, not a ZIP file or a zip bomb, or if it contains a path that
    leads outside the folder to which the archive is unpacked."""
    path = shown or str(file)
    try:
        with file.open("rb") as opened:
            head = opened.read(4)
            with _zip(path, opened, head) as zip_file:
                _check(path, zip_file)
                yield Archive(path, zip_file)
    except OSError as error:
        raise TargetError(
            f"{path}: cannot be read ({error.strerror or error}); give an app package that you have permission to read."
        ) from error


def _zip(path: str, file: object, head: bytes) -> zipfile.ZipFile:
    if not head:
        raise TargetError(f"{path}: the file is empty; give an .apk, .apks, .xapk or .apkm file.")
    if head[:2] != b"PK":
        raise TargetError(
            f"{path}: this is not an Android package, because it is not a ZIP file; give an .apk, .apks, .xapk or .apkm file."
        )
    try:
        return zipfile.ZipFile(file)  # type: ignore[call-overload,no-any-return]
    except DAMAGED as error:
        raise TargetError(
            f"{path}: the file is truncated or damaged ({printable(str(error))}); download or build it again."
        ) from error


def _check(path: str, zip_file: zipfile.ZipFile) -> None:
    entries = zip_file.infolist()
    if len(entries) > MAX_ENTRIES:
        raise TargetError(f"{path}: the archive holds {len(entries)} files; {BOMB}")
    total = 0
    for info in entries:
        name = info.filename
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name.replace("\\", "/")).parts or "\0" in name:
            raise TargetError(
                f"{path}: the archive holds a path that leaves its folder ({printable(name)}). No build tool creates "
                f"such a path, so the archive is refused. {PLEASE}"
            )
        packed, unpacked = max(info.compress_size, 1), info.file_size
        total += unpacked
        bomb = unpacked > BOMB_SIZE and unpacked / packed > BOMB_RATIO
        if bomb or (unpacked > _CHUNK and unpacked / packed > MAX_RATIO):
            raise TargetError(f"{path}: {printable(name)} claims to unpack from {packed} bytes to {unpacked}; {BOMB}")
    if total > MAX_TOTAL:
        raise TargetError(f"{path}: the archive claims to unpack to {total >> 30} GiB; {BOMB}")


def printable(text: str) -> str:
    """Makes text from an untrusted file safe for a terminal: «?» for unprintable characters, at most 120 characters."""
    return "".join(c if c.isprintable() else "?" for c in text)[:120]
