"""Certificates that OpenSSL takes and that cannot be read, or that hold dates that are none: really served, rightly signed."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from explorer.tls.diagnose import diagnose
from explorer.tls.faults.mint import Authority, CertificateSpec, Issued
from explorer.tls.probe import probe
from explorer.tls.probe_outcome import as_json, judge_host
from explorer.tls.trust import TrustStore
from flows.diagnosis import Cause, Evidence

HOST = "chat.desk.test"
NOT_DER = (b"\x01\x01\xff", b"\x01\x01\x01")
"""TRUE as OpenSSL also reads it, and as DER forbids it (X.690 section 11.1)."""


def spoilt(issued: Issued, by: Issued, old: bytes, new: bytes) -> bytes:
    """The certificate (DER) with bytes of its body exchanged, signed again by its issuer."""
    assert isinstance(by.key, rsa.RSAPrivateKey)
    whole, body = issued.certificate.public_bytes(Encoding.DER), issued.certificate.tbs_certificate_bytes
    assert len(old) == len(new)
    assert old in body
    changed = body.replace(old, new)
    signature = by.key.sign(changed, padding.PKCS1v15(), hashes.SHA256())
    return whole.replace(body, changed)[: -len(signature)] + signature


Probed = Callable[..., Awaitable[Evidence]]


@pytest.fixture
async def probed(authority: Authority, trust: TrustStore, tmp_path: Path) -> AsyncIterator[Probed]:
    """Serve a key and a chain of DER, whatever is in it, and probe it."""
    async with AsyncExitStack() as stack:

        async def one(key: bytes, *chain: bytes) -> Evidence:
            file = tmp_path / "chain.pem"
            file.write_text(key.decode() + "".join(map(ssl.DER_cert_to_PEM_cert, chain)), encoding="ascii")
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(file)
            server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=context)
            await stack.enter_async_context(server)
            port = server.sockets[0].getsockname()[1]
            return await probe(HOST, port, address="127.0.0.1", trust=trust, offline=True)

        yield one


@pytest.fixture
def issuer(authority: Authority) -> Issued:
    return authority.sub_authority(CertificateSpec(days=(-200, 1800), key="rsa"))


async def test_a_leaf_that_cannot_be_read_is_never_called_healthy(
    authority: Authority, issuer: Issued, probed: Probed
) -> None:
    leaf = authority.leaf([HOST], by=issuer)
    above = issuer.certificate.public_bytes(Encoding.DER)
    evidence = await probed(leaf.key_pem, spoilt(leaf, issuer, *NOT_DER), above)
    diagnosis = diagnose(evidence)
    assert diagnosis.causes == (Cause.UNKNOWN_TLS,)
    assert "certificate 1 of 2" in diagnosis.why
    assert {c.verdict for c in diagnosis.clients} == {"not-observable"}


async def test_an_intermediate_that_cannot_be_read_is_not_called_missing(authority: Authority, probed: Probed) -> None:
    upper = authority.sub_authority(CertificateSpec(days=(-200, 1800), key="rsa"), name="Upper CA")
    lower = authority.sub_authority(by=upper, name="Lower CA")
    leaf = authority.leaf([HOST], by=lower)
    chain = [
        leaf.certificate.public_bytes(Encoding.DER),
        spoilt(lower, upper, *NOT_DER),
        upper.certificate.public_bytes(Encoding.DER),
    ]
    diagnosis = diagnose(await probed(leaf.key_pem, *chain))
    assert diagnosis.causes == (Cause.INVALID_CERTIFICATE,)
    assert "certificate 2 of 3" in diagnosis.why


@pytest.mark.parametrize("bad", [b"991399999999Z", b"99\x00013120000Z", b"\x1b[31mHACKED!!"])
async def test_dates_that_are_none_break_a_rule(
    bad: bytes, authority: Authority, issuer: Issued, probed: Probed
) -> None:
    leaf = authority.leaf([HOST], by=issuer)
    good = leaf.certificate.not_valid_after_utc.strftime("%y%m%d%H%M%SZ").encode()
    above = issuer.certificate.public_bytes(Encoding.DER)
    evidence = await probed(leaf.key_pem, spoilt(leaf, issuer, good, bad), above)
    diagnosis = diagnose(evidence)
    assert diagnosis.causes == (Cause.INVALID_CERTIFICATE,)
    assert "format error in notAfter" in diagnosis.why
    assert as_json([judge_host(evidence, evidence.observed_at)])["hosts"][0]["expires"] is None
