"""Writes files into folders that somebody else may have filled before."""

from __future__ import annotations

import contextlib
import os
from itertools import count
from pathlib import Path


def write_own(path: Path, text: str) -> None:
    """Write a text (UTF-8, line ends as they are) as a file of its own, in place of whatever had that name.

    What is there already is never written through: neither a link, nor a file with a second name, nor a pipe. The file is
    whole or not there. Raises OSError.
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
