"""Adds what a connection of a capture shows to the facts of its host, from which causes are decided. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.hazmat.primitives.serialization import Encoding

from explorer.evidence.capture.conversation import Conversation, Side
from explorer.evidence.capture.hellos import ClientHello, ServerHello
from explorer.evidence.capture.meanings import NO_COMMON
from explorer.evidence.capture.outcome import TLS_1_2, Outcome
from explorer.monitors.browser.netlog import HostLog
from explorer.tls.chain import load, printable, quiet
from explorer.tls.hello import suite_name
from explorer.tls.wire import alert_name, version_name
from flows.session import Endpoint

MOST_HOSTS = 5_000
MOST_CERTIFICATES = 12
LONGEST_CERTIFICATE = 20_000
"""Bytes of a certificate; real ones have some thousands at most."""
_ABOUT_COMMON = ("handshake_failure", "insufficient_security", "protocol_version")


def add_facts(
    hosts: dict[Endpoint, HostLog],
    where: Endpoint,
    talk: Conversation,
    outcome: Outcome,
    *,
    named: bool,
    with_chain: bool = True,
) -> int:
    """Add one connection. What the client refused counts more than what another one accepted.

    The chain is kept only `with_chain`: a hostile capture holds more than memory does. Returns by how many bytes the chains that
    are kept grew."""
    if where not in hosts and len(hosts) >= MOST_HOSTS:
        return 0
    assert talk.sides is not None
    client, server = talk.sides
    log = hosts.setdefault(where, HostLog(*where, named=named))
    first = bool(outcome.error) and not log.failed
    log.tcp_connected = log.client_hello_sent = True
    log.named &= named
    if outcome.error != NO_COMMON:
        _alerts(log, client, server)
    if outcome.opened:
        log.handshakes_done += 1
    if first:
        log.failed, log.ended = True, outcome.ended
        log.first_bytes = printable(server.records.before[:80].decode("utf-8", "replace"))
        log.asked_for_certificate = outcome.by_server and server.asked_certificate and not client.chain
        _chosen(log, client, server, refused=outcome.refused)
    if not server.chain or (outcome.by_server and outcome.error) or (log.chain and not first):
        return 0
    before = sum(map(len, log.chain))
    # A chain that another client accepted must not stand for one that is not kept.
    log.chain = tuple(pem for der in server.chain[:MOST_CERTIFICATES] if (pem := _pem(der))) if with_chain else ()
    return sum(map(len, log.chain)) - before


def _alerts(log: HostLog, client: Side, server: Side) -> None:
    for side, into in ((client, log.alerts_sent), (server, log.alerts_received)):
        for level, code in side.alerts:
            name = alert_name(code)
            # Once a server has chosen version and cipher, its alerts are about something else.
            late = side is server and server.hello is not None and name in _ABOUT_COMMON
            if code and level == 2 and name not in into and not (late and not server.asked_certificate):
                into.append(name)


def _chosen(log: HostLog, client: Side, server: Side, *, refused: bool) -> None:
    """The server's choice, if it is what the client could not accept."""
    hello = server.hello
    if not isinstance(hello, ServerHello) or not isinstance(client.hello, ClientHello):
        return
    if refused and client.hello.newest >= TLS_1_2:
        log.chosen_version = version_name(hello.version)
    elif hello.suite and client.hello.suites and hello.suite not in client.hello.suites:
        log.chosen_version, log.chosen_suite = version_name(hello.version), suite_name(hello.suite)


def _pem(der: bytes) -> str:
    certificate = load(der) if len(der) <= LONGEST_CERTIFICATE else None
    if certificate is None:
        return ""
    return quiet(lambda: certificate.public_bytes(Encoding.PEM).decode(), "")


def shown(hosts: Sequence[str], most: int = 3) -> str:
    """Hosts for a sentence."""
    more = f" and {len(hosts) - most} more" if len(hosts) > most else ""
    return ", ".join(hosts[:most]) + more
