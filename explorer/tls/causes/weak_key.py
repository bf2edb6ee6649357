"""The certificate's key is too short."""

from __future__ import annotations

from explorer.tls.advice import RELOAD, Advice
from explorer.tls.faults.mint import CertificateSpec
from explorer.tls.faults.recipe import Fault, Served, Terms, Workshop, show
from explorer.tls.rule import Rule, codes, path, who
from flows.diagnosis import Cause, Evidence


def _mint(shop: Workshop) -> Served:
    return show(shop.authority.leaf(shop.names, CertificateSpec(key="rsa-1024")))


def _short(key: str) -> bool:
    kind, _, bits = key.partition(" ")
    return kind == "DSA" or (kind == "RSA" and bits.isdigit() and int(bits) < 2048) or key in ("EC P-192", "EC P-160")


def recognise(evidence: Evidence) -> str:
    weak = [c for c in path(evidence) if _short(c.key)]
    if weak:
        return f"{who(weak[0], evidence)} has a key that is too short ({weak[0].key}); clients require at least RSA 2048 or EC P-256."
    return "A key in the chain is too short." if codes(evidence) & {66, 67} else ""


_ADVICE = Advice(
    "Create a new key and have a certificate issued for it",
    "Run «openssl ecparam -name prime256v1 -genkey -noout -out privkey.pem», then create a new CSR for {host}.",
    RELOAD,
    check="openssl s_client -connect {host}:{port} -servername {host} </dev/null 2>/dev/null | openssl x509 -noout -text | grep 'Public-Key'",
)


FAULTS = (Fault("weak-key", Cause.WEAK_KEY, "An RSA key of 1024 bits.", _mint, Terms(ciphers="DEFAULT:@SECLEVEL=0")),)

RULE = Rule(Cause.WEAK_KEY, recognise, FAULTS, _ADVICE)
