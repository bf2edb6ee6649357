"""Reads a packet capture: which connections were made to which hosts, and how their handshakes ended.

A capture holds no requests: TLS encrypts them. So each TLS connection stands for one, called CONNECT. Up to TLS 1.2 it shows
the chain as served and the alerts of both sides; TLS 1.3 encrypts these, and what they say is not observable.
"""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from explorer.evidence.capture import meanings
from explorer.evidence.capture.conversation import Conversation
from explorer.evidence.capture.following import QUIC_PORT, Following
from explorer.evidence.capture.hellos import ClientHello
from explorer.evidence.capture.host_facts import add_facts
from explorer.evidence.capture.outcome import Outcome, outcome_of
from explorer.evidence.capture.packet_file import PacketFile
from explorer.evidence.capture.starts import Starts
from explorer.evidence.seen import Kept, Seen
from explorer.monitors.browser.netlog import HostLog
from explorer.tls.chain import describe, load, name_matches
from flows.session import Endpoint

_TUNNEL = re.compile(rb"CONNECT ([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):(\d{1,5}) HTTP/1", re.IGNORECASE)
_PLAIN = re.compile(rb"(?:GET|POST|HEAD|PUT|OPTIONS|DELETE|PATCH) /")
_MADE_UP = 0x0A0A
"""What all numbers of GREASE have in common (RFC 8701 section 2)."""
MOST_VAGUE, MOST_OPENED, MOST_UNMADE = 5_000, 20_000, 1_000
MOST_OF_CHAINS = 16 << 20
"""Bytes of certificates that are kept of all hosts, and as many of connections that wait for the end of the capture."""
EARLIEST = 1_262_304_000.0
"""The beginning of 2010. A capture that says that it is older was made by a machine whose clock was not set."""
_TLS_PORTS = frozenset({443, 8443})


@dataclass(slots=True)
class Capture:
    """What a capture holds. The counters are of connections that could not be told: `lost`, since packets are missing or cut;
    `midway`, since they had begun before; `deaf`, since only one direction was captured."""

    kept: Kept = field(default_factory=Kept)
    hosts: dict[Endpoint, HostLog] = field(default_factory=dict)
    cut_off: bool = False
    secrets: bool = False
    without_clock: bool = False
    """The clock of the machine that made it was not set at first: times before `EARLIEST` count from now on."""
    clock_set: bool = False
    """It was set during the capture: later times are as they were captured."""
    packets: int = 0
    lost: int = 0
    midway: int = 0
    deaf: int = 0
    dropped: int = 0
    fragments: int = 0
    unknown_links: Counter[int] = field(default_factory=Counter)
    encrypted: Counter[str] = field(default_factory=Counter)
    """Hosts with failures whose reason TLS 1.3 encrypts."""
    unused: Counter[str] = field(default_factory=Counter)
    """Hosts with connections that the client closed before it asked anything; only those without another kind."""
    plain: Counter[str] = field(default_factory=Counter)
    """Hosts to whose TLS port a client spoke plain HTTP."""
    between: Counter[str] = field(default_factory=Counter)
    """Hosts whose reset came over another number of hops than their answers."""
    unanswered: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    """Hosts to which no connection was made, and none on another way to the same port either."""
    unmade: int = 0
    """Further connections that nobody took; on which other ways their hosts were reached is not looked at."""
    quic: tuple[str, ...] = ()
    """Hosts of which there is nothing but QUIC."""


def read_capture(blocks: Iterator[bytes], now: float) -> Capture:
    """The connections in a capture, read in blocks. Raises NotACapture.

    `now` (seconds since the epoch) stands for the time of its first packet if that is not known."""
    found = Capture()
    file = PacketFile(blocks)
    telling = _Telling(found)
    following = Following(telling.take)
    telling.following = following
    shift: float | None = None
    for packet in file.packets():
        if packet.time < EARLIEST:
            shift = now - packet.time if shift is None else shift
            packet = packet._replace(time=packet.time + shift)
        elif shift is not None and not found.clock_set:
            found.clock_set = True
            following.until = 0.0  # it was a time of the other clock
        following.take(packet)
    following.close()
    telling.close()
    found.without_clock = shift is not None
    found.cut_off, found.secrets = file.cut_off, file.secrets
    found.packets, found.fragments = following.packets, following.fragments
    found.unknown_links, found.dropped = following.unknown_links, following.dropped
    return found


class _Telling:
    """Makes a request of each connection, and gathers the facts of hosts."""

    following: Following

    def __init__(self, found: Capture) -> None:
        self._found = found
        self._number = 0
        self._kept_bytes = self._vague_bytes = 0
        self._worked: set[Endpoint] = set()
        self._reached: set[tuple[bytes, int]] = set()
        self._opened = Starts()
        self._vague: list[tuple[Conversation, Outcome, Endpoint, bool]] = []
        self._failed_to_connect: list[tuple[Conversation, Outcome]] = []

    def take(self, talk: Conversation) -> None:
        """A connection that is over."""
        outcome = outcome_of(talk, self.following.until)
        if talk.answered and len(self._reached) < MOST_OPENED:
            self._reached.add(talk.server)
        if outcome.error in (meanings.UNANSWERED, meanings.REFUSED):
            if len(self._failed_to_connect) < MOST_UNMADE:
                self._failed_to_connect.append((talk, outcome))
            else:
                self._found.unmade += 1
            return
        client = talk.sides[0] if talk.sides else None
        if client is None or not isinstance(client.hello, ClientHello):
            self._without_hello(talk)
            return
        where, named = self._where(talk, client.hello)
        if outcome.opened:
            self._opened.add(_who(talk, where), talk.started)
        if outcome.error in meanings.VAGUE and len(self._vague) < MOST_VAGUE and self._vague_bytes < MOST_OF_CHAINS:
            self._vague_bytes += talk.held
            self._vague.append((talk, outcome, where, named))
        else:
            self._tell(talk, outcome, where, named=named)

    def _tell(self, talk: Conversation, outcome: Outcome, where: Endpoint, *, named: bool) -> None:
        assert talk.sides is not None and isinstance(talk.sides[0].hello, ClientHello)
        self._count(talk, outcome, where)
        if outcome.error == meanings.NOTHING_ASKED and not _other_name(talk, talk.sides[0].hello.name):
            _count(self._found.unused, where[0])
            outcome = Outcome(opened=True)
        elif outcome.opened and not outcome.error:
            if len(self._worked) < MOST_OPENED:
                self._worked.add(where)
        room = self._kept_bytes < MOST_OF_CHAINS
        self._kept_bytes += add_facts(self._found.hosts, where, talk, outcome, named=named, with_chain=room)
        self._keep(talk, outcome, where)

    def _without_hello(self, talk: Conversation) -> None:
        sides = talk.sides
        if sides is None:
            return
        if talk.midway and sides[0].records.begun:
            self._found.midway += 1
        elif _PLAIN.match(sides[0].records.before) and talk.server[1] in _TLS_PORTS:
            _count(self._found.plain, self._called(talk.server[0]))

    def _count(self, talk: Conversation, outcome: Outcome, where: Endpoint) -> None:
        found = self._found
        if not outcome.error and not outcome.opened and not outcome.left:
            found.deaf += not talk.heard
            found.lost += talk.heard and talk.lost
        if outcome.error in (meanings.HUNG_UP_SEALED, meanings.REFUSED_SEALED):
            _count(found.encrypted, where[0])
        if outcome.error == meanings.CUT_RESET and all(talk.hops) and abs(talk.hops[0] - talk.hops[1]) > 1:
            _count(found.between, where[0])

    def _where(self, talk: Conversation, hello: ClientHello) -> tuple[Endpoint, bool]:
        """The host and port that the client meant, and whether it named the host."""
        assert talk.sides is not None
        tunnel = _TUNNEL.match(talk.sides[0].records.before)
        if tunnel is not None:
            host = hello.name or tunnel[1].decode().strip("[]").lower()
            return (host, min(int(tunnel[2]), 65_535)), True
        if hello.name:
            return (hello.name, talk.server[1]), True
        return (self._called(talk.server[0]), talk.server[1]), False

    def _called(self, address: bytes) -> str:
        """The name of an address as DNS told it, or the address as text."""
        return self.following.names.of(address) or _words(address)

    def _keep(self, talk: Conversation, outcome: Outcome, where: Endpoint) -> None:
        self._number += 1
        failed = bool(outcome.error)
        issuer, expires = _accepted(talk) if outcome.opened and not failed else ("", 0.0)
        ended = (talk.ended_at or talk.last) if failed else max(talk.hello_at, talk.started)
        self._found.kept.add(
            Seen(
                id=str(self._number),
                started=talk.started,
                took=max(ended - talk.started, 0.0),  # the clock may have been set in between
                method="CONNECT",
                url=_url(where),
                status=0,
                opened=outcome.opened and not failed,
                address=_words(talk.server[0]),
                error=outcome.error,
                canceled=outcome.left,
                pending=not (failed or outcome.opened or outcome.left),
                issuer=issuer,
                expires=expires,
            )
        )

    def close(self) -> None:
        """What only the whole capture tells: names that were asked for late, and hosts that were reached another way."""
        for talk, outcome, where, named in self._vague:
            again = self._opened.soon_after(_who(talk, where), talk.started)
            self._tell(talk, Outcome(left=True) if again else outcome, where, named=named)
        names, found = self.following.names, self._found
        ways = {(name, port) for address, port in self._reached if (name := names.of(address))}
        for talk, outcome in self._failed_to_connect:
            address, port = talk.server
            if talk.server not in self._reached and (names.of(address), port) not in ways:
                host = self._called(address)
                self._keep(talk, outcome, (host, port))
                _count(found.refused if outcome.error == meanings.REFUSED else found.unanswered, host)
        for host in [h for h, _ in self._worked]:
            found.unused.pop(host, None)
        quic = [address for address in self.following.quic if (address, QUIC_PORT) not in self._reached]
        found.quic = tuple(dict.fromkeys(map(self._called, quic)))


def _who(talk: Conversation, where: Endpoint) -> tuple[object, ...]:
    """Which program of which client asked which host: programs offer the same suites each time, but for made-up ones."""
    assert talk.sides is not None
    hello = talk.sides[0].hello
    suites = frozenset(s for s in hello.suites if s & 0x0F0F != _MADE_UP) if isinstance(hello, ClientHello) else None
    return where, talk.client[0], suites


def _count(hosts: Counter[str], host: str) -> None:
    """Count a host, unless there are too many."""
    if host in hosts or len(hosts) < MOST_OPENED:
        hosts[host] += 1


def _other_name(talk: Conversation, name: str) -> bool:
    """Whether the certificate that the server sent is for other hosts than the one that the client named."""
    assert talk.sides is not None
    leaf = load(talk.sides[1].chain[0]) if talk.sides[1].chain and name else None
    if leaf is None:
        return False
    told = describe(leaf)
    return bool(told.names) and not name_matches(told, name)


def _accepted(talk: Conversation) -> tuple[str, float]:
    """Issuer and end of the certificate that the client accepted, if it was to be seen."""
    chain = talk.sides[1].chain if talk.sides else ()
    leaf = load(chain[0]) if chain else None
    if leaf is None:
        return "", 0.0
    told = describe(leaf)
    return told.issuer[:200], told.not_after.timestamp()


def _words(address: bytes) -> str:
    return str(ipaddress.ip_address(address))


def _url(where: Endpoint) -> str:
    host = f"[{where[0]}]" if ":" in where[0] else where[0]
    return f"https://{host}/" if where[1] == 443 else f"https://{host}:{where[1]}/"
