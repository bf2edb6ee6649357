"""A thousand sessions in eight parts, merged and reported: seconds, and memory at most in MiB.

Each step has a process of its own, so that the memory is its own. The sessions are those of the report's tests.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from explorer.run.merging import merge
from explorer.run.run_parts import parts_at
from personas.persona import load
from reports import render
from reports.journal.events import Event, Journal, RunFinished, RunStarted

ROOT = Path(__file__).parents[2]
PARTS, DEVICES, MOST_MEMORY = 8, 100, 500
PERSONAS = tuple(persona.name for persona in load())


def _events(part: int) -> Iterator[Event]:
    from tests.reports.desk import FOUR, TITLES
    from tests.reports.run_parts import whole
    from tests.reports.telling import Teller

    devices = [f"device-{n:03d}" for n in range(DEVICES)]
    every = [(persona, device) for device in devices for persona in PERSONAS]
    tellers = [Teller(*one) for n, one in enumerate(every) if n % PARTS == part - 1]
    for number, teller in enumerate(tellers):
        for journey in TITLES:
            teller.journey(journey, FOUR.get(journey) if (number + len(journey)) % 3 else None)
        teller.on_the_way(f"Plan {number % 30}")
    more = {"personas": list(PERSONAS), "devices": devices, "shard": f"{part}/{PARTS}"}
    for event in whole(tellers, FOUR, code=1):
        yield replace(event, options={**event.options, **more}) if isinstance(event, RunStarted) else event


def write(folder: Path) -> None:
    """Write the parts."""
    for part in range(1, PARTS + 1):
        (folder / f"part-{part}").mkdir()
        with Journal(folder / f"part-{part}" / "journal.jsonl") as journal:
            for event in _events(part):
                journal.write(event)


def join(folder: Path) -> None:
    """Merge the parts into one run."""
    (folder / "whole").mkdir()
    journal, outcome = merge(*parts_at(sorted(folder.glob("part-*"))), folder / "whole")
    journal.write(RunFinished(outcome.finished, 1))
    journal.close()
    assert len({verdict.session for verdict in outcome.verdicts}) == DEVICES * len(PERSONAS)


def report(folder: Path) -> None:
    """Render the reports that a run writes by default."""
    render(folder / "whole", ["html", "json"], folder / "whole")


def main() -> None:
    """Print the figures of each step."""
    with tempfile.TemporaryDirectory(prefix="trustwalk-bench-") as folder:
        for name in ("write", "join", "report"):
            seconds, memory = map(
                float,
                subprocess.run(
                    [sys.executable, __file__, name, folder], capture_output=True, text=True, check=True, cwd=ROOT
                ).stdout.split(),
            )
            if name != "write":
                print(f"  {name}: {seconds:.1f} s, {memory:.0f} MiB (wanted: at most {MOST_MEMORY})")
        print(f"  report.html: {(Path(folder) / 'whole/report.html').stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    begun = time.perf_counter()
    {"write": write, "join": join, "report": report}[sys.argv[1]](Path(sys.argv[2]))
    print(time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
