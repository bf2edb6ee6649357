"""What every run that came to its end is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flows.diagnosis import Cause
from flows.incident import Finding
from reports.journal.events import (
    Diagnosed,
    Event,
    FindingMade,
    RunFinished,
    RunStarted,
)
from tests.reports.desk import HOSTS, START, TITLES
from tests.reports.servers import diagnosis
from tests.reports.telling import Teller


def run_started(titles: dict[str, str] = TITLES, run: str = "20261124-090000-desk") -> RunStarted:
    return RunStarted(
        run,
        "https://portal.desk.test/?session=secret",
        START - 1,
        7,
        "0.1.0",
        tuple(titles),
        titles,
        {"personas": ["curious"], "devices": ["desktop"], "steps": 200},
    )


def whole(
    tellers: Sequence[Teller],
    causes: dict[str, Cause],
    *,
    code: int,
    findings: Sequence[Finding] = (),
    proofs: Sequence[Teller] = (),
) -> Iterator[Event]:
    """A run that came to its end: sessions, probes, incidents and verdicts, findings."""
    yield run_started()
    for teller in [*tellers, *proofs]:
        yield from teller.end()
    for host in sorted({*HOSTS.values(), "portal.desk.test"}):
        yield Diagnosed(diagnosis(host, next((c for j, c in causes.items() if HOSTS.get(j) == host), None)))
    for teller in tellers:
        yield from teller.verdicts
    for finding in findings:
        yield FindingMade(finding)
    yield RunFinished(max(t.at for t in [*tellers, *proofs]) + 10, code)
