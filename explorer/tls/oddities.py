"""Findings about oddities of a server that do not make TLS fail, but are worth fixing. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flows.diagnosis import Evidence
from flows.incident import Finding, Severity
from flows.probe_facts import Oddity

KINDS: Mapping[Oddity, tuple[Severity, str]] = MappingProxyType(
    {
        "chain-order": (Severity.LOW, "Put the certificates in order: leaf, issuer, issuer's issuer; {}."),
        "chain-duplicate": (Severity.INFO, "Send each certificate once; {}."),
        "chain-superfluous": (Severity.LOW, "Send only the certificates of the chain; the server also sends {}."),
        "chain-expired-extra": (
            Severity.LOW,
            "{}: do not send this certificate; old clients (OpenSSL 1.0, GnuTLS before 3.6.14) build on it and fail.",
        ),
        "needs-sni": (Severity.INFO, "Very old clients, which send no SNI, fail: {}."),
        "must-staple": (Severity.MEDIUM, "Enable OCSP stapling: {}."),
    }
)
"""Name of a fact → severity and sentence of its finding. The kind of that finding has the same name."""


def oddities(evidence: Evidence) -> tuple[Finding, ...]:
    """One finding for each oddity, in a stable order: `KINDS`, then `deprecated-tls`, `server-clock` and `key-type`."""
    at = f"{evidence.host}:{evidence.port}"
    found = [
        Finding(severity, kind, f"{at}: {text.format(evidence.facts[kind])}", evidence.host, evidence.port)
        for kind, (severity, text) in KINDS.items()
        if kind in evidence.facts
    ]
    old = [v for v in evidence.protocols_offered if v in ("SSLv3", "TLSv1", "TLSv1.1")]
    if old and len(old) < len(evidence.protocols_offered):
        text = f"{at}: disable {', '.join(old)} (RFC 8996); current clients use {evidence.protocols_offered[0]}."
        found.append(Finding(Severity.LOW, "deprecated-tls", text, evidence.host, evidence.port))
    if "clock-witnesses" in evidence.facts and evidence.server_clock is not None:
        off = (evidence.server_clock - evidence.observed_at).total_seconds() / 86400
        text = (
            f"{at}: the server's own clock is {abs(off):.1f} days {'ahead' if off > 0 else 'behind'}; ours agrees with "
            f"{evidence.facts['clock-witnesses']}. The server's sessions, tokens and outgoing TLS connections depend on its clock."
        )
        found.append(Finding(Severity.MEDIUM, "server-clock", text, evidence.host, evidence.port))
    leaf = evidence.chain[0] if evidence.chain else None
    if leaf is not None and (leaf.key.startswith("Ed") or leaf.key == "EC P-521"):
        whom = "browsers refuse" if leaf.key.startswith("Ed") else "Chromium refuses"
        text = f"{at}: {whom} certificates with the key {leaf.key}; use EC P-256 or RSA 2048."
        found.append(Finding(Severity.HIGH, "key-type", text, evidence.host, evidence.port))
    return tuple(found)
