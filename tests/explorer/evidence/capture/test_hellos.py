"""What OpenSSL offers is read from its ClientHello, and what a server chose from its ServerHello."""

from __future__ import annotations

import ssl

import pytest

from explorer.evidence.capture.hellos import RETRY, client_hello, server_hello
from explorer.tls import hello as raw
from tests.explorer.evidence.capture import packets
from tests.explorer.evidence.capture.hellos import hello

MODERN = hello("tickets.shop.example")[9:]
"""The body of the message, without the heads of record and message."""


def test_name_protocols_and_versions_are_told() -> None:
    found = client_hello(MODERN)
    assert (found.name, found.protocols) == ("tickets.shop.example", ("h2", "http/1.1"))
    assert set(found.versions) == {0x0303, 0x0304} and found.newest == 0x0304
    assert 0x1301 in found.suites


def test_an_old_client_tells_its_version_in_the_old_place() -> None:
    assert client_hello(hello("a.test", newest=ssl.TLSVersion.TLSv1_2)[9:]).newest == 0x0303
    old = client_hello(raw.client_hello(0x0301, raw.OLD, "old.shop.example", bytes(32))[9:])
    assert (old.name, old.versions) == ("old.shop.example", (0x0301,))
    assert client_hello(raw.client_hello(0x0300, raw.OLD, None, bytes(32))[9:]).name == ""


def test_of_a_hello_that_is_cut_off_the_name_may_be_left_and_the_version_is_unknown() -> None:
    whole = client_hello(MODERN)
    found = {client_hello(MODERN[:end], whole=False).name for end in range(len(MODERN))}
    assert found == {"", whole.name}
    early = client_hello(MODERN[: MODERN.index(b"tickets") + 20], whole=False)
    assert (early.name, early.newest) == (whole.name, 0)
    holed = client_hello(MODERN[: MODERN.index(b"tickets") + 20] + bytes(400), whole=False)
    assert (holed.name, holed.newest) == (whole.name, 0)


@pytest.mark.parametrize("name", [b"a b.test", b"<script>", b"\xff\xfe.test", b"", b".test", b"x" * 300])
def test_a_name_that_no_host_has_is_none(name: bytes) -> None:
    at = MODERN.index(b"tickets.shop.example")
    old = MODERN[at : at + 20]
    swapped = MODERN.replace(old, (name + b" " * 20)[:20]) if len(name) < 20 else MODERN.replace(old, b"!" * 20)
    assert client_hello(swapped).name == ""


def test_what_the_server_chose_is_told_whatever_its_version() -> None:
    for version, suite in ((0x0300, 5), (0x0303, 0xC02F), (0x0304, 0x1301)):
        found = server_hello(packets.server_hello(version, suite)[4:])
        assert found is not None and (found.version, found.suite, found.retry) == (version, suite, False)
    retry = server_hello(packets.server_hello(0x0304, random=RETRY)[4:])
    assert retry is not None and retry.retry


def test_a_server_hello_that_is_cut_off_tells_nothing_false() -> None:
    body = packets.server_hello(0x0303)[4:]
    assert [server_hello(body[:end]) for end in range(37)] == [None] * 37
