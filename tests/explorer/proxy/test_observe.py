"""The observing proxy between real clients and real servers."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator

import pytest

from explorer.lab.demo.app import held
from explorer.proxy.handshake import Hello, read_hello
from explorer.proxy.observe import ObservingProxy
from explorer.tls.faults.front import serve
from explorer.tls.faults.mint import Authority
from flows.record import Record

HOST = "api.desk.test"


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.create()


class Seen:
    """The records of a proxy, waited for."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Record] = asyncio.Queue()

    def say(self, record: Record) -> None:
        self._queue.put_nowait(record)

    async def next(self) -> Record:
        async with asyncio.timeout(10):
            return await self._queue.get()


@contextlib.asynccontextmanager
async def tunnel(
    port: int, host: str = HOST, to: int = 443
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter, bytes]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"CONNECT {host}:{to} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    try:
        yield reader, writer, await reader.readuntil(b"\r\n\r\n")
    finally:
        writer.close()
        with contextlib.suppress(OSError, ssl.SSLError):
            await writer.wait_closed()


def visit(port: int, authority: Authority, most: ssl.TLSVersion, *, asks: bool = True) -> str:
    """One HTTPS request through the proxy by a client that checks everything; the error's name if it fails.

    Blocking, as asyncio's client drops the connection before its alert is sent."""
    context = ssl.create_default_context(cadata=authority.root_pem.decode())
    context.minimum_version = ssl.TLSVersion.TLSv1_2  # whatever this machine's OpenSSL would speak by default
    context.set_alpn_protocols(["http/1.1"])
    context.maximum_version = most
    with socket.create_connection(("127.0.0.1", port), timeout=3) as plain:
        plain.sendall(f"CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        assert b" 200 " in plain.recv(4096)
        try:
            with context.wrap_socket(plain, server_hostname=HOST) as secure:
                if asks:
                    secure.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    secure.recv(4096)
        except OSError as error:
            return getattr(error, "reason", "") or type(error).__name__
    return ""


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
@pytest.mark.parametrize("most", [ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2])
@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ("healthy", "finished"),
        ("expired", "refused-by-client"),
        ("self-signed", "refused-by-client"),
        ("weak-protocol", "refused-by-server"),
        ("weak-cipher", "refused-by-server"),
        ("not-tls", "not-tls"),
        ("connection-cut", "silent"),
        ("handshake-timeout", "silent"),
    ],
)
async def test_how_a_handshake_ended_is_told_without_decrypting(
    authority: Authority, fault: str, outcome: str, most: ssl.TLSVersion
) -> None:
    seen = Seen()
    front = await serve(authority, (HOST,), None, fault)
    routes = {(HOST, 443): (front.address, front.port)}
    async with front, ObservingProxy(seen.say, routes) as proxy:
        failed = await asyncio.to_thread(visit, proxy.port, authority, most)
        record = await seen.next()
    assert bool(failed) == (outcome != "finished")
    if fault == "weak-protocol" and "ALERT" not in failed:
        outcome = "refused-by-client"  # some builds of OpenSSL answer in TLS 1.0, and leave the refusing to the client
    assert (record.source, record.kind, record.data["outcome"]) == ("proxy", "tunnel", outcome)
    assert (record.data["host"], record.data["port"]) == (HOST, 443)
    assert record.data["sni"] == HOST and record.data["alpn"] == ["http/1.1"]
    assert record.data["answered"] == (outcome == "finished")


@pytest.mark.parametrize("most", [ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2])
async def test_a_client_that_asks_nothing_after_its_handshake_is_told(
    authority: Authority, most: ssl.TLSVersion
) -> None:
    seen = Seen()
    front = await serve(authority, (HOST,), None, "healthy")
    routes = {(HOST, 443): (front.address, front.port)}
    async with front, ObservingProxy(seen.say, routes) as proxy:
        assert await asyncio.to_thread(visit, proxy.port, authority, most, asks=False) == ""
        record = await seen.next()
    assert (record.data["outcome"], record.data["answered"]) == ("left-unasked", False)


async def test_whose_a_connection_is_is_asked_before_the_client_gets_its_answer(authority: Authority) -> None:
    seen, order = Seen(), list[str]()

    async def owner() -> str:
        order.append("asked")
        return "app"

    front = await serve(authority, (HOST,), None, "healthy")
    async with front, ObservingProxy(seen.say, {(HOST, 443): (front.address, front.port)}, owner=owner) as proxy:
        async with tunnel(proxy.port) as (_, _, head):
            order.append("answered")
            assert b" 200 " in head
        assert (await seen.next()).data["of"] == "app"
    assert order == ["asked", "answered"]


async def test_a_client_that_hangs_up_on_a_certificate_without_a_word_is_told(authority: Authority) -> None:
    seen = Seen()
    front = await serve(authority, (HOST,), None, "expired")
    async with front, ObservingProxy(seen.say, {(HOST, 443): (front.address, front.port)}) as proxy:
        async with tunnel(proxy.port) as (_, writer, _):
            with pytest.raises(ssl.SSLCertVerificationError):  # asyncio sends no alert
                await writer.start_tls(
                    ssl.create_default_context(cadata=authority.root_pem.decode()), server_hostname=HOST
                )
        assert (await seen.next()).data["outcome"] == "abandoned-by-client"


async def test_a_server_that_cannot_be_reached_is_told_and_answered(authority: Authority) -> None:
    seen = Seen()
    with held() as nobody:
        address = nobody.getsockname()
        async with ObservingProxy(seen.say, {(HOST, 443): address}) as proxy, tunnel(proxy.port) as (_, _, head):
            assert b" 502 " in head
            assert (await seen.next()).data["outcome"] == "unreachable"


@pytest.mark.parametrize(
    "head", [b"GET / HTTP/1.1", b"GET https://desk.test/ HTTP/1.1", b"CONNECT desk.test:0 HTTP/1.1"]
)
async def test_what_is_not_for_a_proxy_is_refused(head: bytes) -> None:
    async with ObservingProxy(Seen().say) as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        writer.write(head + b"\r\nHost: desk.test\r\n\r\n")
        assert b" 405 " in await reader.readuntil(b"\r\n\r\n")
        writer.close()
        await writer.wait_closed()


async def test_an_unencrypted_request_goes_on_as_the_app_meant_it() -> None:
    """An app that may speak HTTP must not break because its connections are watched."""
    heard = bytearray()

    async def serve_plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.extend(await reader.readuntil(b"\r\n\r\n") + await reader.readexactly(5))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve_plain, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    seen = Seen()
    async with server, ObservingProxy(seen.say, aliases={"10.0.2.2": "127.0.0.1"}) as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        head = f"POST http://10.0.2.2:{port}/a?b HTTP/1.1\r\nHost: 10.0.2.2:{port}\r\nProxy-Connection: Keep-Alive\r\n"
        writer.write(head.encode() + b"Content-Length: 5\r\n\r\nhello")
        assert (await reader.read()).endswith(b"\r\n\r\nok")
        writer.close()
        record = await seen.next()
    assert heard.startswith(b"POST /a?b HTTP/1.1\r\nConnection: close\r\nHost: 10.0.2.2:") and heard.endswith(b"hello")
    assert b"Proxy-" not in heard
    assert (record.kind, record.data["host"], record.data["outcome"]) == ("plain", "10.0.2.2", "plain")


async def test_open_tunnels_end_with_the_proxy(authority: Authority) -> None:
    seen = Seen()
    async with await serve(authority, (HOST,), None, "handshake-timeout") as front:
        async with ObservingProxy(seen.say, {(HOST, 443): (front.address, front.port)}) as proxy:
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(f"CONNECT {HOST}:443 HTTP/1.1\r\n\r\n".encode())
            await reader.readuntil(b"\r\n\r\n")
        assert (await seen.next()).data["outcome"] == "no-hello"
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


@pytest.mark.parametrize("body", [b"", b"\x03\x03" + b"\0" * 32, b"\x03\x03" + b"\xff" * 200])
def test_a_broken_hello_is_an_empty_one(body: bytes) -> None:
    assert read_hello(body) == Hello()


async def test_with_only_what_was_resolved_nothing_else_is_reached() -> None:
    seen = Seen()
    async with (
        ObservingProxy(seen.say, only_resolved=True) as proxy,
        tunnel(proxy.port, "elsewhere.test") as (*_, answer),
    ):
        assert answer.startswith(b"HTTP/1.1 502 ")
        record = await seen.next()
        assert (record.data["outcome"], record.data["why"]) == ("unreachable", "dns")


async def test_a_connection_that_stays_open_is_told_once_it_is_answered_and_again_at_its_end(
    authority: Authority,
) -> None:
    seen = Seen()
    async with contextlib.AsyncExitStack() as stack:
        front = await stack.enter_async_context(await serve(authority, [HOST], None))
        way = {(HOST, 443): ("127.0.0.1", front.port)}
        async with ObservingProxy(seen.say, way) as proxy:
            context = ssl.create_default_context(cadata=authority.root_pem.decode())
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(f"CONNECT {HOST}:443 HTTP/1.1\r\n\r\n".encode())
            await reader.readuntil(b"\r\n\r\n")
            await writer.start_tls(context, server_hostname=HOST)
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await reader.read(10)
            first = await seen.next()
            assert (first.data["outcome"], first.data["address"]) == ("finished", "127.0.0.1")
            assert proxy.addresses == {(HOST, 443): "127.0.0.1"}
            writer.close()
            last = await seen.next() if first.data["ended"] == "open" else first
            assert last.data["id"] == first.data["id"]
            assert last.data["ended"] != "open"
            assert proxy.standing() == []
