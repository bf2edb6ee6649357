"""Reports TLS faults that broke no journey, as findings.

These are failures that a persona met, failures of background requests, faults that only other clients would meet, and
certificates that expire soon. Pure: judged session logs + incidents + verdicts + diagnoses → findings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from explorer.tls.client_verdicts import CLIENT_NAMES
from explorer.tls.lifetime import BlastRadius, expiring
from explorer.tls.oddities import oddities
from flows.diagnosis import TITLES, Diagnosis
from flows.handshake import Handshake
from flows.incident import Finding, Incident, JourneyVerdict, Severity
from flows.judge.blame import journeys_touching
from flows.judge.met import MET, Meeting, meetings, told
from flows.judge.witness import witnesses
from flows.naming import unasked
from flows.session import Endpoint, SessionLog
from flows.step import NamedHost

NOT_ASKED = "host-not-asked"
"""Kind of finding: a host that the app names is broken, but no session contacted it."""


def blast_radius(logs: Iterable[SessionLog], host: Endpoint) -> tuple[str, ...]:
    """The journeys that were seen to need a host, over all sessions."""
    return tuple(dict.fromkeys(journey for log in logs for journey in journeys_touching(log, host)))


def findings_of(
    logs: Sequence[SessionLog],
    incidents: Sequence[Incident],
    diagnoses: Mapping[Endpoint, Diagnosis],
    expiring_days: int | None = None,
    verdicts: Sequence[JourneyVerdict] = (),
) -> list[Finding]:
    """All findings about TLS, in a stable order: first the failures in the logs, then those that only the
    probe saw, then certificates that expire soon, then oddities of servers.

    Each TLS signal of the logs belongs to an incident or a finding. A certificate expires soon if fewer than
    `expiring_days` days are left. Without that number, the limit is a third of the lifetime.
    """
    left = [m for log in logs for m in meetings(log, incidents, verdicts, diagnoses)]
    failing = _failing(left, diagnoses)
    named = {(s.host, s.port) for log in logs for s in log.timeline.tls}
    return [*failing, *_unseen(logs, named, diagnoses), *_ahead(logs, diagnoses, expiring_days)]


def _ahead(logs: Sequence[SessionLog], diagnoses: Mapping[Endpoint, Diagnosis], days: int | None) -> Iterable[Finding]:
    """Findings about certificates that expire soon, then about oddities of servers that all clients accept.

    Certificates that more journeys need come first."""
    tried = tuple(dict.fromkeys(step.decision.journey for log in logs for step in log.steps if step.decision.journey))
    soon: list[tuple[int, Finding]] = []
    odd: list[Finding] = []
    for host, diagnosis in sorted(diagnoses.items()):
        if diagnosis.evidence is None:
            continue
        breaks = blast_radius(logs, host)
        radius = BlastRadius(breaks, tuple(j for j in tried if j not in breaks), third_party=diagnosis.third_party)
        found = expiring(diagnosis.evidence, diagnosis.evidence.observed_at, days, radius)
        soon += [(-len(breaks), finding) for finding in found]
        odd += oddities(diagnosis.evidence)
    return [*(finding for _, finding in sorted(soon, key=lambda entry: entry[0])), *odd]


def _failing(left: Sequence[Meeting], diagnoses: Mapping[Endpoint, Diagnosis]) -> list[Finding]:
    """One finding for each host and kind, the most severe finding first.

    Each finding describes the most severe failure of its host and kind, and the first one if several are equally
    severe."""
    groups: dict[tuple[str, Endpoint], list[Meeting]] = {}
    for meeting in left:
        groups.setdefault((meeting.kind, (meeting.signal.host, meeting.signal.port)), []).append(meeting)
    found = [_told(kind, host, mine, diagnoses.get(host)) for (kind, host), mine in groups.items()]
    order = list(Severity)
    return sorted(found, key=lambda f: (order.index(f.severity), f.kind, f.host, f.port))


def _told(kind: str, host: Endpoint, mine: Sequence[Meeting], diagnosis: Diagnosis | None) -> Finding:
    worst = min(mine, key=lambda m: list(Severity).index(m.severity))
    signal, step = worst.signal, worst.step
    at = f"{host[0]}:{host[1]}" if host[0] else "a host that the log does not name"
    sessions = len({m.log.session for m in mine})
    times = f"{sum(m.signal.count for m in mine)} requests" + (f" of {sessions} sessions" if sessions > 1 else "")
    fails = f"{at} fails with {signal.error} ({times})"
    if kind == MET:
        text = f"{told(worst)}: {fails}. No journey was seen to need it."
    else:
        text = f"{fails}, and no journey was seen to need it."
    return Finding(
        severity=worst.severity,
        kind=kind,
        text=text,
        host=host[0],
        port=host[1],
        cause=_headline(diagnosis) or (signal.causes[0].value if signal.causes else ""),
        session=worst.log.session,
        step=step.n if step is not None and kind == MET else 0,
        signals=tuple(m.signal.id for m in mine),
    )


def _unseen(
    logs: Sequence[SessionLog], named: Collection[Endpoint], diagnoses: Mapping[Endpoint, Diagnosis]
) -> list[Finding]:
    """Faults that only the probe saw, at hosts without a TLS failure in the logs. Hosts that no session contacted come
    first.

    `named` are the hosts with a TLS failure in the logs."""
    doors = unasked(logs)
    quiet = [(host, d) for host, d in sorted(diagnoses.items()) if host not in named]
    waiting = [_waiting(d, doors[host]) for host, d in quiet if d.causes and host in doors]
    found = (_elsewhere(d, blast_radius(logs, host)) for host, d in quiet if not (d.causes and host in doors))
    return [*waiting, *(finding for finding in found if finding is not None)]


def _waiting(diagnosis: Diagnosis, door: NamedHost) -> Finding:
    """The finding on a broken host that no session contacted. `door` is the control or frame that leads to the host."""
    host, port, causes = diagnosis.host, diagnosis.port, diagnosis.causes
    way = f"«{door.door}» on {door.screen}" if door.door else f"A control or frame on {door.screen}"
    text = (
        f"{way} leads to {host}:{port}. No session asked it, and its handshake fails: "
        f"{TITLES[causes[0]].lower()}. {diagnosis.why}"
    )
    return Finding(Severity.HIGH, NOT_ASKED, text.strip(), host, port, causes[0].value)


def _headline(diagnosis: Diagnosis | None) -> str:
    return diagnosis.causes[0].value if diagnosis is not None and diagnosis.causes else ""


def _elsewhere(diagnosis: Diagnosis, journeys: tuple[str, ...]) -> Finding | None:
    """The finding on a host that worked in this run, but has a fault or fails in other clients.

    None if the host has no fault and no other client refuses it."""
    at = f"{diagnosis.host}:{diagnosis.port}"
    refusing = [c for c in diagnosis.clients if c.verdict == "refuses"]
    causes = diagnosis.causes or next((c.causes for c in refusing if c.causes), ())
    cause = causes[0].value if causes else ""
    here = {c.client: c.verdict for c in diagnosis.clients}.get("chromium") == "accepts"
    names = ", ".join(CLIENT_NAMES.get(c.client, c.client) for c in refusing)
    if not diagnosis.causes and not refusing:
        return None
    what = f"{TITLES[causes[0]].lower()}. {diagnosis.why}" if diagnosis.causes else f"{refusing[0].why}."
    needs = f" There {', '.join(journeys)} would break." if journeys else ""
    if refusing and (here or not diagnosis.causes):
        works = "works in Chromium" if here else "works with this run's client"
        text = f"{at} {works}, fails in {names}: {what}{needs}"
        old = not diagnosis.causes and all(c.client in ("android-7", "android-9") for c in refusing)
        severity = Severity.INFO if old else Severity.MEDIUM
        return Finding(severity, "fails-on-other-client", text, diagnosis.host, diagnosis.port, cause, journeys)
    text = f"{at}: {what} The client of this run did not complain, but another client may."
    return Finding(Severity.MEDIUM, "tls-fault-unseen", text, diagnosis.host, diagnosis.port, cause, journeys)


def contradicted(log: SessionLog, handshakes: Iterable[Handshake]) -> list[Finding]:
    """A note for each host where the observing proxy and the browser contradict each other. It blames nobody."""
    if any(s.native for s in log.signals):
        return []
    told = witnesses(log.signals, log.exchanges, handshakes)
    return [
        Finding(Severity.INFO, "proxy-disagrees", word.text, host, port, session=log.session)
        for (host, port), word in sorted(told.items())
        if not word.agrees
    ]
