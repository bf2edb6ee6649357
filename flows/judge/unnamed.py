"""Finds hosts for TLS failures whose log names no host. Pure.

A failure gets a host under two conditions. First, of all hosts that the app's package names, exactly one has a fault
that fits the log's error. Second, the device's socket table, if readable, shows no connection to any other server.
Otherwise the failure stays without a host, and a finding explains why. The evidence is weak, and reports say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from flows.diagnosis import Cause, Diagnosis
from flows.incident import Finding, Severity
from flows.session import Endpoint, SessionLog
from flows.signals import Family, Signal

PACKAGE = "package"
"""Value of `Signal.named_by` if the host comes from the app's package and the probe, and not from the log."""
MOST_LISTED = 8
_NOT_THERE = frozenset({Cause.CLEARTEXT_BLOCKED, Cause.PIN_MISMATCH})
"""Causes inside the app, which no probe of a server can find."""


def nameless(log: SessionLog) -> list[Signal]:
    """Returns the native app's TLS failures without a host."""
    return [s for s in log.signals if s.family is Family.TLS and s.native and not s.host]


def name_hosts(
    log: SessionLog, candidates: Mapping[Endpoint, Diagnosis], peers: Iterable[tuple[str, int]] = ()
) -> tuple[SessionLog, list[Finding]]:
    """Returns the log with hosts added where they can be determined, and findings for the other nameless failures.

    `candidates` are the hosts that the package names, with the probe's diagnoses. `peers` are addresses and ports from
    the device's socket table."""
    strange = _strangers(candidates, peers)
    told: dict[str, Finding] = {}
    named: dict[str, Signal] = {}
    for signal in nameless(log):
        fits = _fitting(signal, candidates)
        if len(fits) == 1 and not strange:
            named[signal.id] = _named(signal, fits[0], len(candidates))
        elif candidates:
            text = _open(signal, fits, len(candidates), strange)
            told.setdefault(text, Finding(Severity.INFO, "host-not-named", text, session=log.session))
    return replace(log, signals=tuple(named.get(s.id, s) for s in log.signals)), list(told.values())


def _strangers(candidates: Mapping[Endpoint, Diagnosis], peers: Iterable[tuple[str, int]]) -> list[str]:
    """Returns the servers, other than the candidates, that the app was connected to.

    Loopback addresses do not count, because our own proxy uses one.
    """
    known = {(d.evidence.address, port) for (_, port), d in candidates.items() if d.evidence is not None}
    others = (peer for peer in set(peers) - known if not peer[0].startswith("127.") and peer[0] != "::1")
    return sorted(f"{address}:{port}" for address, port in others)


def _fitting(signal: Signal, candidates: Mapping[Endpoint, Diagnosis]) -> list[Endpoint]:
    """Returns the candidates with a fault that fits the log's error."""
    allowed = set(signal.causes) - _NOT_THERE - {Cause.UNKNOWN_TLS, Cause.CLOCK_SKEW}
    return sorted(host for host, diagnosis in candidates.items() if allowed & set(diagnosis.causes))


def _named(signal: Signal, host: Endpoint, of: int) -> Signal:
    why = f"the log names no host; of the {of} hosts that the package names, only {host[0]} has a fault that fits"
    return replace(
        signal,
        host=host[0],
        port=host[1],
        url=f"https://{host[0]}:{host[1]}/",
        named_by=PACKAGE,
        text=f"{signal.text} ({why})".strip(),
    )


def _open(signal: Signal, fits: list[Endpoint], of: int, strange: list[str]) -> str:
    head = f"TLS failed in the app ({signal.error[:120]}), and its log names no host. Inconclusive:"
    if strange:
        listed = ", ".join(strange[:MOST_LISTED])
        return (
            f"{head} the app was connected to {listed} as well, which is none of the {of} hosts that the package names."
        )
    if not fits:
        return f"{head} none of the {of} hosts that the package names has a fault that fits."
    listed = ", ".join(f"{host}:{port}" for host, port in fits[:MOST_LISTED])
    return f"{head} {len(fits)} of the {of} hosts that the package names have a fault that fits: {listed}."
