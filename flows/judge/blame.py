"""Which TLS failure belongs to which journey: signals + steps + diagnoses → incidents. Pure.

docs/verdicts.md explains the rules. A *direct* signal's request was begun by the stage's own action. A *standing* fault
failed earlier and has not recovered; it explains a stage that acts in a frame which came from it, or a stage whose
action sent no request at all. Whatever another kind of failure explains better is not blamed on TLS.

A native app's log tells neither what a failed request was for nor what went well. So its signals (`place` is `app`)
only count in the window of a stage that failed before the user's eyes, and never with more than medium confidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from flows.diagnosis import Cause, Diagnosis
from flows.incident import Confidence, Incident, Symptom
from flows.session import (
    AttemptState,
    Endpoint,
    SessionLog,
    entry_step,
    exchange_of,
    fails_outside_journeys,
    is_background,
    journey_steps,
    origin,
    own_requests,
    step_at,
    succeeded_after,
    tls_signals,
    window,
)
from flows.signals import Exchange, Family, Signal
from flows.step import ActionKind, Step

Diagnoses = Mapping[Endpoint, Diagnosis]

ENTRY = "entry"
"""Stands for a journey's name in the incident of an entry document that could not be opened."""

_AMBIGUOUS = frozenset(
    {Cause.CONNECTION_CUT, Cause.HANDSHAKE_TIMEOUT, Cause.CLIENT_CERTIFICATE_REQUIRED, Cause.NOT_TLS}
)
"""Causes that a client may report in words which also have other reasons; the probe's proof decides."""


@dataclass(frozen=True, slots=True)
class Blame:
    """A signal that may explain a step, and how it was tied to it."""

    signal: Signal
    step: Step
    how: str  # `direct`, `frame` or `standing`


def settle_ambiguous(log: SessionLog, diagnoses: Diagnoses) -> SessionLog:
    """Turn signals whose words leave it open (reset, closed, hung, HTTP 400) into TLS signals where the probe proves it.

    Some failures come without any word: a handshake that hangs, and a WebSocket to a server that wants a client
    certificate, which Chromium calls canceled. Such requests get a signal if the probe proves why nothing came of them.
    """
    signals = [_promote(s, diagnoses) for s in log.signals]
    told = {s.request for s in signals if s.request}
    for exchange in log.exchanges:
        diagnosis = diagnoses.get((exchange.host, exchange.port))
        cause = _SILENT.get(exchange.outcome)
        if exchange.id in told or diagnosis is None or cause not in diagnosis.causes:
            continue
        if not succeeded_after(log, (exchange.host, exchange.port), 0):
            signals.append(_silent(log, exchange, cause))
    return replace(log, signals=tuple(signals))


_SILENT = {"pending": Cause.HANDSHAKE_TIMEOUT, "aborted": Cause.CLIENT_CERTIFICATE_REQUIRED}
"""How a request ends that fails without a word → the cause that the probe must have proven for it to count."""


def _silent(log: SessionLog, exchange: Exchange, cause: Cause) -> Signal:
    error = "no answer" if exchange.outcome == "pending" else "canceled by the browser"
    return Signal(
        id=f"silent-{exchange.id}",
        time=exchange.finished or exchange.started,
        session=log.session,
        family=Family.TLS,
        signature=cause.value,
        error=error,
        causes=(cause,),
        host=exchange.host,
        port=exchange.port,
        url=exchange.url,
        place=exchange.place,
        request=exchange.id,
        frame=exchange.frame,
        document=exchange.document,
        text="the request came to nothing, and nobody said why",
        background=exchange.background,
    )


def _promote(signal: Signal, diagnoses: Diagnoses) -> Signal:
    diagnosis = diagnoses.get((signal.host, signal.port))
    if signal.family not in (Family.NETWORK, Family.HTTP) or diagnosis is None or "DNS" in signal.error:
        return signal
    if signal.family is Family.HTTP and diagnosis.causes[:1] != (Cause.CLIENT_CERTIFICATE_REQUIRED,):
        return signal
    proven = tuple(c for c in diagnosis.causes if c in _AMBIGUOUS)
    if not proven or signal.signature in ("refused", "dns", "aborted", "offline"):
        return signal
    return replace(signal, family=Family.TLS, causes=proven)


def entry_incident(log: SessionLog, diagnoses: Diagnoses) -> Incident | None:
    """The incident of an entry that TLS kept shut, or None. Either its document failed, or nothing of it is to be seen."""
    step = entry_step(log)
    if step is None:
        return None
    if app_is_shut(log):
        hosts = app_entry_hosts(log)
        if len(hosts) != 1 and not (hosts and all(_is_clients_clock(diagnoses.get(host)) for host in hosts)):
            return None
        blames = [Blame(s, step, "direct") for s in _app_signals(log, step) if (s.host, s.port) in hosts]
        return _incident(log, ENTRY, "open", blames, diagnoses, visible=True)
    start, end = window(log, step)
    mine = [s for s in tls_signals(log) if start <= origin(log, s) < end and not is_background(log, s)]
    shut = [s for s in mine if s.place == "document"] if step.seen == Symptom.BROWSER_WARNING else []
    if not shut and step.seen == Symptom.BLANK:
        shut = [s for s in mine if s.place in ("script", "document", "fetch", "xhr")]
    if not shut:
        return None
    return _incident(log, ENTRY, "open", [Blame(s, step, "direct") for s in shut], diagnoses, visible=True)


def _is_clients_clock(diagnosis: Diagnosis | None) -> bool:
    """A fault of the device that breaks all hosts alike: which of them the app waited for makes no difference."""
    return diagnosis is not None and diagnosis.causes[:1] == (Cause.CLOCK_SKEW,)


def app_is_shut(log: SessionLog) -> bool:
    """Whether a native app showed a failure, and in the whole session no way into any journey."""
    opened = entry_step(log)
    if opened is None or any(state != AttemptState.NOT_SEEN for state in log.states.values()):
        return False
    if any(s.decision.journey for s in log.steps) or not any(s.native for s in log.signals):
        return False
    if opened.seen == Symptom.CRASH:  # only what the crash itself names: a beacon that failed as well has no part in it
        return any(_fatal(s) for s in _app_signals(log, opened))
    return _visible(log.steps)


def _fatal(signal: Signal) -> bool:
    """Whether it is the exception that ended the app (Android's RuntimeInit)."""
    return "FATAL EXCEPTION" in signal.text


def app_entry_hosts(log: SessionLog) -> tuple[Endpoint, ...]:
    """The hosts that may have kept a native app shut: those that TLS broke while it opened.

    Where there are several (a beacon fails as well), what fails again when the user taps «Try again» tells.
    """
    opened = entry_step(log)
    if opened is None:
        return ()
    crashed = opened.seen == Symptom.CRASH
    hosts = dict.fromkeys((s.host, s.port) for s in _app_signals(log, opened) if _fatal(s) or not crashed)
    taps = [s for s in log.steps if s.decision.action.kind is ActionKind.TAP and _visible([s])]
    again = dict.fromkeys((s.host, s.port) for tap in taps for s in _app_signals(log, tap))
    told = tuple(h for h in hosts if h in again)
    return told if len(hosts) > 1 and told else tuple(hosts)


def _app_signals(log: SessionLog, step: Step) -> list[Signal]:
    start, end = window(log, step)
    return [s for s in tls_signals(log) if s.native and start <= origin(log, s) < end and not is_background(log, s)]


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
    visible = _visible(steps)
    found = [_incident(log, journey, _stage(group), group, diagnoses, visible=visible) for group in groups.values()]
    return sorted(found, key=lambda i: (_RANK[i.confidence], i.host, i.port))


_RANK = {Confidence.CONFIRMED: 0, Confidence.HIGH: 1, Confidence.MEDIUM: 2, Confidence.LOW: 3}


def _stage(blames: list[Blame]) -> str:
    return blames[-1].step.decision.stage


def _visible(steps: Iterable[Step]) -> bool:
    """The user could tell that something went wrong."""
    return any(c.outcome == "failure" for s in steps for c in s.cues) or any(s.seen for s in steps)


def _direct(log: SessionLog, step: Step) -> list[Blame]:
    start, end = window(log, step)
    return [
        Blame(s, step, "direct")
        for s in tls_signals(log)
        if start <= origin(log, s) < end and not is_background(log, s) and _answers_to(log, s, step)
    ]


def _app_counts(log: SessionLog, steps: Iterable[Step], blame: Blame) -> bool:
    """What an app's log tells counts where its stage failed visibly, unless the host fails without any journey too."""
    stage = [s for s in steps if s.n >= blame.step.n and s.decision.stage == blame.step.decision.stage]
    crashed = any(s.settled_as == "crashed" for s in stage)
    return (crashed or _visible(stage)) and not fails_outside_journeys(log, (blame.signal.host, blame.signal.port))


def _answers_to(log: SessionLog, signal: Signal, step: Step) -> bool:
    """Whether the request can have come from what the action started.

    A frame that was there before and asks of its own accord (a widget that reconnects) does not answer to an action
    in another frame: its document is not the one acted on, and it has failed before.
    """
    exchange = exchange_of(log, signal)
    if exchange is None or signal.frame in ("", step.decision.action.frame):
        return True
    before = [s for s in tls_signals(log) if s.url == signal.url and s.frame == signal.frame and s.time < step.started]
    return not before


def _explained_otherwise(log: SessionLog, step: Step) -> bool:
    """A failure of another kind in the step's own traffic: an HTTP error, an unreachable host, a script error."""
    start, end = window(log, step)
    return any(
        s.family is not Family.TLS and start <= origin(log, s) < end and not is_background(log, s) for s in log.signals
    )


def _without_noise(log: SessionLog, steps: tuple[Step, ...], blames: list[Blame]) -> list[Blame]:
    """Leave out hosts that also fail outside journeys, unless nothing else explains a failure that was visible."""
    quiet = [b for b in blames if not fails_outside_journeys(log, (b.signal.host, b.signal.port))]
    if quiet:
        return quiet
    if _visible(steps) and not any(_explained_otherwise(log, b.step) for b in blames):
        return blames
    return []


def _standing(log: SessionLog, steps: tuple[Step, ...]) -> list[Blame]:
    """Faults from before that the journey's stage ran into."""
    due = [s for s in steps if s.decision.expects or any(c.outcome == "failure" for c in s.cues)]
    if not due:
        return []
    step = due[-1]
    faults = [
        s
        for s in tls_signals(log)
        if not s.native
        and origin(log, s) < window(log, step)[1]
        and not is_background(log, s)
        and not succeeded_after(log, (s.host, s.port), s.time)
    ]
    frames = {step.decision.action.frame, *(c.frame for c in step.cues if c.outcome == "failure")} - {""}
    framed = [Blame(s, step, "frame") for s in faults if s.frame in frames]
    if framed:
        return framed
    if _explained_otherwise(log, step) or any(True for s in due for _ in own_requests(log, s)):
        return []
    return [Blame(s, step, "standing") for s in faults if s.place not in ("stylesheet", "font", "media")]


def _incident(
    log: SessionLog, journey: str, stage: str, blames: list[Blame], diagnoses: Diagnoses, *, visible: bool
) -> Incident:
    signals = [b.signal for b in blames]
    host, port = signals[0].host, signals[0].port
    diagnosis = diagnoses.get((host, port))
    how = blames[0].how
    confidence = Confidence.HIGH if how in ("direct", "frame") and visible else Confidence.MEDIUM
    outside = how == "direct" and fails_outside_journeys(log, (host, port)) and journey != ENTRY
    if outside or all(s.native for s in signals):
        confidence = Confidence.MEDIUM
    return Incident(
        id=f"{log.session}:{journey}:{host}:{port}",
        session=log.session,
        journey=journey,
        stage=stage,
        host=host,
        port=port,
        causes=_causes(signals, diagnosis),
        confidence=confidence,
        why=_why(blames, journey),
        decided_by=diagnosis.decided_by if diagnosis and diagnosis.causes else "client",
        signals=tuple(dict.fromkeys(s.id for s in signals)),
        steps=tuple(sorted({b.step.n for b in blames})),
    )


def _causes(signals: list[Signal], diagnosis: Diagnosis | None) -> tuple[Cause, ...]:
    """The probe's causes; without a probe only what the client's words leave no doubt about."""
    if diagnosis is not None and diagnosis.causes:
        return diagnosis.causes
    certain = tuple(dict.fromkeys(s.causes[0] for s in signals if len(s.causes) == 1))
    return certain or (Cause.UNKNOWN_TLS,)


def _why(blames: list[Blame], journey: str) -> str:
    signal, step, how = blames[0].signal, blames[0].step, blames[0].how
    what = f"{signal.place} {signal.host}:{signal.port} failed with {signal.error}"
    weak = (
        ""
        if not signal.named_by
        else (" The log names no host: of those that the package names, this is the only one with a fault that fits.")
    )
    if journey == ENTRY and signal.native:
        return f"While the app opened, {signal.host}:{signal.port} failed with {signal.error}; it showed a failure and no more.{weak}"
    if journey == ENTRY:
        return f"Opening the app asked for the {what}, and nothing of the app was to be seen."
    if signal.native:
        return (
            f"While step {step.n} («{step.decision.action.label or step.decision.stage}») failed before the user's eyes, the "
            f"app's request to {signal.host}:{signal.port} failed with {signal.error}.{weak}"
        )
    if how == "direct":
        return f"Step {step.n} («{step.decision.action.label or step.decision.stage}») itself asked for it: {what}."
    if how == "frame":
        return f"Step {step.n} took place in a frame that depends on it: {what} before, and it has not worked since."
    return f"Step {step.n} sent no request at all, and this has been broken since before: {what}."


def background_hosts(log: SessionLog, incidents: Iterable[Incident]) -> dict[Endpoint, list[Signal]]:
    """TLS failures that no incident took: reported as findings, never as a journey's failure."""
    taken = {(i.host, i.port) for i in incidents}
    left: dict[Endpoint, list[Signal]] = {}
    for signal in tls_signals(log):
        if (signal.host, signal.port) not in taken:
            left.setdefault((signal.host, signal.port), []).append(signal)
    return left


def steps_touching(log: SessionLog, host: Endpoint) -> tuple[str, ...]:
    """The journeys whose own requests went to a host, in order of first use: its blast radius."""
    seen: dict[str, None] = {}
    for exchange in log.exchanges:
        if (exchange.host, exchange.port) == host and not exchange.background:
            step = step_at(log, exchange.started)
            if step is not None and step.decision.journey:
                seen[step.decision.journey] = None
    return tuple(seen)
