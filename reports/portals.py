"""The overview of several targets that one `trustwalk.yml` names: which of their journeys fail, and for which hosts.

Each target has a run folder of its own. This page stands above them: a matrix of targets and journeys, and the faults
that they share. Pure, apart from reading the folders.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.incident import Verdict
from reports.journal.events import JournalError
from reports.rollup import Fix, Row, fixes, headline, overview
from reports.summary import Summary, load
from reports.text_display import count, host_of, one_line

SCHEMA = "trustwalk.portals/1"
_ORDER = (
    Verdict.FAILED,
    Verdict.BLOCKED,
    Verdict.DEGRADED,
    Verdict.INCONCLUSIVE,
    Verdict.NOT_FOUND,
    Verdict.NOT_ATTEMPTED,
    Verdict.PASSED,
)
"""The verdicts, worst first: the worst one on all devices of a target stands in the matrix."""


@dataclass(frozen=True, slots=True)
class Portal:
    """One target: its name in the file, the exit code of its run, and the run, or a sentence why there is none."""

    name: str
    code: int
    summary: Summary | None = None
    problem: str = ""

    @property
    def headline(self) -> str:
        """The run in one sentence."""
        return headline(self.summary) if self.summary is not None else self.problem

    @property
    def explored(self) -> bool:
        """Whether the run could explore everything: other exit codes than 0 and 1 say that it could not."""
        return self.summary is not None and self.code in (0, 1)

    @property
    def cells(self) -> dict[str, Row]:
        """Journey → its worst row over all devices. A TLS failure is worse than any other failure."""
        found: dict[str, Row] = {}
        for row in overview(self.summary) if self.summary is not None else ():
            former = found.get(row.journey)
            if former is None or _rank(row) < _rank(former):
                found[row.journey] = row
        return found


@dataclass(frozen=True, slots=True)
class Shared:
    """A fault at one host, and the targets whose journeys it breaks."""

    host: str
    port: int
    told: str
    portals: tuple[str, ...]


def _rank(row: Row) -> tuple[bool, int]:
    return not (row.bad and row.tls), _ORDER.index(row.verdict)


def portal(name: str, folder: Path, code: int) -> Portal:
    """Read what a target's run left in its folder."""
    try:
        return Portal(name, code, load(folder))
    except JournalError as error:
        return Portal(name, code, problem=f"It was not explored (exit code {code}): {one_line(str(error), 300)}")


def journeys(portals: Sequence[Portal]) -> dict[str, str]:
    """The journeys of all targets, in their order: id → title."""
    told = [p.summary for p in portals if p.summary is not None]
    return {journey: summary.title(journey) for summary in told for journey in summary.journeys}


def shared_faults(portals: Sequence[Portal]) -> list[Shared]:
    """The faults of all targets. A fault that breaks more targets comes first."""
    found: dict[tuple[str, int, str], list[str]] = {}
    for one in portals:
        for fix in _broken(one):
            told = one.summary.cause_at(fix.cause, fix.host, fix.port) if one.summary is not None else fix.cause
            found.setdefault((fix.host, fix.port, told), []).append(one.name)
    every = (Shared(*key, tuple(dict.fromkeys(names))) for key, names in found.items())
    return sorted(every, key=lambda fault: (-len(fault.portals), fault.host, fault.port))


def _broken(one: Portal) -> list[Fix]:
    return [fix for fix in fixes(one.summary) if fix.failed or fix.blocked] if one.summary is not None else []


def told(portals: Sequence[Portal]) -> str:
    """All targets in one sentence."""
    failing = sum(any(row.bad and row.tls for row in p.cells.values()) for p in portals)
    unexplored = sum(not p.explored for p in portals)
    parts = [
        f"{failing} of {count(len(portals), 'target')} {'has' if failing == 1 else 'have'} journeys that fail because of TLS"
    ]
    parts += [f"{unexplored} could not be explored"] if unexplored else []
    return "; ".join(parts)


def document(portals: Sequence[Portal]) -> str:
    """The overview for machines, as JSON."""
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "told": told(portals),
        "targets": [
            {
                "name": p.name,
                "target": p.summary.run.target if p.summary is not None else None,
                "exit_code": p.code,
                "headline": p.headline,
                "journeys": {
                    j: {"verdict": r.verdict.value, "cause": r.cause or None, "host": r.host or None}
                    for j, r in p.cells.items()
                },
            }
            for p in portals
        ],
        "faults": [
            {"host": f.host, "port": f.port, "cause": f.told, "targets": list(f.portals)}
            for f in shared_faults(portals)
        ],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def lines(portals: Sequence[Portal]) -> list[str]:
    """The overview for a terminal: one line for each target, then one for each fault."""
    every = [f"{p.name}: {p.headline}" for p in portals]
    every += [f"{host_of(f.host, f.port)}: {f.told} (breaks {', '.join(f.portals)})" for f in shared_faults(portals)]
    return [one_line(line, 300) for line in every]
