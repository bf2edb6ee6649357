"""A front: a TLS server on loopback, with or without a fault, that forwards the decrypted bytes to a plain backend.

HTTP, WebSocket and server-sent events pass through unchanged. Nothing is parsed, so the Host header arrives as sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import tempfile
import warnings
from collections.abc import Sequence
from email.utils import formatdate
from pathlib import Path
from types import TracebackType

from explorer.tls.faults.known import fault_named
from explorer.tls.faults.mint import Authority, pem
from explorer.tls.faults.publish import Publisher
from explorer.tls.faults.recipe import Fault, Served, Terms, Workshop
from explorer.tls.faults.stapling import StaplingContext
from explorer.tls.stream import CHUNK, TlsStream, linger

_NO_CERTIFICATE = (
    b"<html><head><title>400 No required SSL certificate was sent</title></head><body><center><h1>400 Bad Request</h1>"
    b"</center><center>No required SSL certificate was sent</center></body></html>"
)
_HEALTHY = Fault("healthy", None, "A healthy server.")


def server_context(served: Served, terms: Terms, authority: Authority) -> ssl.SSLContext:
    """An SSL context for these terms and certificates, without OCSP stapling.

    Raises ssl.SSLError if OpenSSL refuses the terms or the certificates."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if terms.ciphers:
        context.set_ciphers(terms.ciphers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python warns about deprecated versions; a fault may ask for exactly those
        context.minimum_version = terms.minimum
        context.maximum_version = terms.maximum
    context.set_alpn_protocols(["http/1.1"])
    with tempfile.TemporaryDirectory(prefix="trustwalk-") as folder:
        file = Path(folder, "key-and-chain.pem")
        file.touch(0o600)
        file.write_bytes(served.key_pem + pem(*served.chain))
        context.load_cert_chain(file)
    if terms.client_certificate != "no":
        context.load_verify_locations(cadata=authority.root_pem.decode())
        context.verify_mode = ssl.CERT_REQUIRED if terms.client_certificate == "strict" else ssl.CERT_OPTIONAL
    if served.without_sni is not None:
        named, unnamed = context, server_context(served.without_sni, terms, authority)

        def by_name(connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
            connection.context = named if name else unnamed

        context.sni_callback = by_name
    return context


class Front:
    """A front, made by `serve`.

    `connections` counts all connections, `handshakes` the completed handshakes, and `refused` the failed handshakes."""

    def __init__(self, authority: Authority, names: Sequence[str], backend: tuple[str, int] | None) -> None:
        self.authority = authority
        self.names = tuple(names)
        self.backend = backend
        self.fault = _HEALTHY
        self.served: Served | None = None
        self.connections = 0
        self.handshakes = 0
        self.refused = 0
        self._context: ssl.SSLContext | StaplingContext | None = None
        self._publisher = Publisher()
        self._server: asyncio.Server | None = None
        self._place: tuple[str, int] | None = None
        self._live: set[asyncio.Task[None]] = set()

    async def start(self, address: str, port: int, fault: Fault | str | None) -> None:
        """Start listening. Raises OSError if the port is taken, ValueError for an unknown fault."""
        await self._publisher.start()
        try:
            await self.present(fault)
            self._server = await asyncio.start_server(self._accept, address, port)
            self._place = self._server.sockets[0].getsockname()[:2]
        except BaseException:
            await self._publisher.close()
            raise

    @property
    def address(self) -> str:
        return str(self._name()[0])

    @property
    def port(self) -> int:
        return int(self._name()[1])

    def _name(self) -> tuple[str, int]:
        if self._place is None:
            raise RuntimeError("this front is not listening")
        return self._place

    @property
    def fetched(self) -> tuple[str, ...]:
        """The paths of CRL, OCSP and AIA URLs that clients have requested."""
        return tuple(self._publisher.asked)

    async def present(self, fault: Fault | str | None) -> None:
        """Present this fault from now on (None: no fault). Connections made under the previous fault are dropped.

        Raises ValueError for an unknown name, and for a fault of the client.
        """
        chosen = _HEALTHY if fault is None else fault_named(fault) if isinstance(fault, str) else fault
        if chosen.side == "client":
            raise ValueError(f"«{chosen.name}» is a fault of the client; no server can present it.")
        if chosen.script is None:
            shop = Workshop(self.authority, self.names, self._publisher.publish)
            self.served = await asyncio.to_thread(chosen.mint, shop)
            self._context = (
                StaplingContext(self.served)
                if self.served.staple
                else server_context(self.served, chosen.terms, self.authority)
            )
        self.fault = chosen
        await self._drop()

    async def _drop(self) -> None:
        live = tuple(self._live)
        for task in live:
            task.cancel()
        await asyncio.gather(*live, return_exceptions=True)

    async def close(self) -> None:
        """Stop listening and drop all connections. Safe to call twice."""
        if self._server is not None:
            self._server.close()
        await self._drop()
        await self._publisher.close()

    async def __aenter__(self) -> Front:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._live.add(task)
        self.connections += 1
        try:
            if self.fault.script is not None:
                await self.fault.script(reader, writer)
            else:
                await self._speak(reader, writer)
            await linger(reader, writer)
        except (OSError, ssl.SSLError, asyncio.IncompleteReadError):
            pass  # clients that refuse or leave are the purpose of this server
        except asyncio.CancelledError:
            pass  # `present` and `close` drop connections; nobody awaits this task
        finally:
            self._live.discard(task)
            writer.transport.abort() if writer.is_closing() else writer.close()

    async def _speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert self._context is not None
        stream = TlsStream(reader, writer, self._context)
        try:
            await stream.handshake()
        except (ssl.SSLError, OSError):
            self.refused += 1
            await linger(reader, writer, end_first=False)
            return
        self.handshakes += 1
        if self.fault.terms.client_certificate == "http-400" and not stream.object.getpeercert(binary_form=True):
            await self._answer(stream, "400 Bad Request", _NO_CERTIFICATE)
        elif self.backend is None:
            await self._answer(stream, "200 OK", b"<html><body>It works</body></html>")
        else:
            await self._pipe(stream, *self.backend)
        await stream.write_end()

    @staticmethod
    async def _answer(stream: TlsStream, status: str, body: bytes) -> None:
        """Read one request and answer it as nginx would, with the header «Connection: close»."""
        request = b""
        while b"\r\n\r\n" not in request and len(request) < CHUNK:
            data = await stream.read()
            if not data:
                return
            request += data
        head = f"HTTP/1.1 {status}\r\nServer: nginx\r\nDate: {formatdate(usegmt=True)}\r\nContent-Type: text/html\r\n"
        await stream.write(f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)

    @staticmethod
    async def _pipe(stream: TlsStream, host: str, port: int) -> None:
        """Forward both directions until the backend closes its side.

        If the client closes its side first, the backend can still answer."""
        reader, writer = await asyncio.open_connection(host, port)

        async def upwards() -> None:
            while data := await stream.read():
                writer.write(data)
                await writer.drain()
            if writer.can_write_eof():
                writer.write_eof()

        async def downwards() -> None:
            while data := await reader.read(CHUNK):
                await stream.write(data)
            await stream.write_end()

        try:
            async with asyncio.TaskGroup() as both:
                up = both.create_task(upwards())
                await downwards()
                up.cancel()  # the backend has answered and closed, so do not wait for an idle client
        except* (OSError, ssl.SSLError):
            pass  # one side went away, and the task group has ended the other direction
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


async def serve(
    authority: Authority,
    names: Sequence[str],
    backend: tuple[str, int] | None,
    fault: Fault | str | None = None,
    *,
    address: str = "127.0.0.1",
    port: int = 0,
) -> Front:
    """Listen on `address`:`port` (0 takes a free port) for `names`, and forward to `backend` (host, port).

    Without a backend, every request is answered with status 200. Use it as `async with await serve(…) as front`, or call
    `front.close()`. Raises OSError if the port is taken, ValueError for an unknown fault.
    """
    front = Front(authority, names, backend)
    await front.start(address, port, fault)
    return front
