"""Reads sessions back from a journal, so that they can be judged again. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from flows.diagnosis import Diagnosis
from flows.effects import Effect
from flows.judge.unobserved import NETWORK
from flows.session import Endpoint, SessionLog
from flows.signals import Exchange, Signal
from flows.step import Step
from reports.journal.events import (
    Diagnosed,
    EffectSeen,
    Event,
    ExchangeSeen,
    FindingMade,
    SessionEnded,
    SessionStarted,
    SignalSeen,
    StepTaken,
)


def diagnoses(events: Iterable[Event]) -> dict[Endpoint, Diagnosis]:
    """The diagnosis of each host."""
    found = (e.diagnosis for e in events if isinstance(e, Diagnosed))
    return {(d.host, d.port): d for d in found}


def session_logs(events: Iterable[Event], target: Endpoint = ("", 0)) -> list[SessionLog]:
    """All sessions of a journal, including counter-proofs, in the order in which they began.

    A later line about an exchange or a signal replaces an earlier one with the same id.
    """
    started: dict[str, SessionStarted] = {}
    ended: dict[str, SessionEnded] = {}
    steps: dict[str, list[Step]] = {}
    signals: dict[str, dict[str, Signal]] = {}
    exchanges: dict[str, dict[str, Exchange]] = {}
    effects: dict[str, list[Effect]] = {}
    limited: set[str] = set()
    for event in events:
        match event:
            case SessionStarted():
                started[event.session] = event
            case SessionEnded():
                ended[event.session] = event
            case StepTaken():
                steps.setdefault(event.step.session, []).append(event.step)
            case SignalSeen():
                signals.setdefault(event.signal.session, {})[event.signal.id] = event.signal
            case ExchangeSeen():
                exchanges.setdefault(event.exchange.session, {})[event.exchange.id] = event.exchange
            case FindingMade(finding=found) if found.kind == NETWORK:
                limited.add(found.session)
            case EffectSeen():
                effects.setdefault(event.effect.session, []).append(event.effect)
    logs = []
    for name, start in started.items():
        end = ended.get(name)
        logs.append(
            SessionLog(
                session=name,
                persona=start.persona,
                device=start.device,
                target=target,
                wanted=start.journeys,
                steps=tuple(steps.get(name, ())),
                signals=tuple(signals.get(name, {}).values()),
                exchanges=tuple(exchanges.get(name, {}).values()),
                effects=tuple(effects.get(name, ())),
                states=end.states if end else {},
                needs=end.needs if end else {},
                stops=end.stops if end else {},
                reasons=end.reasons if end else {},
                named=end.named if end else (),
                ended=end.why if end else "gone",
                counter_proof=start.counter_proof,
                of_session=start.of_session,
                unobserved=name in limited,
            )
        )
    return logs
