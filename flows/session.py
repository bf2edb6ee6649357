"""One session as its journal records it: steps, signals and traffic, and their order in time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from flows.effects import Effect
from flows.signals import Exchange, Signal
from flows.step import ActionKind, NamedHost, Step
from flows.timeline import Timeline

Endpoint = tuple[str, int]
"""Host and port."""

RECORDED = "recorded"
"""Value of `SessionLog.ended` for a session that somebody else recorded. Its requests are known, its screens not."""


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
    SHARED = "shared"  # another session of the run has sent it, and it is sent once
    NOT_ALLOWED = "not-allowed"  # a permission is missing, and nothing could be done without it

    @property
    def open(self) -> bool:
        """Whether the journey is neither finished nor given up."""
        return self in (AttemptState.NOT_SEEN, AttemptState.SEEN, AttemptState.IN_PROGRESS)

    @property
    def passed(self) -> bool:
        """Whether the journey reached its goal, or the last stage that it may reach."""
        return self in (AttemptState.PASSED, AttemptState.STOPPED_BEFORE)


@dataclass(frozen=True, slots=True)
class SessionLog:
    """All recorded data of one session.

    `states` says how far each journey got, as the policy recorded it. `stops` names the stage before which a journey
    stops on purpose.
    """

    session: str
    persona: str
    device: str
    target: Endpoint
    wanted: tuple[str, ...]
    steps: tuple[Step, ...] = ()
    signals: tuple[Signal, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    effects: tuple[Effect, ...] = ()
    states: Mapping[str, AttemptState] = field(default_factory=dict)
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stops: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    """Journey → why it was not attempted, as a sentence. Only for journeys whose state does not tell the reason."""
    named: tuple[NamedHost, ...] = ()
    """The hosts that the app's screens named, contacted or not; empty for a session on a device."""
    unobserved: bool = False
    """Whether connections of the app are known to go past all observation (a finding `network-not-observable`)."""
    ended: str = "done"
    counter_proof: tuple[str, ...] = ()
    of_session: str = ""
    _timeline: Timeline | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def timeline(self) -> Timeline:
        """The index of the session by time, built on first use."""
        if self._timeline is None:
            object.__setattr__(self, "_timeline", Timeline(self.steps, self.signals, self.exchanges))
        assert self._timeline is not None
        return self._timeline

    @property
    def native(self) -> bool:
        """Whether the session explored a native app. The log of an app shows less than a browser does."""
        return any(step.native for step in self.steps)


def window(log: SessionLog, step: Step) -> tuple[float, float]:
    """Returns when a step began and when the next one began (infinity if none did), in seconds since the epoch."""
    return log.timeline.window(step)


def origin(log: SessionLog, signal: Signal) -> float:
    """Returns when the failed request began or, if this is unknown, when the signal was recorded."""
    return log.timeline.origin(signal)


def exchange_of(log: SessionLog, signal: Signal) -> Exchange | None:
    return log.timeline.exchange_of(signal)


def step_at(log: SessionLog, time: float) -> Step | None:
    """Returns the latest step that began at or before `time`; None if there is none."""
    return log.timeline.step_at(time)


def is_background(log: SessionLog, signal: Signal) -> bool:
    """Whether no user waits for the request: a beacon, a ping, a pixel, or one that a timer of the page started."""
    return log.timeline.is_background(signal)


def own_requests(log: SessionLog, step: Step) -> Iterator[Exchange]:
    """The requests that belong to the step's action: all that began in its window, except background requests."""
    return log.timeline.own_requests(step)


def tls_signals(log: SessionLog) -> Iterator[Signal]:
    return iter(log.timeline.tls)


def succeeded_after(log: SessionLog, host: Endpoint, time: float) -> bool:
    """Whether the host answered any request after `time`. If so, an earlier fault is over."""
    return log.timeline.last_answer(host) > time


def fails_outside_journeys(log: SessionLog, host: Endpoint) -> bool:
    """Whether TLS at the host also fails outside all journeys, for example while the target opens."""
    return log.timeline.fails_outside_journeys(host)


def journey_steps(log: SessionLog, journey: str) -> tuple[Step, ...]:
    return tuple(s for s in log.steps if s.decision.journey == journey)


def entry_step(log: SessionLog) -> Step | None:
    """The step that opened the target."""
    return next((s for s in log.steps if s.decision.action.kind is ActionKind.OPEN), None)
