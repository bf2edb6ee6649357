"""Probes one server as a client would, and records facts. `explorer.tls.diagnose` decides what the facts mean."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from cryptography import x509

from explorer.targets.resolve import plain_host
from explorer.tls import hello
from explorer.tls.chain import describe, load, must_staple, name_matches, printable
from explorer.tls.chain_facts import Asking, chain_facts
from explorer.tls.connect import Route, Unreachable, connected, is_address, route_to
from explorer.tls.handshake import HandshakeResult, shake_hands
from explorer.tls.hello import ServerReply
from explorer.tls.revocation import standing
from explorer.tls.trust import TrustStore
from explorer.tls.wire import version_name
from flows.diagnosis import Certificate, Evidence, VerifyFault
from flows.private_address import is_private
from flows.probe_facts import ProbeFacts

TIMEOUT = 5.0
"""Seconds for each step: resolving the name, connecting, the handshake, the first response, each fetch."""


@dataclass(slots=True)
class _Look:
    """A probe in progress: its parameters, and the facts found so far."""

    host: str
    port: int
    sni: str | None
    trust: TrustStore
    timeout: float
    offline: bool
    third_party: bool
    now: datetime
    known: Sequence[x509.Certificate]
    route: Route
    private: bool
    address: str | None = None
    facts: ProbeFacts = field(default_factory=ProbeFacts)


async def probe(
    host: str,
    port: int = 443,
    *,
    address: str | None = None,
    sni: str | None = None,
    ca: Sequence[Path] = (),
    timeout: float = TIMEOUT,
    offline: bool = False,
    third_party: bool = False,
    now: datetime | None = None,
    known: Sequence[Certificate | x509.Certificate] = (),
    trust: TrustStore | None = None,
    private: bool = False,
) -> Evidence:
    """Probe `host`:`port`, at `address` if given, and return the evidence.

    `sni` replaces `host` in the handshake; if it is empty, no SNI is sent. With `offline`, no CRL, OCSP response or
    issuer is fetched. A `third_party` host gets one ordinary handshake and nothing more. `now` is the client's clock,
    with a time zone. `known` are certificates seen elsewhere in this run; an intermediate that this server does not
    send may be among them. `trust` replaces the system's roots and `ca`, so that they are not read again. Issuers, CRLs
    and OCSP responses are fetched from private addresses only with `private`, or if `host` is a private address or
    name, or resolves to a private address.

    Never raises for anything that a server does. Raises explorer.tls.trust.TrustError for an unusable `ca`, and
    ValueError for an invalid `host`.
    """
    host = plain_host(host)
    name = host if sni is None else sni
    look = _Look(
        host,
        port,
        None if not name or is_address(name) else name,
        trust or TrustStore.load(ca),
        timeout,
        offline,
        third_party,
        now or datetime.now(tz=UTC),
        [c for k in known if (c := _certificate(k)) is not None],
        Route(host, port),
        private or is_private(host),
    )
    empty = Evidence(host, port, address, look.sni, look.now, trust_store=look.trust.words)
    try:
        look.route = await route_to(host, port, address, timeout)
        seen = await _handshake(look)
        look.private |= address is None and look.address is not None and is_private(look.address)
    except Unreachable as error:
        return replace(empty, route=look.route.words, error=printable(str(error)))
    return await _evidence(look, seen, replace(empty, address=look.address, route=look.route.words))


def _certificate(known: Certificate | x509.Certificate) -> x509.Certificate | None:
    if isinstance(known, x509.Certificate):
        return known
    try:
        return x509.load_pem_x509_certificate(known.pem.encode())
    except ValueError:
        return None


async def _handshake(look: _Look) -> HandshakeResult:
    request = b"" if look.third_party else _request(look)
    async with connected(look.route, look.timeout) as (reader, writer, address):
        look.address = address
        return await shake_hands(reader, writer, look.sni, look.trust.roots, look.now, look.timeout, request)


def _request(look: _Look) -> bytes:
    """The bytes of one GET request.

    It is needed because some servers report a missing client certificate only in their response (nginx: status 400)."""
    host = f"[{look.host}]" if ":" in look.host else look.host
    at = host if look.port == 443 else f"{host}:{look.port}"
    return f"GET / HTTP/1.1\r\nHost: {at}\r\nUser-Agent: Trustwalk\r\nAccept: */*\r\nConnection: close\r\n\r\n".encode()


async def _ask(look: _Look, version: int, suites: tuple[int, ...], *, sni: bool = True) -> ServerReply:
    """Send one raw ClientHello on its own connection."""
    record = hello.client_hello(version, suites, look.sni if sni else None, hello.fresh_random())
    route = replace(look.route, addresses=(look.address,)) if look.address else look.route
    try:
        async with connected(route, look.timeout) as (reader, writer, _):
            return await hello.ask(reader, writer, record, look.timeout)
    except Unreachable:
        return ServerReply("unreachable")


async def _evidence(look: _Look, seen: HandshakeResult, base: Evidence) -> Evidence:
    """The evidence about a server that accepted the connection."""
    found = list(seen.chain)
    protocol, cipher, alert = seen.protocol, seen.cipher, seen.alert
    offered: tuple[str, ...] = (protocol,) if protocol else ()
    if not look.third_party:
        look.facts["enumerated"] = "yes"
    if seen.ended and not look.third_party:
        older, offered = await _why_refused(look, seen)
        if older is not None:
            protocol, cipher = version_name(older.version), hello.suite_name(older.cipher)
            found = found or [c for der in older.chain if (c := load(der)) is not None]
    elif not look.third_party:
        offered = await _offered(look, protocol or "")
    faults = tuple(dict.fromkeys(seen.faults))
    if found:
        faults = tuple(dict.fromkeys((*faults, *await _chain_facts(look, found, seen))))
    _http_facts(look, seen)
    if seen.ended:
        look.facts["handshake"] = seen.ended
    if seen.after:
        look.facts["after-handshake"] = seen.after
    if seen.unreadable:
        look.facts["unreadable"] = seen.unreadable
    if seen.first and seen.ended in ("not-tls", "error"):
        look.facts["first-bytes"] = printable(seen.first[:64].decode("latin-1"))
    chain = tuple(describe(c) for c in found[:32])
    return replace(
        base,
        tcp_connected=True,
        client_hello_sent=True,
        protocol=protocol,
        cipher=cipher,
        alert=alert,
        chain=chain,
        verify_faults=faults[:64],
        name_matches=name_matches(chain[0], look.host) if chain else None,
        protocols_offered=offered,
        client_certificate_requested=seen.certificate_requested,
        server_clock=_server_clock(seen.answer),
        server_software=_header(seen.answer, "server"),
        error=seen.error or None,
        facts=look.facts,
    )


async def _why_refused(look: _Look, seen: HandshakeResult) -> tuple[ServerReply | None, tuple[str, ...]]:
    """Offer old versions and cipher suites to a server that refused a browser's handshake.

    Returns the ServerHello with the newest version, if any, and all versions that the server accepts."""
    if seen.certificate_requested or seen.ended == "not-tls":
        return None, ()
    if seen.ended in ("timeout", "closed", "reset"):
        # Some old servers close the connection on unknown values. A server that accepts this hello is alive.
        once = await _ask(look, 0x0303, hello.OLD)
        return (once, (version_name(once.version),)) if once.kind == "hello" else (None, ())
    answers = await asyncio.gather(*(_ask(look, version, hello.OLD) for version in (0x0303, 0x0302, 0x0301, 0x0300)))
    taken: list[ServerReply] = []
    for answer in answers:
        if answer.kind == "hello" and answer.version not in {a.version for a in taken}:
            taken.append(answer)
    return (taken[0] if taken else None), tuple(version_name(a.version) for a in taken)


async def _offered(look: _Look, protocol: str) -> tuple[str, ...]:
    """Returns the versions that a healthy server speaks, newest first. Also records whether it needs SNI."""
    versions = [v for v in (0x0303, 0x0302, 0x0301) if version_name(v) != protocol]
    answers = await asyncio.gather(*(_ask(look, v, hello.OLD) for v in versions))
    if look.sni:
        await _without_sni(look)
    taken = {a.version for a, v in zip(answers, versions, strict=True) if a.kind == "hello" and a.version == v}
    return (protocol, *(version_name(v) for v in versions if v in taken))


async def _without_sni(look: _Look) -> None:
    """Record whether clients without SNI get a certificate for another name.

    The ClientHello offers TLS 1.2, in which the certificate arrives in plaintext."""
    answer = await _ask(look, 0x0303, hello.MODERN, sni=False)
    leaf = load(answer.chain[0]) if answer.chain else None
    if leaf is not None and not name_matches(describe(leaf), look.host):
        look.facts["needs-sni"] = f"clients without SNI get the certificate of {describe(leaf).subject}"


async def _chain_facts(look: _Look, found: list[x509.Certificate], seen: HandshakeResult) -> list[VerifyFault]:
    """Record the facts about the chain: its path, missing certificates, revocation. Returns the chain's faults."""
    asked = Asking(look.trust, look.known, look.now, look.timeout, offline=look.offline, private=look.private)
    facts, path, faults = await chain_facts(found, asked, unreadable=bool(seen.unreadable))
    look.facts.update(facts)
    parents = [*path.links[1:], *([path.anchor] if path.anchor else [])]
    if must_staple(found[0]) and not seen.staple:
        look.facts["must-staple"] = "the certificate requires a stapled OCSP response, and the server sent none"
    if parents and not look.third_party:
        state = await standing(
            found[0], parents[0], seen.staple, look.now, look.timeout, offline=look.offline, private=look.private
        )
        look.facts["revocation"] = state.words
        if state.state == "revoked":
            faults.append(VerifyFault(23, 0, state.words, "revocation"))
    return faults


def _http_facts(look: _Look, seen: HandshakeResult) -> None:
    match = re.match(rb"HTTP/[\d.]+ (\d{3})", seen.answer)
    if match:
        look.facts["http-status"] = match[1].decode()
    if b"o required SSL certificate" in seen.answer or b"SSL certificate error" in seen.answer:
        look.facts["http-says"] = "no required SSL certificate was sent"


def _header(answer: bytes, name: str) -> str | None:
    match = re.search(rb"(?im)^" + name.encode() + rb":[ \t]*([^\r\n]{1,200})", answer.partition(b"\r\n\r\n")[0])
    return printable(match[1].decode("latin-1").strip()) if match else None


def _server_clock(answer: bytes) -> datetime | None:
    try:
        told = parsedate_to_datetime(_header(answer, "date") or "")
    except (ValueError, TypeError):
        return None
    return told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)
