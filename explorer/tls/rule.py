"""What stands in a cause's file: how evidence is recognised, what to change, and the fault that produces it. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from explorer.tls.advice import Advice
from explorer.tls.faults.recipe import Fault
from flows.diagnosis import Cause, Certificate, Evidence

Recogniser = Callable[[Evidence], str]
"""One sentence for a person if the cause applies, else an empty string."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One cause. `faults` may be empty for causes that only a client can tell."""

    cause: Cause
    recognise: Recogniser
    faults: tuple[Fault, ...] = ()
    advice: Advice = field(default_factory=Advice)


NOTICEABLE = timedelta(hours=12)
"""A clock that is less wrong than this breaks no certificate that is not about to end anyway."""


WITNESSES = "clock-witnesses"
"""The fact that other hosts bear out our clock against this server's."""


def path(evidence: Evidence) -> tuple[Certificate, ...]:
    """The certificates of the chain that lead from the leaf to where it ends; strangers in between are left out."""
    wanted = evidence.facts.get("path-certificates", "").split(",")
    return tuple(c for c in evidence.chain if c.sha256 in wanted) or evidence.chain[:1]


def who(certificate: Certificate, evidence: Evidence) -> str:
    """What to call a certificate in a sentence."""
    if evidence.chain and certificate == evidence.chain[0]:
        return "The certificate"
    return f"The authority's certificate «{certificate.subject}»"


def codes(evidence: Evidence) -> frozenset[int]:
    return frozenset(f.code for f in evidence.verify_faults)


def ended(evidence: Evidence) -> str:
    """How the handshake ended before its time: empty if it went through."""
    return evidence.facts.get("handshake", "")


def skewed(evidence: Evidence) -> timedelta | None:
    """How far our clock is ahead of the server's, if that alone explains that the certificate's dates do not fit."""
    told = evidence.server_clock
    if told is None or abs(evidence.observed_at - told) < NOTICEABLE or WITNESSES in evidence.facts:
        return None
    links = path(evidence)
    fits_us = all(c.not_before <= evidence.observed_at <= c.not_after for c in links)
    fits_server = all(c.not_before <= told <= c.not_after for c in links)
    return evidence.observed_at - told if links and fits_server and not fits_us else None
