"""One TLS connection over asyncio streams. It always sends its alerts, and can close each direction separately.

asyncio's own TLS transports drop the alert of a failed handshake, and clients must see exactly that alert.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Callable
from typing import TypeVar

from explorer.tls.faults.stapling import StaplingContext

CHUNK = 1 << 16
LINGER = 2.0
"""Seconds to wait for the other side to close, so that a reset does not overtake the last bytes sent."""

T = TypeVar("T")


class TlsStream:
    """The server's side of a TLS connection. `reader` and `writer` carry the encrypted bytes.

    At most one task may read, and one may write, at a time."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, context: ssl.SSLContext | StaplingContext
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self.object = context.wrap_bio(self._incoming, self._outgoing, server_side=True)

    async def _flush(self) -> None:
        data = self._outgoing.read()
        if data:
            self._writer.write(data)
            await self._writer.drain()

    async def _run(self, call: Callable[[], T]) -> T:
        while True:
            try:
                result = call()
            except ssl.SSLWantReadError:
                await self._flush()
                data = await self._reader.read(CHUNK)
                if data:
                    self._incoming.write(data)
                else:
                    self._incoming.write_eof()
                continue
            except ssl.SSLError:
                await self._flush()
                raise
            await self._flush()
            return result

    async def handshake(self) -> None:
        """Make the handshake. Raises ssl.SSLError (after sending the alert) or OSError."""
        await self._run(self.object.do_handshake)

    async def read(self) -> bytes:
        """The next decrypted bytes, or b"" at the end of the stream, with or without close_notify."""
        try:
            return await self._run(lambda: self.object.read(CHUNK))
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return b""

    async def write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            sent = await self._run(lambda part=view: self.object.write(part))  # type: ignore[misc]
            view = view[sent:]

    async def write_end(self) -> None:
        """Send close_notify; the other direction stays open."""
        with contextlib.suppress(ssl.SSLError):
            self.object.unwrap()
        await self._flush()


async def linger(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, end_first: bool = True) -> None:
    """Close the connection only after the client has had time to receive everything that was sent.

    With `end_first`, this side ends its direction at once. Without it, the client closes first, because Chromium
    sometimes reports ERR_SOCKET_NOT_CONNECTED if an alert and the end of the connection arrive together.
    The wait is at most `LINGER` seconds.
    """
    with contextlib.suppress(OSError, TimeoutError):
        if end_first and writer.can_write_eof() and not writer.is_closing():
            writer.write_eof()
        async with asyncio.timeout(LINGER):
            while await reader.read(CHUNK):
                pass
    writer.close()
