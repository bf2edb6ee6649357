"""The issuer has taken the certificate back."""

from __future__ import annotations

from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from explorer.tls.advice import RELOAD, Advice
from explorer.tls.mint import Issued, Wish
from explorer.tls.recipe import Fault, Served, Workshop, show
from explorer.tls.rule import Rule
from flows.diagnosis import Cause, Evidence


def _by_list(shop: Workshop) -> Served:
    by = shop.authority.intermediate
    serial = x509.random_serial_number()
    url = shop.static("/revoked.crl", shop.authority.revocations(by, [serial]))
    return show(shop.authority.leaf(shop.names, Wish(crl=url, serial=serial)))


def _by_ocsp(shop: Workshop) -> Served:
    """The responder knows one certificate, which is minted after its URL: the answer is made when it is asked for."""
    known: list[Issued] = []
    url = shop.publish("/ocsp", lambda _: _ocsp(shop, known[0]))
    known.append(shop.authority.leaf(shop.names, Wish(ocsp=url)))
    return show(known[0])


def _ocsp(shop: Workshop, leaf: Issued) -> bytes:
    """RFC 6960: signed by the issuer itself, revoked yesterday."""
    by = shop.authority.intermediate
    now = shop.authority.now.replace(microsecond=0)
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=leaf.certificate, issuer=by.certificate, algorithm=hashes.SHA1(),  # noqa: S303 - CertID's usual hash
        cert_status=ocsp.OCSPCertStatus.REVOKED, this_update=now - timedelta(hours=1),
        next_update=now + timedelta(days=1), revocation_time=now - timedelta(days=1), revocation_reason=None,
    )  # fmt: skip
    responder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, by.certificate)
    return responder.sign(by.key, hashes.SHA256()).public_bytes(Encoding.DER)


def recognise(evidence: Evidence) -> str:
    said = next((f.text for f in evidence.verify_faults if f.code == 23), "")
    return f"The certificate's issuer has taken it back: {said}." if said else ""


_ADVICE = Advice(
    "Replace the certificate, with a new key",
    "Ask whoever had it revoked for the reason first: if the key was lost or stolen, the new certificate needs another one.",
    RELOAD,
)


FAULTS = (
    Fault("revoked", Cause.REVOKED, "Listed in its issuer's CRL.", _by_list),
    Fault("revoked-ocsp", Cause.REVOKED, "Called revoked by its issuer's OCSP responder.", _by_ocsp),
)

RULE = Rule(Cause.REVOKED, recognise, FAULTS, _ADVICE)
