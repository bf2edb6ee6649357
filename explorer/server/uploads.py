"""Uploaded packages: streamed to disk up to a limit, read to check them, and stored under their hash."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from pydantic import TypeAdapter
from python_multipart import MultipartParser
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import parse_options_header
from starlette.requests import ClientDisconnect, Request

from explorer.targets.apk.findings import findings
from explorer.targets.apk.guarded import read_untrusted
from explorer.targets.apk.package import App
from explorer.targets.error import TargetError

FIELD = "file"
_HASH = re.compile(r"[0-9a-f]{64}\Z")
STALE = 3_600.0
"""Seconds without a change after which an incomplete upload counts as abandoned and can be removed."""


SILENCE = 60.0
"""Seconds without a byte after which an upload counts as stalled, so that no connection stays open for ever."""


class UploadError(Exception):
    """An upload was refused. The message is a sentence for the user, and `status` is the HTTP status of the answer."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True, slots=True)
class AppFacts:
    """The description of an uploaded package. `warnings` are pairs of severity and sentence."""

    sha256: str
    bytes: int
    package: str
    label: str
    version: str
    min_sdk: int
    target_sdk: int
    abis: tuple[str, ...]
    hosts: tuple[str, ...]
    warnings: tuple[tuple[str, str], ...]


_FACTS: TypeAdapter[AppFacts] = TypeAdapter(AppFacts)


def known_app(folder: Path, sha256: str) -> AppFacts | None:
    """The description of the upload with this hash, or None."""
    if not _HASH.match(sha256) or not (folder / sha256).is_file():
        return None
    try:
        return _FACTS.validate_json((folder / f"{sha256}.json").read_bytes())
    except (OSError, ValueError):
        return None


class Uploads:
    """The folder of uploads. `limit` is in bytes; `silence` is how many seconds an upload may stall."""

    def __init__(self, folder: Path, limit: int, silence: float = SILENCE) -> None:
        self.folder = folder
        self.limit = limit
        self.silence = silence
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob("*.part"):
            if left.stat().st_mtime < time.time() - STALE:
                left.unlink(missing_ok=True)

    def get(self, sha256: str) -> AppFacts | None:
        """The description of the upload with this hash, or None."""
        return known_app(self.folder, sha256)

    def all(self) -> list[AppFacts]:
        """All uploaded packages, newest first."""
        came = sorted(self.folder.glob("*.json"), key=lambda p: p.stat().st_mtime, reverse=True)
        return [app for path in came if (app := self.get(path.stem)) is not None]

    def delete(self, sha256: str) -> bool:
        """Remove a package. False if there is none with this hash."""
        if self.get(sha256) is None:
            return False
        (self.folder / f"{sha256}.json").unlink(missing_ok=True)
        (self.folder / sha256).unlink(missing_ok=True)
        return True

    async def take(self, request: Request) -> AppFacts:
        """Store the package that a request carries, in a form or as its whole body. Returns its description.

        Raises UploadError if the package is refused. Then nothing is stored."""
        announced = request.headers.get("content-length", "")
        if announced.isdigit() and int(announced) > self.limit + 10_000:  # the parts of a form around its file
            raise self._too_big()
        handle, name = tempfile.mkstemp(suffix=".part", dir=self.folder)
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                sha256, size = await self._receive(request, file)
            if size == 0:
                raise UploadError(422, "The upload contains no file. Choose an APK first.")
            return await asyncio.to_thread(self._keep, part, sha256, size)
        except ClientDisconnect as error:
            raise UploadError(400, "The upload was interrupted. Send it again.") from error
        except TimeoutError as error:
            raise UploadError(
                408, f"The upload stalled: nothing arrived for {self.silence:g} s. Send it again."
            ) from error
        finally:
            part.unlink(missing_ok=True)

    async def _receive(self, request: Request, file: IO[bytes]) -> tuple[str, int]:
        digest, size = hashlib.sha256(), 0

        def write(data: bytes) -> None:
            nonlocal size
            size += len(data)
            if size > self.limit:
                raise self._too_big()
            digest.update(data)
            file.write(data)

        kind, options = parse_options_header(request.headers.get("content-type", ""))
        if kind == b"multipart/form-data":
            await _from_form(_flowing(request, self.silence), options.get(b"boundary", b""), write)
        else:
            async for chunk in _flowing(request, self.silence):
                write(chunk)
        return digest.hexdigest(), size

    def _too_big(self) -> UploadError:
        return UploadError(
            413,
            f"The file is larger than {self.limit / 2**20:,.0f} MB, which is the most that this server accepts. "
            "The server's owner can raise the limit with --upload-limit.",
        )

    def _keep(self, part: Path, sha256: str, size: int) -> AppFacts:
        """Read the package and store it under its hash, if it is valid."""
        try:
            with tempfile.TemporaryDirectory(dir=self.folder, prefix="reading-") as workspace:
                facts = _told(read_untrusted(part, Path(workspace)), sha256, size)
        except TargetError as error:
            said = (
                str(error).replace(str(part), "This file").replace("This file: ", "This file cannot be explored: ", 1)
            )
            raise UploadError(422, said.replace(str(self.folder), "…")) from error
        part.replace(self.folder / sha256)
        (self.folder / f"{sha256}.json").write_bytes(_FACTS.dump_json(facts))
        return facts


class _Parts:
    """Extracts the bytes of the file from a multipart form, and skips all other fields."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self.write = write
        self.wanted = False
        self.header = self.value = b""
        self.files = 0

    def begin(self) -> None:
        self.wanted = False

    def name(self, data: bytes, start: int, end: int) -> None:
        self.header += data[start:end]

    def content(self, data: bytes, start: int, end: int) -> None:
        self.value += data[start:end]

    def end(self) -> None:
        if self.header.lower() == b"content-disposition":
            _, options = parse_options_header(self.value)
            self.wanted = options.get(b"name") == FIELD.encode() and self.files == 0
            self.files += self.wanted
        self.header = self.value = b""

    def data(self, data: bytes, start: int, end: int) -> None:
        if self.wanted:
            self.write(data[start:end])


async def _flowing(request: Request, silence: float) -> AsyncIterator[bytes]:
    """The pieces of the request body, as they arrive. Raises TimeoutError if none arrives for `silence` seconds."""
    stream = aiter(request.stream())
    while True:
        try:
            async with asyncio.timeout(silence):
                chunk = await anext(stream)
        except StopAsyncIteration:
            return
        yield chunk


async def _from_form(chunks: AsyncIterator[bytes], boundary: bytes, write: Callable[[bytes], None]) -> None:
    parts = _Parts(write)
    try:
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": parts.begin,
                "on_header_field": parts.name,
                "on_header_value": parts.content,
                "on_header_end": parts.end,
                "on_part_data": parts.data,
            },
        )
        async for chunk in chunks:
            parser.write(chunk)
        parser.finalize()
    except (MultipartParseError, ValueError) as error:
        raise UploadError(400, "The form did not arrive completely; try again.") from error


def _told(app: App, sha256: str, size: int) -> AppFacts:
    today = datetime.now(tz=UTC).date()
    return AppFacts(
        sha256=sha256,
        bytes=size,
        package=app.package,
        label=app.label,
        min_sdk=app.min_sdk,
        target_sdk=app.target_sdk,
        version=f"{app.version_name} ({app.version_code})",
        abis=app.abis,
        hosts=app.hosts[:200],
        warnings=tuple((f.severity.value, f.text) for f in findings(app, today)),
    )
