"""Decides which certificates expire soon, relative to their lifetime. Pure.

Certificates may be valid for 200 days now, for 100 days from March 2027 and for 47 days from March 2029 (CA/Browser
Forum ballot SC-081v3). A fixed number of days would warn too early or too late, so «soon» means that less than a third
of the lifetime is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from explorer.tls.rule import path
from flows.diagnosis import Cause, Certificate, Evidence
from flows.incident import Finding, Severity

SOON = 1 / 3
"""A certificate is «expiring» when less than this part of its lifetime is left."""


def lifetime_left(certificate: Certificate, now: datetime) -> float:
    """The fraction of the lifetime that is left: 1 before it begins, 0 after it ends. `now` has a time zone."""
    whole = (certificate.not_after - certificate.not_before).total_seconds()
    left = (certificate.not_after - now).total_seconds()
    return min(max(left / whole, 0.0), 1.0) if whole > 0 else 0.0


def days_left(certificate: Certificate, now: datetime) -> int:
    """Whole days until the certificate expires; negative afterwards."""
    return (certificate.not_after - now) // timedelta(days=1)


def first_to_end(evidence: Evidence) -> Certificate | None:
    """The certificate of the path that expires first: an intermediate may expire before the leaf."""
    return min(path(evidence), key=lambda c: c.not_after, default=None)


@dataclass(frozen=True, slots=True)
class BlastRadius:
    """The journeys that fail if a host fails, and the attempted journeys that still work."""

    breaks: tuple[str, ...] = ()
    survives: tuple[str, ...] = ()
    third_party: bool = False

    def sentence(self, host: str, ends: datetime) -> str:
        """A sentence to append to a finding.

        For example: « If files.example expires on 2027-01-14, upload-attachment breaks; start-chat survives.»"""
        text = ""
        if self.breaks:
            rest = f"; {_verb(self.survives, 'survive')}" if self.survives else ""
            text = f" If {host} expires on {ends:%Y-%m-%d}, {_verb(self.breaks, 'break')}{rest}."
        return text + (
            " The certificate belongs to a third party, and only they can renew it." if self.third_party else ""
        )


def _verb(journeys: tuple[str, ...], verb: str) -> str:
    *others, last = journeys
    return f"{', '.join(others)} and {last} {verb}" if others else f"{last} {verb}s"


def _soon(evidence: Evidence, certificate: Certificate, now: datetime, days: int | None) -> bool:
    """Whether a certificate expires within `days`. Without `days`, the limit is a third of the leaf's lifetime.

    For an intermediate, too, the leaf's lifetime counts and not its own, because authorities use intermediates until
    late in their lifetimes.
    """
    if days is not None:
        return days_left(certificate, now) < days
    leaf = evidence.chain[0]
    return certificate.not_after - now < SOON * (leaf.not_after - leaf.not_before) and (
        certificate != leaf or lifetime_left(leaf, now) < SOON
    )


def expiring(
    evidence: Evidence, now: datetime, days: int | None = None, radius: BlastRadius = BlastRadius()
) -> tuple[Finding, ...]:
    """Findings for the certificates of a path that expire soon.

    «Soon» means within `days`, or, without `days`, with less than a third of the leaf's lifetime left. A certificate
    that has expired is a cause, not a finding."""
    found = []
    for certificate in path(evidence):
        left = days_left(certificate, now)
        if certificate.not_after <= now or not _soon(evidence, certificate, now, days):
            continue
        whose = (
            "the certificate"
            if certificate == evidence.chain[0]
            else f"the authority's certificate «{certificate.subject}»"
        )
        text = (
            f"{evidence.host}:{evidence.port}: {whose} expires on {certificate.not_after:%Y-%m-%d}, "
            f"in {left} day{'' if left == 1 else 's'} ({lifetime_left(certificate, now):.0%} of its lifetime left)."
            + radius.sentence(evidence.host, certificate.not_after)
        )
        high = left < 3 or lifetime_left(certificate, now) < SOON / 4
        found.append(
            Finding(
                Severity.HIGH if high else Severity.MEDIUM,
                "expiring",
                text,
                evidence.host,
                evidence.port,
                Cause.EXPIRED.value,
                radius.breaks,
            )
        )
    return tuple(found)
