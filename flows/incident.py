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
    """How a failure appeared to the user."""

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
    """The TLS signals of one host that may explain what went wrong at a stage of a journey.

    `why` says in words why these signals belong to the stage.
    """

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
    """Ids of further TLS signals of this session that have the same fault and belong to no stage."""

    @property
    def cause(self) -> Cause:
        """The headline cause: the first of `causes`."""
        return self.causes[0] if self.causes else Cause.UNKNOWN_TLS


@dataclass(frozen=True, slots=True)
class JourneyVerdict:
    """How one journey ended in one session.

    `cause` is a cause id, `other` or empty. `reason` is set for `not-attempted` (`needs-login`, `not-allowed`,
    `shared`) and for `inconclusive`. `blocked_by` is set for `blocked`: a journey id, or `entry`. `why` says in words
    what decided the verdict. `quote` is the text on the screen that reported success or failure, if there was any.
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
    """The kinds of proof for a success, strongest first: kinds of effect (`flows.effects`), then `shown` (on screen).

    Empty in journals of earlier versions."""
    answered: bool | None = None
    """Whether somebody replied to a chat message; None if this is unknown or the journey is no chat."""


class Severity(StrEnum):
    """The severity of a finding, highest first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault that has not broken any journey so far.

    `kind` is a stable id: `expiring`, `tls-failure-met`, `background-host`, `fails-on-other-client`,
    `tls-fault-unseen`, `host-not-asked`, `deprecated-tls`, `weakens-trust`, `credential-leak-stopped`,
    `login-at-foreign-site`…
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
    """Ids of the TLS signals behind the finding; empty if there are none."""
