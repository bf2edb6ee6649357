"""What a run came to, for those who started it."""

from __future__ import annotations

from dataclasses import dataclass, field

from flows.diagnosis import Diagnosis
from flows.incident import Finding, JourneyVerdict
from flows.session import Endpoint, SessionLog


@dataclass(slots=True)
class RunOutcome:
    """What a run came to. `problem` says in a sentence why nothing could be explored, if so; `unfit`, that the app
    does not run on the device."""

    verdicts: list[JourneyVerdict] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    diagnoses: dict[Endpoint, Diagnosis] = field(default_factory=dict)
    logs: list[SessionLog] = field(default_factory=list)
    interrupted: bool = False
    problem: str = ""
    unfit: bool = False
    spent: dict[str, float] = field(default_factory=dict)
