"""Reads saved logs in blocks of whole lines: plain files, standard input, gzip, bugreport.zip, UTF-16 from PowerShell."""

from __future__ import annotations

import codecs
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast

from explorer.targets.damaged import DAMAGED
from explorer.targets.error import TargetError

BLOCK = 1 << 20
"""How many bytes are read at once."""
MAX_LINE = 1 << 20
"""How many bytes of a line are kept; the rest of a longer line is skipped."""
MAX_ENTRIES = 100_000
MAX_UNPACKED = 16 << 30
"""Largest total unpacked size of the logs in an archive, in bytes."""
MAX_RATIO = 400
"""An archive that unpacks to more than this ratio, after the first mebibytes, counts as a zip bomb.

Text logs compress at most about 100 to 1."""
_RATIO_FROM = 64 << 20
_BOMB = "refused as a zip bomb. If this is a real log, please report it."


@dataclass(frozen=True, slots=True)
class LogStream:
    """One log. `name` is the entry's name in an archive, else empty. `blocks` are its bytes, in blocks of whole lines."""

    name: str
    blocks: Iterator[bytes]


@contextmanager
def open_log(path: str, stdin: BinaryIO) -> Iterator[Iterator[LogStream]]:
    """The logs in the file `path`, or the log on `stdin` if `path` is `-`.

    Raises TargetError. The iterators that it yields may also raise TargetError, while the blocks are read."""
    if path == "-":
        yield iter([LogStream("", whole_lines(pieces(stdin, "standard input")))])
        return
    file = Path(path)
    if file.is_dir():
        raise TargetError(f"{path}: this is a folder; give a log file, a bugreport.zip, or - for standard input.")
    try:
        opened = file.open("rb")
    except OSError as error:
        raise TargetError(
            f"{path}: cannot be read ({error.strerror or error}); give a log file, or - for stdin."
        ) from error
    with opened:
        try:
            head = opened.read(4)
            opened.seek(0)
        except OSError:  # a pipe cannot seek, so prepend the bytes that were read
            yield iter([LogStream("", whole_lines(pieces(opened, path, head)))])
            return
        if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
            yield _zip_logs(path, opened)
        elif head[:2] == b"\x1f\x8b":
            yield iter([LogStream("", whole_lines(inflated(path, opened)))])
        else:
            yield iter([LogStream("", whole_lines(pieces(opened, path)))])


def whole_lines(given: Iterator[bytes]) -> Iterator[bytes]:
    """Regroup the pieces into blocks of whole lines, in UTF-8. A line is cut after about MAX_LINE bytes."""
    rest, overlong = b"", False
    for piece in utf8(given):
        if overlong:
            end = piece.find(b"\n")
            if end < 0:
                continue
            piece, overlong = piece[end:], False
        rest += piece
        cut = rest.rfind(b"\n") + 1
        if cut:
            yield rest[:cut]
            rest = rest[cut:]
        if len(rest) > MAX_LINE:
            rest, overlong = rest[:MAX_LINE], True
    if rest:
        yield rest


def utf8(given: Iterator[bytes]) -> Iterator[bytes]:
    """Convert UTF-16 (which `adb logcat > file` writes in Windows PowerShell) to UTF-8, and drop a byte order mark."""
    first = next(given, b"")
    codec = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}.get(first[:2])
    if codec is None:
        yield first.removeprefix(codecs.BOM_UTF8)
        yield from given
        return
    decoder = codecs.getincrementaldecoder(codec)("replace")
    yield decoder.decode(first[2:]).encode("utf-8", "replace")
    for piece in given:
        yield decoder.decode(piece).encode("utf-8", "replace")


def pieces(opened: IO[bytes], path: str, head: bytes = b"") -> Iterator[bytes]:
    """Yields `head`, then the rest of an open file in pieces. Raises TargetError, which names the file `path`."""
    if head:
        yield head
    read = getattr(opened, "read1", opened.read)  # a pipe returns what it has, so that a live log is followed
    try:
        while piece := cast(bytes, read(BLOCK)):
            yield piece
    except OSError as error:
        raise TargetError(f"{path}: {_unread('log', error)}") from error


def inflated(path: str, opened: IO[bytes]) -> Iterator[bytes]:
    """The unpacked content of a gzip file (RFC 1952) with one or more members.

    Raises TargetError if the file is damaged, or if it unpacks to so much that it counts as a zip bomb."""
    unpacker, packed, unpacked = zlib.decompressobj(wbits=31), 0, 0
    try:
        while piece := opened.read(BLOCK):
            packed += len(piece)
            while piece:
                if unpacker.eof:  # another member, or the zeros with which tapes and block devices are filled up
                    piece = piece.lstrip(b"\0")
                    if not piece:
                        break
                    unpacker = zlib.decompressobj(wbits=31)
                out = unpacker.decompress(piece, BLOCK)
                unpacked += len(out)
                _refuse_bomb(path, packed, unpacked)
                yield out
                piece = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    except (zlib.error, OSError) as error:
        raise TargetError(f"{path}: {_unread('gzip file', error)}") from error
    if not unpacker.eof:
        raise TargetError(f"{path}: the gzip file is truncated; fetch it again.")


def _refuse_bomb(path: str, packed: int, unpacked: int) -> None:
    if unpacked > MAX_UNPACKED or (unpacked > _RATIO_FROM and unpacked > packed * MAX_RATIO):
        raise TargetError(f"{path}: the file unpacks to far more bytes than a real log has; {_BOMB}")


def _unread(what: str, error: Exception) -> str:
    """Says why a file cannot be read, and what to do.

    An OSError means a problem with the storage; any other error means that the content is damaged."""
    if isinstance(error, OSError):
        return f"cannot be read ({error.strerror or error}); copy it to a local disk and try again."
    return f"the {what} is damaged or truncated ({error}); fetch it again."


def _zip_logs(path: str, opened: BinaryIO) -> Iterator[LogStream]:
    try:
        archive = zipfile.ZipFile(opened)
        entries = [info for info in archive.infolist() if not info.is_dir()]
    except DAMAGED as error:
        raise TargetError(f"{path}: {_unread('zip file', error)}") from error
    if len(entries) > MAX_ENTRIES:
        raise TargetError(f"{path}: the zip file holds {len(entries)} files; {_BOMB}")
    chosen = _choose(archive, entries)
    if not chosen:
        raise TargetError(f"{path}: this zip file holds no log; give a bugreport.zip, or one with .txt or .log files.")
    left = MAX_UNPACKED
    for info in chosen:
        left -= info.file_size
        if left < 0:
            raise TargetError(f"{path}: the file unpacks to far more bytes than a real log has; refused as a zip bomb.")
        yield LogStream(printable(info.filename), whole_lines(entry_pieces(path, archive, info)))


def _choose(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """The logs in a zip file.

    In a bug report, these are its main text (named in main_entry.txt) and its logcat files. In any other zip file,
    these are all files with the name or suffix of a log (.txt, .log, .ips…)."""
    by_name = {info.filename: info for info in entries}
    main = by_name.get("main_entry.txt")
    named = ""
    if main is not None and main.file_size < 4_096:
        try:
            named = archive.read(main).decode("utf-8", "replace").strip()
        except DAMAGED:
            named = ""
    reports = [n for n in by_name if PurePosixPath(n).name.startswith("bugreport") and n.endswith(".txt")]
    head = [named] if named in by_name else reports[:1]
    if head:
        extra = sorted(n for n in by_name if "/logd/logcat" in n or PurePosixPath(n).name.startswith("logcat"))
        return [by_name[n] for n in (*head, *(e for e in extra if e not in head))]
    texts = (".txt", ".log", ".logcat", ".ips", ".crash")
    return [by_name[n] for n in sorted(by_name) if n.lower().endswith(texts) or "logcat" in PurePosixPath(n).name]


def entry_pieces(path: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content of a file in an archive. Raises TargetError, also for a zip bomb."""
    unpacked = 0
    try:
        with archive.open(info) as entry:
            while piece := entry.read(BLOCK):
                unpacked += len(piece)
                _refuse_bomb(path, max(info.compress_size, 1), unpacked)
                yield piece
    except DAMAGED as error:
        raise TargetError(
            f"{path}: {printable(info.filename)} in this archive cannot be unpacked ({printable(str(error))}); "
            "the file is damaged, truncated or encrypted."
        ) from error


def printable(text: str) -> str:
    """Makes text from an untrusted file safe for a terminal: «?» for unprintable characters, at most 200 characters."""
    return "".join(c if c.isprintable() else "?" for c in text)[:200]
