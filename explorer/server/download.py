"""Files of a run: its reports, its pictures and the whole as a zip. Nothing outside its folder, nothing through a link."""

from __future__ import annotations

import asyncio
import re
import tempfile
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import IO, TYPE_CHECKING

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from explorer.server.worker import LOCK
from reports import FORMATS
from reports.web_page import content_policy

if TYPE_CHECKING:
    from explorer.server.site import Site

REPORT_POLICY = f"{content_policy()}; frame-ancestors 'none'; sandbox allow-scripts allow-popups"
"""The report is told from what the app under test said: it gets an origin of its own, and no way to ask us anything."""
PIECE = 1 << 20
KEPT = 24
"""Pictures in memory: those that a watched run shows, and a few more."""
_PICTURE = re.compile(r"[A-Za-z0-9@+._-]{1,200}\.(jpg|png)\Z")
_TYPES = {"html": "text/html", "json": "application/json", "junit": "application/xml", "sarif": "application/json"}


def inside(folder: Path, *parts: str) -> Path | None:
    """A plain file below `folder`; None for what is missing, leads outside, or is or lies behind a link."""
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
    """The whole lines of a journal from a byte on, a megabyte or so at once."""
    with journal.open("rb") as file:
        file.seek(start)
        fresh = file.read(PIECE)
        if not fresh.endswith(b"\n") and len(fresh) == PIECE:
            fresh += file.readline()
    return fresh[: fresh.rfind(b"\n") + 1]


class Pictures:
    """Screenshots, the last ones kept in memory: when a run is watched, all its viewers ask for the same one."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Path, bytes] = OrderedDict()

    async def get(self, folder: Path, name: str) -> Response | None:
        """A screenshot of a run; None if there is none of that name."""
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


async def report(site: Site, folder: Path) -> Response:
    """report.html for reading, under a policy that lets it do nothing. Raises JournalError."""
    text = await site.told(folder, "html")
    return Response(text, media_type="text/html", headers={"Content-Security-Policy": REPORT_POLICY})


async def report_file(site: Site, folder: Path, form: str) -> Response:
    """A report for keeping. Raises JournalError, KeyError for an unknown format."""
    name = f"{folder.name}-{FORMATS[form].file}"
    text = await site.told(folder, form)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": REPORT_POLICY}
    return Response(text, media_type=_TYPES.get(form, "text/plain"), headers=headers)


async def whole(site: Site, folder: Path) -> Response:
    """The run's folder as a zip."""
    handle, name = tempfile.mkstemp(suffix=".zip", dir=site.settings.own)
    with open(handle, "wb") as file:  # noqa: PTH123 - it is a descriptor
        await asyncio.to_thread(_zip, folder, file)
    path = Path(name)
    return FileResponse(
        path,
        filename=f"{folder.name}.zip",
        media_type="application/zip",
        background=BackgroundTask(path.unlink, missing_ok=True),
    )


def _zip(folder: Path, file: IO[bytes]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            relative = path.relative_to(folder)
            if path.name != LOCK and inside(folder, *relative.parts):
                archive.write(path, Path(folder.name, relative))
