"""A recording of requests as a session: what was done, what failed, and what that proves without asking anybody."""

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
from flows.incident import Finding, Severity
from flows.journey import Journey
from flows.session import RECORDED, AttemptState, Endpoint, SessionLog
from flows.signals import Exchange, Family, Signal

SESSION = "customer"
"""The persona and the session of whoever made the recording."""
NO_FAILURE = "recording-without-failure"
LEFT_OUT = "recording-left-out"
OPENED = "connection-opened-on-the-way"


@dataclass(frozen=True, slots=True)
class Recording:
    """What a file shows. `source` names it in a sentence («the HAR»), `client` who failed («chromium 156»).

    `hosts` holds what the file tells of hosts besides their errors: the chain as served, alerts. `notes` are sentences on what was left out, or cannot be seen.
    """

    source: str
    client: str
    requests: Sequence[Seen]
    notes: tuple[str, ...] = ()
    by_proxy: bool = False
    hosts: Mapping[Endpoint, HostLog] = field(default_factory=dict)


def session_of(recording: Recording, journeys: Sequence[Journey]) -> SessionLog:
    """The recording as a session. Only journeys that it names are wanted; all of them if it never got beyond the first page."""
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
    """The site that was visited: the host of the first page, else that of the first request."""
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
    """How many seconds the client's clock was ahead of the servers' clocks; None if too few answers tell.

    A cached answer carries an old date, which makes the client look ahead. So the least of all errors counts."""
    told = [s.finished - s.server_date for s in requests if s.status and s.server_date]
    return min(told, key=abs) if len(told) >= 2 else None


def opened_on_the_way(exchanges: Iterable[Exchange]) -> list[Finding]:
    """A finding for each proxy, filter or virus scanner whose certificates the client accepted: it reads along."""
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
        "connections. What it recorded is what that program shows it, and not what the servers send."
    )
    return Finding(Severity.MEDIUM, OPENED, text, hosts[0], mine[0].port)


def notes_of(recording: Recording, log: SessionLog) -> list[Finding]:
    """What a reader of the report has to know of the file itself."""
    told = [Finding(Severity.INFO, LEFT_OUT, note) for note in recording.notes]
    if not any(s.family is Family.TLS for s in log.signals):
        text = f"No request failed because of TLS in {recording.source}."
        told.append(Finding(Severity.INFO, NO_FAILURE, text))
    return [*opened_on_the_way(log.exchanges), *told]
