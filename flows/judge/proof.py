"""Counter-proofs: which journeys are repeated while one host's TLS errors are ignored, and what that shows. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from flows.diagnosis import causes_with
from flows.incident import Confidence, Incident, JourneyVerdict, Verdict
from flows.judge.blame import ENTRY, How, ranked, refused_in
from flows.judge.doubt import doubt, shows_more, success_step
from flows.judge.opening import never_opened, shows_doors
from flows.session import Endpoint, SessionLog, journey_steps
from flows.signals import Exchange
from flows.step import ActionKind, Step

Proofs = Mapping[tuple[str, str, int], str]
"""(journey or `entry`, host, port) → what the counter-proof session saw.

`success` (also `healed`): the journey succeeded, or the app opened. `further`: the refused document now loads, or the
stage no longer fails, but the journey's outcome is unknown. `unchanged`: the host answered, but the same failure
appeared. `not-reached`: the session is no evidence for or against the blame.
"""

CONTROL: Endpoint = ("nobody", 0)
"""Takes the place of a host in a control: a repetition that ignores no TLS error."""

PASSABLE = causes_with(lambda facts: facts.passable)
"""Certificate faults that a browser can be told to ignore (CDP `Security.setOverrideCertificateErrors`)."""


def proof_outcome(proof: SessionLog, journey: str, host: Endpoint, observed: SessionLog | None = None) -> str:
    """What a counter-proof session shows about a journey (or the entry) when that host's TLS errors are ignored.

    `unchanged` needs proof that the host answered this time and that the same failure appeared nevertheless. If the
    journey had a doubtful success in the `observed` session, only a success with a further sign counts (`shows_more`).
    """
    answered = any((x.host, x.port) == host and x.outcome in ("ok", "http-error") for x in proof.exchanges)
    if journey == ENTRY:
        return "success" if shows_doors(proof) else "unchanged" if answered else "not-reached"
    steps = journey_steps(proof, journey)
    success = success_step(steps, journey)
    if success is not None and not doubt(proof, steps, success):
        before = success_step(journey_steps(observed, journey), journey) if observed is not None else None
        return "success" if before is None or shows_more(success, before) else "unchanged"
    if observed is not None and _was_refused(observed, journey, host):
        return "further" if any(_loaded(x, host) for x in proof.exchanges) else "not-reached"
    if not (answered or host == CONTROL) or not any(s.decision.expects for s in steps):
        return "not-reached"
    return "unchanged" if observed is None else _at_that_point(steps, journey_steps(observed, journey))


def _was_refused(observed: SessionLog, journey: str, host: Endpoint) -> bool:
    """Whether the browser refused a document of this host in the journey."""
    signals = ((s, step) for step in journey_steps(observed, journey) for s in observed.timeline.tls_in(step))
    return any((s.host, s.port) == host and refused_in(s, step) for s, step in signals)


def _loaded(exchange: Exchange, host: Endpoint) -> bool:
    """Whether the exchange is a request to the host for a document, and the host answered it."""
    is_document = exchange.place in ("document", "popup", "form", "iframe", "download")
    return (exchange.host, exchange.port) == host and is_document and exchange.outcome in ("ok", "http-error")


def _at_that_point(steps: Sequence[Step], observed: Sequence[Step]) -> str:
    """Returns `unchanged` if the observed failure appears again.

    Returns `further` if the stages that failed are reached and nothing fails now, else `not-reached`.
    """
    failed = {s.decision.stage: _failures(s) for s in observed if _failures(s)}
    again = [s for s in steps if s.decision.stage in failed and (s.decision.expects or s.decision.action.kind in _ACTS)]
    before = set[tuple[str, str]]().union(*failed.values())
    if not before or any(_failures(s) & before for s in again):
        return "unchanged"
    return "further" if again and not any(map(_failures, steps)) else "not-reached"


_ACTS = (ActionKind.TAP, ActionKind.PRESS, ActionKind.UPLOAD)
"""Actions that can complete a stage. Typing alone completes none."""


def _failures(step: Step) -> set[tuple[str, str]]:
    """Returns how the step visibly failed: failure texts without numbers, or else the symptom that the user saw."""
    told = {(c.kind, re.sub(r"[\W\d_]+", " ", c.text)) for c in step.cues if c.outcome == "failure"}
    return told or ({("seen", step.seen)} if step.seen else set())


def proofs_of(logs: Iterable[SessionLog], observed: Iterable[SessionLog]) -> Proofs:
    """Returns what the counter-proof sessions of a run show. `observed` are the sessions that they repeat."""
    sessions = {log.session: log for log in observed}
    found = {}
    for log in logs:
        of = sessions.get(log.of_session)
        for journey, endpoint in repeated(log, of):
            found[journey, *endpoint] = proof_outcome(log, journey, endpoint, of)
    return found


def repeated(log: SessionLog, of: SessionLog | None) -> Iterator[tuple[str, Endpoint]]:
    """The journey that a counter-proof session repeats, with each host whose errors it ignores. `of` is its session.

    If the app never opened, no journey is repeated: the session only checks whether the app opens now."""
    for passed in log.counter_proof:
        host, _, port = passed.rpartition(":")
        yield ENTRY if of is not None and never_opened(of) else log.wanted[0], (host, int(port))


def proofs_wanted(incidents: Sequence[Incident], verdicts: Sequence[JourneyVerdict]) -> list[tuple[str, Endpoint]]:
    """Journeys to repeat, each with the one host whose TLS errors are ignored.

    A journey is repeated if TLS broke it or makes its success doubtful, and a browser can ignore all causes of the
    incident. `entry` means that the app never opened."""
    failed = {v.journey for v in verdicts if v.verdict in (Verdict.FAILED, Verdict.INCONCLUSIVE) and v.incidents}
    return [
        (i.journey, (i.host, i.port))
        for i in incidents
        if (i.journey in failed or i.how == How.OPENING) and i.causes and all(c in PASSABLE for c in i.causes)
    ]


def controls_wanted(
    incidents: Sequence[Incident], verdicts: Sequence[JourneyVerdict], sure: Collection[tuple[str, str, int]] = ()
) -> list[str]:
    """Returns journeys with an uncertain blame. They also need a repetition that ignores no TLS error: a control.

    If a control succeeds, the host is not the reason, because it is still broken. `sure` holds the journeys and hosts
    whose blame another session of the run makes certain.
    """
    proven = {journey for journey, _ in proofs_wanted(incidents, verdicts)}
    medium = (i for i in incidents if i.confidence is Confidence.MEDIUM)
    doubtful = {i.journey for i in medium if (i.journey, i.host, i.port) not in sure}
    return sorted(proven & doubtful)


def weighed(incidents: list[Incident], proofs: Proofs | None) -> list[Incident]:
    """Returns the incidents with the confidence that follows from the counter-proofs.

    If the journey succeeds or gets further with one host's errors ignored, but not in a control, the host is confirmed.
    If nothing changes, or the control succeeds, an uncertain host gets low confidence. A page that the browser refused
    never loses confidence. `proofs` is None if there are no counter-proofs (yet).
    """
    if proofs is None:
        return incidents
    found = []
    for incident in incidents:
        outcome = proofs.get((incident.journey, incident.host, incident.port), "")
        control = proofs.get((incident.journey, *CONTROL), "")
        if control in _HEALED and incident.confidence is Confidence.MEDIUM:
            told = "But a repetition that ignored no TLS error succeeded, too."
            incident = _said(incident, Confidence.LOW, told)
        elif outcome in _HEALED and control in _HEALED and incident.how != How.REFUSED:
            pass  # the control succeeded, too, with no TLS error ignored: this says nothing about the host
        elif outcome in _HEALED:
            told = "the app opened" if incident.journey == ENTRY else "the journey succeeded"
            return [_said(incident, Confidence.CONFIRMED, f"With only this host's TLS errors ignored, {told}.")]
        elif outcome == "further" and control != "further":
            told = "With only this host's TLS errors ignored, the journey gets beyond this point."
            incident = _said(incident, Confidence.CONFIRMED, told)
        elif outcome == "unchanged" and incident.how != How.REFUSED:
            what = "the app did not open" if incident.journey == ENTRY else "the journey failed"
            incident = _said(incident, Confidence.LOW, f"But with this host's TLS errors ignored, {what} all the same.")
        elif outcome != "further" and incident.how == How.STANDING and _could_be_passed(incident):
            told = "A repetition that ignored this host's TLS errors did not get that far, so it proves nothing."
            incident = _said(incident, Confidence.LOW, told)
        found.append(incident)
    return ranked(found)


_HEALED = ("success", "healed")


def _could_be_passed(incident: Incident) -> bool:
    return all(c in PASSABLE for c in incident.causes)


def _said(incident: Incident, confidence: Confidence, told: str) -> Incident:
    return replace(incident, confidence=confidence, why=f"{incident.why} {told}")
