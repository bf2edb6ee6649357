"""DNS answers in a capture give names to addresses."""

from __future__ import annotations

import ipaddress
import struct

from explorer.evidence.capture.names import Names


def answer(name: str, *addresses: str, alias: str = "") -> bytes:
    """A DNS answer; with an alias, a CNAME stands before the addresses."""
    asked = b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"
    records = []
    if alias:
        target = b"".join(bytes([len(label)]) + label.encode() for label in alias.split(".")) + b"\0"
        records.append(b"\xc0\x0c" + struct.pack(">HHIH", 5, 1, 60, len(target)) + target)
    for each in map(ipaddress.ip_address, addresses):
        kind = 1 if each.version == 4 else 28
        records.append(b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(each.packed)) + each.packed)
    head = struct.pack(">HHHHHH", 7, 0x8180, 1, len(records), 0, 0)
    return head + asked + struct.pack(">HH", 1, 1) + b"".join(records)


def packed(address: str) -> bytes:
    return ipaddress.ip_address(address).packed


def test_an_address_has_the_name_that_was_asked_for() -> None:
    names = Names()
    names.take(answer("Tickets.shop.example", "192.0.2.7", "2001:db8::7", alias="edge7.cdn.example"))
    assert names.of(packed("192.0.2.7")) == names.of(packed("2001:db8::7")) == "tickets.shop.example"
    assert names.of(packed("192.0.2.8")) == ""


def test_an_address_of_several_names_has_none() -> None:
    names = Names()
    names.take(answer("a.shop.example", "192.0.2.7"))
    names.take(answer("b.shop.example", "192.0.2.7"))
    assert names.of(packed("192.0.2.7")) == ""


def test_damaged_messages_tell_nothing_false() -> None:
    whole = answer("a.shop.example", "192.0.2.7", alias="b.shop.example")
    names = Names()
    for end in range(len(whole)):
        names.take(whole[:end])
        names.take(whole[:end] + b"\xff" * 40)
    assert names.of(packed("192.0.2.7")) in {"", "a.shop.example"}
    names.take(b"\0" * 12)
    names.take(b"\0\0\x81\0\0\1\xff\xff" + b"\xc0" * 600)
