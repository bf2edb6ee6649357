"""The leaf is signed with its own key."""

from __future__ import annotations

from explorer.tls.advice import CHAIN, RELOAD, Advice
from explorer.tls.clients import PRIVATE_ROOT
from explorer.tls.faults.mint import CertificateSpec, issue
from explorer.tls.faults.recipe import Fault, Served, Workshop, show
from explorer.tls.rule import Rule
from flows.diagnosis import Cause, Evidence


def _leaf(shop: Workshop) -> Served:
    return show(issue(shop.names, None, CertificateSpec(), shop.authority.now))


def recognise(evidence: Evidence) -> str:
    if evidence.facts.get("anchor") or evidence.facts.get("top") != "self-signed" or not evidence.chain:
        return ""
    alone = "," not in evidence.facts.get("path-certificates", "")
    return f"The certificate «{evidence.chain[0].subject}» is signed with its own key." if alone else ""


_ADVICE = Advice(
    "Use a certificate from an authority that clients trust",
    "Public authorities issue certificates free of charge (ACME). Inside a company, let the company's authority sign the certificate, and install the authority's root on the clients.",
    RELOAD,
    PRIVATE_ROOT,
    CHAIN,
)


FAULTS = (
    Fault(
        "self-signed",
        Cause.SELF_SIGNED,
        "The certificate is its own issuer.",
        _leaf,
        chromium="ERR_CERT_AUTHORITY_INVALID",
    ),
)

RULE = Rule(Cause.SELF_SIGNED, recognise, FAULTS, _ADVICE)
