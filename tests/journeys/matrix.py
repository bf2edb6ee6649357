"""`make matrix`: every host × every cause × both skins × three seeds, and what did not agree with the truth.

It takes hours on two cores; `--hosts`, `--causes`, `--skins` and `--seeds` cut it down. Exits with 1 if a cell is wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from itertools import product
from pathlib import Path

from tests.journeys import android
from tests.journeys.harness import CAUSES, TRUTH, Cell, differences, expected, run_cell


def cells(args: argparse.Namespace) -> list[Cell]:
    hosts = args.hosts or list(TRUTH["hosts"])
    return [
        Cell({host: cause}, skin, args.language, seed)
        for host, cause, skin, seed in product(hosts, args.causes or CAUSES, args.skins, range(1, args.seeds + 1))
    ]


async def check(cell: Cell) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="trustwalk-matrix-") as folder:
        return differences(await run_cell(cell, Path(folder)), cell.breaks)


async def on_a_device(todo: list[dict[str, str]]) -> int:
    """The same on the virtual Android device, where one lab serves all cells."""
    came_to: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="trustwalk-matrix-") as folder:
        async with android.world(Path(folder)) as world:
            for number, breaks in enumerate(todo, 1):
                outcome, truth = await world.run(breaks), expected(breaks)
                found = differences(outcome, breaks)
                blamed = any(v.cause not in {"", truth[v.journey].cause} for v in outcome.verdicts)
                word = "wrong" if blamed else "inconclusive" if found else "right"
                came_to[word] += 1
                print(f"[{number}/{len(todo)}] {word} {Cell(breaks, 'android')}", *found, sep="\n    ", flush=True)
    print(", ".join(f"{count} {word}" for word, count in came_to.items()), f"of {len(todo)} Android cells.")
    return 0 if came_to["right"] == len(todo) else 1


def on_android(args: argparse.Namespace) -> list[dict[str, str]]:
    """Many hosts broken at once by default; one at a time where hosts or causes are named, or with `--alone`."""
    if args.alone or args.hosts or args.causes:
        return list(android.alone(args.hosts or (), args.causes or ()))
    return list(android.cells())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", nargs="*")
    parser.add_argument("--causes", nargs="*")
    parser.add_argument("--skins", nargs="*", default=["classic", "modern"])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--language", default="en")
    parser.add_argument("--android", action="store_true", help="on the virtual device instead of in a browser")
    parser.add_argument("--alone", action="store_true", help="on Android: every host × every cause, one at a time")
    parser.add_argument("--skip", type=int, default=0, help="this many Android cells")
    args = parser.parse_args()
    if args.android:
        return asyncio.run(on_a_device(on_android(args)[args.skip :]))
    todo = cells(args)
    wrong = 0
    for number, cell in enumerate(todo, 1):
        found = asyncio.run(check(cell))
        wrong += bool(found)
        print(f"[{number}/{len(todo)}] {'wrong' if found else 'right'} {cell}", *found, sep="\n    ", flush=True)
    print(f"{len(todo) - wrong} of {len(todo)} cells agree with the truth table.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
