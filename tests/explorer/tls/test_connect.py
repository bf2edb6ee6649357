"""How a broken proxy is described: a person must learn what it did, not which exception asyncio raised."""

from __future__ import annotations

import asyncio
import contextlib
import socket

import pytest

from explorer.tls.connect import Route, Unreachable, connected

ANSWERS = {
    "it closed the connection without an answer": b"",
    "it closed the connection in the middle of its answer": b"HTTP/1.1 200 OK\r\n",
    "its answer is too long": b"HTTP/1.1 200 " + b"x" * (1 << 18),
}


@pytest.mark.parametrize("why", ANSWERS)
async def test_a_proxy_without_a_readable_answer_is_described_in_words(why: str) -> None:
    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        with contextlib.suppress(OSError):
            writer.write(ANSWERS[why])
            await writer.drain()
            writer.close()
            await writer.wait_closed()

    server = await asyncio.start_server(one, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(Unreachable) as told:
            async with connected(Route("far.desk.test", 443, proxy=("127.0.0.1", port, "")), 30):
                pass
    assert str(told.value) == f"The proxy 127.0.0.1:{port} did not connect to far.desk.test:443: {why}."


async def test_a_proxy_that_resets_the_connection_is_described_without_a_number() -> None:
    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        own = writer.get_extra_info("socket")
        own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # close with RST
        writer.transport.abort()

    server = await asyncio.start_server(one, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(Unreachable, match=r"did not connect to far\.desk\.test:443") as told:
            async with connected(Route("far.desk.test", 443, proxy=("127.0.0.1", port, "")), 30):
                pass
    assert "Errno" not in str(told.value)
