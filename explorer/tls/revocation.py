"""Finds out whether a certificate is revoked: by stapling or OCSP (RFC 6960), or by a CRL (RFC 5280 section 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from explorer.tls.chain import crl_urls, ocsp_urls, quiet, signed_by
from explorer.tls.fetch import fetch


@dataclass(frozen=True, slots=True)
class RevocationStatus:
    """Whether a certificate is revoked, as far as the probe can tell.

    `state` is `revoked`, `good` or `not observable`. `words` name the source, or say why there is none."""

    state: str
    words: str


def _signed(by: x509.Certificate, signature: bytes, body: bytes, digest: hashes.HashAlgorithm | None) -> bool:
    key = by.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey) and digest is not None:
            key.verify(signature, body, padding.PKCS1v15(), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey) and digest is not None:
            key.verify(signature, body, ec.ECDSA(digest))
        else:
            return False
    except (InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _may_answer(certificate: x509.Certificate) -> bool:
    """Whether a certificate may sign OCSP responses on behalf of its issuer (RFC 6960 section 4.2.2.2)."""
    try:
        uses = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    return ExtendedKeyUsageOID.OCSP_SIGNING in uses


def read_ocsp(data: bytes, leaf: x509.Certificate, issuer: x509.Certificate, now: datetime) -> str:
    """The state of `leaf` in an OCSP response: `revoked` or `good`.

    Empty if the response is for another certificate, out of date, not validly signed, unreadable, or says neither."""

    def read() -> str:
        answer = ocsp.load_der_ocsp_response(data)
        if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            return ""
        signers = [issuer, *(c for c in answer.certificates if signed_by(c, issuer) and _may_answer(c))]
        body, digest = answer.tbs_response_bytes, answer.signature_hash_algorithm
        if not any(_signed(s, answer.signature, body, digest) for s in signers):
            return ""
        fresh = answer.next_update_utc is None or answer.next_update_utc >= now
        if answer.serial_number != leaf.serial_number or not fresh:
            return ""
        revoked = answer.certificate_status is ocsp.OCSPCertStatus.REVOKED
        return "revoked" if revoked else "good" if answer.certificate_status is ocsp.OCSPCertStatus.GOOD else ""

    return quiet(read, "")


def read_crl(data: bytes, leaf: x509.Certificate, issuer: x509.Certificate, now: datetime) -> str:
    """The state of `leaf` according to a CRL: `revoked` or `good`.

    Empty if the CRL is from another issuer, out of date, not validly signed, or unreadable."""

    def read() -> str:
        crl = x509.load_pem_x509_crl(data) if data.startswith(b"-----") else x509.load_der_x509_crl(data)
        if crl.issuer != issuer.subject or not crl.is_signature_valid(issuer.public_key()):  # type: ignore[arg-type]
            return ""
        if crl.next_update_utc is not None and crl.next_update_utc < now:
            return ""
        return "revoked" if crl.get_revoked_certificate_by_serial_number(leaf.serial_number) else "good"

    return quiet(read, "")


def _question(leaf: x509.Certificate, issuer: x509.Certificate) -> bytes:
    builder = ocsp.OCSPRequestBuilder().add_certificate(leaf, issuer, hashes.SHA1())  # noqa: S303 - CertID's usual hash
    return builder.build().public_bytes(Encoding.DER)


async def standing(
    leaf: x509.Certificate,
    issuer: x509.Certificate,
    staple: bytes,
    now: datetime,
    timeout: float,
    *,
    offline: bool,
    private: bool,
) -> RevocationStatus:
    """The revocation status of the leaf.

    The stapled OCSP response is read first. If it is not usable, the first OCSP responder in the leaf is asked, and
    then the first CRL is fetched. With `offline`, only the stapled response is read. Without `private`, no private
    address is contacted."""
    stapled = read_ocsp(staple, leaf, issuer, now) if staple else ""
    if stapled:
        return RevocationStatus(stapled, f"{stapled} by the stapled OCSP response")
    responders, lists = ocsp_urls(leaf)[:1], crl_urls(leaf)[:1]
    if offline or not (responders or lists):
        return RevocationStatus(
            "not observable", "not checked (offline)" if offline else "the certificate names no CRL and no OCSP"
        )
    for url in responders:
        request = quiet(lambda: _question(leaf, issuer), b"")
        answer = await fetch(url, timeout, request, "application/ocsp-request", private=private) if request else None
        state = read_ocsp(answer, leaf, issuer, now) if answer else ""
        if state:
            return RevocationStatus(state, f"{state} by OCSP ({url})")
    for url in lists:
        data = await fetch(url, timeout, private=private)
        state = read_crl(data, leaf, issuer, now) if data else ""
        if state:
            return RevocationStatus(state, f"{state} by CRL ({url})")
    return RevocationStatus("not observable", f"no usable response from {', '.join((*responders, *lists))}")
