"""Reads the files of a run: nothing outside its folder, and nothing through a link."""

from __future__ import annotations

import asyncio
import os
import re
from collections import OrderedDict
from pathlib import Path

from starlette.responses import Response

from reports.journal.events import MAX_LINE

PIECE = 1 << 20
"""How many bytes of a journal are read at once."""
KEPT = 24
"""How many pictures stay in memory: those that a watched run shows, and a few more."""
_PICTURE = re.compile(r"[A-Za-z0-9@+._-]{1,200}\.(jpg|png)\Z")


def inside(folder: Path, *parts: str) -> Path | None:
    """The path of a regular file below `folder`. None if it is missing, outside the folder, or behind a symlink."""
    home = folder.resolve()
    path = home.joinpath(*parts)
    try:
        whole = path.resolve(strict=True)
    except (OSError, ValueError):
        return None
    if whole != path or not whole.is_relative_to(home) or not whole.is_file():
        return None
    return whole


def lines_from(journal: Path, start: int) -> bytes:
    """The complete lines of a journal from the byte offset `start` on, about a megabyte per call.

    Empty if no complete line follows the offset, for example because it is past the end of the file."""
    with journal.open("rb") as file:
        if start >= file.seek(0, os.SEEK_END):  # no file system has an offset for every number
            return b""
        file.seek(start)
        fresh = file.read(PIECE)
        if not fresh.endswith(b"\n") and len(fresh) == PIECE:
            fresh += file.readline(MAX_LINE)
    return fresh[: fresh.rfind(b"\n") + 1]


class Pictures:
    """Screenshots of runs. The latest stay in memory, because all viewers of a run request the same ones."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Path, bytes] = OrderedDict()

    async def get(self, folder: Path, name: str) -> Response | None:
        """A screenshot of a run; None if there is none with that name."""
        if not _PICTURE.match(name):
            return None
        asked = folder / "screens" / name
        if asked not in self._kept:
            path = inside(folder, "screens", name)
            if path is None:
                return None
            self._kept[asked] = await asyncio.to_thread(path.read_bytes)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        kind = "image/png" if name.endswith("png") else "image/jpeg"
        return Response(self._kept[asked], media_type=kind, headers={"Cache-Control": "private, max-age=3600"})
