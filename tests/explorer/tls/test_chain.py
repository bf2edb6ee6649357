from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from explorer.tls.chain import (
    MAX_TEXT,
    build_path,
    describe,
    load,
    must_staple,
    name_matches,
    printable,
    serves_tls,
)
from explorer.tls.faults.mint import Authority, CertificateSpec
from explorer.tls.fetch import _content, _unchunked
from explorer.tls.served import served_oddities
from explorer.tls.trust import TrustError, TrustStore, read_certificates


@pytest.mark.parametrize(
    ("names", "host", "matches"),
    [
        (["chat.desk.test"], "chat.desk.test", True),
        (["CHAT.desk.test"], "chat.DESK.test.", True),
        (["*.desk.test"], "chat.desk.test", True),
        (["*.desk.test"], "a.chat.desk.test", False),
        (["*.desk.test"], "desk.test", False),
        (["*.test"], "desk.test", False),
        (["c*.desk.test"], "chat.desk.test", False),
        (["127.0.0.1"], "127.0.0.1", True),
        (["::1"], "0:0:0:0:0:0:0:1", True),
        (["chat.desk.test"], "127.0.0.1", False),
        ([], "chat.desk.test", False),
        (["bücher.test"], "xn--bcher-kva.test", True),
    ],
)
def test_names_match_as_rfc_6125_says(authority: Authority, names: list[str], host: str, matches: bool) -> None:
    certificate = authority.leaf(names, CertificateSpec(common_name="chat.desk.test")).certificate
    assert name_matches(describe(certificate), host) is matches


def test_a_certificate_is_described_by_its_facts(authority: Authority) -> None:
    leaf = authority.leaf(
        ["desk.test", "127.0.0.1"], CertificateSpec(key="rsa", aia="http://127.0.0.1/issuer", must_staple=True)
    )
    facts = describe(leaf.certificate)
    assert facts.subject == "CN=desk.test"
    assert facts.issuer == "CN=Trustwalk Test Issuing CA"
    assert facts.names == ("desk.test", "127.0.0.1")
    assert (facts.key, facts.signature, facts.is_ca, facts.self_issued) == ("RSA 2048", "sha256", False, False)
    assert facts.aia == ("http://127.0.0.1/issuer",)
    assert must_staple(leaf.certificate)
    assert serves_tls(leaf.certificate)
    assert describe(authority.root.certificate).self_issued


@given(st.binary(max_size=300))
def test_no_bytes_make_reading_a_certificate_fail(data: bytes) -> None:
    found = load(data)
    assert found is None or describe(found).sha256


@given(st.data())
def test_a_certificate_with_bytes_changed_is_still_described(authority: Authority, data: st.DataObject) -> None:
    der = bytearray(authority.intermediate.certificate.public_bytes(Encoding.DER))
    for _ in range(data.draw(st.integers(1, 6))):
        der[data.draw(st.integers(0, len(der) - 1))] = data.draw(st.integers(0, 255))
    found = load(bytes(der))
    if found is not None:
        facts = describe(found)
        assert (facts.subject + facts.issuer + "".join(facts.names)).isprintable()
        path = build_path(found, [authority.intermediate.certificate], [authority.root.certificate])
        served_oddities([found], path, datetime.now(tz=UTC))


@given(st.text())
def test_what_is_shown_is_printable_and_short(text: str) -> None:
    assert printable(text).isprintable()
    assert len(printable(text)) <= MAX_TEXT * 8 + 1


@given(st.binary(max_size=300))
def test_no_http_answer_makes_the_reader_fail(data: bytes) -> None:
    _content(data)
    _content(b"HTTP/1.1 200 OK\r\n\r\n" + data)
    _unchunked(data)


def test_chunks_are_joined() -> None:
    assert _unchunked(b"3\r\nabc\r\n2;x=1\r\nde\r\n0\r\n\r\n") == b"abcde"
    assert _unchunked(b"ff\r\nabc") is None


@given(st.binary(max_size=200))
def test_a_bundle_of_rubbish_is_refused_with_value_error_only(data: bytes) -> None:
    with suppress(ValueError):
        assert read_certificates(b"-----BEGIN CERTIFICATE-----\n" + data)


def test_one_broken_entry_does_not_hide_the_others(authority: Authority) -> None:
    broken = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    assert read_certificates(b"# ours\n" + broken + authority.root_pem) == [authority.root.certificate]


def test_a_trust_store_says_where_its_roots_came_from(trust: TrustStore) -> None:
    assert trust.words.endswith(" + root.pem")
    assert len(trust.private) == 1
    with pytest.raises(TrustError, match="nowhere"):
        TrustStore.load([Path("nowhere.pem")])


def test_the_path_goes_up_to_the_root_whatever_the_order(authority: Authority) -> None:
    upper = authority.sub_authority(name="Upper")
    leaf = authority.leaf(["desk.test"], by=authority.sub_authority(by=upper, name="Lower"))
    path = build_path(leaf.chain[0], reversed(leaf.chain[1:]), [authority.root.certificate])
    assert path.links == leaf.chain
    assert path.anchor == authority.root.certificate
    assert "chain-order" in served_oddities([leaf.chain[0], *reversed(leaf.chain[1:])], path, datetime.now(tz=UTC))
    assert served_oddities(leaf.chain, path, datetime.now(tz=UTC)) == {}


def test_a_forged_signature_is_a_misfit_and_no_reason_to_call_the_root_unknown(authority: Authority) -> None:
    leaf = authority.leaf(["desk.test"], CertificateSpec(spoil_signature=True))
    path = build_path(leaf.chain[0], leaf.chain[1:], [authority.root.certificate])
    assert path.anchor == authority.root.certificate
    assert [child for child, _ in path.misfits] == [leaf.certificate]


def test_a_root_that_shares_its_name_with_a_younger_one_makes_no_forgery(authority: Authority) -> None:
    """The server sends the younger root cross-signed by one that we trust; we also hold an older root of that name."""
    younger, older = Authority.create("Namesake"), Authority.create("Namesake")
    crossed = authority.cross_sign(younger.root)
    leaf = younger.leaf(["desk.test"])
    roots = [older.root.certificate, authority.root.certificate]
    path = build_path(leaf.certificate, [*leaf.issuers, crossed], roots)
    assert path.anchor == authority.root.certificate
    assert path.misfits == ()
