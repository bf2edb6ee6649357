"""The outcome of a run, for its caller."""

from __future__ import annotations

from dataclasses import dataclass, field

from flows.diagnosis import Diagnosis
from flows.incident import Finding, JourneyVerdict
from flows.session import Endpoint, SessionLog


@dataclass(slots=True)
class RunOutcome:
    """The outcome of a run. `problem` is a sentence if something could not be explored.

    `unfit` says that the app does not run on the device. `partial` says that a part of the run is missing.
    `finished` is when the exploration ended, in seconds since the epoch, if that was earlier than now; otherwise 0."""

    verdicts: list[JourneyVerdict] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    diagnoses: dict[Endpoint, Diagnosis] = field(default_factory=dict)
    logs: list[SessionLog] = field(default_factory=list)
    interrupted: bool = False
    problem: str = ""
    unfit: bool = False
    partial: bool = False
    finished: float = 0.0
    spent: dict[str, float] = field(default_factory=dict)
