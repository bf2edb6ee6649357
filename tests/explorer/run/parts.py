"""The parts of a run for tests: a recorded session, as if several personas had walked it on several machines."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from pathlib import Path

from flows.incident import Finding, Severity
from reports.journal.events import (
    Event,
    EvidenceKept,
    FindingMade,
    Journal,
    RunFinished,
    RunStarted,
    decode,
)
from reports.journal.replay import session_logs

RECORDED = Path(__file__).parents[2] / "flows/judge/recorded/square-01.jsonl.gz"
PERSONAS = ("curious", "novice", "student")
OWN = Finding(Severity.INFO, "robots", "robots.txt forbids this.")


def walked_by(persona: str) -> list[Event]:
    """A recorded session, with its counter-proofs, as if this persona had walked it."""
    with gzip.open(RECORDED, "rt", encoding="utf-8") as lines:
        return [decode(line.replace("curious", persona)) for line in lines]


def run_of(shard: str | None, **options: object) -> RunStarted:
    first = next(e for e in session_logs(walked_by("curious")) if not e.counter_proof)
    told = {"personas": list(PERSONAS), "devices": ["desktop"], "endpoint": ["help.desk.test", 443], "shard": shard}
    return RunStarted("run", "https://help.desk.test/", 1e9, 1, "9.9", first.wanted, options=told | options)


def written(folder: Path, events: Sequence[Event]) -> Path:
    (folder / "evidence").mkdir(parents=True)
    with Journal(folder / "journal.jsonl") as journal:
        for event in events:
            journal.write(event)
    return folder


def part(folder: Path, number: int, *, end: bool = True, **options: object) -> Path:
    mine = walked_by(PERSONAS[number - 1])
    file = f"evidence/{PERSONAS[number - 1]}.har"
    told: list[Event] = [
        run_of(f"{number}/3", **options),
        *mine,
        FindingMade(OWN),
        EvidenceKept(PERSONAS[number - 1], "har", file),
    ]
    made = written(folder / f"part-{number}", [*told, *([RunFinished(1e9 + number, 1)] if end else [])])
    (made / file).write_text(str(number))
    (made / "evidence" / "device.log").write_text(f"log of part {number}")
    return made
