"""The local page: 50 listed runs of 200 sessions, or 10,000 small ones, open in under 300 ms, 100 viewers of a live run cost
under a tenth of a core."""

from __future__ import annotations

import asyncio
import fcntl
import os
import re
import signal
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from aiohttp import ClientSession, TCPConnector
from yarl import URL

from reports.journal.events import Event, Journal, StepTaken
from tests.explorer.server.conftest import Server
from tests.explorer.server.journals import events, write
from tests.explorer.server.waiting import eventually

RUNS, SESSIONS, VIEWERS = 50, 200, 100
MANY = 10_000
PACE = 1.0
"""Seconds between two steps of a run that is watched; a persona takes about as long."""
WATCHED = 20.0
PICTURE = 60_000
"""Bytes of a screenshot."""


def cpu(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _read(server: Server, runs: int) -> None:
    async with server.client() as client:

        async def all_there() -> bool:
            return len((await client.get("/api/v1/runs")).json()["runs"]) == runs

        await eventually(all_there)


async def _listed(server: Server, newest: str) -> list[float]:
    took = []
    async with server.client() as client:
        await client.get("/runs")
        for _ in range(10):
            begun = time.perf_counter()
            answer = await client.get("/runs")
            took.append(time.perf_counter() - begun)
            assert answer.status == 200 and newest in answer.text
    return took


async def _view(client: ClientSession, run: str, pieces: list[int], pictures: list[int], number: int) -> None:
    """What a browser does: take each event, and fetch the pictures in it that it has not seen."""
    seen: set[str] = set()
    async with client.get(f"/runs/{run}/events") as answer:
        async for line in answer.content:
            pieces[number] += len(line)
            for path in re.findall(rb'<img src="([^"]+)"', line):
                if (text := path.decode()) not in seen:
                    seen.add(text)
                    async with client.get(URL(text, encoded=True)) as picture:
                        assert picture.status == 200
                        pictures[number] += len(await picture.read())


def _with_pictures(folder: Path, told: list[Event]) -> list[Event]:
    """The steps of a live run, each with a picture of the usual size."""
    (folder / "screens").mkdir()
    made: list[Event] = []
    for number, event in enumerate(told):
        if isinstance(event, StepTaken):
            name = f"screens/{number:03d}.jpg"
            (folder / name).write_bytes(os.urandom(PICTURE))
            event = StepTaken(replace(event.step, n=number, screenshot=name))
        made.append(event)
    return made


async def _watched(server: Server) -> tuple[float, int, int]:
    """Processor time per second of a server whose run is watched, bytes of events and of pictures sent."""
    told = events("live", sessions=16, started=time.time())
    folder = write(server.runs, "live", [*told[:1], *(e for e in told if e.type == "session-started")])
    steps = _with_pictures(folder, [e for e in told if e.type in ("step", "screen-seen")])
    (folder / "worker.lock").touch()
    pieces, pictures = [0] * VIEWERS, [0] * VIEWERS
    with (folder / "worker.lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a worker of an earlier server, as far as this one can tell
        async with (
            server.client() as owner,
            ClientSession(
                server.base, headers={"Authorization": f"Bearer {server.token}"}, connector=TCPConnector(limit=0)
            ) as client,
        ):
            await owner.get("/runs")
            viewers = [
                asyncio.create_task(_view(client, "live", pieces, pictures, number))  # noqa: TID251 - held
                for number in range(VIEWERS)
            ]
            assert server.process is not None
            with Journal(folder / "journal.jsonl") as journal:
                for event in steps[:2]:
                    journal.write(event)
                await eventually(lambda: all(pictures))
                before, begun = cpu(server.process.pid), time.perf_counter()
                for screen, step in zip(steps[2::2], steps[3::2], strict=True):
                    journal.write(screen)
                    journal.write(step)
                    await asyncio.sleep(PACE)
                    if time.perf_counter() - begun >= WATCHED:
                        break
                share = (cpu(server.process.pid) - before) / (time.perf_counter() - begun)
            for viewer in viewers:
                viewer.cancel()
            await asyncio.gather(*viewers, return_exceptions=True)
    return share, sum(pieces), sum(pictures)


async def _served(server: Server, runs: int, sessions: int) -> None:
    """Start the server on so many runs, and print how long it takes to list them."""
    for n in range(runs):
        name = f"run-{n:02d}"
        told = events(name, sessions=sessions, cause="expired" if n % 3 else "", started=1_700_000_000.0 + n)
        write(server.runs, name, told)
    begun = time.perf_counter()
    server.start()
    print(f"  started in {time.perf_counter() - begun:.1f} s")
    await _read(server, runs)
    print(f"  {runs:,} runs of {sessions} sessions read, without an index: {time.perf_counter() - begun:.1f} s")
    took = await _listed(server, f"run-{runs - 1:02d}")
    middle, worst = statistics.median(took) * 1000, max(took) * 1000
    print(f"  list of {runs:,} runs: median {middle:.0f} ms, worst {worst:.0f} ms (wanted: < 300)")


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="trustwalk-bench-") as scratch:
        server = Server(Path(scratch) / "runs")
        await _served(server, RUNS, SESSIONS)
        share, told, shown = await _watched(server)
        print(
            f"  {VIEWERS} viewers of a run that takes a step a second: {share:.3f} of a core (wanted: < 0.1), "
            f"{told / 1e6:.1f} MB of events and {shown / 1e6:.1f} MB of pictures sent"
        )
        server.end(signal.SIGTERM)
        many = Server(Path(scratch) / "many")
        await _served(many, MANY, 1)
        many.end(signal.SIGTERM)
