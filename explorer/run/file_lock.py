"""A lock on a file that only one process can hold, and that a crash releases (flock(2))."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import TextIO


def hold(path: Path) -> TextIO | None:
    """Returns the file, created if necessary, and locked while it is open. None if another open file holds the lock.

    Raises OSError if the file cannot be made, or if its file system knows no locks."""
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
