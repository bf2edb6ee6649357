"""Where the proxy's connections lead: to the device's own loopback, through its former proxy, and upgraded ones."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from explorer.proxy.head import ProxyRequest
from explorer.proxy.observe import ObservingProxy
from explorer.proxy.ways import Ways, names_itself
from flows.record import Record


@contextlib.asynccontextmanager
async def server(answer: bytes) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server that answers each head with the same bytes, echoes what follows, and keeps the heads."""
    heads: list[bytes] = []
    serving: list[asyncio.Task[None] | None] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.append(asyncio.current_task())
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            heads.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(answer)
            while answer and (data := await reader.read(100)):
                writer.write(data)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    made = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with made:
        yield made.sockets[0].getsockname()[1], heads
        await asyncio.gather(*filter(None, serving))


async def asked(proxy: ObservingProxy, head: bytes, more: bytes = b"") -> bytes:
    """All that a client gets for a request and what it says after the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    writer.write(head)
    said = await reader.readuntil(b"\r\n\r\n")
    if more:
        writer.write(more)
        said += await reader.readexactly(len(more))
    writer.close()
    await writer.wait_closed()
    return said


def unheard(_: Record) -> None:
    """Nobody listens."""


async def test_what_a_device_asks_of_itself_is_led_back_to_it() -> None:
    asked_for: list[int] = []
    async with server(b"HTTP/1.1 200 OK\r\n\r\n") as (port, heads):

        async def inside(number: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
            asked_for.append(number)
            return await asyncio.open_connection("127.0.0.1", port)

        async with ObservingProxy(unheard, inside=inside) as proxy:
            for name in (b"localhost", b"127.0.0.1", b"[::1]"):
                await asked(proxy, b"GET http://%s:4711/ HTTP/1.1\r\nHost: x\r\n\r\n" % name)
    assert asked_for == [4711] * 3 and len(heads) == 3


async def test_a_plain_websocket_goes_both_ways() -> None:
    switched = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
    async with server(switched) as (port, heads), ObservingProxy(unheard) as proxy:
        head = b"GET http://127.0.0.1:%d/ HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n" % port
        assert (await asked(proxy, head, b"frame")).endswith(b"\r\n\r\nframe")
    assert b"Connection: Upgrade\r\nUpgrade: websocket\r\n" in heads[0]


async def test_the_former_proxy_is_used_for_all_but_what_is_known_better() -> None:
    async with (
        server(b"HTTP/1.1 200 Connection established\r\n\r\n") as (port, heads),
        ObservingProxy(unheard, aliases={"10.0.2.2": "127.0.0.1"}) as proxy,
    ):
        proxy.ways.beyond = ("127.0.0.1", port)
        await asked(proxy, b"CONNECT api.desk.test:443 HTTP/1.1\r\n\r\n", b"hello")
        await asked(proxy, b"GET http://api.desk.test/a HTTP/1.1\r\nHost: api.desk.test\r\n\r\n")
        await asked(proxy, b"GET http://10.0.2.2:%d/b HTTP/1.1\r\nHost: x\r\n\r\n" % port)
    starts = [head.split(b"\r\n")[0] for head in heads]
    assert starts[0] == b"CONNECT api.desk.test:443 HTTP/1.1"
    assert starts[1:] == [b"GET http://api.desk.test:80/a HTTP/1.1", b"GET /b HTTP/1.1"]


@pytest.mark.parametrize("answer", [b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", b""])
async def test_a_former_proxy_that_refuses_makes_the_server_unreachable(answer: bytes) -> None:
    async with server(answer) as (port, _):
        with pytest.raises(OSError, match=r"said HTTP/1.1 407|gave no answer"):
            await Ways(beyond=("127.0.0.1", port)).open(ProxyRequest("api.desk.test", 443))


@pytest.mark.parametrize(
    ("host", "itself"),
    [
        ("localhost", True),
        ("Localhost.", True),
        ("app.localhost", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("localhost.desk.test", False),
        ("10.0.2.2", False),
    ],
)
def test_names_of_the_machine_itself(host: str, itself: bool) -> None:
    assert names_itself(host) is itself
