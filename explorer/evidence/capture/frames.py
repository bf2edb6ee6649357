"""Finds the TCP segments and UDP datagrams in frames: Ethernet, VLAN, Linux cooked, loopback, raw IP. Pure.

Link types are those of the registry of tcpdump.org. Fragments of IP packets are not put together: hosts hardly ever send
TCP in fragments, since TCP finds out how much fits into a packet (RFC 1191).
"""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple

FIN, SYN, RST, ACK = 1, 2, 4, 16
"""Flags of TCP (RFC 9293 section 3.1)."""
TCP, UDP = 6, 17
NULL, ETHERNET, RAW, LOOP, COOKED, COOKED_2 = 0, 1, 101, 108, 113, 276
LINKS = frozenset({NULL, ETHERNET, RAW, LOOP, COOKED, COOKED_2, 12, 14, 228, 229})
"""The link types that are read. 12 and 14 are RAW on some systems; 228 and 229 are IPv4 and IPv6 alone."""
_VLAN = frozenset({0x8100, 0x88A8, 0x9100})
_IPV4, _IPV6, _PPPOE = 0x0800, 0x86DD, 0x8864
_PPP = {0x0021: _IPV4, 0x0057: _IPV6}
_OPTIONS, _ROUTING, _FRAGMENT, _AUTHENTICATION, _DESTINATION = 0, 43, 44, 51, 60
"""Extension headers of IPv6 (RFC 8200 section 4)."""
_INSIDE = {4: _IPV4, 41: _IPV6}
"""IP in IP (RFC 2003, RFC 4213)."""
MOST_LAYERS = 12

_TCP = Struct(">HHIIBB")
_UDP = Struct(">HHH")
_V4 = Struct(">BBHHHBB")
_V6 = Struct(">IHBB")


class Segment(NamedTuple):
    """A TCP segment, or a UDP datagram with `flags` 0. Addresses are in network byte order.

    `length` is how many bytes it carried; `data` may hold fewer, if the capture cut it. `acknowledged` is the number
    that its sender expects next, if the flag ACK is set. `hops` is its time to live."""

    protocol: int
    source: bytes
    source_port: int
    target: bytes
    target_port: int
    sequence: int
    acknowledged: int
    flags: int
    data: bytes
    length: int
    hops: int


class Fragmented(ValueError):
    """The frame holds a fragment of an IP packet."""


def segment_in(link: int, frame: bytes) -> Segment | None:
    """The segment or datagram in a frame; None if it holds something else, or too little of it. Raises Fragmented."""
    at, kind = _network(link, frame)
    for _ in range(MOST_LAYERS):
        if kind in _VLAN:
            if len(frame) < at + 4:
                return None
            at, kind = at + 4, int.from_bytes(frame[at + 2 : at + 4], "big")
        elif kind == _PPPOE:
            at, kind = at + 8, _PPP.get(int.from_bytes(frame[at + 6 : at + 8], "big"), 0)
        elif kind in (_IPV4, _IPV6):
            found = _ipv4(frame, at) if kind == _IPV4 else _ipv6(frame, at)
            if found is None or found.protocol not in _INSIDE:
                return _transport(frame, found) if found is not None else None
            at, kind = found.at, _INSIDE[found.protocol]
        else:
            return None
    return None


def _network(link: int, frame: bytes) -> tuple[int, int]:
    """Where the network layer begins, and its EtherType (0 if unknown)."""
    if link == ETHERNET:
        return 14, int.from_bytes(frame[12:14], "big")
    if link == COOKED:
        return 16, int.from_bytes(frame[14:16], "big")
    if link == COOKED_2:
        return 20, int.from_bytes(frame[0:2], "big")
    # The number of the address family in front of it differs between systems, so the packet's own version decides.
    at = 4 if link in (NULL, LOOP) else 0
    version = frame[at] >> 4 if link in LINKS and len(frame) > at else 0
    return at, {4: _IPV4, 6: _IPV6}.get(version, 0)


class _Payload(NamedTuple):
    """What an IP packet carries: its protocol, and where it begins and ends (which may be behind what was captured)."""

    protocol: int
    source: bytes
    target: bytes
    hops: int
    at: int
    end: int


def _ipv4(frame: bytes, at: int) -> _Payload | None:
    if len(frame) < at + 20:
        return None
    first, _, total, _, offset, hops, protocol = _V4.unpack_from(frame, at)
    head = (first & 15) * 4
    if first >> 4 != 4 or head < 20:
        return None
    if offset & 0x3FFF:  # more fragments, or not the first one
        raise Fragmented
    total = total or len(frame) - at  # 0 if the network card was to split it up
    return _Payload(protocol, frame[at + 12 : at + 16], frame[at + 16 : at + 20], hops, at + head, at + total)


def _ipv6(frame: bytes, at: int) -> _Payload | None:
    if len(frame) < at + 40:
        return None
    first, size, protocol, hops = _V6.unpack_from(frame, at)
    if first >> 28 != 6:
        return None
    source, target, begin = frame[at + 8 : at + 24], frame[at + 24 : at + 40], at + 40
    end = begin + size if size else len(frame)
    for _ in range(MOST_LAYERS):
        if protocol in (_OPTIONS, _ROUTING, _DESTINATION, _FRAGMENT, _AUTHENTICATION):
            if len(frame) < begin + 8:
                return None
            following, told = frame[begin], frame[begin + 1]
            if protocol == _FRAGMENT:
                if int.from_bytes(frame[begin + 2 : begin + 4], "big") & 0xFFF9:
                    raise Fragmented
                told = 0
            begin += (told + 2) * 4 if protocol == _AUTHENTICATION else (told + 1) * 8
            protocol = following
        else:
            return _Payload(protocol, source, target, hops, begin, end)
    return None


def _transport(frame: bytes, found: _Payload) -> Segment | None:
    protocol, source, target, hops, at, end = found
    if protocol == TCP:
        if len(frame) < at + 14:
            return None
        source_port, target_port, sequence, acknowledged, offset, flags = _TCP.unpack_from(frame, at)
        begin = at + (offset >> 4) * 4
        if offset < 0x50 or begin > end:
            return None
        data = frame[begin:end]
        return Segment(
            TCP, source, source_port, target, target_port, sequence, acknowledged, flags, data, end - begin, hops
        )
    if protocol == UDP and len(frame) >= at + 8:
        source_port, target_port, size = _UDP.unpack_from(frame, at)
        data = frame[at + 8 : min(end, at + size) if size >= 8 else end]
        return Segment(UDP, source, source_port, target, target_port, 0, 0, 0, data, len(data), hops)
    return None
