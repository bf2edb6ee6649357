"""The device's side of the adb protocol over TCP: connections and streams, without the services.

Source: `docs/dev/protocol.md` of AOSP's adb module. Only a part of the protocol is implemented. There is no
authentication. The protocol version is 0x01000001, in which checksums are not verified. Each stream waits for the
acknowledgement of one write before the next.
"""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

CNXN, OPEN, OKAY, CLSE, WRTE = (
    int.from_bytes(name, "little") for name in (b"CNXN", b"OPEN", b"OKAY", b"CLSE", b"WRTE")
)
VERSION = 0x01000001
MAX_DATA = 256 * 1024
FEATURES = "shell_v2,cmd,stat_v2,ls_v2,fixed_push_mkdir,apex"
"""Features that the device announces. `abb_exec` is missing, so adb installs with `exec:cmd package install`."""

Serve = Callable[["Stream"], Awaitable[None]]


class StreamClosed(Exception):
    """The other side closed the stream, or the connection was lost."""


class Stream:
    """One open service.

    Each read acknowledges what it received. Each write waits until the previous one is acknowledged.
    """

    def __init__(self, connection: Connection, local: int, remote: int, service: str) -> None:
        self.service = service
        self.closed = False
        self._connection, self.local, self._remote = connection, local, remote
        self._received: asyncio.Queue[bytes] = asyncio.Queue()
        self._rest = b""
        self._ready = asyncio.Event()
        self._over = asyncio.Event()
        self._accepted = asyncio.Event()

    async def accept(self) -> None:
        self._ready.set()
        await self._connection.send(OKAY, self.local, self._remote)

    async def refuse(self) -> None:
        """Refuse the other side's request to open this stream."""
        self.gone()
        await self._connection.send(CLSE, 0, self._remote)

    async def open_back(self, service: str) -> Stream:
        """Open a stream to the same adb server."""
        return await self._connection.open(service)

    async def opened(self) -> bool:
        """Whether the other side accepted a stream that we opened (adb reverse)."""
        await self._accepted.wait()
        return not self.closed

    async def write(self, data: bytes) -> None:
        for start in range(0, len(data), self._connection.max_data):
            await self._ready.wait()
            if self.closed:
                raise StreamClosed(self.service)
            self._ready.clear()
            await self._connection.send(WRTE, self.local, self._remote, data[start : start + self._connection.max_data])

    async def read(self) -> bytes:
        """The next bytes; empty after the other side has closed."""
        if self._rest:
            data, self._rest = self._rest, b""
            return data
        data = await self._received.get()
        if data:
            await self._connection.send(OKAY, self.local, self._remote)
        else:
            self._received.put_nowait(b"")
        return data

    async def read_exactly(self, count: int) -> bytes:
        """Read exactly `count` bytes.

        Raises StreamClosed if the stream ends earlier.
        """
        parts, have = [], 0
        while have < count:
            piece = await self.read()
            if not piece:
                raise StreamClosed(self.service)
            parts.append(piece)
            have += len(piece)
        data = b"".join(parts)
        self._rest = data[count:] + self._rest
        return data[:count]

    async def while_open(self, work: Coroutine[Any, Any, object]) -> bool:
        """Wait for `work` until the other side closes. Returns whether the work finished first."""
        loop = asyncio.get_running_loop()
        tasks = [loop.create_task(work), loop.create_task(self._over.wait())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            return not self.closed
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def close(self) -> None:
        """Close once the last write has been acknowledged, as adbd does."""
        if self.closed:
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._ready.wait(), 5)
        if not self.closed:
            self.gone()
            await self._connection.send(CLSE, self.local, self._remote)

    def acknowledged(self, remote: int) -> None:
        self._remote = remote
        self._ready.set()
        self._accepted.set()

    def deliver(self, data: bytes) -> None:
        self._received.put_nowait(data)

    def gone(self) -> None:
        self.closed = True
        self._over.set()
        self._ready.set()
        self._accepted.set()
        self._received.put_nowait(b"")
        self._connection.forget(self.local)


class Connection:
    """One adb server's connection to the device."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, banner: str, serve: Serve) -> None:
        self._reader, self._writer, self._banner, self._serve = reader, writer, banner, serve
        self._streams: dict[int, Stream] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._lock = asyncio.Lock()
        self._next = 1
        self.max_data = 4096

    async def send(self, command: int, first: int, second: int, data: bytes = b"") -> None:
        head = struct.pack("<6I", command, first, second, len(data), sum(data) & 0xFFFFFFFF, command ^ 0xFFFFFFFF)
        async with self._lock:
            self._writer.write(head + data)
            try:
                await self._writer.drain()
            except ConnectionError as error:
                raise StreamClosed("connection") from error

    async def open(self, service: str) -> Stream:
        """Open a service at the adb server (for `adb reverse`). Raises StreamClosed if it refuses."""
        stream = self._new(0, service)
        await self.send(OPEN, stream.local, 0, service.encode() + b"\0")
        if not await stream.opened():
            raise StreamClosed(service)
        return stream

    async def run(self) -> None:
        """Serve until the other side is gone."""
        try:
            while True:
                command, first, second, size, _, _ = struct.unpack("<6I", await self._reader.readexactly(24))
                data = await self._reader.readexactly(min(size, MAX_DATA)) if size else b""
                await self._packet(command, first, second, data)
        except (asyncio.IncompleteReadError, ConnectionError, StreamClosed, struct.error):
            pass  # the adb server is gone or sent something else: wait for the next connection
        finally:
            self.cut()
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self) -> None:
        """End the connection at once, as if the device was unplugged."""
        for stream in list(self._streams.values()):
            stream.gone()
        self._writer.close()

    def forget(self, local: int) -> None:
        self._streams.pop(local, None)

    def _new(self, remote: int, service: str) -> Stream:
        stream = Stream(self, self._next, remote, service)
        self._streams[self._next] = stream
        self._next += 1
        return stream

    async def _packet(self, command: int, first: int, second: int, data: bytes) -> None:
        if command == CNXN:
            self.max_data = min(second, MAX_DATA)
            await self.send(CNXN, VERSION, MAX_DATA, self._banner.encode())
        elif command == OPEN:
            stream = self._new(first, data.rstrip(b"\0").decode("utf-8", "replace"))
            task = asyncio.get_running_loop().create_task(self._run(stream))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif known := self._streams.get(second):
            if command == WRTE:
                known.deliver(data)
            elif command == OKAY:
                known.acknowledged(first)
            elif command == CLSE:
                known.gone()

    async def _run(self, stream: Stream) -> None:
        with contextlib.suppress(StreamClosed):
            await self._serve(stream)
            await stream.close()
