"""TLS in front of the demo's backends: a relay per host whose certificate or handshake can be broken while it runs.

It covers the server-side causes of DESIGN section 4 that a TLS server built on OpenSSL can show.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from explorer.tls.mint import Authority, Issued, Wish, issue, pem

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], asyncio.Future[None]]

WISHES: Mapping[str, Wish] = MappingProxyType(
    {
        "expired": Wish(days=(-90, -4)),
        "not-yet-valid": Wish(days=(20, 80)),
        "weak-signature": Wish(key="rsa", digest="sha1"),
        "weak-cipher": Wish(key="rsa"),
        "invalid-certificate": Wish(eku=()),
    }
)
ELSEWHERE = ("desk-eu1.hosting.test",)
"""Whose certificate a host shows by mistake: the one of the machine that it moved to."""

KNOWN_FAULTS: tuple[str, ...] = (
    "expired", "not-yet-valid", "hostname-mismatch", "self-signed", "untrusted-ca", "incomplete-chain", "weak-protocol",
    "weak-cipher", "weak-signature", "client-certificate-required", "not-tls", "connection-cut", "handshake-timeout",
)  # fmt: skip


def context(authority: Authority, name: str, fault: str) -> ssl.SSLContext:
    """A server's TLS settings for `name`, right for an empty fault, else broken in that way."""
    issued, chain = _issued(authority, name, fault)
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.set_alpn_protocols(["http/1.1"])
    if fault == "weak-protocol":
        made.minimum_version, made.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        made.set_ciphers("ALL:@SECLEVEL=0")
    elif fault == "weak-cipher":
        # Finite-field Diffie-Hellman: browsers have dropped it, OpenSSL still offers it.
        made.maximum_version = ssl.TLSVersion.TLSv1_2
        made.set_ciphers("DHE-RSA-AES128-SHA:@SECLEVEL=0")
    elif fault == "weak-signature":
        made.set_ciphers("DEFAULT:@SECLEVEL=0")
    elif fault == "client-certificate-required":
        made.verify_mode = ssl.CERT_REQUIRED
        made.load_verify_locations(cadata=authority.root_pem.decode())
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:  # OpenSSL takes keys from files only
        file.write(issued.key_pem + chain)
        file.flush()
        made.load_cert_chain(file.name)
    return made


def _issued(authority: Authority, name: str, fault: str) -> tuple[Issued, bytes]:
    names = ELSEWHERE if fault == "hostname-mismatch" else (name,)
    wish = WISHES.get(fault)
    if fault == "self-signed":
        issued = issue(names, None, wish or Wish(), authority.now)
    elif fault == "untrusted-ca":
        issued = Authority.create("Fernhill Internal").leaf(names, wish)
    else:
        issued = authority.leaf(names, wish)
    return issued, pem(issued.certificate) if fault == "incomplete-chain" else pem(*issued.chain)


class Front:
    """TLS on a port of `127.0.0.1` in front of a plain HTTP backend."""

    def __init__(self, authority: Authority, name: str, backend: int) -> None:
        self.name = name
        self.port = 0
        self._authority = authority
        self._backend = backend
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._held: asyncio.Event = asyncio.Event()

    async def open(self, fault: str = "") -> None:
        """Listen, on the same port as before if there was one."""
        await self.close()
        self._held = asyncio.Event()
        serve = {"connection-cut": self._cut, "handshake-timeout": self._hold}.get(fault, self._relay)
        plain = fault in {"connection-cut", "handshake-timeout", "not-tls"}
        tls = None if plain else await asyncio.to_thread(context, self._authority, self.name, fault)
        self._server = await asyncio.start_server(serve, "127.0.0.1", self.port, ssl=tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Stop listening and end all connections, so that a browser must shake hands again."""
        if self._server is None:
            return
        self._server.close()
        self._held.set()
        for writer in set(self._writers):
            writer.transport.abort()
        await self._server.wait_closed()
        self._server = None

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            back_reader, back_writer = await asyncio.open_connection("127.0.0.1", self._backend)
        except OSError:
            writer.transport.abort()
            self._writers.discard(writer)
            return
        self._writers.add(back_writer)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(_pump(reader, back_writer))
                both.create_task(_pump(back_reader, writer))
        finally:
            for end in (writer, back_writer):
                end.transport.abort() if end.transport.is_closing() else end.close()
                self._writers.discard(end)

    async def _cut(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            await reader.read(1)  # the ClientHello is on its way: only now cut
        end = writer.get_extra_info("socket")
        if end is not None:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    async def _hold(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._held.wait()
        writer.transport.abort()


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Copy until one side ends, then end the other: a WebSocket dies as a whole."""
    try:
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    except (OSError, ssl.SSLError):
        pass  # the other side went away, as browsers do
    finally:
        sink.close()


def write_root(authority: Authority, folder: Path) -> Path:
    """The root certificate as a PEM file in `folder`."""
    path = folder / "demo-root.pem"
    path.write_bytes(authority.root_pem)
    return path
