"""What is wrong but broke no journey: background hosts, faults that another client would meet, certificates that end soon.

Pure: session logs + incidents + diagnoses → findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from explorer.tls.client_verdicts import CLIENT_NAMES
from explorer.tls.lifetime import BlastRadius, expiring
from explorer.tls.oddities import oddities
from flows.diagnosis import TITLES, Cause, Diagnosis
from flows.handshake import Handshake
from flows.incident import Finding, Incident, Severity
from flows.judge.blame import background_hosts, steps_touching
from flows.judge.witness import witnesses
from flows.session import Endpoint, SessionLog


def blast_radius(logs: Iterable[SessionLog], host: Endpoint) -> tuple[str, ...]:
    """The journeys that were seen to need a host, over all sessions."""
    return tuple(dict.fromkeys(journey for log in logs for journey in steps_touching(log, host)))


def findings_of(
    logs: Sequence[SessionLog],
    incidents: Sequence[Incident],
    diagnoses: Mapping[Endpoint, Diagnosis],
    expiring_days: int | None = None,
) -> list[Finding]:
    """All findings that follow from trust, in a stable order: failing background hosts first.

    A certificate ends soon when less than a third of its lifetime is left, or fewer than `expiring_days` days.
    """
    return [*_failing(logs, incidents, diagnoses), *_ahead(logs, diagnoses, expiring_days)]


def _ahead(logs: Sequence[SessionLog], diagnoses: Mapping[Endpoint, Diagnosis], days: int | None) -> Iterable[Finding]:
    """What will break next, single points of failure first; and what is odd about a server although all clients take it."""
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


def _failing(
    logs: Sequence[SessionLog], incidents: Sequence[Incident], diagnoses: Mapping[Endpoint, Diagnosis]
) -> list[Finding]:
    found: dict[tuple[str, str, int], Finding] = {}
    for log in logs:
        for host, signals in sorted(background_hosts(log, incidents).items()):
            if _headline(diagnoses.get(host)) == Cause.CLOCK_SKEW:
                continue  # the device's fault, not this host's
            cause = _headline(diagnoses.get(host)) or (signals[0].causes[0].value if signals[0].causes else "")
            text = (
                f"{host[0]}:{host[1]} fails with {signals[0].error} ({len(signals)} requests), and no journey was seen "
                "to need it."
            )
            found.setdefault(
                ("background-host", *host),
                Finding(Severity.LOW, "background-host", text, host[0], host[1], cause, (), log.session),
            )
    blamed = {(i.host, i.port) for i in incidents} | {(h, p) for _, h, p in found}
    for host, diagnosis in sorted(diagnoses.items()):
        journeys = blast_radius(logs, host)
        if host not in blamed and (finding := _elsewhere(diagnosis, journeys)) is not None:
            found[finding.kind, *host] = finding
    return list(found.values())


def _headline(diagnosis: Diagnosis | None) -> str:
    return diagnosis.causes[0].value if diagnosis is not None and diagnosis.causes else ""


def _elsewhere(diagnosis: Diagnosis, journeys: tuple[str, ...]) -> Finding | None:
    """What this run's client took, and others would not: «works in Chromium, fails in Android 9: …»."""
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
    text = f"{at}: {what} The client of this run did not complain; another one may."
    return Finding(Severity.MEDIUM, "tls-fault-unseen", text, diagnosis.host, diagnosis.port, cause, journeys)


def contradicted(log: SessionLog, handshakes: Iterable[Handshake]) -> list[Finding]:
    """Where the observing proxy and the browser contradict each other: a note for a person, which blames nobody."""
    if any(s.native for s in log.signals):
        return []
    told = witnesses(log.signals, log.exchanges, handshakes)
    return [
        Finding(Severity.INFO, "proxy-disagrees", word.text, host, port, session=log.session)
        for (host, port), word in sorted(told.items())
        if not word.agrees
    ]
