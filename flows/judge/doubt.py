"""Doubtful success: an app may show the user's own input before its server has received it. Pure.

An app may show some signs of success at once: a row with the typed text, a file's name in a list, a line in a log. Such
signs count only if no request of the journey fails meanwhile, or if the traffic shows that the server took the input.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from flows.effects import PROOF
from flows.judge.effects import contradicted, proven_by
from flows.judge.unobserved import UNSEEN, observed
from flows.recognise.signs import Trust, is_echo, trust_of
from flows.session import Endpoint, SessionLog, is_background, origin, own_requests, succeeded_after, window
from flows.signals import Family, Signal
from flows.step import Cue, Step

_DATA = frozenset({"fetch", "xhr", "websocket", "eventsource", "worker", "shared-worker", "service-worker", "form"})
"""Resource types whose failure loses data that the user sent or wanted. Other failures only change the page's look."""


def only_echoes(cues: Iterable[Cue]) -> bool:
    """Whether all signs of success only show the user's own input again."""
    kinds = {c.kind for c in cues}
    return bool(kinds) and all(map(is_echo, kinds))


def success_step(steps: Iterable[Step], journey: str) -> Step | None:
    """Returns the first step with a sign of success for the journey, or None."""
    return next((s for s in steps if any(c.outcome == "success" and c.journey == journey for c in s.cues)), None)


def doubt(log: SessionLog, steps: Sequence[Step], success: Step) -> str:
    """Returns the reason to distrust a success, in words; empty if it can be trusted."""
    kinds = {c.kind for c in success.cues if c.outcome == "success"}
    against = contradicted(log, steps, success)
    if against:
        return against
    if any(p in PROOF for p in proven_by(log, steps, success)):
        return ""
    trust = set(map(trust_of, kinds))
    if trust != {Trust.SHOWN}:
        return "" if Trust.SEEN in trust else _unsent(log, success)
    if kinds == {"data-shown"} and _fetched(log, success):
        return ""  # the data arrived: a failure at another host is no reason to doubt them
    start = next(s.started for s in steps if s.decision.attempt == success.decision.attempt)
    end = window(log, success)[1]
    elsewhere = _failing_elsewhere(log)
    own = (success.decision.journey, "")  # another journey may have come between, such as the login
    for signal in log.signals:
        began = origin(log, signal)
        mine = start <= began < end and log.timeline.journey_at(began) in own
        if mine and _lost(log, signal, elsewhere):
            return f"{signal.place} {signal.host}:{signal.port} failed with {signal.error} meanwhile"
        if "message-in-log" in kinds and signal.place == "websocket" and signal.time < end and _stands(log, signal):
            return f"the app's WebSocket to {signal.host}:{signal.port} had failed with {signal.error}"
    return "" if observed(log) else UNSEEN


def _fetched(log: SessionLog, success: Step) -> bool:
    """Whether a GET request for data was answered in the step. Requests that only send data do not count."""
    own = own_requests(log, success)
    return any(x.place in _DATA and x.method == "GET" and x.outcome == "ok" for x in own)


def _unsent(log: SessionLog, success: Step) -> str:
    """Describes a failed POST, PUT or PATCH request of the step.

    Empty if none failed, or if one of them was answered without a server error (5xx).
    """
    sent = [x for x in own_requests(log, success) if x.method in ("POST", "PUT", "PATCH")]
    if any(x.outcome == "ok" or 400 <= x.status < 500 for x in sent):
        return ""
    lost = next((x for x in sent if x.outcome == "failed" or x.status >= 500), None)
    what = f"answered with HTTP {lost.status}" if lost and lost.status else "could not be reached"
    return f"{lost.host}:{lost.port} {what} meanwhile" if lost else ""


def _lost(log: SessionLog, signal: Signal, elsewhere: Collection[Endpoint]) -> bool:
    """Whether the failure lost the user's data.

    These do not count: beacons, timers, hosts that also fail outside journeys, and failures that a retry repaired."""
    if signal.place not in _DATA or is_background(log, signal) or not _is_failure(signal):
        return False
    return (signal.host, signal.port) not in elsewhere and _stands(log, signal)


def _failing_elsewhere(log: SessionLog) -> set[Endpoint]:
    """Returns the hosts that also fail outside journeys, for any reason."""
    failures = (s for s in log.signals if _is_failure(s))
    return {(s.host, s.port) for s in failures if not log.timeline.journey_at(origin(log, s))}


def _is_failure(signal: Signal) -> bool:
    if signal.family is Family.HTTP:
        return bool(re.search(r"\b5\d\d\b", signal.error))
    return signal.family in (Family.TLS, Family.NETWORK) and signal.signature != "aborted"


def _stands(log: SessionLog, signal: Signal) -> bool:
    if signal.family is Family.HTTP:
        return True
    return signal.family in (Family.TLS, Family.NETWORK) and not succeeded_after(
        log, (signal.host, signal.port), signal.time
    )


def shows_more(success: Step, doubted: Step) -> bool:
    """Whether `success` has a sign that `doubted` lacks.

    A listed file counts as a different sign if its text differs in more than numbers.
    """
    return bool(_signs(success) - _signs(doubted))


def _signs(step: Step) -> set[tuple[str, str]]:
    found = (c for c in step.cues if c.outcome == "success")
    return {(c.kind, re.sub(r"\d+", "0", c.text) if c.kind == "file-listed" else "") for c in found}
