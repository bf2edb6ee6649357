"""Reads the packets in a capture file: pcap and pcapng, of either byte order, in blocks of any size. Pure.

Formats: draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng. A file that is cut off or damaged ends where it does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import Struct
from typing import NamedTuple

MOST_OF_PACKET = 1 << 18
"""Largest packet, in bytes: the largest snapshot length that libpcap allows."""
MOST_OF_BLOCK = 64 << 20
"""Largest block of pcapng. A larger length is a damaged one."""
MOST_INTERFACES = 10_000

_PCAP = {
    b"\xa1\xb2\xc3\xd4": (">", 1e-6),
    b"\xd4\xc3\xb2\xa1": ("<", 1e-6),
    b"\xa1\xb2\x3c\x4d": (">", 1e-9),
    b"\x4d\x3c\xb2\xa1": ("<", 1e-9),
}
"""Magic number → byte order, and the unit of the second half of a time, in seconds."""
_SECTION = b"\x0a\x0d\x0d\x0a"
_SECRETS, _INTERFACE, _OLD_PACKET, _SIMPLE, _ENHANCED = 0x0A, 1, 2, 3, 6
"""Types of blocks of pcapng."""
_RESOLUTION, _OFFSET = 9, 14
"""Options of an interface: the unit of its times, and what is to be added to them in seconds."""


class Packet(NamedTuple):
    """A packet as it was captured. `link` is the LINKTYPE of its interface; `length` its length on the wire, in bytes;
    `time` is in seconds since the epoch, 0 if the file does not tell it."""

    time: float
    link: int
    data: bytes
    length: int


class NotACapture(ValueError):
    """The file does not begin as a capture does. The message completes a sentence that begins with its name."""


@dataclass(slots=True)
class PacketFile:
    """A capture file that is read once. `cut_off`: it ended in the middle, or was damaged. `secrets`: it holds keys that decrypt
    what it holds."""

    blocks: Iterator[bytes]
    cut_off: bool = False
    secrets: bool = False
    _data: bytes = field(default=b"", repr=False)
    _at: int = 0

    def packets(self) -> Iterator[Packet]:
        """The packets, in the order of the file. Raises NotACapture."""
        try:
            head = self._take(4)
            if head in _PCAP:
                yield from self._pcap(*_PCAP[head])
            elif head == _SECTION:
                yield from self._pcapng()
            else:
                raise NotACapture("does not begin as a packet capture does")
        except _Ended:
            self.cut_off = True

    def _pcap(self, order: str, unit: float) -> Iterator[Packet]:
        _, _, _, link = Struct(f"{order}IIII").unpack(self._take(20)[4:])
        link &= 0xFFFF  # the upper bits tell of frame check sequences
        head = Struct(f"{order}IIII")
        while self._more():
            seconds, part, kept, length = head.unpack(self._take(16))
            if kept > MOST_OF_PACKET:
                raise _Ended
            yield Packet(seconds + part * unit, link, self._take(kept), length)

    def _pcapng(self) -> Iterator[Packet]:
        """The packets of all sections. The magic of the first one is taken."""
        order, interfaces, first = "<", list[_Interface](), True
        while first or self._more():
            kind_bytes = _SECTION if first else self._take(4)
            first = False
            if kind_bytes == _SECTION:
                rest = self._take(8)
                order = ">" if rest[4:] == b"\x1a\x2b\x3c\x4d" else "<"
                if rest[4:] not in (b"\x1a\x2b\x3c\x4d", b"\x4d\x3c\x2b\x1a"):
                    raise _Ended
                interfaces.clear()
                self._pass_over(_size(order, rest[:4], least=28) - 12)
                continue
            (kind,) = Struct(f"{order}I").unpack(kind_bytes)
            size = _size(order, self._take(4), least=12) - 12
            if kind == _INTERFACE and len(interfaces) < MOST_INTERFACES:
                interfaces.append(_interface(order, self._take(size)))
            elif kind in (_ENHANCED, _OLD_PACKET, _SIMPLE) and size <= MOST_OF_PACKET * 2:
                packet = _packet(order, kind, self._take(size), interfaces)
                if packet is not None:
                    yield packet
            else:
                self.secrets |= kind == _SECRETS
                self._pass_over(size)
            self._take(4)

    def _take(self, size: int) -> bytes:
        """The next bytes. Raises _Ended."""
        end = self._at + size
        while len(self._data) < end:
            block = next(self.blocks, b"")
            if not block:
                raise _Ended
            self._data, self._at, end = self._data[self._at :] + block, 0, size
        taken = self._data[self._at : end]
        self._at = end
        return taken

    def _pass_over(self, size: int) -> None:
        """Leave bytes out, without keeping them."""
        while size > 0:
            piece = min(size, 1 << 20)
            self._take(piece)
            size -= piece

    def _more(self) -> bool:
        if self._at < len(self._data):
            return True
        self._data, self._at = next(self.blocks, b""), 0
        return bool(self._data)


class _Ended(Exception):
    """The file ends, or cannot be followed any further."""


class _Interface(NamedTuple):
    link: int
    snapshot: int
    unit: float
    offset: float


def _size(order: str, given: bytes, *, least: int) -> int:
    (size,) = Struct(f"{order}I").unpack(given)
    if size % 4 or not least <= size <= MOST_OF_BLOCK:
        raise _Ended
    return int(size)


def _interface(order: str, body: bytes) -> _Interface:
    if len(body) < 8:
        raise _Ended
    link, _, snapshot = Struct(f"{order}HHI").unpack(body[:8])
    unit, offset, at = 1e-6, 0.0, 8
    option = Struct(f"{order}HH")
    while at + 4 <= len(body):
        code, size = option.unpack_from(body, at)
        value = body[at + 4 : at + 4 + size]
        if code == _RESOLUTION and len(value) == 1:
            unit = 2.0 ** -(value[0] & 0x7F) if value[0] & 0x80 else 10.0 ** -value[0]
        elif code == _OFFSET and len(value) == 8:
            offset = float(int.from_bytes(value, "big" if order == ">" else "little", signed=True))
        at += 4 + size + -size % 4
    return _Interface(link, snapshot, unit, offset)


def _packet(order: str, kind: int, body: bytes, interfaces: list[_Interface]) -> Packet | None:
    """The packet in a block; None if its interface is unknown, or its lengths do not fit."""
    if kind == _SIMPLE:
        if len(body) < 4 or not interfaces:
            return None
        (length,) = Struct(f"{order}I").unpack(body[:4])
        kept = min(length, interfaces[0].snapshot or length, len(body) - 4)
        return Packet(0.0, interfaces[0].link, body[4 : 4 + kept], length)
    if len(body) < 20:
        return None
    number, high, low, kept, length = Struct(f"{order}IIIII").unpack(body[:20])
    if kind == _OLD_PACKET:
        (number,) = Struct(f"{order}H").unpack(body[:2])
    if number >= len(interfaces) or kept > len(body) - 20:
        return None
    told = interfaces[number]
    time = ((high << 32) + low) * told.unit + told.offset
    return Packet(time if 0 <= time < LATEST else 0.0, told.link, body[20 : 20 + kept], length)


LATEST = 1e11
"""The latest time that is believed, in seconds since the epoch: about the year 5100."""
