"""Writes files into folders in which other users may have put files before."""

from __future__ import annotations

import contextlib
import os
from itertools import count
from pathlib import Path


def write_own(path: Path, text: str) -> None:
    """Write a text (UTF-8, line ends unchanged) as a new file that replaces any file with that name.

    An existing link, hard link or pipe is replaced and never written to. The new file appears only when it is complete.
    Raises OSError.
    """
    for number in count():
        part = path.with_name(f".{path.name}.{os.getpid()}-{number}.part")
        try:
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o666)
        except FileExistsError:
            continue
        break
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="") as file:
            file.write(text)
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
