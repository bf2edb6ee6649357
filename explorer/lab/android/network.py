"""Makes real TLS handshakes as an Android app does, and reports failures as Android's stack traces.

OpenSSL makes the handshake with the ciphers of OkHttp and Conscrypt, and checks the trust anchor. Then this module
makes the libraries' other checks: strength, dates by the device's clock, purpose, name and pins. All errors have the
libraries' texts.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID

from explorer.lab.android import traces

CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AES+SHA1:@SECLEVEL=0"
_NO_CHECK_TIME = ssl.VerifyFlags(0x200000)
"""X509_V_FLAG_NO_CHECK_TIME: OpenSSL does not check dates, because it does not know the device's clock."""
HANDSHAKE_TIMEOUT = 10.0
MAX_ANSWER = 8 << 20
SYSTEM_UID = 1000
"""The user id of Android's own processes (`android.os.Process.SYSTEM_UID`)."""
FIRST_PORT = 40_000
"""Local port of the first connection."""

TABLE = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
"""The head of the kernel's table of sockets."""

Note = Callable[[str, int], None]
"""Called with the address and port of a connection once it is open, and before anything is sent on it."""
Dial = Callable[[str, int, Note], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter] | None]]
"""Opens a connection through the device's proxy. Returns None if the device has no proxy."""


class Failed(Exception):
    """A failed request. `trace` is the Java stack trace that the app catches."""

    def __init__(self, trace: str) -> None:
        super().__init__(trace.split("\n", 1)[0])
        self.trace = trace


@dataclass(frozen=True, slots=True)
class Socket:
    """One TCP connection in the kernel's table: its owner, its local port, and its far side."""

    uid: int
    local: int
    address: str
    port: int


@dataclass(slots=True)
class Sockets:
    """The current connections of all apps."""

    live: list[Socket] = field(default_factory=list)
    _count: int = 0

    def open(self, uid: int, address: str, port: int) -> Socket:
        """Add a connection. Local ports are not used twice."""
        self._count += 1
        made = Socket(uid, FIRST_PORT + self._count, address, port)
        self.live.append(made)
        return made

    def close(self, socket: Socket) -> None:
        self.live.remove(socket)


@dataclass(slots=True)
class Network:
    """The device's network and trust store.

    `routes` maps host and port to an address and port on loopback; other names do not resolve. `roots` are the trusted
    roots in PEM. `clock` returns the device's time in seconds since the epoch. `pins` are the pins of one app in
    OkHttp's form: host → base64 SHA-256 of a public key. `dial` connects through the device's proxy. `uid` is the user id
    whose connections these are.
    """

    routes: Mapping[tuple[str, int], tuple[str, int]]
    roots: str
    clock: Callable[[], float]
    pins: dict[str, set[str]] = field(default_factory=dict)
    dial: Dial | None = None
    patience: float = HANDSHAKE_TIMEOUT
    """Time limit of a handshake, in seconds."""
    uid: int = SYSTEM_UID
    sockets: Sockets = field(default_factory=Sockets)

    @contextlib.asynccontextmanager
    async def connect(self, host: str, port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        """Open a verified TLS connection. Raises Failed with Android's error."""
        async with self._tcp(host, port) as (plain_reader, plain_writer):
            context = self._context()
            greeted = _greeting(context)
            with _translated(greeted):
                await asyncio.wait_for(plain_writer.start_tls(context, server_hostname=host), self.patience)
            self._verify(host, plain_writer)
            with _translated(greeted):
                yield plain_reader, plain_writer

    def refuse_plain(self, host: str) -> None:
        """Refuse an `http://` request, as the platform does by default since target SDK 28. Always raises Failed."""
        raise Failed(traces.cleartext(host))

    @contextlib.asynccontextmanager
    async def _tcp(self, host: str, port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        """A connection through the proxy if the device has one, else by the routes. The socket table shows it."""
        with contextlib.ExitStack() as table:

            def note(address: str, number: int) -> None:
                table.callback(self.sockets.close, self.sockets.open(self.uid, address, number))

            reader, writer = await self._dialled(host, port, note)
            try:
                yield reader, writer
            finally:
                writer.close()
                with contextlib.suppress(OSError, ssl.SSLError, TimeoutError):
                    await asyncio.wait_for(writer.wait_closed(), 1)

    async def _dialled(self, host: str, port: int, note: Note) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        try:
            through = await self.dial(host, port, note) if self.dial is not None else None
        except (OSError, EOFError) as error:
            raise Failed(traces.refused(host, port)) from error
        if through is not None:
            return through
        route = self.routes.get((host, port))
        if route is None:
            raise Failed(traces.unknown_host(host))
        try:
            opened = await asyncio.open_connection(*route)
        except OSError as error:
            raise Failed(traces.refused(host, port)) from error
        note(*opened[1].get_extra_info("peername", ("127.0.0.1", 0))[:2])
        return opened

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cadata=self.roots)
        context.check_hostname = False  # OkHttp compares the name after the handshake, see _verify
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(CIPHERS)
        context.verify_flags = ssl.VerifyFlags(int(context.verify_flags) & ~int(getattr(ssl, "VERIFY_X509_STRICT", 0)))
        context.verify_flags |= _NO_CHECK_TIME
        context.set_alpn_protocols(["http/1.1"])
        return context

    def _verify(self, host: str, writer: asyncio.StreamWriter) -> None:
        chain = _chain(writer.get_extra_info("ssl_object"))
        now = datetime.fromtimestamp(self.clock(), UTC)
        for certificate in chain[:-1]:
            if weak := _weakness(certificate):
                raise Failed(traces.unacceptable(certificate.subject.rfc4514_string(), weak))
        for certificate in chain:
            if now > certificate.not_valid_after_utc:
                raise Failed(traces.expired(certificate.not_valid_after_utc, now))
            if now < certificate.not_valid_before_utc:
                raise Failed(traces.not_yet_valid(certificate.not_valid_before_utc, now))
        if not _for_servers(chain[0]):
            raise Failed(traces.wrong_purpose())
        names = _names(chain[0])
        if not any(_matches(host, name) for name in names):
            raise Failed(traces.hostname(host, _pin(chain[0]), chain[0].subject.rfc4514_string(), names))
        wanted = self.pins.get(host)
        if wanted and not wanted & {_pin(c) for c in chain}:
            raise Failed(traces.pins(host, [(_pin(c), c.subject.rfc4514_string()) for c in chain], sorted(wanted)))


def _greeting(context: ssl.SSLContext) -> asyncio.Event:
    """An event that is set when the ServerHello arrives.

    An error of OpenSSL before that means that the server refused the ClientHello.
    """
    greeted = asyncio.Event()

    def hear(_: Any, direction: str, __: Any, ___: Any, message: Any, ____: bytes) -> None:
        if direction == "read" and getattr(message, "name", "") == "SERVER_HELLO":
            greeted.set()

    context._msg_callback = hear  # type: ignore[attr-defined]  # noqa: SLF001 - nothing public tells of messages
    return greeted


@contextlib.contextmanager
def _translated(greeted: asyncio.Event) -> Any:
    """Translate errors of OpenSSL and the socket into Conscrypt's."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        purpose = error.verify_code == 26
        raise Failed(traces.wrong_purpose() if purpose else traces.trust_anchor()) from error
    except ssl.SSLError as error:
        raise Failed(traces.ssl_error(str(error), greeted.is_set())) from error
    except TimeoutError as error:
        raise Failed(traces.handshake_timeout()) from error
    except ConnectionResetError as error:
        ended = error.errno is None  # asyncio's error for a normal close during the handshake
        raise Failed(traces.recorded("close_after_hello" if ended else "reset")) from error
    except (EOFError, ConnectionError, OSError) as error:
        raise Failed(traces.recorded("close_after_hello")) from error


def _chain(ssl_object: Any) -> list[x509.Certificate]:
    """The verified chain, leaf first. `ssl.SSLObject.get_verified_chain` is public since Python 3.13."""
    public = getattr(ssl_object, "get_verified_chain", None)
    if public is not None:
        return [x509.load_der_x509_certificate(der) for der in public()]
    private = ssl_object._sslobj  # noqa: SLF001 - the only way to the chain up to Python 3.12
    return [x509.load_pem_x509_certificate(c.public_bytes().encode()) for c in private.get_verified_chain()]


def _weakness(certificate: x509.Certificate) -> str:
    """The error text of Conscrypt's ChainStrengthAnalyzer; empty if the certificate is strong enough."""
    algorithm = certificate.signature_hash_algorithm
    if isinstance(algorithm, hashes.MD5 | hashes.SHA1):
        return f"Signature uses an insecure hash function: {certificate.signature_algorithm_oid.dotted_string}"
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < 1024:
        return "RSA modulus is < 1024 bits"
    return ""


def _for_servers(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return ExtendedKeyUsageOID.SERVER_AUTH in usage or ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE in usage


def _names(certificate: x509.Certificate) -> list[str]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [*names.get_values_for_type(x509.DNSName), *map(str, names.get_values_for_type(x509.IPAddress))]


def _matches(host: str, name: str) -> bool:
    """Whether a certificate's name matches a host (RFC 6125). A wildcard stands for exactly one label, the leftmost."""
    name, host = name.lower(), host.lower()
    return name == host or (name.startswith("*.") and "." in host and name[2:] == host.split(".", 1)[1])


def _pin(certificate: x509.Certificate) -> str:
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(key).digest()).decode()


def tcp_table(sockets: Sequence[Socket]) -> str:
    """`/proc/net/tcp6` as the kernel prints it. Java opens its sockets for both families (libcore, `NetUtils`), so an
    app's connections over IPv4 stand there with mapped addresses, and `/proc/net/tcp` has none of them."""
    return TABLE + "".join(
        f"{n:4d}: {_mapped('10.0.2.15')}:{entry.local:04X} {_mapped(entry.address)}:{entry.port:04X} 01 "
        f"00000000:00000000 00:00000000 00000000 {entry.uid:5d}        0 {50_000 + n} 1 0000000000000000 20 4 30 10 -1\n"
        for n, entry in enumerate(sockets)
    )


def _mapped(address: str) -> str:
    return f"0000000000000000FFFF0000{socket.inet_aton(address)[::-1].hex().upper()}"
