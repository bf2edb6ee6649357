"""The chain ends at an authority that is not trusted."""

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
            f"The chain ends at «{ends}», which is not among the trusted roots: {evidence.trust_store}."
            if len(path(evidence)) > 1
            else ""
        )
    if facts.get("missing") in ("elsewhere", "served-issuer", "root-by-name"):
        return f"The chain ends at «{ends}», which is not among the trusted roots: {evidence.trust_store}."
    if facts.get("missing") == "alone":
        return f"It is also possible that «{ends}» itself is an untrusted authority; the evidence leaves this open."
    return ""


_ADVICE = Advice(
    "Use a certificate from an authority that clients trust",
    (
        "If a company's own authority issued the certificate of «{host}», clients need the root of that authority "
        "(trustwalk trusts it with --ca FILE). Otherwise, get a certificate from a public authority."
    ),
    RELOAD,
    PRIVATE_ROOT,
    CHAIN,
)


FAULTS = (
    Fault(
        "untrusted-ca",
        Cause.UNTRUSTED_CA,
        "Sends a leaf and an intermediate from an unknown authority.",
        _with_intermediate,
        chromium="ERR_CERT_AUTHORITY_INVALID",
    ),
    Fault(
        "untrusted-ca-with-root",
        Cause.UNTRUSTED_CA,
        "Sends the whole chain of an unknown authority, with its root.",
        _with_root,
        chromium="ERR_CERT_AUTHORITY_INVALID",
    ),
    Fault(
        "untrusted-ca-direct",
        Cause.UNTRUSTED_CA,
        "Sends a leaf that an unknown root issued directly.",
        _direct,
        chromium="ERR_CERT_AUTHORITY_INVALID",
    ),
)

RULE = Rule(Cause.UNTRUSTED_CA, recognise, FAULTS, _ADVICE)
