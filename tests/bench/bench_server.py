"""The local page: 50 listed runs of 200 sessions open in under 300 ms, 100 viewers of a live run cost under a tenth of a core."""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import statistics
import tempfile
import time
from pathlib import Path

from aiohttp import ClientSession

from reports.journal import Journal
from tests.explorer.server.conftest import Server
from tests.explorer.server.journals import events, write
from tests.explorer.server.waiting import eventually

RUNS, SESSIONS, VIEWERS = 50, 200, 100
PACE = 1.0
"""Seconds between two steps of a run that is watched; a persona takes about as long."""
WATCHED = 20.0


def cpu(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _read(server: Server) -> None:
    async with server.client() as client:

        async def all_there() -> bool:
            return len((await client.get("/api/v1/runs")).json()["runs"]) == RUNS

        await eventually(all_there)


async def _listed(server: Server) -> list[float]:
    took = []
    async with server.client() as client:
        await client.get("/runs")
        for _ in range(10):
            begun = time.perf_counter()
            answer = await client.get("/runs")
            took.append(time.perf_counter() - begun)
            assert answer.status == 200 and b"run-49" in answer.body
    return took


async def _view(client: ClientSession, run: str, pieces: list[int], number: int) -> None:
    async with client.get(f"/runs/{run}/events") as answer:
        async for chunk in answer.content.iter_any():
            pieces[number] += len(chunk)


async def _watched(server: Server) -> tuple[float, int]:
    """Processor time per second of a server whose run is watched, and bytes sent."""
    told = events("live", sessions=4, started=time.time())
    folder = write(server.runs, "live", told[:1])
    (folder / "worker.lock").touch()
    pieces = [0] * VIEWERS
    with (folder / "worker.lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a worker of an earlier server, as far as this one can tell
        async with (
            server.client() as owner,
            ClientSession(server.base, headers={"Authorization": f"Bearer {server.token}"}) as client,
        ):
            await owner.get("/runs")
            viewers = [asyncio.create_task(_view(client, "live", pieces, number)) for number in range(VIEWERS)]  # noqa: TID251 - held
            assert server.process is not None
            with Journal(folder / "journal.jsonl") as journal:
                steps = [e for e in told[1:] if e.type in ("session-started", "step", "screen-seen")]
                for event in steps[:3]:
                    journal.write(event)
                await eventually(lambda: all(pieces))
                before, begun = cpu(server.process.pid), time.perf_counter()
                while time.perf_counter() - begun < WATCHED:
                    for event in steps:
                        journal.write(event)
                        await asyncio.sleep(PACE)
                        if time.perf_counter() - begun >= WATCHED:
                            break
                share = (cpu(server.process.pid) - before) / (time.perf_counter() - begun)
            for viewer in viewers:
                viewer.cancel()
            await asyncio.gather(*viewers, return_exceptions=True)
    return share, sum(pieces)


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="trustwalk-bench-") as scratch:
        server = Server(Path(scratch) / "runs")
        for n in range(RUNS):
            write(
                server.runs,
                f"run-{n:02d}",
                events(
                    f"run-{n:02d}", sessions=SESSIONS, cause="expired" if n % 3 else "", started=1_700_000_000.0 + n
                ),
            )
        begun = time.perf_counter()
        server.start()
        print(f"  started in {time.perf_counter() - begun:.1f} s")
        await _read(server)
        print(f"  {RUNS} runs of {SESSIONS} sessions read, without an index: {time.perf_counter() - begun:.1f} s")
        took = await _listed(server)
        print(
            f"  list of {RUNS} runs: median {statistics.median(took) * 1000:.0f} ms, worst {max(took) * 1000:.0f} ms (wanted: < 300)"
        )
        share, sent = await _watched(server)
        print(
            f"  {VIEWERS} viewers of a run that takes a step a second: {share:.3f} of a core (wanted: < 0.1), {sent / 1e6:.1f} MB sent"
        )
        server.end(signal.SIGTERM)
