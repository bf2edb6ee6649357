from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.tls.faults import scripts
from explorer.tls.hello import MODERN, OLD, ServerReply, certificate_list, client_hello, read_reply, suite_name
from explorer.tls.wire import alert_name, version_name


@given(st.binary(max_size=2000))
def test_no_bytes_make_the_reader_fail(data: bytes) -> None:
    assert read_reply(data) is None or isinstance(read_reply(data), ServerReply)


@given(st.binary(max_size=600), st.sampled_from([21, 22]), st.integers(0, 0x400))
def test_no_bytes_in_a_record_make_it_fail_either(data: bytes, kind: int, length: int) -> None:
    read_reply(bytes([kind, 3, 3]) + length.to_bytes(2, "big") + data)


@given(st.binary(max_size=600))
def test_no_certificate_message_makes_it_fail(data: bytes) -> None:
    assert sum(len(c) for c in certificate_list(data)) <= len(data)


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=9))
def test_a_certificate_message_is_read_as_it_was_written(entries: list[bytes]) -> None:
    body = b"".join(len(e).to_bytes(3, "big") + e for e in entries)
    assert certificate_list(len(body).to_bytes(3, "big") + body) == tuple(entries)


@given(st.sampled_from([0x0300, 0x0301, 0x0302, 0x0303]), st.binary(min_size=32, max_size=32))
def test_our_hello_says_what_it_offers(version: int, random: bytes) -> None:
    record = client_hello(version, OLD, "chat.desk.test", random)
    assert int.from_bytes(record[3:5], "big") == len(record) - 5
    assert scripts.cipher_suites(record[5:]) == list(OLD)
    assert (b"chat.desk.test" in record) is (version > 0x0300)


def test_an_address_is_no_server_name() -> None:
    """RFC 6066 section 3 allows host names only."""
    assert b"127.0.0.1" not in client_hello(0x0303, MODERN, "127.0.0.1", bytes(32))


@given(st.sampled_from([0x0300, 0x0301, 0x0302, 0x0303]), st.integers(0, 0xFFFF))
def test_a_server_hello_is_understood(version: int, cipher: int) -> None:
    answer = read_reply(scripts.server_hello(version, cipher) + b"\x16\x03\x03\x00\x04\x0e\x00\x00\x00")
    assert answer is not None
    assert (answer.kind, answer.version, answer.cipher) == ("hello", version, cipher)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"HTTP/1.1 400 Bad Request", "not-tls"),
        (b"\x15\x03\x03\x00\x02\x02\x28", "alert"),
        (b"\x16\x03\x03\x00\x10" + b"\xa5" * 16, None),
        (b"\x16\x03\x03\x00", None),
        (b"", None),
    ],
)
def test_what_comes_is_told_apart(data: bytes, kind: str | None) -> None:
    answer = read_reply(data)
    assert (answer.kind if answer else None) == kind


def test_names_are_those_of_the_standards_and_unknown_numbers_stay_numbers() -> None:
    assert (alert_name(40), alert_name(250)) == ("handshake_failure", "alert 250")
    assert (version_name(0x0301), version_name(0x7F00)) == ("TLSv1", "version 0x7f00")
    assert (suite_name(5), suite_name(0xFFFF)) == ("TLS_RSA_WITH_RC4_128_SHA", "suite 0xffff")
