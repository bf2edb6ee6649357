"""Finds oddities in the chain that a server sends. Current clients tolerate these oddities. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509

from explorer.tls.chain import Path, describe, named_issuer, printable, quiet
from flows.probe_facts import ProbeFacts


def _self_issued(certificate: x509.Certificate) -> bool:
    return quiet(lambda: certificate.subject == certificate.issuer, False)


def _related(certificates: Sequence[x509.Certificate], path: Path) -> list[x509.Certificate]:
    """The served certificates that a client may use to get from the leaf to a root.

    These are the certificates of the path, and cross-signed certificates for older clients that trust another root."""
    found = list(path.links)
    for link in found:  # the list grows during the loop
        found += [c for c in certificates if c not in found and named_issuer(link, c)]
    return found


def served_oddities(certificates: Sequence[x509.Certificate], path: Path, now: datetime) -> ProbeFacts:
    """Oddities by name: wrong order, duplicates, unrelated certificates, and expired certificates off the path.

    The path is the one that current clients use; older clients may use an expired certificate instead."""
    odd = ProbeFacts()
    served = [c for c in path.links if c in certificates]
    places = [list(certificates).index(c) for c in served]
    if places != sorted(places):
        odd["chain-order"] = "the server sends them in another order"
    if len(set(certificates)) < len(certificates):
        odd["chain-duplicate"] = "the server sends one more than once"
    related = _related(certificates, path)
    strangers = [c for c in certificates if c not in related and not _self_issued(c)]
    over = [c for c in related if c not in path.links and not _self_issued(c) and describe(c).not_after < now]
    if over:
        odd["chain-expired-extra"] = f"{describe(over[0]).subject}, issued by {describe(over[0]).issuer}, has expired"
    if strangers:
        subject = quiet(lambda: printable(strangers[0].subject.rfc4514_string()), "")
        odd["chain-superfluous"] = f"{len(strangers)} unrelated to the chain, such as {subject}"
    return odd
