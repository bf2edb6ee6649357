"""A hundred times kill -9 at a random moment of a run with a login: nothing that was journalled is lost, nothing is left."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from explorer.lab.demo.app import DemoApp
from reports import render
from reports.journal.events import read
from tests.explorer.cli.child import LIMIT, Child, against, trustwalk

CHAINS, KILLS = 10, 10
"""Kills of one chain, in which each start finds what the one before it left."""
MOST_LINES = 160
"""Lines of a journal among which the moment is drawn, so that a busy machine kills no earlier; login comes after some 30."""
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


async def reached(child: Child, lines: int) -> None:
    """Wait until the journal has so many lines, or the run is over."""
    async with asyncio.timeout(LIMIT):
        while child.process.returncode is None and len(child.journal) < lines:  # noqa: ASYNC110 - a file of another process
            await asyncio.sleep(0.02)


async def gone(child: Child) -> None:
    """Wait until nothing of a run lives."""
    async with asyncio.timeout(LIMIT):
        while processes(child):  # noqa: ASYNC110 - processes that are not our children tell nobody when they end
            await asyncio.sleep(0.1)


def files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def holding(secret: str, folders: list[Path]) -> list[str]:
    """The files in which the secret stands."""
    found = []
    for path in (p for folder in folders for p in files(folder)):
        try:
            if secret.encode() in path.read_bytes():
                found.append(str(path))
        except OSError:
            continue  # it went while we looked
    return found


def told(out: Path) -> tuple[int, int]:
    """The complete lines of a journal, and how many of them can be read; it has to be told, too."""
    try:
        whole = (out / "journal.jsonl").read_bytes().count(b"\n")
    except OSError:
        return 0, 0
    events = list(read(out / "journal.jsonl")) if whole else []
    if whole:
        render(out, ("html", "json"), out)
        assert json.loads((out / "report.json").read_text(encoding="utf-8"))["journeys"] is not None
    return whole, len(events)


@pytest.mark.parametrize("chain", range(CHAINS))
async def test_nothing_is_lost_and_nothing_is_left(chain: int, tmp_path: Path, note: Callable[..., None]) -> None:
    chance = random.Random(f"killed {chain}")
    state = {f"XDG_{kind}_HOME": str(tmp_path / kind) for kind in ("STATE", "CACHE", "CONFIG")}
    async with DemoApp({"analytics": "expired"}, workdir=tmp_path / "demo") as demo:
        lines = lost = logins = 0
        password = demo.login[1]
        arguments = ["--format", "json", "--evidence", "har,trace", "--seed", str(chain)]
        before: set[Path] = set()
        async with trustwalk(["run", *WEB, "--out", str(tmp_path / "first")], tmp_path / "first", **state) as holder:
            await holder.ended()  # its folder for temporary files is that of all, and goes with it
            for number in range(KILLS):
                out = tmp_path / f"run{number}"
                words = ["run", *against(demo), "--out", str(out), *arguments]
                async with trustwalk(words, out, TRUSTWALK_LOGIN=":".join(demo.login), **state) as child:
                    await reached(child, chance.randrange(MOST_LINES))
                    slay(child, whole=chance.random() < 0.5)
                    await child.ended()
                    await gone(child)
                folders = set((child.temporary / f"trustwalk-{os.getuid()}").glob("r*"))
                if out.exists():  # it got as far as that
                    assert not folders & before, "the start cleared what the one before it had left"
                before = folders
                assert holding(password, [out, *map(Path, state.values())]) == []
                whole, readable = told(out)
                lines, lost = lines + whole, lost + whole - readable
                logins += b'"credential":"password"' in (out / "journal.jsonl").read_bytes() if whole else 0
            async with trustwalk(["run", *WEB, "--out", str(tmp_path / "last")], tmp_path / "last", **state) as child:
                await child.ended()
            elsewhere = [
                holder.temporary,
                *map(Path, state.values()),
                *(p for p in tmp_path.iterdir() if p.name != "demo"),
            ]
            left = [str(p) for p in files(holder.temporary) if p.name != "lock"]
            secrets = holding(password, elsewhere)
            note(kills=KILLS, lines=lines, lost=lost, logins=logins, left=len(left), secrets=len(secrets))
            assert (lost, left, secrets) == (0, [], [])
