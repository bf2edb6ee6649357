"""Turns a recording of requests into a session: what was done, what failed, and what that proves.

No host is contacted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from explorer.evidence.doings import doings, steps_of, with_warnings
from explorer.evidence.seen import Seen, records
from explorer.evidence.wording import meaning
from explorer.monitors.browser.monitor import BrowserMonitor
from explorer.monitors.browser.netlog import HostLog
from explorer.tls.causes.interception import MIDDLEBOXES
from flows.diagnosis import Diagnosis
from flows.incident import Finding, Severity
from flows.journey import Journey
from flows.session import RECORDED, AttemptState, Endpoint, SessionLog
from flows.signals import Exchange, Family, Signal

SESSION = "customer"
"""The id of the recording's session and of its persona: the customer who made the recording."""
NO_FAILURE = "recording-without-failure"
LEFT_OUT = "recording-left-out"
OPENED = "connection-opened-on-the-way"
HOST_FAILED = "connections-failed"


@dataclass(frozen=True, slots=True)
class Recording:
    """What a customer's file shows.

    `source` names the file in a sentence («the HAR»). `client` is the program whose requests were recorded («chromium
    156»). `by_proxy` tells whether a proxy made the recording. `hosts` holds further TLS facts about hosts: the chain
    as served and alerts. `notes` are sentences about what was left out, or what the file cannot show.
    """

    source: str
    client: str
    requests: Sequence[Seen]
    notes: tuple[str, ...] = ()
    by_proxy: bool = False
    hosts: Mapping[Endpoint, HostLog] = field(default_factory=dict)
    connections_only: bool = False
    """Whether it shows connections and not what they were for, so that no journey can be judged by it."""


def session_of(recording: Recording, journeys: Sequence[Journey]) -> SessionLog:
    """The recording as the log of a session.

    The wanted journeys are those that the recording's steps name. If the steps name none, and the browser refused the
    first page each time, all journeys are wanted.
    """
    monitor = BrowserMonitor(SESSION, meaning)
    seen = [item for record in records(recording.requests) for item in monitor.feed(record)]
    last = max((s.finished for s in recording.requests), default=0.0)
    seen += monitor.finish(last)
    signals = {s.id: s for s in seen if isinstance(s, Signal)}
    exchanges = {x.id: x for x in seen if isinstance(x, Exchange)}
    steps = steps_of(doings(recording.requests, journeys), SESSION, journeys)
    steps = with_warnings(steps, signals.values(), recording.requests)
    named = tuple(j.id for j in journeys if any(s.decision.journey == j.id for s in steps))
    shut = bool(steps) and all(s.seen for s in steps if s.decision.action.key == steps[0].decision.action.key)
    wanted = tuple(j.id for j in journeys) if shut and not named else named
    return SessionLog(
        session=SESSION,
        persona=SESSION,
        device=recording.client,
        target=_target(recording.requests),
        wanted=wanted,
        steps=steps,
        signals=tuple(signals.values()),
        exchanges=tuple(exchanges.values()),
        states=dict.fromkeys(named, AttemptState.IN_PROGRESS),
        ended=RECORDED,
    )


def _target(requests: Sequence[Seen]) -> Endpoint:
    """Host and port of the visited site: those of the first page, or of the first request if there is no page.

    They are empty and 0 if there is no request, or if its URL is invalid.
    """
    pages = [s for s in requests if s.kind == "Document" and s.main] or list(requests)
    first = min(pages, key=lambda s: s.started, default=None)
    if first is None:
        return "", 0
    try:
        parts = urlsplit(first.url)
        return parts.hostname or "", parts.port or (80 if parts.scheme == "http" else 443)
    except ValueError:
        return "", 0


def clock_error(requests: Iterable[Seen]) -> float | None:
    """How many seconds the client's clock was ahead of the servers' clocks.

    A cached response carries an old date, so that the client's clock seems to be ahead. Therefore the smallest
    difference counts. Returns None if fewer than two responses give a date.
    """
    told = [s.finished - s.server_date for s in requests if s.status and s.server_date]
    return min(told, key=abs) if len(told) >= 2 else None


def failed_hosts(recording: Recording, diagnoses: Mapping[Endpoint, Diagnosis]) -> list[Finding]:
    """A finding for each host that failed, if no verdict can tell of it."""
    if not recording.connections_only:
        return []
    return [
        Finding(Severity.HIGH, HOST_FAILED, f"Connections to {host} failed. {diagnosis.why}", host, port)
        for (host, port), diagnosis in diagnoses.items()
    ]


def opened_on_the_way(exchanges: Iterable[Exchange]) -> list[Finding]:
    """A finding for each proxy, filter or virus scanner that decrypted the client's connections.

    Such a program is recognised by the issuer of the certificates that the client accepted.
    """
    found: dict[str, list[Exchange]] = {}
    for exchange in exchanges:
        if MIDDLEBOXES.search(exchange.issuer):
            found.setdefault(exchange.issuer, []).append(exchange)
    return [_opened(issuer, mine) for issuer, mine in found.items()]


def _opened(issuer: str, mine: Sequence[Exchange]) -> Finding:
    hosts = list(dict.fromkeys(x.host for x in mine))
    more = f" and {len(hosts) - 1} other hosts" if len(hosts) > 1 else ""
    text = (
        f"The client accepted certificates from «{issuer}» for {hosts[0]}{more}: a proxy, filter or virus scanner opens its "
        "connections. The recording shows what this program sent to the client, and not what the servers sent."
    )
    return Finding(Severity.MEDIUM, OPENED, text, hosts[0], mine[0].port)


def notes_of(recording: Recording, log: SessionLog) -> list[Finding]:
    """Findings about the recording itself, such as what was left out of it.

    They also name programs that decrypted the connections, and tell if no request failed because of TLS.
    """
    told = [Finding(Severity.INFO, LEFT_OUT, note) for note in recording.notes]
    if not any(s.family is Family.TLS for s in log.signals):
        text = f"No request failed because of TLS in {recording.source}."
        told.append(Finding(Severity.INFO, NO_FAILURE, text))
    return [*opened_on_the_way(log.exchanges), *told]
