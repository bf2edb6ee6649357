"""OCSP responses (RFC 6960), and a server that staples them (RFC 6066 section 8).

Python's `ssl` cannot staple, but pyOpenSSL can. `StaplingContext` wraps pyOpenSSL in the part of the interface of
`ssl.SSLContext` that `TlsStream` needs.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TypeVar

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509 import ocsp
from OpenSSL import SSL

from explorer.tls.faults.mint import Authority, Issued
from explorer.tls.faults.recipe import Served

T = TypeVar("T")


def ocsp_answer(authority: Authority, leaf: Issued, *, revoked: bool) -> bytes:
    """An OCSP response (DER) for a leaf: good, or revoked since yesterday. The issuer itself signs the response."""
    by, now = authority.intermediate, authority.now.replace(microsecond=0)
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=leaf.certificate,
        issuer=by.certificate,
        algorithm=hashes.SHA1(),  # noqa: S303 - CertID's usual hash
        cert_status=ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD,
        this_update=now - timedelta(hours=1),
        next_update=now + timedelta(days=1),
        revocation_time=now - timedelta(days=1) if revoked else None,
        revocation_reason=None,
    )
    responder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, by.certificate)
    return responder.sign(by.key, hashes.SHA256()).public_bytes(Encoding.DER)


class StaplingContext:
    """A server's context for TLS 1.2 and 1.3. Clients that ask for a stapled OCSP response get `served.staple`."""

    def __init__(self, served: Served) -> None:
        self._context = SSL.Context(SSL.TLS_SERVER_METHOD)
        self._context.set_min_proto_version(SSL.TLS1_2_VERSION)
        self._context.use_privatekey(load_pem_private_key(served.key_pem, None))  # type: ignore[arg-type] # any kind of key
        self._context.use_certificate(served.chain[0])
        for issuer in served.chain[1:]:
            self._context.add_extra_chain_cert(issuer)
        self._context.set_ocsp_server_callback(lambda *_: served.staple)

    def wrap_bio(self, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO, *, server_side: bool) -> StapledObject:
        assert server_side, "a client cannot staple"
        connection = SSL.Connection(self._context, None)
        connection.set_accept_state()
        return StapledObject(connection, incoming, outgoing)


class StapledObject:
    """Has the part of the interface of `ssl.SSLObject` that a server on loopback needs, with the same exceptions."""

    def __init__(self, connection: SSL.Connection, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO) -> None:
        self._connection, self._incoming, self._outgoing = connection, incoming, outgoing

    def do_handshake(self) -> None:
        self._run(self._connection.do_handshake)

    def read(self, size: int) -> bytes:
        return self._run(lambda: self._connection.recv(size))

    def write(self, data: bytes | memoryview) -> int:
        return self._run(lambda: self._connection.send(bytes(data)))

    def unwrap(self) -> None:
        self._run(self._connection.shutdown)

    def getpeercert(self, *, binary_form: bool) -> bytes | None:
        """Always None: this server asks for no client certificate."""

    def _run(self, step: Callable[[], T]) -> T:
        with self._carried():
            return step()

    @contextmanager
    def _carried(self) -> Iterator[None]:
        if data := self._incoming.read():
            self._connection.bio_write(data)
        if self._incoming.eof:
            self._connection.bio_shutdown()
        try:
            yield
        except SSL.WantReadError as error:
            raise (ssl.SSLEOFError if self._incoming.eof else ssl.SSLWantReadError)(str(error)) from error
        except SSL.ZeroReturnError as error:
            raise ssl.SSLZeroReturnError(str(error)) from error
        except SSL.Error as error:
            raise ssl.SSLError(str(error)) from error
        finally:
            self._drain()

    def _drain(self) -> None:
        try:
            while data := self._connection.bio_read(1 << 16):
                self._outgoing.write(data)
        except SSL.Error:
            pass  # empty
