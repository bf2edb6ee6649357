"""Records runs for `tests/flows/judge/test_recorded.py`: `python -m tests.journeys.record` writes the journals anew.

Only what correlation reads is kept; certificates and screenshots are left out.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path

from tests.journeys.harness import Cell, run_cell

PLACE = Path(__file__).parents[1] / "flows" / "judge" / "recorded"
CELLS = {
    "classic-four-hosts": Cell(
        {"chat": "expired", "files": "incomplete-chain", "tickets": "hostname-mismatch", "kb": "self-signed"}
    ),
    "modern-login-and-beacon": Cell({"auth": "untrusted-ca", "analytics": "expired"}, "modern"),
    "modern-entry": Cell({"portal": "not-yet-valid"}, "modern"),
    "classic-healthy": Cell(),
}
KEPT = frozenset({"session-started", "session-ended", "step", "signal", "exchange", "diagnosis", "verdict"})


def slim(line: str) -> str:
    event = json.loads(line)
    if event["type"] == "diagnosis":
        event["diagnosis"] |= {"evidence": None, "remedies": [], "clients": []}
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"))


async def main() -> None:
    PLACE.mkdir(exist_ok=True)
    for name, cell in CELLS.items():
        with tempfile.TemporaryDirectory() as folder:
            await run_cell(cell, Path(folder))
            lines = (Path(folder) / "run" / "journal.jsonl").read_text(encoding="utf-8").splitlines()
            kept = [slim(line) for line in lines if json.loads(line)["type"] in KEPT]
            (PLACE / f"{name}.jsonl").write_text("\n".join(kept) + "\n", encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
