"""Answers of revocation services, from strangers and with bytes changed: never an exception, never a false «revoked»."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from explorer.tls.completing import _parsed
from explorer.tls.faults.mint import Authority
from explorer.tls.faults.stapling import ocsp_answer
from explorer.tls.revocation import read_crl, read_ocsp

Read = Callable[[bytes, x509.Certificate, x509.Certificate, datetime], str]


@pytest.mark.parametrize("read", [read_ocsp, read_crl])
@given(data=st.binary(max_size=400))
def test_no_bytes_revoke_anything(authority: Authority, read: Read, data: bytes) -> None:
    leaf, issuer = authority.intermediate.certificate, authority.root.certificate
    assert read(data, leaf, issuer, datetime.now(tz=UTC)) == ""


@given(at=st.integers(0, 9999), flip=st.integers(1, 255))
def test_a_true_answer_with_a_byte_changed_says_nothing_or_the_same(authority: Authority, at: int, flip: int) -> None:
    leaf, issuer, now = authority.intermediate, authority.root, datetime.now(tz=UTC)
    crl = bytearray(authority.revocations(issuer, [leaf.certificate.serial_number]))
    assert read_crl(bytes(crl), leaf.certificate, issuer.certificate, now) == "revoked"
    crl[at % len(crl)] ^= flip
    assert read_crl(bytes(crl), leaf.certificate, issuer.certificate, now) in ("", "revoked")


@given(at=st.integers(0, 9999), flip=st.integers(1, 255))
def test_a_good_answer_with_a_byte_changed_never_turns_into_a_revocation(
    authority: Authority, at: int, flip: int
) -> None:
    issued = authority.leaf(["desk.test"])
    answer = bytearray(ocsp_answer(authority, issued, revoked=False))
    answer[at % len(answer)] ^= flip
    issuer, now = authority.intermediate.certificate, datetime.now(tz=UTC)
    assert read_ocsp(bytes(answer), issued.certificate, issuer, now) in ("", "good")


@given(st.binary(max_size=400))
def test_no_bytes_at_an_issuer_s_url_make_reading_them_fail(data: bytes) -> None:
    assert len(_parsed(data)) <= 8
