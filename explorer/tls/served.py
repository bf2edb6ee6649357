"""What is odd about a chain as it was served, though clients cope. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509

from explorer.tls.chain import Path, describe, named_issuer, printable, quiet


def _self_issued(certificate: x509.Certificate) -> bool:
    return quiet(lambda: certificate.subject == certificate.issuer, False)


def _related(certificates: Sequence[x509.Certificate], path: Path) -> list[x509.Certificate]:
    """Those served that some client may follow from the leaf upwards: the path's own, and cross-signed ones beside it,
    which older clients need because they know another root."""
    found = list(path.links)
    for link in found:  # grows while it is walked
        found += [c for c in certificates if c not in found and named_issuer(link, c)]
    return found


def served_oddities(certificates: Sequence[x509.Certificate], path: Path, now: datetime) -> dict[str, str]:
    """What is odd about a chain as served though clients cope: order, duplicates, strangers, and what has run out beside
    the path that up-to-date clients take."""
    odd = {}
    served = [c for c in path.links if c in certificates]
    places = [list(certificates).index(c) for c in served]
    if places != sorted(places):
        odd["chain-order"] = "the certificates are not in the order leaf, issuer, issuer's issuer"
    if len(set(certificates)) < len(certificates):
        odd["chain-duplicate"] = "a certificate is sent more than once"
    related = _related(certificates, path)
    strangers = [c for c in certificates if c not in related and not _self_issued(c)]
    over = [c for c in related if c not in path.links and not _self_issued(c) and describe(c).not_after < now]
    if over:
        odd["chain-expired-extra"] = f"{describe(over[0]).subject} by {describe(over[0]).issuer} has run out"
    if strangers:
        subject = quiet(lambda: printable(strangers[0].subject.rfc4514_string()), "")
        odd["chain-superfluous"] = f"{len(strangers)} certificate(s) belong to nothing, such as {subject}"
    return odd
