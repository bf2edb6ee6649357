"""How long counter-proofs take beside the paths that they walk again (aim: at most 1.2 times as long)."""

from __future__ import annotations

import tempfile
from pathlib import Path

from explorer.lab.demo.app import DemoApp
from explorer.run.run import Run
from flows.step import Step
from tests.journeys.harness import Cell, options

BREAKS = {"chat": "expired", "tickets": "hostname-mismatch", "files": "incomplete-chain", "kb": "self-signed"}


async def main() -> None:
    """One run of the demo in each skin; prints each counter-proof, and the ratio over all of them."""
    for skin in ("classic", "modern"):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            out = folder / "run"
            (out / "evidence").mkdir(parents=True)
            async with DemoApp(BREAKS, skin=skin, workdir=folder / "demo") as demo:
                run = Run(options(demo, Cell(BREAKS, skin)), out)
                with run.journal:
                    await run.explore()
            whole = own = 0.0
            for session in run.sessions.proofs:
                path, steps = session.plan.path, session.steps
                again = _took(steps[1 : len(path) + 1])
                whole, own = whole + again, own + _took(path)
                print(
                    f"  {skin} {session.plan.goal}: {len(path)} steps of the path in {again:.1f} s, recorded in "
                    f"{_took(path):.1f} s; {len(steps) - 1} steps in all"
                )
            print(f"{skin}: {len(run.sessions.proofs)} counter-proofs; ratio {whole / own if own else 0:.2f}")


def _took(steps: tuple[Step, ...] | list[Step]) -> float:
    """Seconds from the action to its rest, over all steps."""
    return sum(step.settled - step.started for step in steps)
