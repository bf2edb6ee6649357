"""An index of one session by time, request and host. It is built once, so that judging is linear.

A retry storm makes tens of thousands of signals, and judging looks up the request, step and host of each many times.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Generic, TypeVar

from flows.signals import Exchange, Family, Signal
from flows.step import Step

T = TypeVar("T")

_UNNEEDED = frozenset({"ping", "image", "prefetch", "manifest", "stylesheet", "font", "media", "other"})
"""Resource types whose failure does not keep users from their goal (docs/verdicts.md, «Background»)."""

_ANSWERED = frozenset({"ok", "http-error"})
"""Outcomes of a request whose host answered, so that TLS worked."""


class Timeline:
    """The order and the relations of a session's steps, signals and exchanges. Times are in seconds since the epoch."""

    __slots__ = (
        "_ends",
        "_exchanges",
        "_first_failed",
        "_last_answer",
        "_needed_by",
        "_other",
        "_outside",
        "_own",
        "_pages",
        "_starts",
        "_steps",
        "_tls",
        "_tls_at",
    )

    def __init__(self, steps: Sequence[Step], signals: Iterable[Signal], exchanges: Iterable[Exchange]) -> None:
        self._steps = steps
        # For each step, the earliest start of it and all later ones, so that bisection finds the step at a given time.
        self._starts = _earliest_from([s.started for s in steps])
        by_number = sorted(steps, key=lambda s: s.n)
        later = [*_earliest_from([s.started for s in by_number]), math.inf]
        self._ends = {s.n: later[i + 1] for i, s in enumerate(by_number)}
        self._exchanges = {x.id: x for x in exchanges}
        self._last_answer: dict[tuple[str, int], float] = {}
        for x in self._exchanges.values():
            if x.outcome in _ANSWERED:
                host, time = (x.host, x.port), max(x.started, x.finished)
                self._last_answer[host] = max(time, self._last_answer.get(host, -math.inf))
        self._own = _Ordered(
            (x.started, x)
            for x in self._exchanges.values()
            if not x.background and x.initiator != "timer" and x.place not in _UNNEEDED
        )
        self._pages = _Ordered(
            (x.started, True)
            for x in self._exchanges.values()
            if x.place in ("document", "form") and not x.frame and x.outcome in _ANSWERED
        )
        listed = list(signals)
        self._tls = tuple(s for s in listed if s.family is Family.TLS)
        self._tls_at = _Ordered((self.origin(s), s) for s in self._tls)
        self._other = _Ordered((self.origin(s), s) for s in listed if s.family is not Family.TLS)
        self._first_failed: dict[tuple[str, str], float] = {}
        for s in self._tls:
            place = (s.url, s.frame)
            self._first_failed[place] = min(s.time, self._first_failed.get(place, math.inf))
        self._outside = {(s.host, s.port) for s in self._tls if not self.journey_at(self.origin(s))}
        self._needed_by = self._journeys_of_hosts()

    def _journeys_of_hosts(self) -> dict[tuple[str, int], dict[str, None]]:
        found: dict[tuple[str, int], dict[str, None]] = {}
        for x in self._exchanges.values():
            journey = "" if x.background else self.journey_at(x.started)
            if journey:
                found.setdefault((x.host, x.port), {})[journey] = None
        return found

    def window(self, step: Step) -> tuple[float, float]:
        """Returns when a step began and when the next one began (infinity if none did)."""
        return step.started, self._ends.get(step.n, math.inf)

    def step_at(self, time: float) -> Step | None:
        """Returns the latest step that began at or before `time`; None if there is none."""
        found = bisect_right(self._starts, time)
        return self._steps[found - 1] if found else None

    def journey_at(self, time: float) -> str:
        """Returns the journey of the step at `time`; empty if there is none."""
        step = self.step_at(time)
        return step.decision.journey if step is not None else ""

    def exchange_of(self, signal: Signal) -> Exchange | None:
        return self._exchanges.get(signal.request)

    def origin(self, signal: Signal) -> float:
        """Returns when the failed request began or, if this is unknown, when the signal was recorded."""
        exchange = self._exchanges.get(signal.request)
        return exchange.started if exchange is not None else signal.time

    def is_background(self, signal: Signal) -> bool:
        """Whether no user waits for the request: a beacon, a ping, a pixel, or one that a timer of the page started."""
        if signal.background or signal.place in _UNNEEDED:
            return True
        exchange = self.exchange_of(signal)
        return exchange is not None and (exchange.background or exchange.initiator == "timer")

    def own_requests(self, step: Step) -> Iterator[Exchange]:
        """The requests that belong to the step's action: all that began in its window, except background requests."""
        return self._own.between(*self.window(step))

    @property
    def tls(self) -> tuple[Signal, ...]:
        """The session's TLS failures."""
        return self._tls

    def tls_in(self, step: Step) -> Iterator[Signal]:
        """Yields TLS failures of requests that began in the step's window."""
        return self._tls_at.between(*self.window(step))

    def other_failures_in(self, step: Step) -> Iterator[Signal]:
        """Yields failures other than TLS of requests that began in the step's window."""
        return self._other.between(*self.window(step))

    def left_since(self, signal: Signal, step: Step) -> bool:
        """Whether the page that the failed request belonged to was replaced by another before the step began."""
        return any(self._pages.between(self.origin(signal), step.started))

    def first_failed(self, signal: Signal) -> float:
        """Returns when the signal's address first failed in its frame; infinity if TLS never failed there."""
        return self._first_failed.get((signal.url, signal.frame), math.inf)

    def last_answer(self, host: tuple[str, int]) -> float:
        """Returns when the host last answered any request; minus infinity if it never did."""
        return self._last_answer.get(host, -math.inf)

    def fails_outside_journeys(self, host: tuple[str, int]) -> bool:
        """Whether TLS at the host also fails outside all journeys, for example while the target opens."""
        return host in self._outside

    def journeys_of(self, host: tuple[str, int]) -> tuple[str, ...]:
        """The journeys whose own requests went to a host, in order of first use."""
        return tuple(self._needed_by.get(host, ()))


class _Ordered(Generic[T]):
    """Items sorted by time. Items with equal times keep their original order."""

    __slots__ = ("_things", "_times")

    def __init__(self, timed: Iterable[tuple[float, T]]) -> None:
        ordered = sorted(timed, key=lambda pair: pair[0])
        self._times = [time for time, _ in ordered]
        self._things = [thing for _, thing in ordered]

    def between(self, start: float, end: float) -> Iterator[T]:
        """The items from `start` (included) to `end` (excluded)."""
        return iter(self._things[bisect_left(self._times, start) : bisect_left(self._times, end)])


def _earliest_from(times: Sequence[float]) -> list[float]:
    """For each position, the smallest value from that position to the end. The result never decreases."""
    return list(accumulate(reversed(times), min))[::-1]
