"""Which TLS failure belongs to which journey: signals + steps + diagnoses → incidents. Pure.

docs/verdicts.md explains the rules. A *direct* signal's request was begun by the stage's own action. A *standing* fault
failed earlier and has not recovered; it explains a stage that acts in a frame which came from it, or a stage whose
action sent no request at all. Whatever another kind of failure explains better is not blamed on TLS.

A native app's log tells neither what a failed request was for nor what went well. So its signals (`place` is `app`)
only count in the window of a stage that failed before the user's eyes, and never with more than medium confidence.
"""

from __future__ import annotations

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
"""Stands for a journey's name in the incident of an entry document that could not be opened."""


class How(StrEnum):
    """What ties a signal to a step."""

    REFUSED = "refused"  # a document that the step led to, which the browser refused with its own code
    DIRECT = "direct"  # a request that the step's action began
    FRAME = "frame"  # the frame that the step acts in came from it
    STANDING = "standing"  # broken since before, and the step sent nothing at all
    OPENING = "opening"  # asked for while the app stayed at its first screen


@dataclass(frozen=True, slots=True)
class Blame:
    """A signal that may explain a step, and how it was tied to it."""

    signal: Signal
    step: Step
    how: How


_DOCUMENTS = frozenset({"document", "popup", "form"})
"""Places where a whole page is asked for; the browser shows its own error page for one that it refuses."""
_OPEN_WORDS = frozenset({"reset", "closed", "timeout"})
"""Signatures of net errors that are no TLS failures by their words, but by the probe's proof."""


def is_refused_document(signal: Signal) -> bool:
    """Whether it is a page that the browser refused in plain words: proof that no repetition can weaken.

    A frame is a document, too, but only of those who act in it (see `refused_in`)."""
    named = signal.error.startswith("net::") and signal.signature not in _OPEN_WORDS
    return signal.family is Family.TLS and signal.place in _DOCUMENTS and named and not signal.background


def refused_in(signal: Signal, step: Step) -> bool:
    """Whether the browser refused a document that this step needed: its page, popup or tab, or the frame it acts in."""
    if is_refused_document(signal):
        return True
    mine = {step.decision.action.frame, *(c.frame for c in step.cues if c.outcome == "failure")} - {""}
    framed = signal.place == "iframe" and signal.frame in mine and not signal.background
    return framed and signal.error.startswith("net::") and signal.signature not in _OPEN_WORDS


def incidents_of(log: SessionLog, journey: str, diagnoses: Diagnoses) -> list[Incident]:
    """The incidents that explain why a journey was not seen to succeed, likeliest first; empty if TLS does not.

    For each host one incident, with the stage that failed and all signals that tie it.
    """
    steps = journey_steps(log, journey)
    blames = [b for step in steps for b in _direct(log, step) if not b.signal.native or _app_counts(log, steps, b)]
    if blames:
        blames = _without_noise(log, steps, blames)
    else:
        blames = _standing(log, steps)
    groups: dict[Endpoint, list[Blame]] = {}
    for blame in blames:
        groups.setdefault((blame.signal.host, blame.signal.port), []).append(blame)
    visible = is_visible(steps)
    return ranked(
        incident_of(log, journey, _stage(group), group, diagnoses, visible=visible) for group in groups.values()
    )


def ranked(incidents: Iterable[Incident]) -> list[Incident]:
    """Likeliest first; among the equally likely what the browser refused in plain words."""
    return sorted(incidents, key=lambda i: (_RANK[i.confidence], i.how != How.REFUSED, i.host, i.port))


_RANK = {Confidence.CONFIRMED: 0, Confidence.HIGH: 1, Confidence.MEDIUM: 2, Confidence.LOW: 3}


def _stage(blames: list[Blame]) -> str:
    return blames[-1].step.decision.stage


def is_visible(steps: Iterable[Step]) -> bool:
    """The user could tell that something went wrong."""
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


def _app_counts(log: SessionLog, steps: Iterable[Step], blame: Blame) -> bool:
    """What an app's log tells counts where its stage failed visibly, unless the host fails without any journey too."""
    stage = [s for s in steps if s.n >= blame.step.n and s.decision.stage == blame.step.decision.stage]
    crashed = any(s.settled_as == "crashed" for s in stage)
    return (crashed or is_visible(stage)) and not fails_outside_journeys(log, (blame.signal.host, blame.signal.port))


def _answers_to(log: SessionLog, signal: Signal, step: Step) -> bool:
    """Whether the request can have come from what the action started.

    A frame that was there before and asks of its own accord (a widget that reconnects) does not answer to an action
    in another frame: its document is not the one acted on, and it has failed before.
    """
    exchange = exchange_of(log, signal)
    if exchange is None or signal.frame in ("", step.decision.action.frame):
        return True
    return log.timeline.first_failed(signal) >= step.started


def _explained_otherwise(log: SessionLog, step: Step) -> bool:
    """A failure of another kind in the step's own traffic: an HTTP error, an unreachable host, a script error."""
    return any(not is_background(log, s) for s in log.timeline.other_failures_in(step))


def _without_noise(log: SessionLog, steps: tuple[Step, ...], blames: list[Blame]) -> list[Blame]:
    """Leave out hosts that also fail outside journeys, unless nothing else explains a failure that was visible.

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
    """Faults from before that the journey's stage ran into."""
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
    ]
    frames = {step.decision.action.frame, *(c.frame for c in step.cues if c.outcome == "failure")} - {""}
    framed = [Blame(s, step, How.FRAME) for s in faults if s.frame in frames]
    if framed:
        return framed
    if _explained_otherwise(log, step) or any(True for s in due for _ in own_requests(log, s)):
        return []
    return [Blame(s, step, How.STANDING) for s in faults if s.place not in ("stylesheet", "font", "media")]


def incident_of(
    log: SessionLog, journey: str, stage: str, blames: list[Blame], diagnoses: Diagnoses, *, visible: bool
) -> Incident:
    """The incident that these blames of one host make. `visible`: the user could tell that something went wrong."""
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
    """The probe's causes; without a probe only what the client's words leave no doubt about."""
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
        else (" The log names no host: of those that the package names, this is the only one with a fault that fits.")
    )
    label = f"Step {step.n} («{step.decision.action.label or step.decision.stage}»)"
    if journey == ENTRY and signal.native:
        return f"While the app opened, {at} failed with {error}; it showed a failure and no more.{weak}"
    if how is How.OPENING:
        return f"The app stayed at its first screen, and what it asked for meanwhile never came: {what}."
    if journey == ENTRY:
        return f"Opening the app asked for the {what}, and nothing of the app was to be seen."
    if signal.native:
        return (
            f"While {label[0].lower()}{label[1:]} failed before the user's eyes, the app's request to {at} failed with "
            f"{error}.{weak}"
        )
    match how:
        case How.REFUSED | How.DIRECT:
            return f"{label} itself asked for it: {what}."
        case How.FRAME:
            return (
                f"Step {step.n} took place in a frame that depends on it: {what} before, and it has not worked since."
            )
        case _:
            return f"Step {step.n} sent no request at all, and this has been broken since before: {what}."


def journeys_touching(log: SessionLog, host: Endpoint) -> tuple[str, ...]:
    """The journeys whose own requests went to a host, in order of first use: its blast radius."""
    return log.timeline.journeys_of(host)
