"""Files that customers sent. `trustwalk read` reads each in a process of its own, and a run folder comes of it.

Logs and certificates make no run: what the command prints about them is handed on.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request

from explorer.devices.child import output_within
from explorer.server.jobs import Queue
from explorer.server.settings import Settings
from explorer.server.uploads import UploadError, Uploads

PATIENCE = 600.0
"""Seconds that reading a file may take. A HAR of 200 MB needs ten."""
LONGEST = 200_000
"""How many characters of printed text are handed on."""
_COMMAND = (sys.executable, "-c", "from explorer.cli import main; main(prog_name='trustwalk')", "read")
_USAGE = 2
"""The exit code of `trustwalk read` for a file that it cannot read."""


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a file: the id of a run, or the text that the command printed."""

    run: str = ""
    text: str = ""


class Recordings:
    """Reads uploaded files, one after the other. The file itself is removed in any case."""

    def __init__(self, settings: Settings, queue: Queue, uploads: Uploads) -> None:
        self._settings, self._queue, self._uploads = settings, queue, uploads
        self._turn = asyncio.Lock()

    async def read(self, request: Request) -> Told:
        """Read the file that a request carries. With `?probe=yes`, the hosts that failed are contacted, too.

        Raises UploadError if the file did not arrive, or cannot be read."""
        probe = request.query_params.get("probe") == "yes"
        async with self._uploads.received(request, "Choose a file first.") as (part, _, _), self._turn:
            folder = self._queue.new_folder("customer-file")
            try:
                return await self._told(part, folder, probe=probe)
            finally:
                if not (folder / "journal.jsonl").is_file():
                    shutil.rmtree(folder, ignore_errors=True)

    async def _told(self, part: Path, folder: Path, *, probe: bool) -> Told:
        code, printed, complained = await self._run(part, folder, probe=probe)
        if (folder / "journal.jsonl").is_file():
            await self._queue.index.refresh_one(folder.name)
            return Told(run=folder.name)
        if code == _USAGE or not printed.strip():
            raise UploadError(422, _error_in(complained).replace(str(part), "This file"))
        return Told(text=printed.replace(str(part), "This file")[:LONGEST])

    async def _run(self, part: Path, folder: Path, *, probe: bool) -> tuple[int, str, str]:
        process = await asyncio.create_subprocess_exec(
            *_COMMAND,
            str(part),
            *("--out", str(folder), "--format", "html,json,reply"),
            *self._options(probe=probe),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            out, err = await output_within(process, PATIENCE)
        except TimeoutError as error:
            raise UploadError(422, f"The file was not read within {PATIENCE:g} s.") from error
        return process.returncode or 0, out.decode(errors="replace"), err.decode(errors="replace")

    def _options(self, *, probe: bool) -> Iterator[str]:
        for path in self._settings.ca:
            yield from ("--ca", str(path))
        if probe:
            yield "--probe"
            for (host, port), address in self._settings.resolve:
                yield from ("--resolve", f"{host}:{port}:{address}")


def _error_in(complained: str) -> str:
    """The error that `trustwalk read` printed, whatever warnings stand before and after it."""
    lines = [line for line in complained.strip().splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("Error: ")]
    return next(reversed(errors or lines), "It could not be read.").removeprefix("Error: ")
