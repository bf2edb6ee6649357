"""`make safety`: tries what must never happen, and writes the figures to docs/measured/safety.md with their date.

The tests of `tests/nightly` note what they measure into a file; `--from FILE` writes the page from one that is there.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # `tests` is no package that is installed; make calls this file by its path

from tests.fuzz.run import KINDS  # noqa: E402

PAGE = ROOT / "docs/measured/safety.md"
TESTS = ("test_login_traps.py", "test_nothing_harmful_is_pressed.py", "test_killed.py")
INPUTS = 5_000
"""Damaged inputs of each kind."""
NONE = ("leaks", "pressed", "lost", "left", "secrets", "faults")
"""Figures that have to be 0."""
WHOLE: Mapping[str, int] = {"way": 50, "pressed": 200, "kills": 100, **dict.fromkeys(KINDS, INPUTS)}
"""What a whole page tells of → how often it has to be tried at least."""
Line = Mapping[str, Any]


def table(lines: Sequence[Line], day: str) -> str:
    """The page, in Markdown. What was not measured is not told."""
    told = [*_logins(lines), *_presses(lines), *_kills(lines)]
    text = f"Measured on {day} by `make safety`, on loopback.\n\n| tried | times | came of it |\n|---|---|---|\n"
    text += "".join(f"| {what} | {times:,} | {came} |\n" for what, times, came in told)
    fuzzed = list(_fuzzed(lines))
    if fuzzed:
        text += "\n| damaged | inputs | faults | slowest | memory at most |\n|---|---|---|---|---|\n" + "".join(fuzzed)
    return text


def missing(lines: Sequence[Line]) -> list[str]:
    """What was not tried as often as it has to be."""
    tried: Counter[str] = Counter()
    for line in lines:
        tried[line.get("fuzz") or next(key for key in WHOLE if key in line)] += line.get("inputs", line.get("kills", 1))
    return [what for what, least in WHOLE.items() if tried[what] < least]


def _with(lines: Iterable[Line], key: str) -> list[Line]:
    return [line for line in lines if key in line]


def _logins(lines: Sequence[Line]) -> Iterable[tuple[str, int, str]]:
    if ways := _with(lines, "way"):
        leaks, passed = sum(w["leaks"] for w in ways), sum(w["passed"] for w in ways)
        yield "ways to a foreign login", len(ways), f"{leaks} leaks; the true login worked in {passed}"


def _presses(lines: Sequence[Line]) -> Iterable[tuple[str, int, str]]:
    if walks := _with(lines, "pressed"):
        controls, personas = len(set().union(*(w["seen"] for w in walks))), len({w["persona"] for w in walks})
        what = f"walks past {controls} controls that do harm, as a public target ({personas} personas)"
        yield what, len(walks), f"{sum(w['pressed'] for w in walks)} pressed"


def _kills(lines: Sequence[Line]) -> Iterable[tuple[str, int, str]]:
    if kills := _with(lines, "kills"):
        lost, left, secrets = (sum(k[key] for k in kills) for key in ("lost", "left", "secrets"))
        lines, logins = (sum(k[key] for k in kills) for key in ("lines", "logins"))
        came = f"{logins} after the login; {lost} of {lines:,} lines seen before lost; after the next start {left} files left, {secrets} with the password"
        yield "kill -9 at a random moment of a run with a login", sum(k["kills"] for k in kills), came


def _fuzzed(lines: Sequence[Line]) -> Iterable[str]:
    for line in _with(lines, "fuzz"):
        numbers = f"{line['inputs']:,} | {line['faults']} | {line['slowest']:.2f} s | {line['memory']} MB"
        yield f"| {line['fuzz']} | {numbers} |\n"


def measured(file: Path) -> bool:
    """Run all that notes figures into the file. Returns whether all of it held."""
    environment = {**os.environ, "TRUSTWALK_FIGURES": str(file)}
    tests = [str(ROOT / "tests/nightly" / name) for name in TESTS]
    pytest = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal", *tests]
    fuzz = [sys.executable, str(ROOT / "tests/fuzz/run.py"), "--count", str(INPUTS), "--figures", str(file)]
    ended = [subprocess.run(words, cwd=ROOT, env=environment, check=False).returncode for words in (pytest, fuzz)]
    return not any(ended)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="source", type=Path, help="figures that were noted before")
    parser.add_argument("--out", type=Path, default=PAGE)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        file = asked.source or Path(folder, "figures.jsonl")
        held = asked.source is not None or measured(file)
        lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []
    text = table(lines, f"{dt.datetime.now(tz=dt.UTC):%Y-%m-%d}")
    why = ""
    if not held or any(line.get(key) for line in lines for key in NONE):
        why = "Not all of it held"
    elif absent := missing(lines):
        why = f"Not measured whole: {', '.join(absent)}"
    if why:
        print(f"{text}\n{why}, so {asked.out} was left as it is.", file=sys.stderr)
        return 1
    asked.out.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
