"""What is wrong but broke no journey: background hosts, faults that another client would meet, certificates that end soon.

Pure: session logs + incidents + diagnoses → findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from explorer.tls.lifetime import expiring
from explorer.tls.oddities import oddities
from flows.correlate import background_hosts, steps_touching
from flows.diagnosis import TITLES, Diagnosis
from flows.incident import Finding, Incident, Severity
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
    """What will break next, and what is odd about a server although all clients take it."""
    for host, diagnosis in sorted(diagnoses.items()):
        if diagnosis.evidence is None:
            continue
        yield from expiring(diagnosis.evidence, diagnosis.evidence.observed_at, days, blast_radius(logs, host))
        yield from oddities(diagnosis.evidence)


def _failing(
    logs: Sequence[SessionLog], incidents: Sequence[Incident], diagnoses: Mapping[Endpoint, Diagnosis]
) -> list[Finding]:
    found: dict[tuple[str, str, int], Finding] = {}
    for log in logs:
        for host, signals in sorted(background_hosts(log, incidents).items()):
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
        if host not in blamed and diagnosis.causes:
            title = TITLES[diagnosis.causes[0]]
            text = f"{host[0]}:{host[1]}: {title.lower()}. The browser did not complain; another client may. {diagnosis.why}"
            found["tls-fault-unseen", host[0], host[1]] = Finding(
                Severity.MEDIUM, "tls-fault-unseen", text, host[0], host[1], diagnosis.causes[0].value, journeys
            )
        elif host not in blamed:
            refusing = [c for c in diagnosis.clients if c.verdict == "refuses"]
            if refusing:
                names = ", ".join(c.client for c in refusing)
                text = f"{host[0]}:{host[1]} works in this browser, but {names} would refuse it: {refusing[0].why}"
                cause = refusing[0].causes[0].value if refusing[0].causes else ""
                found["fails-on-other-client", host[0], host[1]] = Finding(
                    Severity.MEDIUM, "fails-on-other-client", text, host[0], host[1], cause, journeys
                )
    return list(found.values())


def _headline(diagnosis: Diagnosis | None) -> str:
    return diagnosis.causes[0].value if diagnosis is not None and diagnosis.causes else ""
