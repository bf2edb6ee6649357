"""Files of certificates in every packing: what is read of them, and how the chain in them is judged."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    load_pem_private_key,
    pkcs7,
    pkcs12,
)

from explorer.evidence.certificates import CertificateFile, read_certificate_file
from explorer.evidence.chain_file import judge_file
from explorer.evidence.guarded import NeedsPassword, open_pkcs12
from explorer.evidence.sniff import Kind, kind_of
from explorer.evidence.source import opened
from explorer.targets.error import TargetError
from explorer.tls.faults.mint import Authority, CertificateSpec, Issued, pem
from explorer.tls.probe_outcome import ProbeOutcome
from explorer.tls.trust import TrustStore
from flows.diagnosis import Cause

NAME = "shop.example"
NOW = datetime.now(tz=UTC)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.create()


@pytest.fixture(scope="module")
def trust(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> TrustStore:
    path = tmp_path_factory.mktemp("roots") / "root.pem"
    path.write_bytes(authority.root_pem)
    return TrustStore.load([path])


@pytest.fixture(scope="module")
def leaf(authority: Authority) -> Issued:
    return authority.leaf([NAME, f"www.{NAME}"])


def bag(issued: Issued, password: bytes | None) -> bytes:
    key = load_pem_private_key(issued.key_pem, None)
    sealing = BestAvailableEncryption(password) if password is not None else NoEncryption()
    return pkcs12.serialize_key_and_certificates(b"shop", key, issued.certificate, issued.chain[1:], sealing)  # type: ignore[arg-type]


PACKINGS: dict[str, Callable[[Issued], bytes]] = {
    "pem": lambda issued: pem(*issued.chain),
    "pem with the key": lambda issued: issued.key_pem + pem(*issued.chain),
    "pkcs7": lambda issued: pkcs7.serialize_certificates(list(issued.chain), Encoding.DER),
    "pkcs7 as pem": lambda issued: pkcs7.serialize_certificates(list(issued.chain), Encoding.PEM),
    "pkcs12 without a password": lambda issued: bag(issued, None),
}


@pytest.mark.parametrize("packing", PACKINGS)
def test_the_chain_is_found_in_every_packing(packing: str, leaf: Issued) -> None:
    data = PACKINGS[packing](leaf)
    assert kind_of(data) is Kind.CERTIFICATES
    found = read_certificate_file("chain", data)
    assert set(found.certificates) == set(leaf.chain)
    assert found.leaf == leaf.certificate


def test_a_single_certificate_in_der_is_read(leaf: Issued) -> None:
    data = leaf.certificate.public_bytes(Encoding.DER)
    assert kind_of(data) is Kind.CERTIFICATES
    assert read_certificate_file("leaf.cer", data).certificates == [leaf.certificate]


def test_a_locked_file_asks_for_its_password_and_opens_with_it(leaf: Issued) -> None:
    data = bag(leaf, b"open sesame")
    with pytest.raises(NeedsPassword, match="--password-file"):
        read_certificate_file("shop.p12", data)
    with pytest.raises(NeedsPassword, match="does not open it"):
        read_certificate_file("shop.p12", data, b"wrong")
    found = read_certificate_file("shop.p12", data, b"open sesame")
    assert (found.leaf, len(found.keys)) == (leaf.certificate, 1)


def test_a_file_that_costs_too_much_to_open_is_refused(leaf: Issued) -> None:
    with pytest.raises(TargetError, match="more time than any real file"):
        open_pkcs12("shop.p12", bag(leaf, b"open sesame"), b"open sesame", wall=0.0001)


def judged(found: CertificateFile, trust: TrustStore, host: str = "") -> ProbeOutcome:
    return asyncio.run(judge_file(found, host, trust, NOW, "chain.pem"))


def file(*certificates: x509.Certificate, key: bytes = b"") -> CertificateFile:
    return read_certificate_file("chain.pem", key + pem(*certificates))


def test_a_good_chain_has_no_fault_and_says_until_when(leaf: Issued, trust: TrustStore) -> None:
    outcome = judged(file(*leaf.chain, key=leaf.key_pem), trust, NAME)
    assert outcome.diagnosis.causes == ()
    assert outcome.reached
    [ends] = [f for f in outcome.findings if f.kind == "valid-until"]
    assert "every client refuses it" in ends.text


def test_each_fault_of_a_file_is_named(authority: Authority, leaf: Issued, trust: TrustStore) -> None:
    over = authority.leaf([NAME], CertificateSpec(days=(-90, -1)))
    short = authority.leaf([NAME], CertificateSpec(key="rsa-1024"))
    stranger = Authority.create("Elsewhere Private").leaf([NAME])
    cases = {
        Cause.EXPIRED: judged(file(*over.chain), trust),
        Cause.HOSTNAME_MISMATCH: judged(file(*leaf.chain), trust, "chat.example"),
        Cause.INCOMPLETE_CHAIN: judged(file(leaf.certificate), trust),
        Cause.WEAK_KEY: judged(file(*short.chain), trust),
        Cause.UNTRUSTED_CA: judged(file(*stranger.chain), trust),
    }
    assert {cause: outcome.diagnosis.causes[0] for cause, outcome in cases.items()} == {c: c for c in cases}
    assert all(outcome.diagnosis.clients for outcome in cases.values())


def test_a_key_of_another_certificate_and_a_wrong_order_are_told(
    authority: Authority, leaf: Issued, trust: TrustStore
) -> None:
    other = authority.leaf(["other.example"])
    kinds = {f.kind for f in judged(file(*leaf.chain, key=other.key_pem), trust).findings}
    assert "key-of-another-certificate" in kinds
    kinds = {f.kind for f in judged(file(*reversed(leaf.chain)), trust).findings}
    assert "leaf-not-first" in kinds


def test_the_judgement_of_a_later_day_is_that_of_a_probe_then(leaf: Issued, trust: TrustStore) -> None:
    later = NOW + timedelta(days=4000)
    outcome = asyncio.run(judge_file(file(*leaf.chain), NAME, trust, later, "chain.pem"))
    assert outcome.diagnosis.causes[0] is Cause.EXPIRED


@pytest.mark.parametrize(
    "data",
    [
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        b"\x30\x82\x01\x00\x02\x01\x03",
        b"\x30\x03\x02\x01\x03",
    ],
)
def test_what_is_damaged_is_said_in_a_sentence(data: bytes) -> None:
    with pytest.raises(TargetError, match=r"^x\.pem: .*[.]$"):
        read_certificate_file("x.pem", data)


def test_a_zip_with_certificates_is_opened(leaf: Issued, tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "from-the-authority.zip", "w") as archive:
        archive.writestr("readme.txt", "Install the enclosed files.")
        archive.writestr("fullchain.pem", pem(*leaf.chain))
    with opened(str(tmp_path / "from-the-authority.zip"), io.BytesIO()) as source:
        assert source.kind is Kind.CERTIFICATES
        assert len(read_certificate_file(source.name, source.whole(1 << 20)).certificates) == len(leaf.chain)
