"""One TCP connection of a capture: who opened it, what both sides said in the open, and who ended it how. Pure.

Nothing is decrypted. Of encrypted records only sizes are known, in their order in time.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from explorer.evidence.capture.frames import ACK, FIN, RST, SYN, Segment
from explorer.evidence.capture.hellos import ClientHello, ServerHello, client_hello, server_hello
from explorer.evidence.capture.ordering import Ordering
from explorer.evidence.capture.records import Records
from explorer.tls.hello import certificate_list

TLS_1_3 = 0x0304
SMALL = 40
"""Encrypted records with a smaller body hold no Finished, whose body has at least 4 + 32 + 1 + 8 bytes (RFC 8446, sections
4.4.4 and 5.2), but may hold an alert, which has 2 + 1 + 16."""
_BOTH = 3
MOST_SEALED = 40
"""Encrypted records whose sizes are kept."""
ENOUGH = 24
"""A connection with so many encrypted records works; what else it carries is not looked at."""


class Side:
    """What one side said. `alerts` are levels and codes of those that are not encrypted, in their order."""

    __slots__ = (
        "alerts",
        "asked_certificate",
        "chain",
        "chain_lost",
        "changed",
        "exchanged_key",
        "hello",
        "ordering",
        "records",
        "retry",
        "talk",
    )

    def __init__(self, talk: Conversation) -> None:
        self.talk = talk
        self.records = Records(self)
        self.ordering = Ordering(self.records.take, self.records.pass_over)
        self.hello: ClientHello | ServerHello | None = None
        self.alerts: list[tuple[int, int]] = []
        self.chain: tuple[bytes, ...] = ()
        self.chain_lost = self.asked_certificate = self.changed = self.exchanged_key = self.retry = False

    def message(self, kind: int, body: bytes, *, whole: bool) -> None:
        """A handshake message (RFC 8446 section 4, RFC 5246 section 7.4)."""
        if kind == 1 and not isinstance(self.hello, ClientHello):
            self.hello = client_hello(body, whole=whole)
            self.talk.said_hello(self, by_client=True)
        elif kind == 2 and (self.hello is None or self.retry):
            self.hello = server_hello(body)
            self.talk.said_hello(self, by_client=False)
            self.retry = self.hello is not None and self.hello.retry
        elif kind == 11 and not self.chain:
            self.chain = certificate_list(body) if whole else ()
            self.chain_lost = not whole
        elif kind == 13:
            self.asked_certificate = True
        elif kind == 16:
            self.exchanged_key = True

    def alert(self, level: int, code: int) -> None:
        if len(self.alerts) < 8:
            self.alerts.append((level, code))
        self.talk.alerted(self)

    def change(self) -> None:
        if not self.talk.retrying and self.talk.version != TLS_1_3:
            self.changed = True
            self.records.encrypted()

    def sealed(self, kind: int, size: int) -> None:
        self.talk.sealed_by(self, kind, size)

    @property
    def spoke(self) -> bool:
        """Whether it said anything at all."""
        return self.records.begun or bool(self.records.before) or self.records.lost

    @property
    def held(self) -> int:
        """How many bytes are kept of what it said."""
        return self.ordering.held + self.records.held + sum(map(len, self.chain))

    @property
    def lost(self) -> bool:
        """Whether the capture misses a part of what it said that matters."""
        return self.records.lost or self.chain_lost


@dataclass(slots=True)
class Conversation:
    """A connection. `client` and `server` are addresses with ports; the client is who opened it.

    `asked` counts its SYNs, `answered` says whether the server took it, `heard` whether anything of the server was captured;
    `midway`: the capture began later than the connection.
    `ends` has a bit for each side that ended it. `first_end` is the side that ended it first, `reset` whether by RST; `hops` are the times to live of the server's answer to
    the SYN and of its RST. `sealed` are encrypted records after the ServerHello: by the client or not, content type, size of the
    body.
    `gave_up`: before anybody ended it, the client of TLS 1.3 sent an encrypted record that can only be an alert.
    `settled`: it works, and what else it carries is not looked at.
    """

    client: tuple[bytes, int]
    server: tuple[bytes, int]
    started: float
    last: float
    asked: int = 0
    answered: bool = False
    heard: bool = False
    refused: bool = False
    midway: bool = False
    ends: int = 0
    first_end: str = ""
    reset: bool = False
    ended_at: float = 0.0
    hello_at: float = 0.0
    first_alert: str = ""
    alerted_at: float = 0.0
    hops: list[int] = field(default_factory=lambda: [0, 0])
    sealed: list[tuple[bool, int, int]] = field(default_factory=list)
    gave_up: bool = False
    settled: bool = False
    sides: tuple[Side, Side] | None = None
    """Client and server, once one of them sent data."""
    starts: list[int | None] = field(default_factory=lambda: [None, None])
    """The numbers of the SYN of both sides."""

    def take(self, segment: Segment, time: float) -> None:
        """The next segment of this connection."""
        self.last = max(self.last, time)
        by_client = (segment.source, segment.source_port) == self.client
        self.heard |= not by_client
        flags = segment.flags
        if flags & SYN:
            self._opened(segment, by_client=by_client)
        elif segment.length and not self.settled:
            if self.first_end and self.reset:
                return
            self._begin()
            self.answered = True  # nobody sends before; the answer itself may be missing in the capture
            assert self.sides is not None
            self.sides[not by_client].ordering.put(segment.sequence, segment.data, segment.length)
        if self.sides is not None and not self.settled:
            if flags & ACK:
                self.sides[by_client].ordering.acknowledge(segment.acknowledged)
            if flags & FIN:
                self.sides[not by_client].ordering.put(segment.sequence + segment.length, b"", 0)
        if flags & (RST | FIN):
            self._ended(segment, time, by_client=by_client)

    def _begin(self) -> None:
        if self.sides is None:
            self.sides = (Side(self), Side(self))
            for side, start in zip(self.sides, self.starts, strict=True):
                if start is not None:
                    side.ordering.begin(start)

    def _opened(self, segment: Segment, *, by_client: bool) -> None:
        if by_client and not segment.flags & ACK:
            self.asked += 1
        elif not by_client and segment.flags & ACK:
            self.answered, self.hops[0] = True, segment.hops
        if self.starts[not by_client] is None:
            self.starts[not by_client] = segment.sequence

    def _ended(self, segment: Segment, time: float, *, by_client: bool) -> None:
        who = "client" if by_client else "server"
        if segment.flags & RST and not by_client:
            self.hops[1] = segment.hops
            self.refused |= not self.answered and not self.midway
        self.ends |= 1 if by_client else 2
        if not self.first_end:
            self.first_end, self.reset, self.ended_at = who, bool(segment.flags & RST), time
        elif segment.flags & RST and self.first_end == who:
            self.reset = True

    @property
    def over(self) -> bool:
        """Whether no segment will follow."""
        return self.ends == _BOTH or self.reset or self.refused

    @property
    def held(self) -> int:
        """How many bytes are kept of it."""
        return sum(side.held for side in self.sides) if self.sides is not None else 0

    @property
    def version(self) -> int:
        """The version that the server chose; 0 if it is not known."""
        hello = self.sides[1].hello if self.sides is not None else None
        return hello.version if isinstance(hello, ServerHello) and not hello.retry else 0

    @property
    def retrying(self) -> bool:
        """Whether the server has asked for another ClientHello, and not answered it yet."""
        return self.sides is not None and self.sides[1].retry

    def said_hello(self, side: Side, *, by_client: bool) -> None:
        """A hello came. In a capture that began later than the connection, it tells who the client is."""
        assert self.sides is not None
        self.hello_at = self.hello_at if not by_client else self.last
        if side is self.sides[by_client] and self.midway:
            self.client, self.server = self.server, self.client
            self.sides = (self.sides[1], self.sides[0])

    def alerted(self, side: Side) -> None:
        """An alert came that is not encrypted."""
        assert self.sides is not None
        who = "client" if side is self.sides[0] else "server"
        if self.first_end and self.first_end != who:
            return  # it answers the end of the connection
        if not self.first_alert and side.alerts[-1] not in WARNINGS:
            self.first_alert, self.alerted_at = who, self.last

    def sealed_by(self, side: Side, kind: int, size: int) -> None:
        """An encrypted record came."""
        assert self.sides is not None
        if self.version and len(self.sealed) < MOST_SEALED:
            by_client = side is self.sides[0]
            self.sealed.append((by_client, kind, size))
            self.gave_up |= by_client and size < SMALL and self.version == TLS_1_3 and not self.first_end
        if len(self.sealed) >= ENOUGH and self.opened:
            self.settled = len({by for by, _, _ in self.sealed}) == 2

    @property
    def opened(self) -> bool:
        """Whether the handshake ended well: both sides changed to the agreed keys, or in TLS 1.3 the client sent its Finished."""
        if self.sides is None:
            return False
        if self.version == TLS_1_3:
            return any(by and size >= SMALL for by, _, size in self.sealed)
        return self.sides[0].changed and self.sides[1].changed

    def finish(self) -> None:
        """Read what came in part, when nothing more will come."""
        for side in self.sides or ():
            side.ordering.give_up()
            side.records.partial()

    @property
    def lost(self) -> bool:
        """Whether the capture misses a part of what was said that matters."""
        return any(side.lost for side in self.sides or ())


WARNINGS = frozenset({(1, 0), (2, 0), (1, 90), (1, 100), (1, 112)})
"""Alerts that end no handshake: close_notify, user_canceled, no_renegotiation, and unrecognized_name as a warning."""
