"""When certificates run out, judged against how long they were made to live. Pure.

Certificates live 200 days now, 100 from March 2027 and 47 from March 2029 (CA/Browser Forum ballot SC-081v3), so a fixed
number of days would cry wolf or come too late: less than a third of the lifetime left is «soon».
"""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class BlastRadius:
    """What goes down with a host, and what of the journeys that were tried does not."""

    breaks: tuple[str, ...] = ()
    survives: tuple[str, ...] = ()
    third_party: bool = False

    def sentence(self, host: str, ends: datetime) -> str:
        """«If files.example expires on 2027-01-14, upload-attachment breaks; start-chat survives.»"""
        text = ""
        if self.breaks:
            rest = f"; {_verb(self.survives, 'survive')}" if self.survives else ""
            text = f" If {host} expires on {ends:%Y-%m-%d}, {_verb(self.breaks, 'break')}{rest}."
        return text + (" It is somebody else's: only they can renew it." if self.third_party else "")


def _verb(journeys: tuple[str, ...], verb: str) -> str:
    *others, last = journeys
    return f"{', '.join(others)} and {last} {verb}" if others else f"{last} {verb}s"


def _soon(evidence: Evidence, certificate: Certificate, now: datetime, days: int | None) -> bool:
    """An authority's certificate is not the team's to renew, and issuers use theirs until late in its life: it is soon
    when less is left than a leaf's third, as the leaf must by then come from another one."""
    if days is not None:
        return days_left(certificate, now) < days
    leaf = evidence.chain[0]
    return certificate.not_after - now < SOON * (leaf.not_after - leaf.not_before) and (
        certificate != leaf or lifetime_left(leaf, now) < SOON
    )


def expiring(
    evidence: Evidence, now: datetime, days: int | None = None, radius: BlastRadius = BlastRadius()
) -> tuple[Finding, ...]:
    """Findings for the certificates of a path that run out soon: within `days`, or with less than a third of the leaf's
    lifetime left. What has run out already is a cause, not a finding."""
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
            f"{evidence.host}:{evidence.port}: {whose} runs out on {certificate.not_after:%Y-%m-%d}, "
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
