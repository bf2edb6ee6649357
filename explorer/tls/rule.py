"""The definition of a cause: how to recognise it in evidence, what to change, and the faults that produce it. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from explorer.tls.advice import Advice
from explorer.tls.faults.recipe import Fault
from flows.diagnosis import Cause, Certificate, Evidence

Recogniser = Callable[[Evidence], str]
"""Takes evidence and returns one sentence if the cause applies, else an empty string."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One cause that a probe can recognise, the faults that produce it, and what to change.

    `recognise` returns the sentence that explains the cause in the evidence, or an empty string if the cause does
    not apply."""

    cause: Cause
    recognise: Recogniser
    faults: tuple[Fault, ...] = ()
    advice: Advice = field(default_factory=Advice)


NOTICEABLE = timedelta(hours=12)
"""Smallest clock error that counts. A smaller one matters only near the beginning or end of a validity period."""


def path(evidence: Evidence) -> tuple[Certificate, ...]:
    """The served certificates that lead from the leaf to the end of the chain, without unrelated ones."""
    wanted = evidence.facts.get("path-certificates", "").split(",")
    return tuple(c for c in evidence.chain if c.sha256 in wanted) or evidence.chain[:1]


def who(certificate: Certificate, evidence: Evidence) -> str:
    """The name of a certificate, worded as the beginning of a sentence."""
    if evidence.chain and certificate == evidence.chain[0]:
        return "The certificate"
    return f"The authority certificate «{certificate.subject}»"


def codes(evidence: Evidence) -> frozenset[int]:
    return frozenset(f.code for f in evidence.verify_faults)


def ended(evidence: Evidence) -> str:
    """How the handshake failed; empty if it completed."""
    return evidence.facts.get("handshake", "")


def skewed(evidence: Evidence) -> timedelta | None:
    """How far our clock is ahead of the server's; negative if it is behind.

    None unless this alone explains why the chain is outside its validity period."""
    told = evidence.server_clock
    if told is None or abs(evidence.observed_at - told) < NOTICEABLE or "clock-witnesses" in evidence.facts:
        return None
    links = path(evidence)
    fits_us = all(c.not_before <= evidence.observed_at <= c.not_after for c in links)
    fits_server = all(c.not_before <= told <= c.not_after for c in links)
    return evidence.observed_at - told if links and fits_server and not fits_us else None
