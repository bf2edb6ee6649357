"""Incidents, findings, and the verdicts of journeys."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flows.diagnosis import Cause


class Verdict(StrEnum):
    """How a journey ended for one persona on one device (docs/verdicts.md)."""

    PASSED = "passed"
    DEGRADED = "degraded"
    FAILED = "failed"
    BLOCKED = "blocked"
    NOT_ATTEMPTED = "not-attempted"
    NOT_FOUND = "not-found"
    INCONCLUSIVE = "inconclusive"


class Confidence(StrEnum):
    CONFIRMED = "confirmed"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Symptom(StrEnum):
    """What the user saw of a failure."""

    CLEAR_MESSAGE = "clear-message"
    GENERIC_MESSAGE = "generic-message"
    ENDLESS_SPINNER = "endless-spinner"
    BLANK = "blank"
    NOTHING_HAPPENED = "nothing-happened"
    BROWSER_WARNING = "browser-warning"
    CRASH = "crash"
    ANR = "anr"


@dataclass(frozen=True, slots=True)
class Incident:
    """A stage of a journey and the TLS signals that belong to it. `why` gives the reason in one sentence."""

    id: str
    session: str
    journey: str
    stage: str
    host: str
    port: int
    causes: tuple[Cause, ...]
    confidence: Confidence
    why: str
    decided_by: str
    signals: tuple[str, ...]
    steps: tuple[int, ...] = ()
    how: str = ""
    """What ties the signals to the stage, one of `flows.judge.blame.How`; empty in journals of earlier versions."""
    also: tuple[str, ...] = ()
    """Further signals of the same host in this session, which no stage was seen to need: the same fault, met again."""

    @property
    def cause(self) -> Cause:
        """The headline cause: the first of `causes`."""
        return self.causes[0] if self.causes else Cause.UNKNOWN_TLS


@dataclass(frozen=True, slots=True)
class JourneyVerdict:
    """How one journey ended in one session.

    `cause` is a cause id, `other` or empty. `reason` goes with `not-attempted` (`needs-login`,
    `not-allowed`, `shared`) and `inconclusive`; `blocked_by` with `blocked` (a journey id, or `entry`).
    `why` says in one sentence what decided. `quote` is the text on the screen, if there was any.
    """

    session: str
    journey: str
    persona: str
    device: str
    verdict: Verdict
    cause: str = ""
    causes: tuple[str, ...] = ()
    host: str = ""
    port: int = 0
    stage: str = ""
    seen_by_user: str = ""
    quote: str = ""
    blocked_by: str = ""
    reason: str = ""
    stopped_before: str = ""
    why: str = ""
    retried: bool = False
    incidents: tuple[str, ...] = ()
    steps: tuple[int, ...] = ()
    proven: tuple[str, ...] = ()
    """What proves a success, the strongest first: kinds of effect (`flows.effects`) and `shown`.

    Empty in journals of earlier versions."""
    answered: bool | None = None
    """Whether somebody replied to a chat line; None where it is not known, or nobody was asked."""


class Severity(StrEnum):
    """How grave a finding is, the gravest first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault that has broken no journey (yet).

    `kind` is a stable id: `expiring`, `tls-failure-met`, `background-host`, `fails-on-other-client`, `tls-fault-unseen`,
    `host-not-asked`, `deprecated-tls`, `weakens-trust`, `credential-leak-stopped`, `login-at-foreign-site`…
    """

    severity: Severity
    kind: str
    text: str
    host: str = ""
    port: int = 0
    cause: str = ""
    journeys: tuple[str, ...] = ()
    session: str = ""
    step: int = 0
    signals: tuple[str, ...] = ()
    """Ids of the TLS signals that it tells of, if it does."""
