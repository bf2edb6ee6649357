"""Packets come out of pcap and pcapng whatever their byte order, unit of time and blocks, up to where the file is whole."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import pytest

from explorer.evidence.capture.packet_file import NotACapture, PacketFile
from tests.explorer.evidence.capture.packets import block, enhanced, interface, pcap, pcapng, section

FRAMES = [(1_796_000_000.25, b"first frame"), (1_796_000_001.5, b"second, longer frame")]


def read(data: bytes, size: int = 1 << 20) -> tuple[list[tuple[float, bytes]], PacketFile]:
    blocks: Iterator[bytes] = (data[at : at + size] for at in range(0, len(data), size))
    file = PacketFile(blocks)
    return [(p.time, p.data) for p in file.packets()], file


@pytest.mark.parametrize("size", [1, 7, 1 << 20])
@pytest.mark.parametrize("order", ["<", ">"])
def test_both_formats_are_read_in_either_byte_order(order: str, size: int) -> None:
    for data in (pcap(FRAMES, order=order), pcap(FRAMES, order=order, nano=True), pcapng(FRAMES, order=order)):
        found, file = read(data, size)
        assert [data for _, data in found] == [data for _, data in FRAMES]
        assert [time for time, _ in found] == pytest.approx([time for time, _ in FRAMES], abs=1e-5)
        assert not file.cut_off


def test_the_link_type_is_that_of_the_interface() -> None:
    found = list(PacketFile(iter([pcap(FRAMES, link=113 | 0x2400_0000)])).packets())
    assert {p.link for p in found} == {113}
    assert {p.link for p in PacketFile(iter([pcapng(FRAMES, link=276)])).packets()} == {276}


@pytest.mark.parametrize(("told", "unit"), [(9, 1e-9), (3, 1e-3), (0x80 | 20, 2.0**-20)])
def test_an_interface_says_in_which_unit_its_times_are(told: int, unit: float) -> None:
    options = struct.pack("<HHBxxx", 9, 1, told) + struct.pack("<HHq", 14, 8, 3600)
    data = section() + interface(options=options) + enhanced(1_796_000_000.0, b"x", unit=unit)
    [(time, _)], _ = read(data)
    assert time == pytest.approx(1_796_003_600.0, abs=0.01)


def test_blocks_that_hold_no_packet_are_passed_over_and_keys_are_told() -> None:
    simple = block(3, struct.pack("<I", 5) + b"abcde")
    old = block(2, struct.pack("<HHIIII", 0, 0, 0, 0, 2, 2) + b"yz")
    data = section() + block(4, bytes(40)) + interface() + block(10, bytes(3000)) + simple + old
    found, file = read(data, 16)
    assert [data for _, data in found] == [b"abcde", b"yz"]
    assert file.secrets and not file.cut_off


def test_a_second_section_has_its_own_byte_order_and_interfaces() -> None:
    found, _ = read(pcapng(FRAMES) + pcapng(FRAMES, order=">"))
    assert len(found) == 4


def test_a_file_that_is_cut_off_anywhere_gives_what_came_before() -> None:
    for make in (pcap, pcapng):
        whole = make(FRAMES)
        for end in range(29, len(whole)):
            found, file = read(whole[:end])
            assert [data for _, data in found] == [data for _, data in FRAMES[: len(found)]]
            assert len(found) <= 2
            borders = {len(make(FRAMES[:n])) for n in range(2)}
            assert file.cut_off is (end not in borders)


def test_lengths_that_no_packet_has_end_the_file() -> None:
    huge = struct.pack("<IIII", 1, 0, 1 << 30, 1 << 30)
    found, file = read(pcap(FRAMES) + huge + bytes(100))
    assert len(found) == 2 and file.cut_off
    found, file = read(pcapng(FRAMES) + struct.pack("<II", 6, 13) + bytes(100))
    assert len(found) == 2 and file.cut_off


def test_anything_else_is_refused() -> None:
    with pytest.raises(NotACapture, match="does not begin"):
        read(b"GET / HTTP/1.1\r\n")
