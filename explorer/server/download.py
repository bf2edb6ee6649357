"""Downloads of a run: each of its reports, and the whole folder as a zip."""

from __future__ import annotations

import asyncio
import tempfile
import zipfile
from pathlib import Path
from typing import IO

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from explorer.server.run_files import inside
from explorer.server.site import Site
from explorer.server.worker import LOCK
from reports import FORMATS
from reports.web_page import content_policy

REPORT_POLICY = f"{content_policy()}; frame-ancestors 'none'; sandbox allow-scripts allow-popups"
"""The Content-Security-Policy of reports. A report holds text from the app under test, which must not be trusted.

So the report gets an origin of its own, and cannot send requests to this server."""
_TYPES = {"html": "text/html", "json": "application/json", "junit": "application/xml", "sarif": "application/json"}


async def report(site: Site, folder: Path) -> Response:
    """report.html for display in the browser, under REPORT_POLICY. Raises JournalError."""
    text = await site.told(folder, "html")
    return Response(text, media_type="text/html", headers={"Content-Security-Policy": REPORT_POLICY})


async def report_file(site: Site, folder: Path, form: str) -> Response:
    """A report as a download. Raises JournalError, and KeyError for an unknown format."""
    name = f"{folder.name}-{FORMATS[form].file}"
    text = await site.told(folder, form)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": REPORT_POLICY}
    return Response(text, media_type=_TYPES.get(form, "text/plain"), headers=headers)


async def whole(site: Site, folder: Path) -> Response:
    """The run's folder as a zip."""
    handle, name = tempfile.mkstemp(suffix=".zip", dir=site.settings.own)
    path = Path(name)
    try:
        with open(handle, "wb") as file:  # noqa: PTH123 - it is a descriptor
            await asyncio.to_thread(_zip, folder, file)
    except BaseException:
        path.unlink(missing_ok=True)  # half of it is of no use, least of all on a full disk
        raise
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
