"""Makes one ordinary handshake, begun as a browser would, and records the served chain, verify errors and alerts.

OpenSSL continues after each verify error, so that all verify errors are recorded. At most one short HTTP request is
sent over the connection, and only if the caller gives one.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography import x509
from OpenSSL import SSL, crypto

from explorer.tls.chain import load, printable, quiet
from explorer.tls.hello import MAX_ANSWER
from explorer.tls.verify_codes import words
from explorer.tls.wire import alert_name
from flows.diagnosis import VerifyFault

CIPHERS = (
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-SHA:ECDHE-RSA-AES256-SHA:"
    "AES128-GCM-SHA256:AES256-GCM-SHA384:AES128-SHA:AES256-SHA:@SECLEVEL=0"
)
"""The suites that Chromium offers. At security level 0, OpenSSL accepts weak keys and signatures; the probe
reports them afterwards."""


@dataclass(slots=True)
class HandshakeResult:
    """The result of one handshake.

    `ended` is empty if the handshake completed. Otherwise it is `alert`, `closed`, `reset`, `timeout`, `not-tls` or
    `error`. `error` is OpenSSL's text, if there is one."""

    ended: str = ""
    error: str = ""
    protocol: str | None = None
    cipher: str | None = None
    alert: str | None = None
    chain: list[x509.Certificate] = field(default_factory=list)
    faults: list[VerifyFault] = field(default_factory=list)
    certificate_requested: bool = False
    staple: bytes = b""
    answer: bytes = b""
    after: str = ""
    unreadable: str = ""
    first: bytes = b""


class _TooMuch(Exception):
    """The server sent more bytes than any handshake needs."""


class _Client:
    """A TLS client: pyOpenSSL on memory buffers, with asyncio for the transport."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seen: HandshakeResult) -> None:
        self._reader, self._writer, self.seen = reader, writer, seen
        self._received = 0
        self.connection: SSL.Connection

    def set_up(self, sni: str | None, roots: Sequence[x509.Certificate], now: datetime) -> None:
        context = SSL.Context(SSL.TLS_CLIENT_METHOD)
        context.set_min_proto_version(SSL.TLS1_2_VERSION)
        context.set_cipher_list(CIPHERS.encode())
        context.set_options(SSL.OP_NO_TICKET)
        store = context.get_cert_store()
        assert store is not None
        for root in roots:
            store.add_cert(crypto.X509.from_cryptography(root))
        store.set_time(now)
        context.set_verify(SSL.VERIFY_PEER, self._complaint)
        context.set_info_callback(self._info)
        context.set_ocsp_client_callback(self._stapled)
        self.connection = SSL.Connection(context, None)
        if sni:
            self.connection.set_tlsext_host_name(sni.encode("ascii", "ignore"))
        self.connection.request_ocsp()
        self.connection.set_connect_state()

    def _complaint(self, connection: SSL.Connection, certificate: Any, code: int, depth: int, ok: int) -> bool:
        if not ok and len(self.seen.faults) < 64:
            self.seen.faults.append(VerifyFault(code, depth, words(code)))
        return True

    def _stapled(self, connection: SSL.Connection, data: bytes, _: Any) -> bool:
        self.seen.staple = data[:MAX_ANSWER]
        return True

    def _info(self, connection: SSL.Connection, where: int, result: int) -> None:
        if where & SSL.SSL_CB_ALERT and where & SSL.SSL_CB_READ and result & 0xFF:
            self.seen.alert = alert_name(result & 0xFF)
        elif b"read server certificate request" in connection.get_state_string():
            self.seen.certificate_requested = True

    async def run(self, step: Any, *arguments: Any) -> Any:
        """Run one OpenSSL operation, and send and receive the bytes that it needs.

        Raises SSL.Error, OSError, EOFError (the server closed the connection) or _TooMuch."""
        while True:
            try:
                result = step(*arguments)
            except SSL.WantReadError:
                await self._carry()
                data = await self._reader.read(1 << 14)
                if not data:
                    raise EOFError from None
                self.seen.first = self.seen.first or data[:256]
                self._received += len(data)
                if self._received > 16 * MAX_ANSWER:
                    raise _TooMuch from None
                self.connection.bio_write(data)
                continue
            except SSL.Error:
                await self._carry()
                raise
            await self._carry()
            return result

    async def _carry(self) -> None:
        try:
            while data := self.connection.bio_read(1 << 16):
                self._writer.write(data)
        except SSL.WantReadError:
            pass
        await self._writer.drain()


def _openssl_words(error: SSL.Error) -> str:
    """The reasons in an OpenSSL error, whose argument is a list of (library, function, reason)."""
    found = error.args[0] if error.args and isinstance(error.args[0], list) else []
    return printable("; ".join(str(entry[-1]) for entry in found) or type(error).__name__)


async def shake_hands(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    sni: str | None,
    roots: Sequence[x509.Certificate],
    now: datetime,
    timeout: float,
    request: bytes = b"",
) -> HandshakeResult:
    """Make a handshake over a fresh connection within `timeout` seconds.

    If there is a `request`, it is sent afterwards, and the head of the response is read within another `timeout`
    seconds. Never raises for anything that the server does."""
    seen = HandshakeResult()
    client = _Client(reader, writer, seen)
    client.set_up(sni, roots, now)
    try:
        async with asyncio.timeout(timeout):
            await client.run(client.connection.do_handshake)
    except Exception as error:  # noqa: BLE001 - a hostile server's bytes go through OpenSSL and three parsers
        _tell(seen, error)
    _look(client.connection, seen)
    if not seen.ended and request:
        try:
            async with asyncio.timeout(timeout):
                await client.run(client.connection.send, request)
                while b"\r\n\r\n" not in seen.answer and len(seen.answer) < 1 << 14:
                    seen.answer += await client.run(client.connection.recv, 1 << 14)
        except Exception as error:  # noqa: BLE001 - as above; the handshake itself has been seen
            later = HandshakeResult(alert=seen.alert)
            _tell(later, error)
            seen.after = later.ended
    return seen


def _tell(seen: HandshakeResult, error: Exception) -> None:
    """Record in `seen` how the handshake failed: one word in `ended`, and perhaps a text in `error`."""
    if isinstance(error, TimeoutError):
        seen.ended = "timeout"
    elif isinstance(error, EOFError | SSL.ZeroReturnError):
        seen.ended = "alert" if seen.alert else "closed"
    elif isinstance(error, OSError):
        seen.ended = "alert" if seen.alert else "reset"
    elif isinstance(error, SSL.Error):
        seen.error = _openssl_words(error)
        not_tls = re.search(r"wrong version number|http request|packet length too long", seen.error)
        seen.ended = "alert" if seen.alert else "not-tls" if not_tls and seen.first[:1] not in b"\x15\x16" else "error"
    else:
        seen.ended = "error"
        seen.error = "more bytes than any handshake needs" if isinstance(error, _TooMuch) else type(error).__name__


def _look(connection: SSL.Connection, seen: HandshakeResult) -> None:
    """Record the chain, cipher and version that OpenSSL knows, even if the handshake failed."""
    served = connection.get_peer_cert_chain() or ()
    for number, certificate in enumerate(served, 1):
        parsed = load(quiet(lambda c=certificate: crypto.dump_certificate(crypto.FILETYPE_ASN1, c), b""))  # type: ignore[misc]
        if parsed is not None:
            seen.chain.append(parsed)
            continue
        seen.unreadable = seen.unreadable or f"certificate {number} of {len(served)} cannot be parsed"
        if number == 1:
            break  # without the leaf, the rest of the chain means nothing
    if connection.get_cipher_name() is not None:
        seen.cipher = connection.get_cipher_name()
        seen.protocol = connection.get_protocol_version_name()
