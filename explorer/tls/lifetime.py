"""When certificates run out, judged against how long they were made to live. Pure.

Certificates live 200 days now, 100 from March 2027 and 47 from March 2029 (CA/Browser Forum ballot SC-081v3), so a fixed
number of days would cry wolf or come too late: less than a third of the lifetime left is «soon».
"""

from __future__ import annotations

from datetime import datetime, timedelta

from explorer.tls.rule import path
from flows.diagnosis import Cause, Certificate, Evidence
from flows.incident import Finding, Severity

SOON = 1 / 3
"""The part of a lifetime that, when no more is left, makes a certificate «expiring»."""


def lifetime_left(certificate: Certificate, now: datetime) -> float:
    """The part of its lifetime that is left: 1 before it begins, 0 when it is over. `now` is aware."""
    whole = (certificate.not_after - certificate.not_before).total_seconds()
    left = (certificate.not_after - now).total_seconds()
    return min(max(left / whole, 0.0), 1.0) if whole > 0 else 0.0


def days_left(certificate: Certificate, now: datetime) -> int:
    """Whole days until it runs out; negative when it has."""
    return (certificate.not_after - now) // timedelta(days=1)


def first_to_end(evidence: Evidence) -> Certificate | None:
    """The certificate of the path that runs out first: an intermediate may do so before the leaf."""
    return min(path(evidence), key=lambda c: c.not_after, default=None)


def expiring(
    evidence: Evidence, now: datetime, days: int | None = None, journeys: tuple[str, ...] = ()
) -> tuple[Finding, ...]:
    """Findings for the certificates of a path that run out soon: within `days`, or with less than a third of their
    lifetime left. What has run out already is a cause, not a finding."""
    found = []
    for certificate in path(evidence):
        left = days_left(certificate, now)
        soon = left < days if days is not None else lifetime_left(certificate, now) < SOON
        if not soon or certificate.not_after <= now:
            continue
        whose = (
            "the certificate"
            if certificate == evidence.chain[0]
            else f"the authority's certificate «{certificate.subject}»"
        )
        breaks = f" Then these break: {', '.join(journeys)}." if journeys else ""
        text = (
            f"{evidence.host}:{evidence.port}: {whose} runs out on {certificate.not_after:%Y-%m-%d}, "
            f"in {left} day{'' if left == 1 else 's'} ({lifetime_left(certificate, now):.0%} of its lifetime left).{breaks}"
        )
        high = left < 3 or lifetime_left(certificate, now) < SOON / 4
        found.append(
            Finding(Severity.HIGH if high else Severity.MEDIUM, "expiring", text, evidence.host, evidence.port,
                    Cause.EXPIRED.value, journeys)
        )  # fmt: skip
    return tuple(found)
