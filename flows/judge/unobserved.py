"""Whether a session would have shown a TLS failure at all. Pure.

A browser tells of each request. A native app need not: a release build may log nothing, and its connections may go past
the observing proxy, or there was none. What such a session does not show is no evidence that TLS is well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flows.diagnosis import TITLES, Diagnosis
from flows.incident import Finding, JourneyVerdict, Severity
from flows.session import Endpoint, SessionLog
from flows.signals import Family

NOT_OBSERVABLE = "not-observable"
"""Reason of an inconclusive verdict: whether TLS is the cause could not be seen."""
NETWORK = "network-not-observable"
"""Kind of finding: connections of the session's app went past all observation."""
LIKELY = "fault-not-proven"
"""Kind of finding: a host that the package names is broken, and whether the app uses it was not observable."""
UNSEEN = "nothing of the app's network was observable, so a TLS failure would not have been seen"


def observed(log: SessionLog) -> bool:
    """Whether the session shows the app's network: a failure in its log, or connections that do not go past the proxy."""
    if not log.native:
        return True
    told = any(signal.family is not Family.CRASH for signal in log.signals)
    return told or (bool(log.exchanges) and not log.unobserved)


def likely_faults(
    logs: Iterable[SessionLog], verdicts: Iterable[JourneyVerdict], candidates: Mapping[Endpoint, Diagnosis]
) -> list[Finding]:
    """A finding for each broken host among `candidates`, the hosts that the app's package names.

    Only if a session was not observed. A fault there is a likely reason for what failed, and nothing proves it."""
    blind = {log.session for log in logs if not observed(log)}
    if not blind:
        return []
    lost = tuple(dict.fromkeys(v.journey for v in verdicts if v.session in blind and v.reason == NOT_OBSERVABLE))
    return [_likely(diagnosis, lost) for _, diagnosis in sorted(candidates.items()) if diagnosis.causes]


def _likely(diagnosis: Diagnosis, lost: tuple[str, ...]) -> Finding:
    cause = diagnosis.causes[0]
    fails = f"{', '.join(lost)} did not succeed, and t" if lost else "T"
    text = (
        f"{fails}he handshake of {diagnosis.host}:{diagnosis.port}, which the app's package names, fails: "
        f"{TITLES[cause].lower()}. {diagnosis.why} Whether the app uses this host was not observable: likely, not proven."
    )
    return Finding(Severity.HIGH, LIKELY, text, diagnosis.host, diagnosis.port, cause.value, lost)
