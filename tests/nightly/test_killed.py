"""A hundred times kill -9 at a random moment of a run with a login: no line that was seen before is lost, nothing is left."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from explorer.lab.demo.app import DemoApp
from reports import render
from reports.journal.events import JournalError, decode, read
from tests.explorer.cli.child import LIMIT, Child, against, trustwalk
from tests.safety.holding import files, holding

CHAINS, KILLS = 10, 10
"""Kills of one chain, in which each start finds what the one before it left. A run that ends before its moment is no kill."""
LONGEST, AFTER_LOGIN = 14.0, 4.0
"""Seconds among which the moment is drawn: of the run, and, for every second one, since it typed the password."""
TYPED = b'"credential":"password"'
"""What stands in the line of the step that typed the password."""
WEB = ("http://127.0.0.1:9/",)


def processes(child: Child) -> dict[int, int]:
    """The living processes of a run → their parents; all that it started have its temporary folder in their environment."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            mine = f"TMPDIR={child.temporary}".encode() in (folder / "environ").read_bytes()
            state, parent = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[:2]
        except OSError:
            continue  # it ended while we looked
        if mine and state != "Z":
            found[int(folder.name)] = int(parent)
    return found


def slay(child: Child, *, whole: bool) -> None:
    """kill -9: the process alone, or each of its tree, the oldest first."""
    for pid in sorted(processes(child)) if whole else [child.process.pid]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


async def gone(child: Child) -> None:
    """Wait until nothing of a run lives."""
    async with asyncio.timeout(LIMIT):
        while processes(child):  # noqa: ASYNC110 - processes that are not our children tell nobody when they end
            await asyncio.sleep(0.1)


def whole_lines(out: Path) -> list[bytes]:
    """The complete lines of a run's journal."""
    try:
        return (out / "journal.jsonl").read_bytes().split(b"\n")[:-1]
    except FileNotFoundError:
        return []


async def seen_until(child: Child, delay: float, after: bytes = b"") -> list[bytes]:
    """The lines that somebody who looks on has seen `delay` seconds after one with these words, or when the run is over."""
    seen: list[bytes] = []
    clock, until = asyncio.get_running_loop().time, None if after else asyncio.get_running_loop().time() + delay
    async with asyncio.timeout(LIMIT):
        while child.process.returncode is None and (until is None or clock() < until):
            seen += whole_lines(child.out)[len(seen) :]
            if until is None and any(after in line for line in seen):
                until = clock() + delay
            await asyncio.sleep(0.02)
    return seen


def lost(out: Path, seen: Sequence[bytes]) -> int:
    """How many of the lines are not in their place any more, or are not told."""
    if not seen:
        return 0
    try:
        events = list(read(out / "journal.jsonl"))
        render(out, ("html", "json"), out)
    except JournalError:
        return len(seen)
    there = zip(seen, whole_lines(out), events, strict=False)  # what came after we looked is more
    kept = sum(line == now and decode(line) == event for line, now, event in there)
    steps = sum(b'"type":"step"' in line for line in seen)
    told: int = json.loads((out / "report.json").read_text(encoding="utf-8"))["run"]["steps"]
    return len(seen) - kept + max(0, steps - told)


@dataclass
class Tally:
    """What came of a chain: lines seen and lost, runs that were killed, and of these the ones that had typed the password."""

    lines: int = 0
    lost: int = 0
    kills: int = 0
    logins: int = 0
    left: set[str] = field(default_factory=set)
    secrets: set[str] = field(default_factory=set)

    def figures(self) -> dict[str, int]:
        counts = {"left": len(self.left), "secrets": len(self.secrets)}
        return {"lines": self.lines, "lost": self.lost, "kills": self.kills, "logins": self.logins, **counts}


async def killed(child: Child, chance: random.Random, tally: Tally, *, after_login: bool) -> list[bytes]:
    """Kill a run at a moment of its own, or of the time after its login. Returns the lines that were seen before."""
    delay = chance.uniform(0, AFTER_LOGIN) if after_login else chance.uniform(0.3, LONGEST)
    seen = await seen_until(child, delay, TYPED if after_login else b"")
    if child.process.returncode is None:
        slay(child, whole=chance.random() < 0.5)
        tally.kills += 1
        tally.logins += any(TYPED in line for line in seen)
    await child.ended()
    await gone(child)
    return seen


@pytest.mark.parametrize("chain", range(CHAINS))
async def test_nothing_is_lost_and_nothing_is_left(chain: int, tmp_path: Path, note: Callable[..., None]) -> None:
    chance, tally = random.Random(f"killed {chain}"), Tally()
    state = {f"XDG_{kind}_HOME": str(tmp_path / kind) for kind in ("STATE", "CACHE", "CONFIG")}
    states = [Path(folder) for folder in state.values()]
    async with DemoApp({"analytics": "expired"}, workdir=tmp_path / "demo") as demo:
        password = demo.login[1]
        arguments = ["--format", "json", "--evidence", "har,trace", "--seed", str(chain)]
        before: set[Path] = set()
        runs: list[tuple[Path, list[bytes]]] = []
        async with trustwalk(["run", *WEB, "--out", str(tmp_path / "first")], tmp_path / "first", **state) as holder:
            await holder.ended()  # its folder for temporary files is that of all, and goes with it
            for number in range(2 * KILLS):
                if tally.kills == KILLS:
                    break
                out = tmp_path / f"run{number}"
                words = ["run", *against(demo), "--out", str(out), *arguments]
                async with trustwalk(words, out, TRUSTWALK_LOGIN=":".join(demo.login), **state) as child:
                    runs.append((out, await killed(child, chance, tally, after_login=number % 2 == 1)))
                folders = set((child.temporary / f"trustwalk-{os.getuid()}").glob("r*"))
                if out.exists():  # it got as far as clearing what the one before it had left
                    tally.left |= {str(folder) for folder in folders & before}
                before = folders
                tally.secrets |= set(holding(password, [out, *states]))
            async with trustwalk(["run", *WEB, "--out", str(tmp_path / "last")], tmp_path / "last", **state) as child:
                await child.ended()
            tally.lines = sum(len(seen) for _, seen in runs)
            tally.lost = sum(lost(out, seen) for out, seen in runs)
            elsewhere = [holder.temporary, *(p for p in tmp_path.iterdir() if p.name != "demo")]
            tally.left |= {str(p) for p in files(holder.temporary) if p.name != "lock"}
            tally.secrets |= set(holding(password, elsewhere))
            note(**tally.figures())
            assert (tally.lost, tally.left, tally.secrets) == (0, set(), set())
            assert tally.logins >= KILLS // 2, "every second run was killed after its login"
            assert len(holding("run-started", elsewhere)) >= KILLS // 2, "the search looks where the runs wrote"
