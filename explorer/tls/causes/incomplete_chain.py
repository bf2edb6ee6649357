"""The server does not send a required intermediate."""

from __future__ import annotations

from cryptography.hazmat.primitives.serialization import Encoding

from explorer.tls.advice import CHAIN, RELOAD, Advice
from explorer.tls.faults.mint import CertificateSpec
from explorer.tls.faults.recipe import Fault, Served, Workshop
from explorer.tls.rule import Rule
from flows.diagnosis import Cause, Evidence


def _bare(shop: Workshop) -> Served:
    leaf = shop.authority.leaf(shop.names)
    return Served(leaf.key_pem, (leaf.certificate,))


def _with_aia(shop: Workshop) -> Served:
    issuer = shop.authority.intermediate.certificate.public_bytes(Encoding.DER)
    leaf = shop.authority.leaf(shop.names, CertificateSpec(aia=shop.static("/issuer.cer", issuer)))
    return Served(leaf.key_pem, (leaf.certificate,))


def recognise(evidence: Evidence) -> str:
    facts = evidence.facts
    if facts.get("anchor") or not evidence.chain:
        return ""
    ends = facts.get("ends-at", "its issuer")
    if facts.get("missing") == "completed":
        return f"The server does not send the intermediate «{ends}». With it (found at {facts.get('missing-from', '')}), the chain reaches a trusted root."
    if facts.get("missing") == "kin":
        return f"The server does not send the intermediate «{ends}». Its name suggests that a trusted root issued it."
    if facts.get("missing") == "alone":
        return f"The server sends the leaf only; its issuer «{ends}» is missing."
    return ""


_BELOW = "\n\n# append this to that file, after the leaf:\n{missing}"

_ADVICE = Advice(
    "Make the server send its intermediate certificate",
    "Append the intermediate, which is printed after the configuration lines, to the file that holds the leaf.",
    {kind: lines + _BELOW for kind, lines in RELOAD.items()},
    check=CHAIN,
)


FAULTS = (
    Fault(
        "incomplete-chain",
        Cause.INCOMPLETE_CHAIN,
        "Sends the leaf only; the leaf contains no URL of its issuer (AIA).",
        _bare,
        chromium="ERR_CERT_AUTHORITY_INVALID",
    ),
    Fault(
        "incomplete-chain-aia",
        Cause.INCOMPLETE_CHAIN,
        "Sends the leaf only; the leaf contains the URL of its issuer (AIA).",
        _with_aia,
    ),
)

RULE = Rule(Cause.INCOMPLETE_CHAIN, recognise, FAULTS, _ADVICE)
