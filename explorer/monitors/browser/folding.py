"""Folds retry storms: an app that retries without pause must not fill the journal. Pure.

The first repeats of a failure are reported one by one, so that an ordinary session is journalled in full. After that,
one signal a second stands for all repeats. It is the signal of the latest repeat, with a count and the times of the
first and the last. The request of the latest repeat is reported with it; the other requests are dropped.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from explorer.monitors.browser.signalling import Observations
from flows.effects import Effect
from flows.signals import Exchange, Family, Signal

SINGLY = 10
"""How many repeats of one failure are reported one by one."""
PAUSE = 1.0
"""Seconds. After the first `SINGLY` repeats, one signal stands for all repeats in this time."""

_FOLDED = frozenset({Family.TLS, Family.NETWORK, Family.HTTP})
_Key = tuple[str, str, str, str, bool, str, bool]


@dataclass(slots=True)
class _Storm:
    """One repeated failure.

    `times` counts its reports, and `told_at` is the time of the last one. `held` are the folded repeats since then.
    """

    times: int = 0
    told_at: float = float("-inf")
    held: Observations = field(default_factory=list)


class Folding:
    """Receives the observations of a monitor in order, and returns those to report.

    Times are in seconds since the epoch.
    """

    def __init__(self) -> None:
        self._storms: dict[_Key, _Storm] = {}
        self._waiting: dict[_Key, _Storm] = {}

    def fold(self, observed: Observations, now: float) -> Observations:
        """The observations to report now: the new ones that are not held back, and held ones whose pause is over."""
        told = self._due(now)
        requests = {x.id: x for x in observed if isinstance(x, Exchange)}
        held = set[str]()
        fresh: Observations = []
        for item in observed:
            if isinstance(item, Signal) and item.family in _FOLDED and self._holds(item, requests.get(item.request)):
                held.add(item.request)
            else:
                fresh.append(item)
        return [*told, *(item for item in fresh if not (isinstance(item, Exchange) and item.id in held))]

    def rest(self) -> Observations:
        """The observations that are still held back when the session ends."""
        return self._due(float("inf"))

    def _holds(self, signal: Signal, exchange: Exchange | None) -> bool:
        """Count the signal, and return whether it is held back.

        A signal that is held back is reported later, in one signal with the repeats that follow.
        """
        asked = (exchange.method, exchange.initiator == "timer") if exchange is not None else ("", False)
        key = (signal.url.partition("?")[0], signal.error, signal.place, signal.frame, signal.background, *asked)
        storm = self._storms.setdefault(key, _Storm())
        if storm.times < SINGLY or (not storm.held and signal.time >= storm.told_at + PAUSE):
            storm.times, storm.told_at = storm.times + 1, signal.time
            return False
        before = next((s for s in storm.held if isinstance(s, Signal)), None)
        count, first = (before.count, before.time) if before is not None else (0, signal.time)
        latest = replace(signal, time=first, count=count + 1, last=signal.time)
        storm.held = [exchange, latest] if exchange is not None else [latest]
        self._waiting[key] = storm
        return True

    def _due(self, now: float) -> Observations:
        told: Observations = []
        for key, storm in list(self._waiting.items()):
            if storm.told_at + PAUSE <= now:
                told += storm.held
                storm.held, storm.told_at = [], max(storm.told_at, *(_last(s) for s in storm.held))
                del self._waiting[key]
        return told


def _last(item: Signal | Exchange | Effect) -> float:
    if isinstance(item, Exchange):
        return item.started
    return item.last if isinstance(item, Signal) else item.time
