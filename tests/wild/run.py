"""`make wild`: explore portals that are drawn from seeds, and hold the verdicts against what is true by construction.

Before each healthy run a script with the generator's own knowledge does all journeys, and so proves that they work.
Exits with 1 on a miss.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # `tests` is no package that is installed; make calls this file by its path

from rich.console import Console  # noqa: E402 - after the path is set

from tests.field.app import HEALTHY, App, Case  # noqa: E402
from tests.field.run import Stuck, run_case  # noqa: E402
from tests.field.score import Score  # noqa: E402
from tests.wild.draw import KNOWN, UNKNOWN, draw  # noqa: E402
from tests.wild.portal import portal  # noqa: E402
from tests.wild.report import figures, shown  # noqa: E402

WRITTEN = ROOT / "docs" / "measured" / "wild.md"


def seeds(told: str) -> list[int]:
    """`1-3,9` → 1, 2, 3, 9. Raises argparse's error for anything else."""
    try:
        parts = [part.partition("-") for part in told.split(",")]
        return [n for first, _, last in parts for n in range(int(first), int(last or first) + 1)]
    except ValueError:
        raise argparse.ArgumentTypeError(f"«{told}» are no seeds; write them as 1-20 or 3,7,9-12.") from None


def tongues(told: str) -> tuple[str, ...]:
    """`known`, `unknown`, or tags: the languages to draw from."""
    groups = {"known": KNOWN, "unknown": UNKNOWN, "all": (*KNOWN, *UNKNOWN)}
    chosen = groups.get(told) or tuple(told.split(","))
    strange = set(chosen) - set(groups["all"])
    if strange:
        raise argparse.ArgumentTypeError(
            f"No texts in {', '.join(sorted(strange))}; there are {', '.join(groups['all'])}."
        )
    return chosen


async def one(app: App, case: Case, keep: Path | None, *, script: str) -> Score:
    """One case of one portal."""
    with tempfile.TemporaryDirectory(prefix="trustwalk-wild-") as work:
        out = keep / f"{app.name}-{case.name}" if keep else None
        return await run_case(app, case, Path(work), Path(work), out, script=script)


async def measured(
    apps: Sequence[App], keep: Path | None, *, script: str, jobs: int, faults_only: bool
) -> list[tuple[App, Score]]:
    """All cases, `jobs` at once; told as they come."""
    gate, told, stuck = asyncio.Semaphore(jobs), [], list[str]()

    async def measure(app: App) -> None:
        for case in (*(() if faults_only else (HEALTHY,)), *(app.cases if script != "only" else ())):
            async with gate:
                try:
                    score = await one(app, case, keep, script=script)
                except Stuck as error:
                    stuck.append(f"{error}\n{app.about}")
                    print(error, flush=True)
                    return
            told.append((app, score))
            print(score.row(), *score.wrong, *score.misses, sep="\n    ", flush=True)

    async with asyncio.TaskGroup() as group:
        for app in apps:
            group.create_task(measure(app))
    if stuck:
        raise SystemExit(f"{len(stuck)} portals do not work, which is the generator's fault:\n" + "\n".join(stuck))
    return sorted(told, key=lambda pair: int(pair[0].name.rpartition("-")[2]))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=seeds, default=seeds("1-20"), help="for example 1-20 or 3,7,9-12")
    parser.add_argument(
        "--faults", type=int, nargs="?", const=1, default=0, help="cases of one broken host for each seed"
    )
    parser.add_argument("--faults-only", action="store_true", help="leave out the healthy runs")
    parser.add_argument("--languages", type=tongues, default=KNOWN, help="known, unknown, all, or tags")
    parser.add_argument("--script", choices=("with", "only", "without"), default="with", help="the proof by script")
    parser.add_argument("--jobs", type=int, default=2, help="portals at once")
    parser.add_argument("--keep", type=Path, help="keep the runs here")
    parser.add_argument(
        "--write", action="store_true", help=f"put the figures into {WRITTEN.name}; a whole measurement only"
    )
    args = parser.parse_args()
    apps = [portal(draw(seed, args.languages), args.faults) for seed in args.seeds]
    running = measured(apps, args.keep, script=args.script, jobs=args.jobs, faults_only=args.faults_only)
    scores = asyncio.run(running)
    if args.script == "only":
        print(f"{len(scores)} portals work: the script did all of their journeys.")
        return 0
    Console(width=200).print(shown(scores))
    whole = args.faults and not args.faults_only and len(args.seeds) >= 20
    if args.write and not whole:
        print("Not written: a whole measurement has at least 20 seeds, healthy and with --faults.", file=sys.stderr)
    elif args.write:
        WRITTEN.write_text(figures(scores, args.languages), encoding="utf-8")
    return 0 if all(s.good and not s.misses for _, s in scores) else 1


if __name__ == "__main__":
    sys.exit(main())
