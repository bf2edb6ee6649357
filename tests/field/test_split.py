"""An app whose paths are split to hosts of their own: what moves, what is sent on, and who may read the answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import pytest

from tests.field.split import Split

HOME, FILES = "https://desk.field.test:1443", "https://files.field.test:2443"


@asynccontextmanager
async def app(answer: bytes) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server that answers every request alike; gives its port, and the heads of what it was asked."""
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], asked


async def ask(
    port: int, head: bytes, own: str, moves: Mapping[str, str] = {}, sends_on: Mapping[str, str] = {}
) -> bytes:
    """What the proxy of the host `own` answers."""
    split = Split(port, own, HOME, moves, "field.test", based=False, sends_on=sends_on)
    listening = await split.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", listening)
    writer.write(head + b"\r\n\r\n")
    writer.write_eof()
    try:
        return await reader.read(-1)
    finally:
        writer.close()
        await split.close()


def page(text: bytes, *more: bytes) -> bytes:
    head = [b"HTTP/1.1 200 OK", b"Content-Type: text/html", b"Content-Length: %d" % len(text), *more]
    return b"\r\n".join(head) + b"\r\n\r\n" + text


async def test_paths_in_a_page_lead_to_the_host_that_serves_them() -> None:
    async with app(page(b'<a href="/media/a.pdf">a</a> <a href="/about">b</a>')) as (port, asked):
        told = await ask(port, b"GET / HTTP/1.1", HOME, {"/media/": FILES})
    assert told.endswith(b'<a href="https://files.field.test:2443/media/a.pdf">a</a> <a href="/about">b</a>')
    assert b"Host: desk.field.test:1443" in asked[0]


@pytest.mark.parametrize(("own", "sent"), [(HOME, True), (FILES, False)])
async def test_a_path_that_a_script_puts_together_is_sent_on_once(own: str, *, sent: bool) -> None:
    async with app(page(b"the file")) as (port, asked):
        told = await ask(port, b"POST /api/file?id=7 HTTP/1.1", own, sends_on={"/api/file": FILES})
    assert told.startswith(b"HTTP/1.1 307 ") is sent
    assert (b"Location: https://files.field.test:2443/api/file?id=7\r\n" in told) is sent
    assert bool(asked) is not sent


@pytest.mark.parametrize("origin", [HOME, "null"])
async def test_the_app_may_read_the_answers_of_its_other_hosts(origin: str) -> None:
    theirs = b"access-control-allow-origin: https://elsewhere.test"
    async with app(page(b"{}", theirs)) as (port, _):
        told = await ask(port, b"GET /api/file HTTP/1.1\r\nOrigin: " + origin.encode(), FILES)
    assert told.lower().count(b"access-control-allow-origin: ") == 1
    assert b"Access-Control-Allow-Origin: https://desk.field.test:1443\r\n" in told
