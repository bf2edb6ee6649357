"""A program's side of /api/v1: upload, start, follow, stop and fetch at somebody's `trustwalk serve`."""

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
"""Seconds for which a server that does not answer is taken for one that is being started again."""
PAUSE = 1.0


class RemoteError(Exception):
    """The server, or what it said, in a sentence. Never holds the token."""


def server_address(text: str, token: str) -> tuple[str, str]:
    """Base address and token of a server from what `trustwalk serve` prints; `token` is for addresses without one.

    Raises RemoteError.
    """
    parts = urlsplit(text if "://" in text else f"http://{text}")
    try:
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    token = parse_qs(parts.query).get("token", [token])[0]
    if not usable or parts.username:
        raise RemoteError("That is no address of a server. Take the one that «trustwalk serve» prints.")
    if not token:
        raise RemoteError("The server wants its token: give the whole address that it prints, or set TRUSTWALK_TOKEN.")
    if not re.fullmatch(r"[\x21-\x7e]+", token):
        raise RemoteError("That token holds characters that no token has.")
    return f"{parts.scheme}://{parts.netloc}/", token


class Remote:
    """One server; use it as an async context manager. Everything raises RemoteError."""

    def __init__(self, base: str, token: str) -> None:
        self.base = base
        limit = ClientTimeout(total=None, sock_connect=15, sock_read=330)  # a wait for a run's end is 300 s at most
        self._session = ClientSession(base, headers={"Authorization": f"Bearer {token}"}, timeout=limit)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def upload(self, package: Path) -> dict[str, Any]:
        """Send a package; what it is."""
        try:
            with package.open("rb") as file:
                return await self._told("POST", "uploads", data=file)
        except OSError as error:
            raise RemoteError(f"{package} cannot be read ({error.strerror}).") from error

    async def start(self, request: RunRequest) -> str:
        """Put a run into the queue; its id."""
        return str((await self._told("POST", "runs", json=payload(request)))["id"])

    async def follow(self, run: str) -> AsyncIterator[Event]:
        """The run's events as they are written, until it is over. A server that is started again is waited for."""
        offset, over = 0, False
        while True:
            chunk = await _patiently(partial(self._lines, run, offset))
            offset += len(chunk)
            for line in chunk.splitlines():
                with suppress(ValueError):  # of a newer server, or damaged: the report complains of that
                    yield decode(line)
            if over and not chunk:
                return
            over = over or (await _patiently(partial(self.facts, run)))["state"] not in ("queued", "running")
            if not chunk and not over:
                await asyncio.sleep(PAUSE)

    async def facts(self, run: str, wait: float = 0) -> dict[str, Any]:
        """What the server says of a run; with `wait`, at its end or after so many seconds."""
        return await self._told("GET", f"runs/{run}", params={"wait": f"{wait:.0f}"})

    async def stop(self, run: str) -> None:
        """Let a run judge what it saw and end; nothing happens to one that is over."""
        async with self._asked("POST", f"runs/{run}/stop") as answer:
            if answer.status not in (202, 409):
                raise RemoteError(await _said(answer))

    async def fetch(self, run: str, folder: Path) -> None:
        """The whole run into `folder`, which is empty."""
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
                raise RemoteError("The server's answer was not understood; is it a «trustwalk serve»?")
            return told

    def _asked(self, method: str, path: str, **given: Any) -> AbstractAsyncContextManager[ClientResponse]:
        # No redirect is followed: it would carry the token elsewhere.
        asked = self._session.request(method, f"/api/v1/{path}", allow_redirects=False, **given)
        return _HttpCall(asked, self.base)


class _UnreachableError(RemoteError):
    """Nobody answers at that address now."""


class _HttpCall:
    """An HTTP exchange whose troubles are sentences."""

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
        return _UnreachableError(f"No server answers at {self._base} ({str(error) or type(error).__name__}).")


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
        return f"The server answered with {answer.status}; is it a «trustwalk serve»?"


def unpack(file: Path, folder: Path) -> None:
    """The files of a run's zip, without the folder that they lie in there. Raises RemoteError for one that leads elsewhere."""
    try:
        with zipfile.ZipFile(file) as archive:
            for item in archive.infolist():
                parts = PurePosixPath(item.filename).parts[1:]
                if not parts or any(part in ("..", "/") or "\\" in part or ":" in part for part in parts):
                    raise RemoteError("The server's zip holds a path that leads elsewhere; nothing of it was taken.")
            for item in archive.infolist():
                target = folder.joinpath(*PurePosixPath(item.filename).parts[1:])
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(archive.read(item))
    except (zipfile.BadZipFile, OSError) as error:
        raise RemoteError(f"What the server sent is no whole run ({error}).") from error
