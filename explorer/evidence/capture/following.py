"""Follows all connections of a capture at once, within limits, and hands each on when it is over. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from explorer.evidence.capture.conversation import Conversation
from explorer.evidence.capture.frames import ACK, LINKS, SYN, UDP, Fragmented, Segment, segment_in
from explorer.evidence.capture.names import PORT as NAMES_PORT
from explorer.evidence.capture.names import Names
from explorer.evidence.capture.packet_file import Packet

MOST_LIVE = 10_000
"""Connections that are followed at once. The one that began first gives way."""
MOST_HELD = 48 << 20
"""Bytes that are kept of all connections together."""
MOST_PEERS = 10_000
MOST_OVER = 10_000
"""Connections that are over and still known. What comes late for one of them begins no new one."""
LINGER = 240.0
"""Seconds for which they are known: a late segment lives no longer (twice the MSL, RFC 9293 section 3.4.2)."""
QUIC_PORT = 443
_Key = tuple[bytes, int, bytes, int]


class Following:
    """Takes the packets of a capture. `finished` gets each connection once, also those that go on when the capture ends.

    `quic` counts datagrams of QUIC by server. `fragments` and `unknown_links` count packets that are not read.
    """

    def __init__(self, finished: Callable[[Conversation], None]) -> None:
        self.names = Names()
        self.quic: Counter[bytes] = Counter()
        self.fragments = 0
        self.unknown_links: Counter[int] = Counter()
        self.packets = self.dropped = 0
        self.until = 0.0
        self._finished = finished
        self._live: dict[_Key, Conversation] = {}
        self._held = 0
        self._over: dict[_Key, float] = {}

    def take(self, packet: Packet) -> None:
        """The next packet."""
        self.packets += 1
        self.until = max(self.until, packet.time)
        if packet.link not in LINKS:
            self.unknown_links[packet.link] += 1
            return
        try:
            segment = segment_in(packet.link, packet.data)
        except Fragmented:
            self.fragments += 1
            return
        if segment is None:
            return
        if segment.protocol == UDP:
            self._datagram(segment)
        else:
            self._segment(segment, packet.time)

    def _datagram(self, segment: Segment) -> None:
        if segment.source_port == NAMES_PORT:
            self.names.take(segment.data)
        elif segment.target_port == QUIC_PORT and segment.data[:1] >= b"\xc0":  # a long header (RFC 9000 section 17.2)
            if segment.target in self.quic or len(self.quic) < MOST_PEERS:
                self.quic[segment.target] += 1

    def _segment(self, segment: Segment, time: float) -> None:
        _, source, source_port, target, target_port, _, _, flags, _, length, _ = segment
        key, other = (source, source_port, target, target_port), (target, target_port, source, source_port)
        talk = self._live.get(key)
        if talk is None:
            talk = self._live.get(other)
            key = key if talk is None else other
        opens = flags & SYN and not flags & ACK
        if talk is not None and opens and (talk.over or talk.first_end):
            self._end(key, talk)  # the same ports again
            talk = None
        if talk is None:
            if not flags & SYN and (not length or self._is_late(key, time) or self._is_late(other, time)):
                return
            key, talk = self._began(segment, time)
        if talk.settled:
            talk.take(segment, time)
        else:
            before = talk.held
            talk.take(segment, time)
            self._held += talk.held - before
        if talk.over:
            self._end(key, talk)
        elif self._held > MOST_HELD:
            self._give_way()

    def _is_late(self, key: _Key, time: float) -> bool:
        """Whether a segment at `time` belongs to a connection that is over."""
        return key in self._over and time - self._over[key] < LINGER

    def _began(self, segment: Segment, time: float) -> tuple[_Key, Conversation]:
        """A new connection. Who answers a SYN is the server; without one, who speaks first counts as the client."""
        if len(self._live) >= MOST_LIVE:
            self._give_way()
        one, other = (segment.source, segment.source_port), (segment.target, segment.target_port)
        client, server = (other, one) if segment.flags & SYN and segment.flags & ACK else (one, other)
        midway = not segment.flags & SYN
        talk = Conversation(client, server, time, time, midway=midway, answered=midway)
        key = (*client, *server)
        self._live[key] = talk
        self._over.pop(key, None)
        return key, talk

    def _give_way(self) -> None:
        key = next(iter(self._live))
        self.dropped += 1
        self._end(key, self._live[key])

    def _end(self, key: _Key, talk: Conversation) -> None:
        del self._live[key]
        if talk.over:
            self._over[key] = talk.last
            if len(self._over) > MOST_OVER:
                del self._over[next(iter(self._over))]
        self._held -= talk.held
        talk.finish()
        self._finished(talk)

    def close(self) -> None:
        """The capture ended."""
        for key, talk in list(self._live.items()):
            self._end(key, talk)
