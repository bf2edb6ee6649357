"""Opens a customer's file and recognises its kind.

The file may come from standard input, and it may be packed as gzip or zip.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO, BinaryIO, cast

from explorer.evidence.proxies.fiddler import PART as FIDDLER
from explorer.evidence.sniff import HEAD, Kind, kind_of
from explorer.targets.damaged import DAMAGED
from explorer.targets.error import TargetError
from explorer.targets.log_file import MAX_ENTRIES, entry_pieces, inflated, pieces, printable, utf8

MOST_TRIED = 50
"""The maximum number of files in an archive that are examined."""


@dataclass(frozen=True, slots=True)
class Source:
    """An opened file.

    `name` is the file's name in messages, with the name inside the archive if there is one. `blocks` are its content;
    text is in UTF-8. `stdin` is the file itself as a stream. The reader of logs uses it if the path is `-`.
    `files` are the names and contents of all files in an archive that is read as a whole. Each content has to be read before
    the next file is asked for.
    """

    name: str
    kind: Kind
    blocks: Iterator[bytes]
    stdin: BinaryIO
    files: Iterable[tuple[str, Iterator[bytes]]] = ()

    def whole(self, most: int) -> bytes:
        """The whole content.

        Raises TargetError if it is larger than `most` bytes.
        """
        found = bytearray()
        for block in self.blocks:
            found += block
            if len(found) > most:
                raise TargetError(f"{self.name}: is larger than {most >> 20} MiB; no file of this kind is so large.")
        return bytes(found)


@contextmanager
def opened(path: str, stdin: BinaryIO) -> Iterator[Source]:
    """Open a file, or `stdin` if the path is `-`, and recognise its kind.

    Raises TargetError if the file cannot be read, either at once or later while `blocks` is read.
    """
    name = "standard input" if path == "-" else printable(path)
    if path == "-":
        head = _head(stdin, name)
        yield _source(name, head, stdin)
        return
    file = Path(path)
    if file.is_dir():
        raise TargetError(f"{name}: this is a folder; give one file, or - for standard input.")
    try:
        stream = file.open("rb")
    except OSError as error:
        raise TargetError(f"{name}: cannot be read ({error.strerror or error}).") from error
    with stream:
        yield _source(name, _head(stream, name), stream)


def _head(stream: IO[bytes], name: str) -> bytes:
    """The first bytes of a stream, at most `HEAD`.

    From a pipe, reading ends as soon as the bytes are recognised as a live log.
    """
    found = b""
    read = getattr(stream, "read1", stream.read)
    try:
        while len(found) < HEAD and (piece := cast(bytes, read(HEAD - len(found)))):
            found += piece
            if len(found) >= 4096 and path_like(found):
                break
    except OSError as error:
        raise TargetError(f"{name}: reading failed ({error.strerror or error}).") from error
    return found


def path_like(found: bytes) -> bool:
    """Whether the bytes found so far are enough to recognise a live log.

    If they are, nobody has to wait for more of the log.
    """
    return found.count(b"\n") > 20 and kind_of(found) is Kind.LOG


def _source(name: str, head: bytes, stream: BinaryIO) -> Source:
    kind = kind_of(next(utf8(iter([head])), b"") or head)
    whole = _Whole(head, stream)
    if kind is Kind.GZIP:
        unpacked = inflated(name, cast(BinaryIO, whole))
        first = _first(unpacked)
        return Source(name, kind_of(_as_text(first)), utf8(chain([first], unpacked)), cast(BinaryIO, whole))
    if kind is Kind.ZIP and stream.seekable():
        return _zipped(name, stream)
    return Source(name, kind, utf8(pieces(stream, name, head)), cast(BinaryIO, whole))


def _as_text(head: bytes) -> bytes:
    return b"".join(utf8(iter([head])))


def _first(blocks: Iterator[bytes]) -> bytes:
    found = b""
    for block in blocks:
        found += block
        if len(found) >= HEAD:
            break
    return found


def _zipped(name: str, stream: BinaryIO) -> Source:
    """The first file in a zip archive that is evidence, such as a HAR or a net log.

    The session file of a proxy is recognised as such. Any other archive is left to the reader of logs. Raises
    TargetError if the archive is damaged or holds too many files.
    """
    try:
        archive = zipfile.ZipFile(stream)
        entries = [info for info in archive.infolist() if not info.is_dir()]
    except DAMAGED as error:
        raise TargetError(
            f"{name}: the zip file is damaged or truncated ({printable(str(error))}); ask for it again."
        ) from error
    if len(entries) > MAX_ENTRIES:
        raise TargetError(f"{name}: holds {len(entries)} files; refused as a zip bomb.")
    sessions = sorted((info for info in entries if FIDDLER.fullmatch(info.filename)), key=_by_number)
    if sessions:
        return Source(name, Kind.FIDDLER, iter(()), stream, _files(name, archive, sessions))
    for info in entries[:MOST_TRIED]:
        blocks = entry_pieces(name, archive, info)
        head = _first(blocks)
        kind = kind_of(_as_text(head[:HEAD]))
        if kind in (Kind.HAR, Kind.NET_LOG, Kind.CERTIFICATES, Kind.PAGE_ERROR, Kind.CAPTURE):
            return Source(f"{name}: {printable(info.filename)}", kind, utf8(chain([head], blocks)), stream)
        if kind is Kind.CHARLES:
            return Source(name, Kind.CHARLES_ZIP, iter(()), stream, _files(name, archive, entries))
    stream.seek(0)
    return Source(name, Kind.LOG, iter(()), stream)


def _by_number(info: zipfile.ZipInfo) -> tuple[int, str]:
    found = FIDDLER.fullmatch(info.filename)
    return (int(found[1]), found[2].lower()) if found else (0, "")


def _files(
    name: str, archive: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo]
) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The name and content of each file. Reading a content raises TargetError."""
    for info in entries:
        yield info.filename, entry_pieces(name, archive, info)


class _Whole(io.RawIOBase):
    """A stream that first returns the bytes that were already read from it."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head, self._stream = head, stream

    def read(self, size: int = -1) -> bytes:
        if self._head:
            told, self._head = (self._head, b"") if size < 0 else (self._head[:size], self._head[size:])
            return told
        return self._stream.read(size)

    def read1(self, size: int = -1) -> bytes:
        if self._head:
            return self.read(size)
        return cast(bytes, getattr(self._stream, "read1", self._stream.read)(size))
