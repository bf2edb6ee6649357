"""The certificate breaks a rule of RFC 5280 that no other cause covers."""

from __future__ import annotations

from cryptography.x509.oid import ExtendedKeyUsageOID

from explorer.tls.advice import RELOAD, Advice
from explorer.tls.faults.mint import CertificateSpec
from explorer.tls.faults.recipe import Fault, Served, Workshop, show
from explorer.tls.rule import Rule
from explorer.tls.verify_codes import NO_SIGNING, RULES
from flows.diagnosis import Cause, Evidence


def _for_clients(shop: Workshop) -> Served:
    return show(shop.authority.leaf(shop.names, CertificateSpec(eku=(ExtendedKeyUsageOID.CLIENT_AUTH,))))


def _no_san(shop: Workshop) -> Served:
    return show(shop.authority.leaf(shop.names, CertificateSpec(san=False)))


def _bad_signature(shop: Workshop) -> Served:
    return show(shop.authority.leaf(shop.names, CertificateSpec(spoil_signature=True)))


def _not_permitted(shop: Workshop) -> Served:
    by = shop.authority.sub_authority(CertificateSpec(days=(-200, 1800), permitted=("elsewhere.test",)))
    return show(shop.authority.leaf(shop.names, by=by))


def _no_signing(shop: Workshop) -> Served:
    return show(shop.authority.leaf(shop.names, CertificateSpec(sign_documents=False)))


def _too_deep(shop: Workshop) -> Served:
    """A chain in which an intermediate with pathlen 0 (basicConstraints) nevertheless issues another intermediate."""
    by = shop.authority.sub_authority(by=shop.authority.intermediate, name="Too Deep CA")
    return show(shop.authority.leaf(shop.names, by=by))


def _issuer_no_authority(shop: Workshop) -> Served:
    by = shop.authority.leaf(["issuer.test"])
    return show(shop.authority.leaf(shop.names, by=by))


def recognise(evidence: Evidence) -> str:
    broken = [f for f in evidence.verify_faults if f.code in RULES or f.text == NO_SIGNING]
    if broken:
        place = "The certificate" if broken[0].depth == 0 else f"Certificate {broken[0].depth} of the chain"
        return f"{place} breaks a rule: {broken[0].text}."
    if evidence.chain and not evidence.chain[0].names:
        return f"The certificate has no subjectAltName; it names {evidence.chain[0].subject or 'nobody'} in its subject only, which clients ignore."
    if evidence.chain and "unreadable" in evidence.facts and not evidence.facts.get("anchor"):
        return f"The server sends data that is not a certificate: {evidence.facts['unreadable']}."
    return ""


_ADVICE = Advice(
    "Have the certificate reissued for a TLS server",
    (
        "The certificate needs a subjectAltName with {host}, the extended key usage serverAuth, and an issuer that may "
        "issue for this name (basicConstraints CA:TRUE, no violated name constraint)."
    ),
    RELOAD,
)


FAULTS = (
    Fault(
        "invalid-certificate",
        Cause.INVALID_CERTIFICATE,
        "The extended key usage is for TLS clients, not for servers.",
        _for_clients,
        chromium="ERR_CERT_INVALID",
    ),
    Fault(
        "invalid-certificate-no-san",
        Cause.INVALID_CERTIFICATE,
        "The host name is in the subject's common name (CN) only, not in a subjectAltName.",
        _no_san,
        chromium="ERR_CERT_COMMON_NAME_INVALID",
    ),
    Fault(
        "invalid-certificate-signature",
        Cause.INVALID_CERTIFICATE,
        "The signature does not verify.",
        _bad_signature,
        chromium="ERR_CERT_AUTHORITY_INVALID",
    ),
    Fault(
        "invalid-certificate-constraint",
        Cause.INVALID_CERTIFICATE,
        "The issuer's name constraints forbid this name.",
        _not_permitted,
        chromium="ERR_CERT_INVALID",
    ),
    Fault(
        "invalid-certificate-issuer",
        Cause.INVALID_CERTIFICATE,
        "The issuer is not a certificate authority.",
        _issuer_no_authority,
        chromium="ERR_CERT_INVALID",
    ),
    Fault(
        "invalid-certificate-depth",
        Cause.INVALID_CERTIFICATE,
        "An intermediate with pathlen 0 issues another intermediate.",
        _too_deep,
        chromium="ERR_CERT_INVALID",
    ),
    Fault(
        "invalid-certificate-key-usage",
        Cause.INVALID_CERTIFICATE,
        "The keyUsage does not allow the key to sign handshakes.",
        _no_signing,
        chromium="ERR_SSL_KEY_USAGE_INCOMPATIBLE",
    ),
)

RULE = Rule(Cause.INVALID_CERTIFICATE, recognise, FAULTS, _ADVICE)
