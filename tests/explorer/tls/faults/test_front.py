"""The front as clients meet it: bytes untouched, faults changed in place, nothing left behind."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from cryptography import x509
from cryptography.x509 import verification

from explorer.tls.faults.front import serve
from explorer.tls.faults.known import ALL_FAULTS, KNOWN_FAULTS, fault_named
from explorer.tls.faults.mint import Authority
from flows.diagnosis import Cause


async def over_tls(port: int, authority: Authority, request: bytes) -> bytes:
    context = ssl.create_default_context(cadata=authority.root_pem.decode())
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname="desk.test")
    writer.write(request)
    answer = await reader.read()
    writer.close()
    return answer


@pytest.fixture
async def backend() -> AsyncIterator[int]:
    async def hello(request: web.Request) -> web.StreamResponse:
        body = await request.read()
        return web.Response(text=f"{request.method} {request.headers['Host']} {len(body)}")

    async def echo(request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            await socket.send_str(f"you said {message.data}")
        return socket

    async def events(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await answer.prepare(request)
        for number in range(3):
            await answer.write(f"data: {number}\n\n".encode())
        return answer

    app = web.Application(client_max_size=1 << 26)
    app.router.add_get("/ws", echo)
    app.router.add_get("/events", events)
    app.router.add_route("*", "/{rest:.*}", hello)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None
    yield site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
    await runner.cleanup()


async def test_requests_reach_the_backend_as_they_were_sent(authority: Authority, backend: int) -> None:
    async with await serve(authority, ["desk.test"], ("127.0.0.1", backend)) as front:
        body = b"x" * 3_000_000
        head = f"POST /upload HTTP/1.1\r\nHost: desk.test:9\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
        answer = await over_tls(front.port, authority, head.encode() + body)
    assert answer.endswith(b"POST desk.test:9 3000000")


async def test_websockets_and_server_sent_events_pass(authority: Authority, backend: int) -> None:
    context = ssl.create_default_context(cadata=authority.root_pem.decode())
    async with (
        await serve(authority, ["127.0.0.1"], ("127.0.0.1", backend)) as front,
        aiohttp.ClientSession() as session,
    ):
        async with session.ws_connect(f"wss://127.0.0.1:{front.port}/ws", ssl=context) as socket:
            await socket.send_str("hello")
            assert (await socket.receive_str()) == "you said hello"
        async with session.get(f"https://127.0.0.1:{front.port}/events", ssl=context) as answer:
            assert await answer.text() == "data: 0\n\ndata: 1\n\ndata: 2\n\n"


async def test_a_fault_is_presented_and_mended_in_place_and_open_connections_are_dropped(authority: Authority) -> None:
    context = ssl.create_default_context(cadata=authority.root_pem.decode())
    async with await serve(authority, ["desk.test"], None) as front:
        port = front.port
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname="desk.test")
        await front.present("expired")
        assert await reader.read() == b""
        writer.close()
        with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
            await over_tls(port, authority, b"")
        await front.present(None)
        assert front.port == port
        assert b"200 OK" in await over_tls(port, authority, b"GET / HTTP/1.1\r\n\r\n")


async def test_a_backend_that_is_gone_ends_the_connection_and_not_the_front(
    authority: Authority, unused_tcp_port: int
) -> None:
    async with await serve(authority, ["desk.test"], ("127.0.0.1", unused_tcp_port)) as front:
        for _ in range(2):
            assert await over_tls(front.port, authority, b"GET / HTTP/1.1\r\n\r\n") == b""


async def test_closing_leaves_nothing_that_listens(authority: Authority) -> None:
    front = await serve(authority, ["desk.test"], None, "handshake-timeout")
    port = front.port
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    await front.close()
    await front.close()
    writer.close()
    with pytest.raises(OSError):
        await asyncio.open_connection("127.0.0.1", port)


async def test_a_name_that_is_no_fault_and_a_fault_of_the_client_are_refused(authority: Authority) -> None:
    with pytest.raises(ValueError, match=r"Known: .*expired"):
        await serve(authority, ["desk.test"], None, "nonsense")
    with pytest.raises(ValueError, match="fault of the client"):
        await serve(authority, ["desk.test"], None, "clock-skew")


def test_every_cause_that_a_server_can_have_is_presentable_by_its_id() -> None:
    clients_own = {Cause.CLOCK_SKEW, Cause.PIN_MISMATCH, Cause.CLEARTEXT_BLOCKED, Cause.MIXED_CONTENT}
    assert {c.value for c in Cause if c not in clients_own} <= set(KNOWN_FAULTS)
    assert all(ALL_FAULTS[name] is fault_named(name) for name in ALL_FAULTS)


async def test_the_root_is_one_that_strict_verifiers_take(authority: Authority) -> None:
    leaf = authority.leaf(["desk.test"])
    store = verification.Store([authority.root.certificate])
    verifier = verification.PolicyBuilder().store(store).build_server_verifier(x509.DNSName("desk.test"))
    assert verifier.verify(leaf.certificate, list(leaf.issuers))[0] == leaf.certificate
