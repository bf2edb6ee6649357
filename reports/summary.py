"""The summary of a run, gathered from its journal alone: everything that the reports need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from flows.diagnosis import OTHER, TITLES, Cause, Diagnosis
from flows.handshake import Handshake
from flows.incident import Finding, Incident, JourneyVerdict, Verdict
from flows.judge.witness import Witness, witnesses
from flows.refusal import Refusal
from flows.session import Endpoint
from flows.signals import Exchange, Signal
from flows.step import Step
from reports.failures import Difference
from reports.journal.events import (
    Broken,
    Compared,
    Diagnosed,
    Event,
    EvidenceKept,
    ExchangeSeen,
    FindingMade,
    HandshakeSeen,
    IncidentFound,
    JournalError,
    PressRefused,
    RunFinished,
    RunStarted,
    ScreenAudited,
    ScreenSeen,
    SessionEnded,
    SessionStarted,
    SignalSeen,
    StepTaken,
    VerdictReached,
    read,
)

CUT_OFF = "cut-off"
"""The `reason` of a verdict that is missing because the run was cut off."""

NOT_JUDGED = "not-judged"
"""The `reason` of a verdict that is missing because the session broke down."""


@dataclass(slots=True)
class SessionView:
    """One session. `why` tells why it ended; `cut-off` means that the journal ends before the session."""

    started: SessionStarted
    steps: list[Step] = field(default_factory=list)
    signals: dict[str, Signal] = field(default_factory=dict)
    exchanges: dict[str, Exchange] = field(default_factory=dict)
    handshakes: dict[str, Handshake] = field(default_factory=dict)
    """The observing proxy's handshakes, by the id of the connection."""
    screens: list[ScreenSeen] = field(default_factory=list)
    audits: list[ScreenAudited] = field(default_factory=list)
    verdicts: dict[str, JourneyVerdict] = field(default_factory=dict)
    finished: float = 0.0
    why: str = CUT_OFF
    untried: tuple[str, ...] = ()
    refusals: list[Refusal] = field(default_factory=list)
    """Controls that were left alone on purpose."""

    @property
    def id(self) -> str:
        return self.started.session

    @property
    def persona(self) -> str:
        return self.started.persona

    @property
    def device(self) -> str:
        return self.started.device

    @property
    def last_moment(self) -> float:
        """The latest time of this session in the journal, in seconds since the epoch."""
        return max([self.started.started, self.finished, *(s.settled for s in self.steps)])

    def step(self, number: int) -> Step | None:
        return next((s for s in self.steps if s.n == number), None)


@dataclass(slots=True)
class Summary:
    """A whole run. `sessions` are the observed ones; `proofs` are the counter-proofs, which are kept separate."""

    run: RunStarted
    folder: Path
    sessions: list[SessionView] = field(default_factory=list)
    proofs: list[SessionView] = field(default_factory=list)
    diagnoses: dict[Endpoint, Diagnosis] = field(default_factory=dict)
    incidents: dict[str, Incident] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    kept: list[EvidenceKept] = field(default_factory=list)
    finished: float = 0.0
    complete: bool = False
    cut_off: bool = True
    exit_code: int | None = None
    baseline: str = ""
    """The name of the run that this one was compared with, if any."""
    difference: Difference | None = None

    @classmethod
    def from_events(cls, events: Iterable[Event], run_dir: Path) -> Summary:
        """Summarise a journal. Raises JournalError if it does not begin with the start of a run."""
        events = iter(events)
        first = next(events, None)
        if not isinstance(first, RunStarted):
            raise JournalError(
                f"{run_dir}: the journal does not begin with the start of a run, so its first lines are missing. "
                "Copy the run folder again."
            )
        summary = cls(first, run_dir)
        sessions: dict[str, SessionView] = {}
        for event in events:
            summary._take(event, sessions)
        for view in sessions.values():
            (summary.proofs if view.started.counter_proof else summary.sessions).append(view)
        for view in summary.sessions:
            summary._fill(view)
        if summary.cut_off:
            summary.finished = max((v.last_moment for v in sessions.values()), default=first.started)
        return summary

    def _take(self, event: Event, sessions: dict[str, SessionView]) -> None:
        match event:
            case SessionStarted():
                sessions[event.session] = SessionView(event)
            case RunFinished():
                self.finished, self.exit_code = event.finished, event.exit_code
                self.complete, self.cut_off = event.complete, False
            case Diagnosed(diagnosis):
                self.diagnoses[diagnosis.host, diagnosis.port] = diagnosis
            case Compared():
                self.baseline, self.difference = event.baseline, event.difference
            case IncidentFound(incident):
                self.incidents[incident.id] = incident
            case FindingMade(finding):
                self.findings.append(finding)
            case Broken():
                self.broken.append(event)
            case EvidenceKept():
                self.kept.append(event)
            case _:
                self._take_session(event, sessions)

    @staticmethod
    def _take_session(event: Event, sessions: dict[str, SessionView]) -> None:
        match event:
            case StepTaken(step) if step.session in sessions:
                sessions[step.session].steps.append(step)
            case SignalSeen(signal) if signal.session in sessions:
                sessions[signal.session].signals[signal.id] = signal
            case ExchangeSeen(exchange) if exchange.session in sessions:
                sessions[exchange.session].exchanges[exchange.id] = exchange
            case HandshakeSeen(handshake) if handshake.session in sessions:
                sessions[handshake.session].handshakes[handshake.id] = handshake
            case PressRefused() if event.session in sessions:
                sessions[event.session].refusals.append(event.refusal)
            case ScreenSeen() if event.session in sessions:
                sessions[event.session].screens.append(event)
            case ScreenAudited() if event.session in sessions:
                sessions[event.session].audits.append(event)
            case VerdictReached(verdict) if verdict.session in sessions:
                sessions[verdict.session].verdicts[verdict.journey] = verdict
            case SessionEnded() if event.session in sessions:
                view = sessions[event.session]
                view.finished, view.why, view.untried = event.finished, event.why, event.untried
                left = event.untried_at
                view.screens = [replace(s, untried=left.get(s.fingerprint, s.untried)) for s in view.screens]

    def _fill(self, view: SessionView) -> None:
        """Add a verdict for each requested journey that was not judged, and order the verdicts as requested."""
        for journey in self.run.wanted:
            if journey not in view.verdicts:
                view.verdicts[journey] = _unjudged(view, journey, cut_off=self.cut_off)
        order = {journey: n for n, journey in enumerate(self.run.wanted)}
        view.verdicts = dict(sorted(view.verdicts.items(), key=lambda item: order.get(item[0], len(order))))

    @property
    def verdicts(self) -> list[JourneyVerdict]:
        """All verdicts of observed sessions, in the order of the sessions and journeys."""
        return [v for view in self.sessions for v in view.verdicts.values()]

    @property
    def journeys(self) -> tuple[str, ...]:
        """Every journey that was requested or judged, in the order of the request."""
        return tuple(dict.fromkeys([*self.run.wanted, *(v.journey for v in self.verdicts)]))

    @property
    def read_from(self) -> str:
        """The file that the run was read from («the HAR, recorded by Firefox 128»). Empty if it was explored."""
        source, client = self.run.options.get("read_from"), self.run.options.get("client")
        return f"{source}, recorded by {client}" if source and client else str(source or "")

    @property
    def personas(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(v.persona for v in self.sessions))

    @property
    def devices(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(v.device for v in self.sessions))

    def title(self, journey: str) -> str:
        """A journey's title, or its id made readable."""
        if journey == "entry":
            return "Opening the app"
        return self.run.titles.get(journey) or journey.replace("-", " ").capitalize()

    def others(self, host: str, port: int) -> str:
        """Text to add to the name of the cause blamed at a host if the evidence leaves the cause open: `or_others`."""
        return or_others(self.diagnoses.get((host, port)))

    def cause_at(self, cause: str, host: str, port: int) -> str:
        """The title of the cause blamed at a host, and that others are possible if the evidence leaves it open.

        A recording often does: «Signed by an unknown CA or 4 others»."""
        return f"{cause_title(cause)}{self.others(host, port)}"

    @property
    def lacking(self) -> str:
        """What a merged run lacks, in sentences: parts that are missing or were cut off. Empty for every other run."""
        return " ".join(event.what for event in self.broken if event.where == MERGE)

    def session(self, name: str) -> SessionView | None:
        return next((v for v in [*self.sessions, *self.proofs] if v.id == name), None)

    def kept_of(self, verdict: JourneyVerdict) -> list[EvidenceKept]:
        """The files with details of a verdict: those of its session and of its journey."""
        return [k for k in self.kept if k.session == verdict.session and k.journey in ("", verdict.journey)]

    def lost(self) -> str:
        """The recordings that a cut-off run may have failed to write, in a sentence. Empty if there are none."""
        asked = self.run.options.get("evidence") or ()
        kinds = [word for kind, word in _RECORDED.items() if kind in asked]
        kept = {k.session for k in self.kept}
        without = [v for v in self.sessions if v.id not in kept]
        if not (self.cut_off and kinds and without):
            return ""
        of = "the session" if len(without) == 1 else f"{len(without)} sessions"
        return (
            f"{' and '.join(kinds)} of {of} may be missing, because they are written when a session ends. "
            "Steps, requests, TLS signals and screenshots are complete."
        )

    def signals_of(self, incident: Incident) -> list[Signal]:
        """The signals of an incident, in order of time."""
        view = self.session(incident.session)
        if view is None:
            return []
        return sorted((view.signals[s] for s in incident.signals if s in view.signals), key=lambda s: (s.time, s.id))

    def witness(self, incident: Incident) -> Witness | None:
        """How the proxy's record of an incident's host fits the browser's; None without one, and for a native app."""
        view = self.session(incident.session)
        if view is None or any(s.native for s in self.signals_of(incident)):
            return None  # for a native app, the signals already come from the proxy
        told = witnesses(view.signals.values(), view.exchanges.values(), view.handshakes.values())
        return told.get((incident.host, incident.port))


MERGE = "merge"
"""The place of errors (`Broken.where`) that say what a merged run lacks."""
_RECORDED = {"har": "HAR", "trace": "trace", "film": "film"}
"""Names of the recordings that are written at the end of a session."""


def load(run_dir: Path) -> Summary:
    """The summary of a run folder or a journal file. Raises JournalError, whose message is a sentence."""
    path = run_dir if run_dir.is_file() else run_dir / "journal.jsonl"
    try:
        return Summary.from_events(read(path), path.parent)
    except UNTOLD as error:
        raise JournalError(untold(path, error)) from error


UNTOLD = (ArithmeticError, LookupError, TypeError, ValueError, AttributeError, RecursionError, OSError)
"""Errors that well-formed events can cause if their values are impossible: a time in the year 300,000…"""


def untold(path: Path, error: Exception) -> str:
    """The error message for a journal whose events have impossible values."""
    return (
        f"{path}: the journal holds what no run of Trustwalk writes ({type(error).__name__}: {str(error)[:200]!r}). "
        "It was changed afterwards, or this is a fault of Trustwalk: please report it with the journal."
    )


def cause_title(cause: str) -> str:
    """The title of a cause id."""
    if cause == OTHER:
        return "Fails for a reason other than TLS"
    try:
        return TITLES[Cause(cause)]
    except ValueError:
        return cause


def or_others(diagnosis: Diagnosis | None) -> str:
    """Text to add to a cause's name if the client's error leaves the cause open: « or 3 others». Otherwise empty."""
    if diagnosis is None or not diagnosis.alternatives:
        return ""
    others = diagnosis.causes[1:]
    return f" or {others[0].value}" if len(others) == 1 else f" or {len(others)} others"


def is_tls(cause: str) -> bool:
    """Whether a verdict's cause is a TLS cause."""
    return bool(cause) and cause != OTHER


def _unjudged(view: SessionView, journey: str, *, cut_off: bool) -> JourneyVerdict:
    steps = tuple(s.n for s in view.steps if s.decision.journey == journey)
    stopped = view.why == "interrupted" and not view.steps
    why = "This session reached no verdict on the journey."
    if cut_off or stopped:
        why = f"The {'run was cut off' if cut_off else 'session was stopped'} before the journey was judged."
    worked = next((s for s in view.steps if any(c.outcome == "success" and c.journey == journey for c in s.cues)), None)
    if worked is not None:
        why += f" Step {worked.n} looked like success."
    base = JourneyVerdict(
        session=view.id, journey=journey, persona=view.persona, device=view.device, verdict=Verdict.INCONCLUSIVE
    )
    reason = CUT_OFF if cut_off else "interrupted" if stopped else NOT_JUDGED
    return replace(base, reason=reason, why=why, steps=steps)
