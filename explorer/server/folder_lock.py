"""One server for each folder of runs: two would start each waiting run twice, and neither would see the other's."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import TextIO

NAME = "server.lock"


def hold_runs(own: Path) -> TextIO | None:
    """The folder's lock, held for as long as the file is open; a crash releases it. None if another server holds it.

    Raises OSError if the folder cannot be written to."""
    own.mkdir(parents=True, exist_ok=True)
    file = (own / NAME).open("a", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file
