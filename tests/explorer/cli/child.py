"""`trustwalk` as a process of its own, exploring a demo app that runs in the test."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
import zlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from explorer.lab.demo.app import DemoApp

LIMIT = 120
"""Seconds after which a process counts as hung; a test never waits that long unless it fails."""


def against(demo: DemoApp) -> list[str]:
    """What to type to explore the demo: its root and where its hosts are."""
    words = [demo.url, "--test-system", "--ca", str(demo.ca)]
    for host, port, address in demo.resolve:
        words += ["--resolve", f"{host}:{port}:{address}"]
        if host.endswith("desk.test"):
            words += ["--allow-origin", f"https://{host}:{port}"]
    return words


def _temporary(out: Path) -> Path:
    return Path(tempfile.gettempdir(), f"tw{zlib.crc32(str(out.parent).encode()):x}")


@dataclass
class Child:
    """A running `trustwalk`, in a process group of its own, as a shell starts it."""

    process: asyncio.subprocess.Process
    out: Path

    @property
    def temporary(self) -> Path:
        """Where its temporary files lie: a short name, for the browser's sockets."""
        return _temporary(self.out)

    @property
    def journal(self) -> list[dict[str, Any]]:
        """All whole lines of the journal so far."""
        try:
            text = (self.out / "journal.jsonl").read_text(encoding="utf-8")
        except OSError:
            return []
        return [json.loads(line) for line in text.split("\n")[:-1]]

    async def until(self, holds: Callable[[list[dict[str, Any]]], bool]) -> None:
        """Wait until the journal shows something."""
        async with asyncio.timeout(LIMIT):
            while not holds(self.journal):
                assert self.process.returncode is None, "it ended too early"
                await asyncio.sleep(0.05)

    async def until_step(self, number: int) -> None:
        await self.until(lambda lines: any(x["type"] == "step" and x["step"]["n"] >= number for x in lines))

    def interrupt(self) -> None:
        """Ctrl-C: the terminal sends SIGINT to the whole group."""
        os.killpg(self.process.pid, signal.SIGINT)

    def browser(self) -> int:
        """Process id of the browser, told by the net log that it writes into this very run's temporary folder."""
        netlog = f"--log-net-log={self.temporary}/".encode()
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue  # it ended while we looked
            if any(w.startswith(netlog) for w in words) and not any(w.startswith(b"--type=") for w in words):
                return int(folder.name)
        raise LookupError("no browser runs for this run")

    async def ended(self) -> tuple[int, str, str]:
        """Exit code, stdout and stderr, once it is over."""
        async with asyncio.timeout(LIMIT):
            out, err = await self.process.communicate()
        assert self.process.returncode is not None
        return self.process.returncode, out.decode(), err.decode()


@asynccontextmanager
async def trustwalk(words: Sequence[str], out: Path, **environment: str) -> AsyncIterator[Child]:
    """Start it; whatever is left of it in the end is killed."""
    temporary, first = _temporary(out), not _temporary(out).exists()
    temporary.mkdir(exist_ok=True)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from explorer.cli import main; main()",
        *words,
        cwd=out.parent,
        start_new_session=True,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={
            **os.environ,
            **environment,
            "COLUMNS": "100",
            "TMPDIR": str(_temporary(out)),
            "PYTHONPATH": str(Path(__file__).parents[3]),
        },
    )
    try:
        yield Child(process, out)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
        if first:
            shutil.rmtree(temporary, ignore_errors=True)
