"""Opens untrusted files: only regular ones, and only up to a size."""

from __future__ import annotations

import os
import stat
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import BinaryIO


class Unreadable(ValueError):
    """A file cannot be read, or is refused. The message completes a sentence that begins with the file's name."""


def open_regular(path: Path, limit: int) -> BinaryIO:
    """Open a file to read it. `limit` is its largest size in bytes.

    A FIFO or a device is refused before anything waits for it. Raises Unreadable.
    """
    try:
        # without O_NONBLOCK, opening a FIFO waits for somebody who writes into it
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | _BINARY)
    except (OSError, ValueError) as error:
        raise Unreadable(f"cannot be read ({getattr(error, 'strerror', None) or error})") from error
    try:
        found = os.fstat(handle)
        if stat.S_ISDIR(found.st_mode):
            raise Unreadable("cannot be read (it is a folder: name a file)")
        if not stat.S_ISREG(found.st_mode):
            raise Unreadable("cannot be read (it is a device or a pipe: save its content in a file first)")
        if found.st_size > limit:
            raise Unreadable(f"cannot be read (it is larger than {_size(limit)}, the limit for such files)")
    except Unreadable:
        os.close(handle)
        raise
    return os.fdopen(handle, "rb")


def read_bytes(file: Traversable, limit: int) -> bytes:
    """The content of a file of at most `limit` bytes. Raises Unreadable."""
    try:
        if not isinstance(file, Path):  # inside a zipped package
            data = file.read_bytes()
        else:
            with open_regular(file, limit) as opened:
                data = opened.read(limit + 1)  # it may grow while it is read
    except OSError as error:
        raise Unreadable(f"cannot be read ({error.strerror or error})") from error
    if len(data) > limit:
        raise Unreadable(f"cannot be read (it is larger than {_size(limit)}, the limit for such files)")
    return data


def read_text(file: Traversable, limit: int) -> str:
    """The content of a UTF-8 file of at most `limit` bytes, without a byte order mark. Raises Unreadable."""
    try:
        return read_bytes(file, limit).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("cannot be read (it is not UTF-8: save it in that encoding)") from error


def _size(limit: int) -> str:
    return f"{limit >> 20} MiB" if limit >= 1 << 20 else f"{limit >> 10} KiB"


_BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
