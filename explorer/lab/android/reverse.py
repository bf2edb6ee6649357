"""`adb reverse` on the virtual device: ports that forward connections to adb's machine."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from explorer.lab.android.wire import Stream, StreamClosed

OpenBack = Callable[[str], Awaitable[Stream]]


class Reverse:
    """The ports of the device that adb forwards.

    For each port there is a server on loopback, and the destination to which adb connects.
    """

    def __init__(self) -> None:
        self._servers: dict[int, tuple[asyncio.Server, str]] = {}
        self._pumps: set[asyncio.Task[None]] = set()

    async def ask(self, request: str, open_back: OpenBack) -> bytes:
        """Answer `forward:…`, `killforward:…`, `killforward-all` or `list-forward` (adb's SERVICES.TXT)."""
        verb, _, rest = request.partition(":")
        if verb == "forward":
            here, _, there = rest.removeprefix("norebind:").partition(";")
            return await self._forward(here, there, open_back)
        if verb == "killforward":
            return b"OKAY" if self._remove(rest) else _fail(f"listener '{rest}' not found")
        if verb == "killforward-all":
            self.clear()
            return b"OKAY"
        if verb == "list-forward":
            listed = "".join(f"(reverse) tcp:{port} {there}\n" for port, (_, there) in self._servers.items())
            return f"{len(listed):04x}{listed}".encode()
        return _fail(f"unknown request {verb}")

    @property
    def ports(self) -> list[int]:
        """The ports of the device that are forwarded now."""
        return sorted(self._servers)

    async def connect(self, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect to `localhost:port` as an app does. Raises OSError if nobody listens."""
        if port not in self._servers:
            raise ConnectionRefusedError(f"nobody listens on {port}")
        return await asyncio.open_connection("127.0.0.1", self._servers[port][0].sockets[0].getsockname()[1])

    def clear(self) -> None:
        for port in list(self._servers):
            self._remove(f"tcp:{port}")
        for pump in list(self._pumps):
            pump.cancel()

    def _remove(self, name: str) -> bool:
        found = (
            self._servers.pop(int(name.removeprefix("tcp:")), None) if name.removeprefix("tcp:").isdecimal() else None
        )
        if found is not None:
            found[0].close()
        return found is not None

    async def _forward(self, here: str, there: str, open_back: OpenBack) -> bytes:
        async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            if task is not None:
                self._pumps.add(task)
                task.add_done_callback(self._pumps.discard)
            try:
                stream = await open_back(there)
            except StreamClosed:
                writer.close()
                return
            await _bridge(stream, reader, writer)

        server = await asyncio.start_server(take, "127.0.0.1", 0)
        asked = int(here.removeprefix("tcp:") or 0)
        port = asked or server.sockets[0].getsockname()[1]
        self._remove(f"tcp:{port}")
        self._servers[port] = (server, there)
        text = str(port)
        return b"OKAY" + (b"" if asked else f"{len(text):04x}{text}".encode())


async def _bridge(stream: Stream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Forward both directions until either side ends."""

    async def back() -> None:
        with contextlib.suppress(ConnectionError, StreamClosed):
            while data := await stream.read():
                writer.write(data)
                await writer.drain()
        writer.close()

    async def forth() -> None:
        with contextlib.suppress(ConnectionError, StreamClosed):
            while data := await reader.read(65_536):
                await stream.write(data)
            await stream.close()

    await asyncio.gather(back(), forth())


def _fail(text: str) -> bytes:
    return f"FAIL{len(text):04x}{text}".encode()
