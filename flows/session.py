"""One session as its journal tells it: steps, signals and traffic, and which of them happened when."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from flows.signals import Exchange, Family, Signal
from flows.step import ActionKind, Step

Endpoint = tuple[str, int]
"""Host and port."""

_UNNEEDED = frozenset({"ping", "image", "prefetch", "manifest", "stylesheet", "font", "media", "other"})
"""Places in a page whose loss keeps no user from a goal (docs/verdicts.md, «Background»): they only change how it looks."""


class AttemptState(StrEnum):
    """How far a session got with one journey."""

    NOT_SEEN = "not-seen"  # nothing that leads to it was on any screen
    SEEN = "seen"  # an entry was on a screen
    IN_PROGRESS = "in-progress"
    PASSED = "passed"
    STOPPED_BEFORE = "stopped-before"  # passed up to the stage where permission ends
    FAILED = "failed"
    GAVE_UP = "gave-up"
    NEEDS_LOGIN = "needs-login"
    NOT_ALLOWED = "not-allowed"  # a permission is missing, and nothing could be done without it

    @property
    def open(self) -> bool:
        """Neither finished nor given up."""
        return self in (AttemptState.NOT_SEEN, AttemptState.SEEN, AttemptState.IN_PROGRESS)

    @property
    def passed(self) -> bool:
        """Reached its goal, or the last stage that it may reach."""
        return self in (AttemptState.PASSED, AttemptState.STOPPED_BEFORE)


@dataclass(frozen=True, slots=True)
class SessionLog:
    """What is known of one session.

    `states` is the policy's own word on each journey; `stops` names the stage that a journey ended before on purpose.
    """

    session: str
    persona: str
    device: str
    target: Endpoint
    wanted: tuple[str, ...]
    steps: tuple[Step, ...] = ()
    signals: tuple[Signal, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    states: Mapping[str, AttemptState] = field(default_factory=dict)
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stops: Mapping[str, str] = field(default_factory=dict)
    ended: str = "done"
    counter_proof: tuple[str, ...] = ()
    of_session: str = ""

    @property
    def native(self) -> bool:
        """A session of an app on a device, whose log tells less than a browser does."""
        return any(step.native for step in self.steps)


def window(log: SessionLog, step: Step) -> tuple[float, float]:
    """From the step's action to the next step's action, in seconds since the epoch."""
    later = (s.started for s in log.steps if s.n > step.n)
    return step.started, min(later, default=math.inf)


def origin(log: SessionLog, signal: Signal) -> float:
    """When the thing that failed was asked for: its request's start if known, else when the signal came."""
    return next((x.started for x in log.exchanges if x.id == signal.request), signal.time)


def exchange_of(log: SessionLog, signal: Signal) -> Exchange | None:
    return next((x for x in log.exchanges if x.id == signal.request), None)


def step_at(log: SessionLog, time: float) -> Step | None:
    """The step in whose window a moment falls."""
    return next((s for s in reversed(log.steps) if s.started <= time), None)


def is_background(log: SessionLog, signal: Signal) -> bool:
    """By its kind, no user waits for it: beacons, pings, pixels, and what a timer of the page started."""
    if signal.background or signal.place in _UNNEEDED:
        return True
    exchange = exchange_of(log, signal)
    return exchange is not None and (exchange.background or exchange.initiator == "timer")


def own_requests(log: SessionLog, step: Step) -> Iterator[Exchange]:
    """What the step's action asked for: requests begun in its window, without background."""
    start, end = window(log, step)
    for exchange in log.exchanges:
        if exchange.background or exchange.initiator == "timer" or exchange.place in _UNNEEDED:
            continue
        if start <= exchange.started < end:
            yield exchange


def tls_signals(log: SessionLog) -> Iterator[Signal]:
    return (s for s in log.signals if s.family is Family.TLS)


def succeeded_after(log: SessionLog, host: Endpoint, time: float) -> bool:
    """Whether the host answered anything over TLS after `time`: it is no standing fault any more."""
    return any(
        (x.host, x.port) == host and x.outcome in ("ok", "http-error") and max(x.started, x.finished) > time
        for x in log.exchanges
    )


def fails_outside_journeys(log: SessionLog, host: Endpoint) -> bool:
    """Whether the host also fails where no journey was under way (the entry included)."""
    for signal in tls_signals(log):
        if (signal.host, signal.port) == host:
            step = step_at(log, origin(log, signal))
            if step is None or not step.decision.journey:
                return True
    return False


def journey_steps(log: SessionLog, journey: str) -> tuple[Step, ...]:
    return tuple(s for s in log.steps if s.decision.journey == journey)


def entry_step(log: SessionLog) -> Step | None:
    """The step that opened the target."""
    return next((s for s in log.steps if s.decision.action.kind is ActionKind.OPEN), None)
