"""A client of /api/v1. It uploads packages to a `trustwalk serve`, and starts, follows, stops and fetches runs."""

from __future__ import annotations

import asyncio
import re
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, suppress
from functools import partial
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import parse_qs, urlsplit

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout

from explorer.request.remote import payload
from explorer.request.request import RunRequest
from reports.journal.events import Event, decode

T = TypeVar("T")
PATIENCE = 60.0
"""Seconds without a response after which the client gives up. Until then, the server may be restarting."""
PAUSE = 1.0


class RemoteError(Exception):
    """The server cannot be reached, or refused the request. The message is a sentence and never holds the token."""


def server_address(text: str, token: str) -> tuple[str, str]:
    """Split an address that `trustwalk serve` printed into the base address and the token.

    `token` is used if the address contains no token. Raises RemoteError.
    """
    parts = urlsplit(text if "://" in text else f"http://{text}")
    try:
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    token = parse_qs(parts.query).get("token", [token])[0]
    if not usable or parts.username:
        raise RemoteError("This is not the address of a server. Use the address that «trustwalk serve» prints.")
    if not token:
        raise RemoteError(
            "The server requires its token: give the whole address that it prints, or set TRUSTWALK_TOKEN."
        )
    if not re.fullmatch(r"[\x21-\x7e]+", token):
        raise RemoteError(
            "The token holds characters that are not allowed in a token: copy the address that «trustwalk serve» prints."
        )
    return f"{parts.scheme}://{parts.netloc}/", token


class Remote:
    """One server. Use it as an async context manager. All methods raise RemoteError."""

    def __init__(self, base: str, token: str) -> None:
        self.base = base
        limit = ClientTimeout(
            total=None, sock_connect=15, sock_read=330
        )  # a wait for the end of a run takes at most 300 s
        self._session = ClientSession(base, headers={"Authorization": f"Bearer {token}"}, timeout=limit)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def upload(self, package: Path) -> dict[str, Any]:
        """Upload a package. Returns the server's description of it."""
        try:
            with package.open("rb") as file:
                return await self._told("POST", "uploads", data=file)
        except OSError as error:
            raise RemoteError(
                f"{package} cannot be read ({error.strerror}); give a package that you may read."
            ) from error

    async def start(self, request: RunRequest) -> str:
        """Queue a run. Returns its id."""
        return str((await self._told("POST", "runs", json=payload(request)))["id"])

    async def follow(self, run: str) -> AsyncIterator[Event]:
        """The run's events as they are written, until its end. Waits while the server restarts."""
        offset, over = 0, False
        while True:
            chunk = await _patiently(partial(self._lines, run, offset))
            offset += len(chunk)
            for line in chunk.splitlines():
                with suppress(ValueError):  # from a newer server, or damaged: rendering the report will complain
                    yield decode(line)
            if over and not chunk:
                return
            over = over or (await _patiently(partial(self.facts, run)))["state"] not in ("queued", "running")
            if not chunk and not over:
                await asyncio.sleep(PAUSE)

    async def facts(self, run: str, wait: float = 0) -> dict[str, Any]:
        """The state of a run. With `wait`, the server responds when the run ends, or after that many seconds."""
        return await self._told("GET", f"runs/{run}", params={"wait": f"{wait:.0f}"})

    async def stop(self, run: str) -> None:
        """Stop a run. What the run has seen is judged. Does nothing if the run has ended."""
        async with self._asked("POST", f"runs/{run}/stop") as answer:
            if answer.status not in (202, 409):
                raise RemoteError(await _said(answer))

    async def fetch(self, run: str, folder: Path) -> None:
        """Fetch the whole run into `folder`, which must be empty."""
        with TemporaryDirectory(prefix="trustwalk-fetch-") as scratch:
            file = Path(scratch, "run.zip")
            async with self._asked("GET", f"runs/{run}/reports/zip") as answer:
                if answer.status != 200:
                    raise RemoteError(await _said(answer))
                with file.open("wb") as kept:
                    async for chunk in answer.content.iter_chunked(1 << 16):
                        kept.write(chunk)
            await asyncio.to_thread(unpack, file, folder)

    async def _lines(self, run: str, offset: int) -> bytes:
        async with self._asked("GET", f"runs/{run}/journal", params={"from": str(offset)}) as answer:
            if answer.status != 200:
                raise RemoteError(await _said(answer))
            return await answer.read()

    async def _told(self, method: str, path: str, **given: Any) -> dict[str, Any]:
        async with self._asked(method, path, **given) as answer:
            if answer.status not in (200, 201, 202):
                raise RemoteError(await _said(answer))
            told = await answer.json(content_type=None)
            if not isinstance(told, dict):
                raise RemoteError("The server's response was not understood. Is the server a «trustwalk serve»?")
            return told

    def _asked(self, method: str, path: str, **given: Any) -> AbstractAsyncContextManager[ClientResponse]:
        # Follow no redirects: they would send the token to another server.
        asked = self._session.request(method, f"/api/v1/{path}", allow_redirects=False, **given)
        return _HttpCall(asked, self.base)


class _UnreachableError(RemoteError):
    """No server responds at that address now."""


class _HttpCall:
    """One HTTP exchange. Its network errors are raised as RemoteError, with a message for the user."""

    def __init__(self, asked: AbstractAsyncContextManager[ClientResponse], base: str) -> None:
        self._asked = asked
        self._base = base

    async def __aenter__(self) -> ClientResponse:
        try:
            return await self._asked.__aenter__()
        except (ClientError, OSError, TimeoutError) as error:
            raise self._told(error) from error

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._asked.__aexit__(kind, error, trace)
        if isinstance(error, (ClientError, TimeoutError)):
            raise self._told(error) from error

    def _told(self, error: BaseException) -> _UnreachableError:
        return _UnreachableError(
            f"No server responds at {self._base} ({str(error) or type(error).__name__}). Check the address, and whether "
            "«trustwalk serve» runs there."
        )


async def _patiently(ask: Callable[[], Awaitable[T]]) -> T:
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while True:
        try:
            return await ask()
        except _UnreachableError:
            if asyncio.get_running_loop().time() > deadline:
                raise
        await asyncio.sleep(PAUSE)


async def _said(answer: ClientResponse) -> str:
    try:
        told = await answer.json(content_type=None)
        return str(told["error"])
    except (ValueError, KeyError, TypeError, ClientError):
        return f"The server responded with status {answer.status}. Is the server a «trustwalk serve»?"


def unpack(file: Path, folder: Path) -> None:
    """Extract a run's zip into `folder`, without the top folder of the zip.

    Raises RemoteError if the zip is damaged, if a path in it leaves the folder, or if a file cannot be written."""
    try:
        with zipfile.ZipFile(file) as archive:
            for item in archive.infolist():
                parts = PurePosixPath(item.filename).parts[1:]
                if not parts or any(part in ("..", "/") or "\\" in part or ":" in part for part in parts):
                    raise RemoteError(
                        "The server's zip holds a path that leaves its folder, so nothing was extracted. Is the server "
                        "a «trustwalk serve»?"
                    )
            for item in archive.infolist():
                target = folder.joinpath(*PurePosixPath(item.filename).parts[1:])
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(archive.read(item))
    except OSError as error:
        raise RemoteError(
            f"The run was fetched, but cannot be written into {folder} ({error.strerror or error}). It is still on the server's page."
        ) from error
    except zipfile.BadZipFile as error:
        raise RemoteError(
            f"The server did not send a complete run ({error}). Fetch its zip from the server's page."
        ) from error
