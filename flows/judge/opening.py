"""Finds what kept an app from opening. Pure.

This is its entry document, or a host without which the app never gets past loading.
"""

from __future__ import annotations

from collections.abc import Iterable

from flows.diagnosis import Cause, Diagnosis
from flows.incident import Incident, Symptom
from flows.judge.blame import ENTRY, Blame, How, incident_of, is_refused_document, is_visible, ranked
from flows.judge.settle import Diagnoses
from flows.session import AttemptState, Endpoint, SessionLog, entry_step, is_background, tls_signals
from flows.signals import Family, Signal
from flows.site import is_own
from flows.step import ActionKind, Step

_NEEDED = frozenset(
    {"document", "script", "fetch", "xhr", "websocket", "eventsource", "iframe"}
    | {"worker", "service-worker", "shared-worker"}
)
"""Resource types whose failure may leave an app empty. Images, fonts, style sheets and beacons cannot."""
_LEADS_ON = frozenset({ActionKind.TAP, ActionKind.PRESS, ActionKind.CHOOSE, ActionKind.TYPE, ActionKind.UPLOAD})
"""Actions that prove that the app is open if they lead from the first screen to another one."""


def entry_incidents(log: SessionLog, diagnoses: Diagnoses) -> list[Incident]:
    """Returns the incidents that may explain why the app did not open.

    There is none if the app opened, and exactly one if it is certain which host is to blame.
    """
    step = entry_step(log)
    if step is None:
        return []
    if any(s.native for s in log.signals) or log.native:
        blames = _of_shut_app(log, step, diagnoses)
    else:
        blames = _refused(log, step) or _awaited(log, step, diagnoses)
    groups: dict[Endpoint, list[Blame]] = {}
    for blame in blames:
        groups.setdefault((blame.signal.host, blame.signal.port), []).append(blame)
    if len(groups) > 1 and all(_is_clients_clock(diagnoses.get(host)) for host in groups):
        groups = {next(iter(groups)): blames}
    stuck = is_visible([step]) or step.settled_as in ("busy", "pending") or log.native
    return ranked(incident_of(log, ENTRY, "open", group, diagnoses, visible=stuck) for group in groups.values())


def _is_clients_clock(diagnosis: Diagnosis | None) -> bool:
    """Whether the device's clock is wrong. A wrong clock breaks all hosts alike, so the failed host does not matter."""
    return diagnosis is not None and diagnosis.causes[:1] == (Cause.CLOCK_SKEW,)


# -- a site -----------------------------------------------------------------------------------------------------------


def _refused(log: SessionLog, step: Step) -> list[Blame]:
    """The blames for the entry document, if the browser showed its own error page instead of it."""
    if step.seen != Symptom.BROWSER_WARNING:
        return []
    shut = [s for s in log.timeline.tls_in(step) if s.place in ("document", "form") and not s.background]
    return [Blame(s, step, How.REFUSED if is_refused_document(s) else How.DIRECT) for s in shut]


def _awaited(log: SessionLog, step: Step, diagnoses: Diagnoses) -> list[Blame]:
    """Returns blames for an app that never opened: failed requests to its own hosts.

    If there are none and the page is blank, failed requests to any host count."""
    if not never_opened(log):
        return []
    asked = [s for s in tls_signals(log) if never_came(log, s)]
    own = [s for s in asked if is_own(log, (s.host, s.port), diagnoses)]
    if not own and step.seen == Symptom.BLANK:
        own = [s for s in log.timeline.tls_in(step) if s in asked and not is_background(log, s)]
    return [Blame(s, step, How.OPENING) for s in own]


def never_came(log: SessionLog, signal: Signal) -> bool:
    """Whether an app may be waiting for the failed request because its host never answered later."""
    needed = signal.place in _NEEDED and not signal.background
    return needed and log.timeline.last_answer((signal.host, signal.port)) <= signal.time


def never_opened(log: SessionLog) -> bool:
    """Whether a site stayed at its first screen: it showed no way into any journey, and no action led elsewhere.

    If the session was cut off early, the first screen must also be empty or still loading.
    """
    opened = entry_step(log)
    if opened is None or opened.seen == Symptom.BROWSER_WARNING or not is_without_doors(log):
        return False
    stuck = opened.seen in (Symptom.BLANK, Symptom.ENDLESS_SPINNER) or opened.settled_as in ("busy", "pending")
    looked = log.ended in ("done", "steps")
    return (stuck or looked) and not any(s.decision.action.kind in _LEADS_ON and s.before != s.after for s in log.steps)


def is_without_doors(log: SessionLog) -> bool:
    """Whether a site was opened without a crash, but never showed an entry to any journey. False for native apps."""
    opened = entry_step(log)
    return opened is not None and not log.native and opened.seen != Symptom.CRASH and not shows_doors(log)


def shows_doors(log: SessionLog) -> bool:
    """Whether the session saw an entry to any journey."""
    return any(state != AttemptState.NOT_SEEN for state in log.states.values()) or any(
        s.decision.journey for s in log.steps
    )


def other_reasons(log: SessionLog) -> list[str]:
    """Returns other failures that may have kept a site from opening: unreachable hosts and server errors, in words."""
    opened = entry_step(log)
    failed = [] if opened is None else log.timeline.other_failures_in(opened)
    told = (s for s in failed if not is_background(log, s) and s.place in _NEEDED and _is_failure(s))
    return list(dict.fromkeys(f"{s.host}:{s.port} ({s.error})" for s in told))


def _is_failure(signal: Signal) -> bool:
    if signal.family is Family.HTTP:
        return signal.error.startswith("HTTP 5")
    return signal.family is Family.NETWORK and signal.signature != "aborted"


# -- a native app -----------------------------------------------------------------------------------------------------


def _of_shut_app(log: SessionLog, step: Step, diagnoses: Diagnoses) -> list[Blame]:
    """Returns blames if a single host, or the device's clock, kept a native app from opening; otherwise none.

    The log of a native app does not show which of several hosts it needed."""
    if not app_is_shut(log):
        return []
    hosts = app_entry_hosts(log)
    if len(hosts) != 1 and not all(_is_clients_clock(diagnoses.get(host)) for host in hosts):
        return []
    return [Blame(s, step, How.DIRECT) for s in _app_signals(log, step) if (s.host, s.port) in hosts]


def app_is_shut(log: SessionLog) -> bool:
    """Whether a native app showed a failure, but never an entry to any journey."""
    opened = entry_step(log)
    if opened is None or shows_doors(log) or not any(s.native for s in log.signals):
        return False
    if opened.seen == Symptom.CRASH:  # only what the crash itself names: a beacon that failed as well has no part in it
        return any(_is_fatal(s) for s in _app_signals(log, opened))
    return is_visible(log.steps)


def app_entry_hosts(log: SessionLog) -> tuple[Endpoint, ...]:
    """The hosts that may have kept a native app from opening: those at which TLS failed while it opened.

    There may be several, because a beacon may fail, too. Then those that also failed after a later tap are returned, or
    all if none did.
    """
    opened = entry_step(log)
    if opened is None:
        return ()
    crashed = opened.seen == Symptom.CRASH
    hosts = _hosts(s for s in _app_signals(log, opened) if _is_fatal(s) or not crashed)
    taps = [s for s in log.steps if s.decision.action.kind is ActionKind.TAP and is_visible([s])]
    again = _hosts(s for tap in taps for s in _app_signals(log, tap))
    told = tuple(h for h in hosts if h in again)
    return told if len(hosts) > 1 and told else hosts


def _hosts(signals: Iterable[Signal]) -> tuple[Endpoint, ...]:
    return tuple(dict.fromkeys((s.host, s.port) for s in signals))


def _is_fatal(signal: Signal) -> bool:
    """Whether the signal is the uncaught exception that ended the app (Android's RuntimeInit)."""
    return "FATAL EXCEPTION" in signal.text


def _app_signals(log: SessionLog, step: Step) -> list[Signal]:
    return [s for s in log.timeline.tls_in(step) if s.native and not is_background(log, s)]
