"""Which TLS failure belongs to which journey: signals + steps + diagnoses → incidents. Pure.

docs/verdicts.md explains the rules. A signal is *direct* if the stage's own action sent the failed request. A fault is
*standing* if its host failed earlier and has not recovered. A standing fault explains a stage that acts in a frame from
that host, or a stage whose action sent no request at all. If another kind of failure explains the stage better, TLS is
not blamed.

A native app's log shows neither the purpose of a failed request nor which requests succeeded. Its signals (`place` is
`app`) therefore count only if they occur during a stage that failed visibly, and the confidence is at most medium.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from flows.diagnosis import Cause, Diagnosis
from flows.incident import Confidence, Incident
from flows.judge.settle import Diagnoses
from flows.session import (
    Endpoint,
    SessionLog,
    exchange_of,
    fails_outside_journeys,
    is_background,
    journey_steps,
    origin,
    own_requests,
    succeeded_after,
    tls_signals,
    window,
)
from flows.signals import Family, Signal
from flows.step import Step

ENTRY = "entry"
"""Takes the place of a journey id if the app itself could not be opened."""


class How(StrEnum):
    """What ties a signal to a step."""

    REFUSED = "refused"  # a document that the step led to, which the browser refused with its own code
    DIRECT = "direct"  # a request that the step's action began
    FRAME = "frame"  # the frame that the step acts in came from it
    STANDING = "standing"  # broken since before, and the step sent nothing at all
    OPENING = "opening"  # asked for while the app stayed at its first screen


@dataclass(frozen=True, slots=True)
class Blame:
    """A signal that may explain a step, and what ties the two together."""

    signal: Signal
    step: Step
    how: How


_DOCUMENTS = frozenset({"document", "popup", "form"})
"""Resource types that load a whole page. If TLS fails, the browser shows its own error page."""
_OPEN_WORDS = frozenset({"reset", "closed", "timeout"})
"""Signatures of net errors that can have reasons other than TLS. With these, only the probe proves a TLS failure."""

_CODE = re.compile(r"net::|(?:SSL|SEC|MOZILLA_PKIX)_ERROR_|NSURLErrorDomain ")
"""Matches the beginning of the error names of Chromium, Firefox and Safari."""

_MAKES_CONTROLS = frozenset({"script", "worker", "websocket", "eventsource", "iframe"})
"""Resource types whose failure can leave a control visible but dead.

Data that a page requests while it loads is not among them: pages request statistics in the same way, so its failure
does not explain a later press. Such a failure only makes it less certain that another host is to blame.
"""


def is_refused_document(signal: Signal) -> bool:
    """Whether the browser refused a page and named the TLS fault. No repetition of the journey weakens this proof.

    A frame is a document, too, but it counts only for steps that act in it (see `refused_in`)."""
    return signal.family is Family.TLS and signal.place in _DOCUMENTS and _is_named(signal) and not signal.background


def _is_named(signal: Signal) -> bool:
    """Whether the browser itself names the fault, in its own code."""
    return bool(_CODE.match(signal.error)) and signal.signature not in _OPEN_WORDS


def refused_in(signal: Signal, step: Step) -> bool:
    """Whether the browser refused a document that this step needed: its page, popup or tab, or the frame it acts in."""
    if is_refused_document(signal):
        return True
    mine = {step.decision.action.frame, *(c.frame for c in step.cues if c.outcome == "failure")} - {""}
    framed = signal.place == "iframe" and signal.frame in mine and not signal.background
    return framed and _is_named(signal)


def incidents_of(log: SessionLog, journey: str, diagnoses: Diagnoses) -> list[Incident]:
    """The TLS incidents that explain why a journey did not visibly succeed, likeliest first; empty if there are none.

    Each host has one incident, with the stage that failed and all signals that tie the host to it.
    """
    steps = journey_steps(log, journey)
    blames = [b for step in steps for b in _direct(log, step) if not b.signal.native or _app_counts(log, steps, b)]
    if blames:
        blames = _without_noise(log, steps, blames)
    else:
        blames = _refused_anew(log, steps) or _standing(log, steps)
    groups: dict[Endpoint, list[Blame]] = {}
    for blame in blames:
        groups.setdefault((blame.signal.host, blame.signal.port), []).append(blame)
    visible = is_visible(steps)
    return ranked(
        incident_of(log, journey, _stage(group), group, diagnoses, visible=visible) for group in groups.values()
    )


def ranked(incidents: Iterable[Incident]) -> list[Incident]:
    """Returns the incidents, likeliest first. Of equally likely ones, those with a refused document come first."""
    return sorted(incidents, key=lambda i: (_RANK[i.confidence], i.how != How.REFUSED, i.host, i.port))


_RANK = {Confidence.CONFIRMED: 0, Confidence.HIGH: 1, Confidence.MEDIUM: 2, Confidence.LOW: 3}


def _stage(blames: list[Blame]) -> str:
    return blames[-1].step.decision.stage


def is_visible(steps: Iterable[Step]) -> bool:
    """Whether the user could see that something went wrong."""
    return any(c.outcome == "failure" for s in steps for c in s.cues) or any(s.seen for s in steps)


def _direct(log: SessionLog, step: Step) -> list[Blame]:
    found = []
    for signal in log.timeline.tls_in(step):
        answers = _answers_to(log, signal, step)
        if is_refused_document(signal) or (answers and refused_in(signal, step)):
            found.append(Blame(signal, step, How.REFUSED))
        elif answers and not is_background(log, signal):
            found.append(Blame(signal, step, How.DIRECT))
    return found


def _refused_anew(log: SessionLog, steps: Iterable[Step]) -> list[Blame]:
    """Returns blames for frames that had failed before and that the browser refused again during these steps.

    The steps caused these requests: a refused frame holds the browser's own error page, which sends nothing by itself,
    and requests of timers are left out.
    """
    return [
        Blame(signal, step, How.REFUSED)
        for step in steps
        for signal in log.timeline.tls_in(step)
        if refused_in(signal, step) and not is_background(log, signal)
    ]


def _app_counts(log: SessionLog, steps: Iterable[Step], blame: Blame) -> bool:
    """Whether a native app's signal counts.

    It counts if the stage of its step failed visibly, and if TLS at its host fails only within journeys.
    """
    stage = [s for s in steps if s.n >= blame.step.n and s.decision.stage == blame.step.decision.stage]
    crashed = any(s.settled_as == "crashed" for s in stage)
    return (crashed or is_visible(stage)) and not fails_outside_journeys(log, (blame.signal.host, blame.signal.port))


def _answers_to(log: SessionLog, signal: Signal, step: Step) -> bool:
    """Whether the step's action can have caused the failed request.

    A frame may send requests by itself, such as a widget that reconnects. If the same address already failed in that
    frame before the step, an action in another frame did not cause the request.
    """
    exchange = exchange_of(log, signal)
    if exchange is None or signal.frame in ("", step.decision.action.frame):
        return True
    return log.timeline.first_failed(signal) >= step.started


def _explained_otherwise(log: SessionLog, step: Step) -> bool:
    """Whether the step also had a failure other than TLS: an HTTP error, an unreachable host, a script error."""
    return any(not is_background(log, s) for s in log.timeline.other_failures_in(step))


def _without_noise(log: SessionLog, steps: tuple[Step, ...], blames: list[Blame]) -> list[Blame]:
    """Drops hosts that also fail outside journeys, unless nothing else explains a visible failure.

    A page that the browser refused is never noise."""
    proven = {(b.signal.host, b.signal.port) for b in blames if b.how is How.REFUSED}
    hosts = {(b.signal.host, b.signal.port) for b in blames}
    kept = proven | {host for host in hosts if not fails_outside_journeys(log, host)}
    quiet = [b for b in blames if (b.signal.host, b.signal.port) in kept]
    if quiet:
        return quiet
    asked = {b.step.n: b.step for b in blames}
    if is_visible(steps) and not any(_explained_otherwise(log, step) for step in asked.values()):
        return blames
    return []


def _standing(log: SessionLog, steps: tuple[Step, ...]) -> list[Blame]:
    """Returns the standing faults that explain the last step that failed visibly or whose outcome was due."""
    due = [s for s in steps if s.decision.expects or any(c.outcome == "failure" for c in s.cues)]
    if not due:
        return []
    step = due[-1]
    end = window(log, step)[1]
    faults = [
        s
        for s in tls_signals(log)
        if not s.native
        and origin(log, s) < end
        and not is_background(log, s)
        and not succeeded_after(log, (s.host, s.port), s.time)
        and not log.timeline.left_since(s, step)
    ]
    frames = {step.decision.action.frame, *(c.frame for c in step.cues if c.outcome == "failure")} - {""}
    framed = [Blame(s, step, How.FRAME) for s in faults if s.frame in frames]
    if framed:
        return framed
    if _explained_otherwise(log, step) or any(True for s in due for _ in own_requests(log, s)):
        return []
    needed = [Blame(s, step, How.STANDING) for s in faults if s.place not in ("stylesheet", "font", "media")]
    return needed if any(b.signal.place in _MAKES_CONTROLS for b in needed) else []


def incident_of(
    log: SessionLog, journey: str, stage: str, blames: list[Blame], diagnoses: Diagnoses, *, visible: bool
) -> Incident:
    """Builds one incident from the blames of one host. `visible`: the user could see that something went wrong."""
    signals = [b.signal for b in blames]
    host, port = signals[0].host, signals[0].port
    diagnosis = diagnoses.get((host, port))
    how = How.REFUSED if any(b.how is How.REFUSED for b in blames) else blames[0].how
    return Incident(
        id=f"{log.session}:{journey}:{host}:{port}",
        session=log.session,
        journey=journey,
        stage=stage,
        host=host,
        port=port,
        causes=_causes(signals, diagnosis),
        confidence=_confidence(log, journey, how, signals, visible=visible),
        why=_why(blames[0], journey),
        decided_by=diagnosis.decided_by if diagnosis and diagnosis.causes else "client",
        signals=tuple(dict.fromkeys(s.id for s in signals)),
        steps=tuple(sorted({b.step.n for b in blames})),
        how=how.value,
    )


def _confidence(log: SessionLog, journey: str, how: How, signals: list[Signal], *, visible: bool) -> Confidence:
    if how is How.REFUSED:
        return Confidence.HIGH
    if how is How.STANDING or not visible or all(s.native for s in signals):
        return Confidence.MEDIUM
    outside = how is How.DIRECT and fails_outside_journeys(log, (signals[0].host, signals[0].port))
    return Confidence.MEDIUM if outside and journey != ENTRY else Confidence.HIGH


def _causes(signals: list[Signal], diagnosis: Diagnosis | None) -> tuple[Cause, ...]:
    """Returns the causes that the probe found, or else those that the client's error names unambiguously."""
    if diagnosis is not None and diagnosis.causes:
        return diagnosis.causes
    certain = tuple(dict.fromkeys(s.causes[0] for s in signals if len(s.causes) == 1))
    return certain or (Cause.UNKNOWN_TLS,)


def _why(blame: Blame, journey: str) -> str:
    signal, step, how = blame.signal, blame.step, blame.how
    at, error = f"{signal.host}:{signal.port}", signal.error
    what = f"{signal.place} {at} failed with {error}"
    weak = (
        ""
        if not signal.named_by
        else (" The log names no host. Of the hosts that the package names, only this one has a fault that fits.")
    )
    label = f"Step {step.n} («{step.decision.action.label or step.decision.stage}»)"
    if journey == ENTRY and signal.native:
        return f"While the app opened, {at} failed with {error}, and the app showed only an error.{weak}"
    if how is How.OPENING:
        return f"The app stayed at its first screen, and a request that it sent meanwhile never succeeded: {what}."
    if journey == ENTRY:
        return f"When the app was opened, the {what}, and no part of the app appeared."
    if signal.native:
        return (
            f"While {label[0].lower()}{label[1:]} visibly failed, the app's request to {at} failed with {error}.{weak}"
        )
    match how:
        case How.REFUSED | How.DIRECT:
            return f"{label} itself sent the failed request: {what}."
        case How.FRAME:
            return f"Step {step.n} acted in a frame that needs this host: {what} earlier, and has not recovered since."
        case _:
            return f"Step {step.n} sent no request at all, and an earlier failure still persisted: {what}."


def journeys_touching(log: SessionLog, host: Endpoint) -> tuple[str, ...]:
    """Returns the journeys that sent requests to a host, in order of first use: its blast radius."""
    return log.timeline.journeys_of(host)
