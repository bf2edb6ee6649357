"""The issuer has revoked the certificate."""

from __future__ import annotations

from dataclasses import replace

from cryptography import x509

from explorer.tls.advice import RELOAD, Advice
from explorer.tls.faults.mint import CertificateSpec, Issued
from explorer.tls.faults.recipe import Fault, Served, Workshop, show
from explorer.tls.faults.stapling import ocsp_answer
from explorer.tls.rule import Rule
from flows.diagnosis import Cause, Evidence


def _by_list(shop: Workshop) -> Served:
    by = shop.authority.intermediate
    serial = x509.random_serial_number()
    url = shop.static("/revoked.crl", shop.authority.revocations(by, [serial]))
    return show(shop.authority.leaf(shop.names, CertificateSpec(crl=url, serial=serial)))


def _by_ocsp(shop: Workshop) -> Served:
    """A leaf that its issuer's OCSP responder reports as revoked.

    The leaf contains the responder's URL, so the URL is created before the leaf. The response refers to the leaf, so it
    is created only when a client requests it."""
    known: list[Issued] = []
    url = shop.publish("/ocsp", lambda _: ocsp_answer(shop.authority, known[0], revoked=True))
    known.append(shop.authority.leaf(shop.names, CertificateSpec(ocsp=url)))
    return show(known[0])


def _by_staple(shop: Workshop) -> Served:
    leaf = shop.authority.leaf(shop.names)
    return replace(show(leaf), staple=ocsp_answer(shop.authority, leaf, revoked=True))


def recognise(evidence: Evidence) -> str:
    said = next((f.text for f in evidence.verify_faults if f.code == 23), "")
    return f"The issuer has revoked the certificate: {said}." if said else ""


_ADVICE = Advice(
    "Replace the certificate, and use a new key",
    "First ask why it was revoked. If the key was lost or stolen, the new certificate must not use it again.",
    RELOAD,
)


FAULTS = (
    Fault("revoked", Cause.REVOKED, "The issuer's CRL lists the certificate.", _by_list),
    Fault("revoked-ocsp", Cause.REVOKED, "The issuer's OCSP responder reports the leaf as revoked.", _by_ocsp),
    Fault(
        "revoked-stapled",
        Cause.REVOKED,
        "The stapled OCSP response reports the leaf as revoked.",
        _by_staple,
        chromium="ERR_CERT_REVOKED",
    ),
)

RULE = Rule(Cause.REVOKED, recognise, FAULTS, _ADVICE)
