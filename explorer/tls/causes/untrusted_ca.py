"""The chain ends at an authority that nobody was told to trust."""

from __future__ import annotations

from explorer.tls.advice import CHAIN, RELOAD, Advice
from explorer.tls.clients import PRIVATE_ROOT
from explorer.tls.faults.mint import Authority
from explorer.tls.faults.recipe import Fault, Served, Workshop, show
from explorer.tls.rule import Rule, path
from flows.diagnosis import Cause, Evidence


def _stranger(shop: Workshop) -> Authority:
    return Authority.create("Elsewhere Private", now=shop.authority.now)


def _with_intermediate(shop: Workshop) -> Served:
    return show(_stranger(shop).leaf(shop.names))


def _with_root(shop: Workshop) -> Served:
    stranger = _stranger(shop)
    return show(stranger.leaf(shop.names), stranger.root.certificate)


def _direct(shop: Workshop) -> Served:
    stranger = _stranger(shop)
    return show(stranger.leaf(shop.names, by=stranger.root))


def recognise(evidence: Evidence) -> str:
    facts = evidence.facts
    if facts.get("anchor") or not evidence.chain:
        return ""
    ends = facts.get("ends-at", "an unknown authority")
    if facts.get("top") == "self-signed":
        return (
            f"The chain ends at «{ends}», which {evidence.trust_store} does not hold."
            if len(path(evidence)) > 1
            else ""
        )
    if facts.get("missing") in ("elsewhere", "served-issuer", "root-by-name"):
        return f"The chain ends at «{ends}», which {evidence.trust_store} does not hold."
    if facts.get("missing") == "alone":
        return f"Or «{ends}» is itself an authority that {evidence.trust_store} does not hold: nothing tells."
    return ""


_ADVICE = Advice(
    "Use a certificate from an authority that clients know",
    "If «{host}» belongs to a company with its own authority, clients need that root (try: --ca FILE). If not, have the certificate issued by a public authority.",
    RELOAD,
    PRIVATE_ROOT,
    CHAIN,
)


FAULTS = (
    Fault(
        "untrusted-ca",
        Cause.UNTRUSTED_CA,
        "Another authority's leaf and intermediate.",
        _with_intermediate,
        chromium="ERR_CERT_AUTHORITY_INVALID",
    ),
    Fault(
        "untrusted-ca-with-root",
        Cause.UNTRUSTED_CA,
        "Another authority's chain with its root.",
        _with_root,
        chromium="ERR_CERT_AUTHORITY_INVALID",
    ),
    Fault(
        "untrusted-ca-direct",
        Cause.UNTRUSTED_CA,
        "A leaf straight from an unknown root.",
        _direct,
        chromium="ERR_CERT_AUTHORITY_INVALID",
    ),
)

RULE = Rule(Cause.UNTRUSTED_CA, recognise, FAULTS, _ADVICE)
