"""Frames, segments and capture files, made byte by byte, and a connection between two hosts that is told in few words."""

from __future__ import annotations

import ipaddress
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from explorer.evidence.capture.frames import ACK, FIN, RST, SYN

CLIENT, SERVER = "10.0.0.5", "192.0.2.7"
BEGAN = 1_796_000_000.0
Timed = tuple[float, bytes]


def tcp(
    source: int,
    target: int,
    sequence: int,
    flags: int,
    data: bytes = b"",
    *,
    options: bytes = b"",
    acknowledged: int = 0,
) -> bytes:
    offset = (20 + len(options)) // 4 << 4
    return struct.pack(">HHIIBBHHH", source, target, sequence, acknowledged, offset, flags, 64, 0, 0) + options + data


def udp(source: int, target: int, data: bytes) -> bytes:
    return struct.pack(">HHHH", source, target, 8 + len(data), 0) + data


def ip(
    payload: bytes, source: str = CLIENT, target: str = SERVER, *, protocol: int = 6, hops: int = 64, fragment: int = 0
) -> bytes:
    one, other = ipaddress.ip_address(source), ipaddress.ip_address(target)
    if one.version == 6:
        return struct.pack(">IHBB", 6 << 28, len(payload), protocol, hops) + one.packed + other.packed + payload
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), 0, fragment, hops, protocol, 0)
    return head + one.packed + other.packed + payload


def ethernet(packet: bytes, *, tags: Sequence[int] = ()) -> bytes:
    """An Ethernet frame; each tag is the EtherType of a VLAN tag."""
    kind = 0x86DD if packet[0] >> 4 == 6 else 0x0800
    return bytes(12) + b"".join(struct.pack(">HH", tag, 7) for tag in tags) + struct.pack(">H", kind) + packet


def pcap(
    frames: Iterable[Timed], *, link: int = 1, order: str = "<", nano: bool = False, snapshot: int = 262_144
) -> bytes:
    magic, unit = (0xA1B23C4D, 1e9) if nano else (0xA1B2C3D4, 1e6)
    parts = [struct.pack(f"{order}IHHiIII", magic, 2, 4, 0, 0, snapshot, link)]
    for time, frame in frames:
        seconds = int(time)
        kept = frame[:snapshot]
        parts.append(struct.pack(f"{order}IIII", seconds, round((time - seconds) * unit), len(kept), len(frame)) + kept)
    return b"".join(parts)


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    """A block of pcapng."""
    body += bytes(-len(body) % 4)
    size = struct.pack(f"{order}I", 12 + len(body))
    return struct.pack(f"{order}I", kind) + size + body + size


def section(order: str = "<") -> bytes:
    return block(0x0A0D0D0A, struct.pack(f"{order}IHHq", 0x1A2B3C4D, 1, 0, -1), order)


def interface(link: int = 1, order: str = "<", *, options: bytes = b"") -> bytes:
    return block(1, struct.pack(f"{order}HHI", link, 0, 0) + options, order)


def enhanced(time: float, frame: bytes, order: str = "<", *, unit: float = 1e-6) -> bytes:
    ticks = round(time / unit)
    return block(
        6, struct.pack(f"{order}IIIII", 0, ticks >> 32, ticks & 0xFFFFFFFF, len(frame), len(frame)) + frame, order
    )


def pcapng(frames: Iterable[Timed], *, link: int = 1, order: str = "<") -> bytes:
    return section(order) + interface(link, order) + b"".join(enhanced(time, frame, order) for time, frame in frames)


@dataclass
class Talk:
    """A TCP connection as Ethernet frames. Each call is a segment, a tenth of a second after the one before."""

    port: int = 443
    client: str = CLIENT
    server: str = SERVER
    client_port: int = 40_000
    time: float = BEGAN
    frames: list[Timed] = field(default_factory=list)
    _next: dict[bool, int] = field(default_factory=lambda: {True: 1000, False: 5000})

    def segment(self, flags: int, data: bytes = b"", *, by_client: bool = True, hops: int = 64) -> Talk:
        ports = (self.client_port, self.port) if by_client else (self.port, self.client_port)
        ends = (self.client, self.server) if by_client else (self.server, self.client)
        body = tcp(*ports, self._next[by_client], flags, data, acknowledged=self._next[not by_client])
        self.frames.append((self.time, ethernet(ip(body, *ends, hops=hops))))
        self._next[by_client] += len(data) + bool(flags & (SYN | FIN))
        self.time += 0.1
        return self

    def opened(self) -> Talk:
        """The three segments with which a connection begins."""
        return self.segment(SYN).segment(SYN | ACK, by_client=False).segment(ACK)

    def says(self, data: bytes, *, size: int = 1400) -> Talk:
        """The client sends bytes, in segments of a size."""
        for at in range(0, len(data), size):
            self.segment(ACK, data[at : at + size])
        return self

    def answers(self, data: bytes, *, size: int = 1400) -> Talk:
        """The server sends bytes."""
        for at in range(0, len(data), size):
            self.segment(ACK, data[at : at + size], by_client=False)
        return self

    def ends(self, *, by_client: bool = True, reset: bool = False, hops: int = 64) -> Talk:
        return self.segment(RST if reset else FIN | ACK, by_client=by_client, hops=hops)

    def waits(self, seconds: float) -> Talk:
        self.time += seconds
        return self


def record(kind: int, body: bytes, version: int = 0x0303) -> bytes:
    return bytes([kind]) + struct.pack(">HH", version, len(body)) + body


def message(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def alert(code: int, level: int = 2) -> bytes:
    return record(21, bytes([level, code]))


def certificates(chain: Sequence[bytes]) -> bytes:
    """A Certificate message of TLS 1.2 (RFC 5246 section 7.4.2)."""
    listed = b"".join(len(der).to_bytes(3, "big") + der for der in chain)
    return message(11, len(listed).to_bytes(3, "big") + listed)


def server_hello(version: int = 0x0303, suite: int = 0xC02F, *, random: bytes = bytes(32)) -> bytes:
    """A ServerHello message; TLS 1.3 says its version in an extension (RFC 8446 section 4.2.1)."""
    extensions = struct.pack(">HHH", 43, 2, version) if version > 0x0303 else b""
    more = struct.pack(">H", len(extensions)) + extensions if extensions else b""
    return message(
        2, struct.pack(">H", min(version, 0x0303)) + random + b"\0" + struct.pack(">H", suite) + b"\0" + more
    )


CHANGE = record(20, b"\1")
FINISHED = record(22, bytes(40))
"""An encrypted Finished of TLS 1.2."""


def sealed(size: int) -> bytes:
    """An encrypted record of TLS 1.3, or with data of an application."""
    return record(23, bytes(size))
