"""Records the truth table for `tests/flows/judge/test_recorded.py`: `python -m tests.journeys.record [NAME…]`.

Only what the judgement reads is kept; certificates and pictures are left out. Names are those of `cells.py`, and
`android-…` for those of the virtual device. The nightly suite walks the same cells live.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.journeys import android
from tests.journeys.cells import WALKS
from tests.journeys.harness import run_cell

PLACE = Path(__file__).parents[1] / "flows" / "judge" / "recorded"
INDEX = "cells.json"
KEPT = frozenset({"session-started", "session-ended", "step", "signal", "exchange", "diagnosis", "verdict"})


def slim(line: str) -> str:
    event = json.loads(line)
    if event["type"] == "diagnosis":
        event["diagnosis"] |= {"evidence": None, "remedies": [], "clients": []}
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"))


def keep(name: str, journal: Path, facts: dict[str, Any]) -> None:
    """One recording and its line in the index; the same events give the same bytes."""
    lines = journal.read_text(encoding="utf-8").splitlines()
    kept = "".join(f"{slim(line)}\n" for line in lines if json.loads(line)["type"] in KEPT)
    with gzip.GzipFile(PLACE / f"{name}.jsonl.gz", "wb", 9, mtime=0) as file:
        file.write(kept.encode())
    index = PLACE / INDEX
    known = json.loads(index.read_text(encoding="utf-8")) if index.is_file() else {}
    index.write_text(json.dumps(dict(sorted({**known, name: facts}.items())), indent=1) + "\n", encoding="utf-8")


async def record_web(names: list[str]) -> None:
    for name in names:
        walk = WALKS[name]
        with tempfile.TemporaryDirectory() as folder:
            await run_cell(walk.cell, Path(folder), (walk.persona,))
            facts = {"breaks": dict(walk.cell.breaks), "persona": walk.persona, "surface": walk.cell.skin}
            keep(name, Path(folder) / "run" / "journal.jsonl", facts)


async def record_android(names: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with android.world(Path(folder)) as world:
            for name in names:
                breaks = android.CELLS[name]
                await world.run(breaks)
                keep(
                    name, world.latest / "journal.jsonl", {"breaks": breaks, "persona": "curious", "surface": "android"}
                )


async def main(names: list[str]) -> None:
    PLACE.mkdir(exist_ok=True)
    wanted = names or [*WALKS, *android.CELLS]
    await record_web([n for n in wanted if n in WALKS])
    if on_device := [n for n in wanted if n in android.CELLS]:
        await record_android(on_device)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
