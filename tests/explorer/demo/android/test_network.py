"""The virtual device's calls are real handshakes, and fail in Android's words."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
import threading
import time
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from explorer.demo.android.calls import Answer, call
from explorer.demo.android.network import Failed, Network, _pin
from explorer.tls.mint import Authority, Issued, Wish, issue, pem

HOST = "chat.desk.test"


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.create()


def context(issued: Issued, folder: Path) -> ssl.SSLContext:
    (folder / "chain.pem").write_bytes(pem(*issued.chain))
    (folder / "key.pem").write_bytes(issued.key_pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "chain.pem", folder / "key.pem")
    return server


async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        await writer.drain()
    writer.close()


async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(65_536)
    writer.close()


async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(65_536)
    linger = struct.pack("ii", 1, 0)  # closing then sends a reset
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.close()


async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(64)
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    writer.close()


@contextlib.asynccontextmanager
async def server(handler: Callable[..., object], tls: ssl.SSLContext | None) -> AsyncIterator[tuple[str, int]]:
    listening = await asyncio.start_server(handler, "127.0.0.1", 0, ssl=tls)  # type: ignore[arg-type]
    async with listening:
        yield listening.sockets[0].getsockname()[:2]


@contextlib.contextmanager
def blocking_server(tls: ssl.SSLContext) -> Iterator[tuple[str, int]]:
    """One connection in a thread: asyncio's server would reset it before its alert is read."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            taken, _ = listening.accept()
            with taken, contextlib.suppress(ssl.SSLError, OSError):
                tls.wrap_socket(taken, server_side=True)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[:2]
        thread.join()


async def fetch(authority: Authority, route: tuple[str, int], skew: float = 0, pins: set[str] | None = None) -> Answer:
    network = Network({(HOST, 443): route}, authority.root_pem.decode(), lambda: time.time() + skew)
    if pins:
        network.pins[HOST] = pins
    return await call(network, HOST, "/")


async def failure(authority: Authority, route: tuple[str, int], **more: object) -> str:
    with pytest.raises(Failed) as caught:
        await fetch(authority, route, **more)  # type: ignore[arg-type]
    return caught.value.trace


async def test_a_sound_server_is_reached(authority: Authority, tmp_path: Path) -> None:
    async with server(greet, context(authority.leaf([HOST]), tmp_path)) as route:
        assert (await fetch(authority, route)).body == b"ok"


def expired(authority: Authority) -> Issued:
    return authority.leaf([HOST], Wish(days=(-60, -2)))


def early(authority: Authority) -> Issued:
    return authority.leaf([HOST], Wish(days=(3, 90)))


def of_another(authority: Authority) -> Issued:
    return authority.leaf(["portal.desk.test"])


def own(authority: Authority) -> Issued:
    return issue([HOST], None, Wish(), datetime.now(UTC))


def of_a_stranger(authority: Authority) -> Issued:
    return Authority.create("Somebody").leaf([HOST])


def without_intermediate(authority: Authority) -> Issued:
    whole = authority.leaf([HOST])
    return Issued(whole.certificate, whole.key)


ANCHOR = "CertPathValidatorException: Trust anchor for certification path not found."


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (expired, "CertificateExpiredException: Certificate expired at"),
        (early, "CertificateNotYetValidException: Certificate not valid until"),
        (of_another, f"SSLPeerUnverifiedException: Hostname {HOST} not verified:"),
        (own, ANCHOR),
        (of_a_stranger, ANCHOR),
        (without_intermediate, ANCHOR),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
async def test_a_bad_certificate_fails_in_conscrypts_words(
    authority: Authority, tmp_path: Path, make: Callable[[Authority], Issued], words: str
) -> None:
    async with server(greet, context(make(authority), tmp_path)) as route:
        trace = await failure(authority, route)
    assert words in trace
    assert "com.android.org.conscrypt" in trace or "okhttp3.internal" in trace


async def test_a_wrong_device_clock_shows_in_the_comparison(authority: Authority, tmp_path: Path) -> None:
    ahead = 4000 * 86400.0
    async with server(greet, context(authority.leaf([HOST]), tmp_path)) as route:
        trace = await failure(authority, route, skew=ahead)
    year = datetime.fromtimestamp(time.time() + ahead, UTC).year
    assert "Certificate expired at" in trace and f"{year})" in trace


async def test_pins_are_held_against_the_chain(authority: Authority, tmp_path: Path) -> None:
    issued = authority.leaf([HOST])
    async with server(greet, context(issued, tmp_path)) as route:
        assert (await fetch(authority, route, pins={_pin(issued.certificate)})).ok
        assert "Certificate pinning failure!" in await failure(authority, route, pins={"A" * 43 + "="})


async def test_an_old_protocol_is_refused_by_alert(authority: Authority, tmp_path: Path) -> None:
    old = context(authority.leaf([HOST]), tmp_path)
    old.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # deprecated is what it is meant to be
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with blocking_server(old) as route:
        assert "TLSV1_ALERT_PROTOCOL_VERSION" in await failure(authority, route)


async def test_no_shared_cipher_is_a_handshake_failure(authority: Authority, tmp_path: Path) -> None:
    weak = context(authority.leaf([HOST]), tmp_path)
    weak.maximum_version = ssl.TLSVersion.TLSv1_2
    weak.set_ciphers("ECDHE-ECDSA-AES128-CCM8:@SECLEVEL=0")
    with blocking_server(weak) as route:
        assert "HANDSHAKE_FAILURE_ON_CLIENT_HELLO" in await failure(authority, route)


async def test_plain_text_and_cut_connections_are_told_apart(authority: Authority) -> None:
    async with server(babble, None) as route:
        assert "Unable to parse TLS packet header" in await failure(authority, route)
    async with server(cut, None) as route:
        assert "connection closed" in await failure(authority, route)
    async with server(reset, None) as route:
        assert "SocketException: Connection reset" in await failure(authority, route)


async def test_what_is_no_tls_failure_says_so(authority: Authority, unused_port: int) -> None:
    assert "ConnectException" in await failure(authority, ("127.0.0.1", unused_port))
    network = Network({}, authority.root_pem.decode(), time.time)
    with pytest.raises(Failed, match="Unable to resolve host"):
        await call(network, "nowhere.desk.test", "/")


@pytest.fixture
def unused_port() -> int:
    from explorer.devices.android_server import free_port

    return free_port()
