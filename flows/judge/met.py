"""Assigns each TLS failure of a session to an incident or a finding, so that none is lost. Pure.

A persona *meets* a failure in three cases: a press caused the request, the browser refused a document, or the app sent
the request while it showed no way into any journey. Any other failure is a background failure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from flows.diagnosis import Cause, Diagnosis
from flows.incident import Incident, JourneyVerdict, Severity, Verdict
from flows.judge.blame import is_visible
from flows.judge.opening import is_without_doors, never_came, never_opened
from flows.session import Endpoint, SessionLog, is_background, origin, step_at, tls_signals
from flows.signals import Signal
from flows.site import is_own
from flows.step import ActionKind, Step

MET = "tls-failure-met"
"""Kind of finding: a persona met a TLS failure, but no journey visibly needed the request."""
BACKGROUND = "background-host"
"""Kind of finding: TLS fails at a host, but no persona visibly waited for it."""

_DOCUMENTS = frozenset({"document", "popup", "form", "iframe"})
_PRESSES = frozenset({ActionKind.TAP, ActionKind.PRESS, ActionKind.CHOOSE, ActionKind.UPLOAD, ActionKind.ASK})


class Way(StrEnum):
    """How a persona met a failure."""

    REFUSED = "refused"  # the browser refused a page
    FRAMED = "framed"  # the browser refused a frame of a page
    PRESSED = "pressed"  # something was pressed, and what it asked for failed
    OPENING = "opening"  # the app showed nothing, or no way into any journey, and this was asked for meanwhile
    NOT_MET = "not-met"


@dataclass(frozen=True, slots=True)
class Meeting:
    """A TLS failure that belongs to no incident, with the step at which it happened (None: before the first)."""

    log: SessionLog
    signal: Signal
    step: Step | None
    way: Way
    severity: Severity

    @property
    def kind(self) -> str:
        return BACKGROUND if self.way is Way.NOT_MET else MET


def meetings(
    log: SessionLog,
    incidents: Iterable[Incident],
    verdicts: Iterable[JourneyVerdict],
    diagnoses: Mapping[Endpoint, Diagnosis],
) -> list[Meeting]:
    """Returns all TLS failures of a session that belong to none of its incidents, in order of time."""
    taken = {s for i in incidents if i.session == log.session for s in (*i.signals, *i.also)}
    ends = {v.journey: v.verdict for v in verdicts if v.session == log.session}
    ways = _Ways(log, diagnoses)
    found = []
    for signal in tls_signals(log):
        if signal.id not in taken:
            step = step_at(log, origin(log, signal))
            way = ways.of(signal, step)
            own = way is not Way.NOT_MET and is_own(log, (signal.host, signal.port), diagnoses)
            found.append(Meeting(log, signal, step, way, _severity(way, step, ends, own=own)))
    return found


def _severity(way: Way, step: Step | None, ends: Mapping[str, Verdict], *, own: bool) -> Severity:
    """Returns high for the target's own hosts, medium for other hosts, and low if nobody met the failure.

    A failure after a press is also medium if the verdict of the step's journey is passed, degraded or failed."""
    if way is Way.NOT_MET:
        return Severity.LOW
    end = ends.get(step.decision.journey) if step is not None and way is Way.PRESSED else None
    explained = end in (Verdict.PASSED, Verdict.DEGRADED, Verdict.FAILED)
    return Severity.HIGH if own and not explained else Severity.MEDIUM


class _Ways:
    """Determines how a persona met each failure of one session."""

    def __init__(self, log: SessionLog, diagnoses: Mapping[Endpoint, Diagnosis]) -> None:
        self.log, self.diagnoses = log, diagnoses
        # If the policy recorded no states of journeys, only an app that stayed at its first screen counts as shut.
        self.shut = is_without_doors(log) if log.states else never_opened(log)
        self.places: dict[Endpoint, set[str]] = {}
        for signal in tls_signals(log):
            if not signal.background:
                mark = _mark(step_at(log, origin(log, signal)))
                self.places.setdefault((signal.host, signal.port), set()).add(mark)

    def of(self, signal: Signal, step: Step | None) -> Way:
        """Returns how a persona met the failure. `step` is the step in whose window the request began."""
        if signal.place in _DOCUMENTS and not signal.background:
            return Way.FRAMED if signal.place == "iframe" else Way.REFUSED
        awaited = step if step is not None and not is_background(self.log, signal) else None
        if awaited is not None and self._pressed(signal, awaited):
            return Way.PRESSED
        if self.shut and never_came(self.log, signal) and is_own(self.log, (signal.host, signal.port), self.diagnoses):
            return Way.OPENING
        if awaited is not None and awaited.decision.action.kind is ActionKind.OPEN and is_visible([awaited]):
            return Way.OPENING
        return Way.NOT_MET

    def _pressed(self, signal: Signal, step: Step) -> bool:
        """Whether the step's press caused the failed request.

        False if the same address failed before, or the host also fails without any press. True if the host fails only
        at this control. If it fails at several controls, the user must also have been able to see the failure. Native
        apps always need that, because their log does not show the purpose of a request.
        """
        if step.decision.action.kind not in _PRESSES or self.log.timeline.first_failed(signal) < step.started:
            return False
        places = self.places.get((signal.host, signal.port), set())
        if "" in places:
            return False
        could_tell = is_visible([step]) or step.stayed
        return could_tell or (len(places) == 1 and not signal.native)


def _mark(step: Step | None) -> str:
    """Returns an id of what the step pressed: its journey and stage if it has a journey, else its screen and control.

    Empty if the step pressed nothing.
    """
    if step is None or step.decision.action.kind not in _PRESSES:
        return ""
    decision = step.decision
    return f"{decision.journey}/{decision.stage}" if decision.journey else f"{step.before}/{decision.action.key}"


def with_all_signals(
    log: SessionLog,
    incidents: Sequence[Incident],
    verdicts: Sequence[JourneyVerdict],
    diagnoses: Mapping[Endpoint, Diagnosis],
) -> tuple[Incident, ...]:
    """Returns the incidents, each with all further TLS failures of its host, because they have the same fault.

    A failure that a persona met is not added to the incident of a degraded journey. If the device's clock is wrong,
    all hosts have the same fault, so the clock's incident also gets their failures.
    """
    lost = {i for v in verdicts if v.verdict is not Verdict.DEGRADED for i in v.incidents}
    clock = next((i.id for i in incidents if i.cause is Cause.CLOCK_SKEW), "")
    first: dict[Endpoint, list[Incident]] = {}
    for incident in incidents:
        first.setdefault((incident.host, incident.port), []).append(incident)
    more: dict[str, list[str]] = {}
    for meeting in meetings(log, incidents, verdicts, diagnoses):
        host = (meeting.signal.host, meeting.signal.port)
        mine = [i.id for i in first.get(host, ()) if meeting.way is Way.NOT_MET or i.id in lost]
        if not mine and clock and diagnoses.get(host, _NOBODY).causes[:1] == (Cause.CLOCK_SKEW,):
            mine = [clock]
        if mine:
            more.setdefault(mine[0], []).append(meeting.signal.id)
    return tuple(replace(i, also=tuple(more[i.id])) if i.id in more else i for i in incidents)


_NOBODY = Diagnosis("", 0, (), "", "client", None)


def told(meeting: Meeting) -> str:
    """Describes which session met the failure, and how.

    For example: «curious@desktop pressed «Help» (step 7), and the browser refused the page».
    """
    session, step = meeting.log.session, meeting.step
    if step is None or meeting.way is Way.OPENING or step.decision.action.kind not in _PRESSES:
        when = f"{session} had the app open" if step is None else f"{session} was at step {step.n} ({_act(step)})"
    else:
        what = step.decision.action.label or step.decision.stage or step.decision.action.kind.value
        did = "did something that sent" if step.decision.action.kind is ActionKind.ASK else "pressed"
        when = f"{session} {did} «{what}» (step {step.n})"
    match meeting.way:
        case Way.REFUSED:
            return f"{when}, and the browser refused the page"
        case Way.FRAMED:
            return f"{when}, and the browser refused a frame of the page"
        case Way.OPENING:
            return f"{when}, no way into any journey was visible, and a request that the app sent meanwhile failed"
        case _:
            return f"{when}, and the request that this sent failed"


def _act(step: Step) -> str:
    action = step.decision.action
    return f"{action.kind.value} «{action.label}»" if action.label else action.kind.value
