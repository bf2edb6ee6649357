"""A lock on a file that only one process can hold, and that a crash releases (flock(2))."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import TextIO


def hold(path: Path) -> TextIO | None:
    """The open file, created if necessary; it is locked while it is open. None if another open file holds the lock.

    Raises OSError if the file cannot be created, or if its file system does not support locks."""
    file = path.open("a", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    except OSError:
        file.close()
        raise
    return file
