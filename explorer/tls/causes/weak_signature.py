"""The certificate's signature uses a broken hash (SHA-1, MD5)."""

from __future__ import annotations

from explorer.tls.advice import RELOAD, Advice
from explorer.tls.faults.mint import CertificateSpec, Digest
from explorer.tls.faults.recipe import Fault, Served, Terms, Workshop, show
from explorer.tls.rule import Rule, codes, path, who
from flows.diagnosis import Cause, Evidence

_LAX = Terms(ciphers="DEFAULT:@SECLEVEL=0")


def _signed(shop: Workshop, digest: Digest) -> Served:
    by = shop.authority.sub_authority(CertificateSpec(days=(-200, 1800), key="rsa"))
    return show(shop.authority.leaf(shop.names, CertificateSpec(key="rsa", digest=digest), by=by))


def _sha1(shop: Workshop) -> Served:
    return _signed(shop, "sha1")


def _md5(shop: Workshop) -> Served:
    return _signed(shop, "md5")


def recognise(evidence: Evidence) -> str:
    weak = [c for c in path(evidence) if c.signature in ("sha1", "md5", "md2") and not c.self_issued]
    if weak:
        return (
            f"{who(weak[0], evidence)} is signed with {weak[0].signature.upper()}, a broken hash that allows forgeries."
        )
    return "A signature in the chain uses a broken hash." if 68 in codes(evidence) else ""


_ADVICE = Advice(
    "Have the certificate reissued with SHA-256",
    "The authority must sign with SHA-256 or better. Configure a private authority to do so (openssl: default_md = sha256).",
    RELOAD,
    check="openssl s_client -connect {host}:{port} -servername {host} </dev/null 2>/dev/null | openssl x509 -noout -text | grep 'Signature Algorithm'",
)


FAULTS = (
    Fault("weak-signature", Cause.WEAK_SIGNATURE, "Signed with SHA-1.", _sha1, _LAX, chromium="ERR_CERT_INVALID"),
    Fault("weak-signature-md5", Cause.WEAK_SIGNATURE, "Signed with MD5.", _md5, _LAX, chromium="ERR_CERT_INVALID"),
)

RULE = Rule(Cause.WEAK_SIGNATURE, recognise, FAULTS, _ADVICE)
