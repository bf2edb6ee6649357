"""A small client of the Chrome DevTools Protocol over one WebSocket, with flattened sessions and timeouts."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable
from typing import Any

import aiohttp

from explorer.surfaces.surface import SurfaceGone

Json = dict[str, Any]
OnEvent = Callable[[str, str, Json], None]
"""Takes session id, method and parameters of an event."""

CALL = 5.0
"""Seconds after which a call counts as lost, unless its caller sets another limit."""


class CdpError(Exception):
    """The browser refused a call, or did not answer it in time, usually because of the state of a page."""


class Cdp:
    """One connection to the browser. Each target is a session on this connection."""

    def __init__(self, on_event: OnEvent) -> None:
        self._on_event = on_event
        self._http: aiohttp.ClientSession | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._reader: asyncio.Task[None] | None = None
        self._waiting: dict[int, asyncio.Future[Json]] = {}
        self._numbers = itertools.count(1)
        self._sends: set[asyncio.Task[None]] = set()
        self.gone = ""

    async def connect(self, port: int, limit: float = 15.0) -> None:
        """Connect to the browser at a loopback port. Raises SurfaceGone if none answers within `limit` seconds."""
        self._http = aiohttp.ClientSession(trust_env=False)
        try:
            async with asyncio.timeout(limit):
                address = await self._address(port)
                self._socket = await self._http.ws_connect(address, max_msg_size=0)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            await self._http.close()
            raise SurfaceGone(
                "The browser does not answer on its debugging port. It may have crashed when it started. "
                "Run «trustwalk doctor web»."
            ) from error
        self._reader = asyncio.get_running_loop().create_task(self._read(self._socket))

    async def _address(self, port: int) -> str:
        assert self._http is not None
        while True:
            try:
                async with self._http.get(f"http://127.0.0.1:{port}/json/version") as answer:
                    return str((await answer.json())["webSocketDebuggerUrl"])
            except (aiohttp.ClientError, OSError):
                await asyncio.sleep(0.02)

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        try:
            async for message in socket:
                if message.type is not aiohttp.WSMsgType.TEXT:
                    continue
                data = json.loads(message.data)
                if "id" in data:
                    self._answered(data)
                else:
                    self._on_event(data.get("sessionId", ""), data["method"], data.get("params", {}))
        finally:
            self.gone = self.gone or "The browser died, or the connection to it broke."
            for future in self._waiting.values():
                if not future.done():
                    future.set_exception(SurfaceGone(self.gone))
            self._waiting.clear()

    def _answered(self, data: Json) -> None:
        future = self._waiting.pop(data["id"], None)
        if future is None or future.done():
            return
        if "error" in data:
            future.set_exception(CdpError(str(data["error"].get("message", "refused"))))
        else:
            future.set_result(data.get("result", {}))

    async def call(self, session: str, method: str, params: Json | None = None, limit: float = CALL) -> Json:
        """Call a method and wait for its answer. Raises CdpError after `limit` seconds or on a refusal."""
        if self._socket is None or self.gone:
            raise SurfaceGone(self.gone or "The browser is not running.")
        number = next(self._numbers)
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        message: Json = {"id": number, "method": method, "params": params or {}}
        if session:
            message["sessionId"] = session
        try:
            async with asyncio.timeout(limit):
                await self._socket.send_str(json.dumps(message))
                return await future
        except TimeoutError as error:
            raise CdpError(f"{method} was not answered within {limit:g} s") from error
        except (aiohttp.ClientError, ConnectionError, RuntimeError) as error:
            raise SurfaceGone(
                "The connection to the browser broke: the browser may have died. Start the run again."
            ) from error
        finally:
            self._waiting.pop(number, None)

    def post(self, session: str, method: str, params: Json | None = None) -> None:
        """Call a method without waiting for its answer (the target may be gone by then)."""
        task = asyncio.get_running_loop().create_task(self._quietly(session, method, params))
        self._sends.add(task)
        task.add_done_callback(self._sends.discard)

    async def _quietly(self, session: str, method: str, params: Json | None) -> None:
        try:
            await self.call(session, method, params)
        except (CdpError, SurfaceGone):
            return

    async def ended(self) -> None:
        """Wait until the connection has ended."""
        if self._reader is not None:
            await asyncio.wait({self._reader})

    async def close(self) -> None:
        """Close the connection; waiting calls end with SurfaceGone."""
        self.gone = self.gone or "The browser was closed."
        for task in self._sends:
            task.cancel()
        if self._socket is not None:
            await self._socket.close()
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)
        if self._http is not None:
            await self._http.close()
