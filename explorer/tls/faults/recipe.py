"""The parts of a fault: the certificates that a server presents, its TLS settings, or the bytes that it sends instead."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from cryptography import x509

from explorer.tls.faults.mint import Authority, Issued
from flows.diagnosis import Cause

Responder = Callable[[bytes], bytes]
"""Takes the body of an HTTP request and returns the body of the response."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a fault may use to make its certificates: the run's authority, the host names, and `publish`.

    `publish(path, answer)` publishes a CRL, an OCSP responder or an issuer certificate over HTTP on loopback, and
    returns its URL."""

    authority: Authority
    names: Sequence[str]
    publish: Callable[[str, Responder], str]

    def static(self, path: str, body: bytes) -> str:
        return self.publish(path, lambda _: body)


@dataclass(frozen=True, slots=True)
class Served:
    """A key and the chain as served, leaf first. Clients without SNI get `without_sni` instead, unless it is None.
    `staple` is the OCSP response that is sent with the chain."""

    key_pem: bytes
    chain: tuple[x509.Certificate, ...]
    without_sni: Served | None = None
    staple: bytes = b""


Mint = Callable[[Workshop], Served]
Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def show(issued: Issued, *more: x509.Certificate) -> Served:
    """The key and chain of `issued`, as a healthy server presents them, with the certificates `more` at the end."""
    return Served(issued.key_pem, (*issued.chain, *more))


def good(shop: Workshop) -> Served:
    return show(shop.authority.leaf(shop.names))


@dataclass(frozen=True, slots=True)
class Terms:
    """The server's TLS settings. `ciphers` is OpenSSL's cipher list for TLS 1.2 and below.

    `client_certificate` says what happens if the client has no certificate. With `no`, the server does not ask for one.
    With `strict`, the handshake fails. With `http-400`, the handshake completes, and the answer to every request has
    status 400, as nginx does it.
    """

    minimum: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2
    maximum: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3
    ciphers: str = ""
    client_certificate: Literal["no", "strict", "http-400"] = "no"


@dataclass(frozen=True, slots=True)
class Fault:
    """One way for a server to be broken. If `cause` is None, the server is healthy or merely odd.

    `cause` is the cause that a probe must report first; `also` are causes that it rightly reports with that one.
    `finding` is the kind of finding that a probe must report. `skew` is the error of the client's clock, for a fault of
    the client. `script` talks to the client instead of a TLS server. `chromium` is the net error that Chromium reports
    (docs/browsers.md): empty if Chromium loads the page, «hangs» if the load never ends.
    """

    name: str
    cause: Cause | None
    about: str
    mint: Mint = good
    terms: Terms = Terms()
    script: Script | None = None
    side: Literal["server", "client", "network"] = "server"
    skew: timedelta = timedelta()
    also: tuple[Cause, ...] = ()
    finding: str = ""
    chromium: str = ""
