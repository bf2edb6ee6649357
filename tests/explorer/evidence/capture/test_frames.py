"""The TCP segment is found in a frame, whatever kind of network it is from."""

from __future__ import annotations

import struct

import pytest

from explorer.evidence.capture.frames import Fragmented, segment_in
from tests.explorer.evidence.capture.packets import ethernet, ip, tcp, udp

SEGMENT = tcp(40_000, 443, 77, 16, b"hello", options=bytes(12))
V4 = ip(SEGMENT)
V6 = ip(SEGMENT, "2001:db8::1", "2001:db8::2")


def extended(*headers: tuple[int, bytes]) -> bytes:
    """IPv6 with extension headers: each a number, and its bytes without the number of the next."""
    numbers = [number for number, _ in headers] + [6]
    chain = b"".join(bytes([following]) + body for (_, body), following in zip(headers, numbers[1:], strict=True))
    return ip(chain + SEGMENT, "2001:db8::1", "2001:db8::2", protocol=numbers[0])


@pytest.mark.parametrize(
    ("link", "frame"),
    [
        (1, ethernet(V4)),
        (1, ethernet(V6)),
        (1, ethernet(V4) + bytes(20)),  # filled up to the least length of a frame
        (1, ethernet(V4, tags=[0x8100])),
        (1, ethernet(V6, tags=[0x88A8, 0x8100])),
        (1, bytes(12) + b"\x88\x64" + b"\x11\0\0\1\0\0\0\x21" + V4),  # PPPoE
        (113, bytes(14) + b"\x08\x00" + V4),
        (113, bytes(14) + b"\x81\x00\x00\x07\x08\x00" + V4),
        (276, b"\x86\xdd" + bytes(18) + V6),
        (101, V4),
        (101, V6),
        (12, V4),
        (228, V4),
        (229, V6),
        (0, b"\x02\0\0\0" + V4),
        (0, b"\0\0\0\x1e" + V6),
        (108, b"\0\0\0\x18" + V6),
        (1, ethernet(ip(V4, protocol=4))),
        (1, ethernet(ip(V6, protocol=41))),
        (1, ethernet(extended((0, bytes(7)), (60, b"\1" + bytes(14)), (43, bytes(7))))),
        (1, ethernet(extended((44, bytes(7))))),  # a fragment that is the whole
        (1, ethernet(extended((51, b"\4" + bytes(22))))),
    ],
)
def test_every_kind_of_frame_holds_the_same_segment(link: int, frame: bytes) -> None:
    found = segment_in(link, frame)
    assert found is not None
    assert (found.source_port, found.target_port, found.sequence, found.flags) == (40_000, 443, 77, 16)
    assert (found.data, found.length) == (b"hello", 5)


def test_a_datagram_has_no_flags() -> None:
    found = segment_in(1, ethernet(ip(udp(53, 5000, b"answer"), protocol=17)))
    assert found is not None
    assert (found.protocol, found.flags, found.data) == (17, 0, b"answer")


def test_a_frame_that_was_cut_still_tells_how_long_it_was() -> None:
    found = segment_in(1, ethernet(V4)[:-3])
    assert found is not None
    assert (found.data, found.length) == (b"he", 5)


@pytest.mark.parametrize("fragment", [0x2000, 0x0001, 0x2005])
def test_fragments_are_told_and_not_taken_for_segments(fragment: int) -> None:
    with pytest.raises(Fragmented):
        segment_in(1, ethernet(ip(SEGMENT, fragment=fragment)))
    with pytest.raises(Fragmented):
        segment_in(1, ethernet(extended((44, b"\0" + struct.pack(">H", 8 | (fragment >> 13)) + bytes(4)))))


@pytest.mark.parametrize("link", [0, 1, 101, 108, 113, 127, 276, 9999])
def test_no_bytes_at_all_bring_it_down(link: int) -> None:
    for frame in (ethernet(V4), ethernet(V6), V4, V6, ethernet(extended((0, bytes(7))))):
        for end in range(len(frame)):
            segment_in(link, frame[:end])
            segment_in(link, bytes(end) + frame[end:])
