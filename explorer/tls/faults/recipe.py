"""What a fault is made of: the certificates that a server shows, how it speaks TLS, or the bytes that it sends instead."""

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
"""Given the body of an HTTP request, what a publisher answers with."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a mint may use: the run's authority, the host names, and `publish(path, answer)`, which puts something
    on an HTTP server on loopback (CRL, OCSP, issuer certificates) and returns its URL."""

    authority: Authority
    names: Sequence[str]
    publish: Callable[[str, Responder], str]

    def static(self, path: str, body: bytes) -> str:
        return self.publish(path, lambda _: body)


@dataclass(frozen=True, slots=True)
class Served:
    """A key and the chain as it is sent, leaf first. `without_sni` is shown to clients that name no host; `staple` is
    an OCSP answer that comes along with the chain."""

    key_pem: bytes
    chain: tuple[x509.Certificate, ...]
    without_sni: Served | None = None
    staple: bytes = b""


Mint = Callable[[Workshop], Served]
Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def show(issued: Issued, *more: x509.Certificate) -> Served:
    """The chain as a well-kept server sends it, with `more` behind it."""
    return Served(issued.key_pem, (*issued.chain, *more))


def good(shop: Workshop) -> Served:
    return show(shop.authority.leaf(shop.names))


@dataclass(frozen=True, slots=True)
class Terms:
    """How TLS is spoken. `ciphers` is OpenSSL's list for TLS 1.2 and below.

    `client_certificate`: `strict` lets the handshake fail without one; `http-400` lets it pass and answers every
    request with status 400, as nginx does.
    """

    minimum: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2
    maximum: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3
    ciphers: str = ""
    client_certificate: Literal["no", "strict", "http-400"] = "no"


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to be broken (or, with `cause` None, merely odd).

    `cause` is what a probe must name first; `also` are causes that rightly come with it. A fault on the client's
    side has a `skew`, by which the client's clock is wrong. `script` replaces TLS altogether. `chromium` is the net
    error that Chromium shows (WEB.md section 1), empty where it loads the page, «hangs» where it never ends.
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
