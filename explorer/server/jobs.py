"""The queue of runs. Each run has a process of its own, and a restarted server resumes the waiting runs."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from explorer.request.addresses import slug
from explorer.request.credential import Login
from explorer.request.remote import read_stored, stored
from explorer.request.request import RunRequest
from explorer.server.index import Index
from explorer.server.run_facts import LOG, QUEUED
from explorer.server.settings import Settings
from explorer.server.worker import LOCK, REFUSED, REQUEST, first_line

LOOK = 0.2
"""Seconds between two checks whether a worker has ended."""
AGAIN = 10.0
"""Seconds until a run that could not be started is tried again."""
LAST_WORDS = 20.0
"""Seconds that a stopping server waits for workers to write their verdicts. Slower workers continue without it."""


@dataclass(slots=True)
class Worker:
    """The process of a run. `asked` counts the requests to stop it."""

    process: subprocess.Popen[bytes]
    asked: int = 0

    def tell(self, line: bytes) -> None:
        if self.process.stdin is not None:
            with suppress(OSError, ValueError):  # the worker has already ended
                self.process.stdin.write(line)
                self.process.stdin.flush()

    def let_go(self) -> None:
        """Close the pipe. The worker then judges what it has seen, and ends."""
        if self.process.stdin is not None:
            with suppress(OSError):
                self.process.stdin.close()

    def kill(self) -> None:
        """Kill the worker and its browsers, which form a process group."""
        if self.process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


class Queue:
    """Starts waiting runs, oldest first, `settings.at_once` at a time. Use it as an async context manager."""

    def __init__(self, settings: Settings, index: Index) -> None:
        self.settings = settings
        self.index = index
        self.workers: dict[str, Worker] = {}
        self._logins: dict[str, Login] = {}
        self._wake = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loops: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Queue:
        self._loops = [asyncio.create_task(self._serve()), asyncio.create_task(self._read_all())]  # noqa: TID251 - held, ended in __aexit__
        return self

    async def _read_all(self) -> None:
        """Read all run folders, and resume the runs that were waiting. New runs do not wait for this."""
        await self.index.refresh(self.workers)
        self._wake.set()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for loop in self._loops:
            loop.cancel()
        for worker in self.workers.values():
            worker.let_go()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=LAST_WORDS)
        for task in self._tasks:
            task.cancel()

    async def submit(self, request: RunRequest) -> str:
        """Queue a checked request. Returns the id of its run."""
        folder = self._folder(request.target)
        try:
            (folder / REQUEST).write_text(stored(request), encoding="utf-8")
        except OSError:
            shutil.rmtree(folder, ignore_errors=True)  # a run without its request would stand in the list for ever
            raise
        if request.login is not None:
            self._logins[folder.name] = request.login
        await self.index.refresh_one(folder.name)
        self._wake.set()
        return folder.name

    def waits_for_login(self, run: str) -> bool:
        """Whether a waiting run has lost its login in a restart."""
        folder = self.index.folder(run)
        facts = self.index.get(run)
        if folder is None or facts is None or facts.state != QUEUED or run in self._logins:
            return False
        return read_stored((folder / REQUEST).read_text(encoding="utf-8")).with_login

    def give_login(self, run: str, login: Login) -> None:
        """Give a waiting run its login, so that it can start."""
        self._logins[run] = login
        self._wake.set()

    async def stop(self, run: str) -> bool:
        """Stop a run. The first request lets the run judge what it has seen; a second request kills it. False if the
        run has ended or does not exist."""
        worker, facts = self.workers.get(run), self.index.get(run)
        if worker is not None:
            worker.asked += 1
            worker.tell(b"stop\n") if worker.asked == 1 else worker.kill()
            return True
        folder = self.index.folder(run)
        if facts is None or folder is None or facts.state != QUEUED:
            return False
        (folder / REFUSED).write_text("The run was removed from the queue before it began.", encoding="utf-8")
        self._logins.pop(run, None)
        await self.index.refresh_one(run)
        return True

    def stop_session(self, run: str, session: str) -> bool:
        """Stop one session of a run. False if the run is not running."""
        worker = self.workers.get(run)
        if worker is None or not re.fullmatch(r"[^\s]{1,300}", session):
            return False
        worker.tell(f"stop-session {session}\n".encode())
        return True

    async def delete(self, run: str) -> bool:
        """Delete a run and its folder. False if the run is running or does not exist."""
        if run in self.workers:
            return False
        self._logins.pop(run, None)
        return await self.index.delete(run)

    def wants(self, app: str) -> bool:
        """Whether a run that is waiting or running needs this package."""
        return any(facts.app == app and not facts.over for facts in self.index.all())

    def position(self, run: str) -> int:
        """How many runs are ahead of a waiting one."""
        waiting = [facts.id for facts in reversed(self.index.all()) if facts.state == QUEUED]
        return waiting.index(run) + len(self.workers) if run in waiting else 0

    def _folder(self, target: str) -> Path:
        base = f"{time.strftime('%Y%m%d-%H%M%S')}-{slug(target)}".rstrip("-.")
        number = 1
        while True:
            folder = self.index.runs / (base if number == 1 else f"{base}_{number}")
            with suppress(FileExistsError):
                folder.mkdir()
                return folder
            number += 1

    async def _serve(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            for facts in reversed(self.index.all()):
                if len(self.workers) >= self.settings.at_once:
                    break
                folder = self.index.folder(facts.id)
                if (
                    facts.state == QUEUED
                    and facts.id not in self.workers
                    and folder
                    and not self.waits_for_login(facts.id)
                ):
                    self._try_to_start(facts.id, folder)

    def _try_to_start(self, run: str, folder: Path) -> None:
        """Start a run. If its folder cannot be written to (a full disk), the run goes on waiting."""
        try:
            self._start(run, folder)
        except OSError:
            if run not in self.workers:
                (folder / LOCK).unlink(missing_ok=True)
            asyncio.get_running_loop().call_later(AGAIN, self._wake.set)

    def _start(self, run: str, folder: Path) -> None:
        """Start the worker without an `await`, so that it cannot be started twice, and watch it in a task."""
        (folder / LOCK).touch()  # the run has begun, so it is never started a second time, even if its worker crashes
        with (folder / LOG).open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "explorer.server.worker", str(folder)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.workers[run] = Worker(process)
        self.workers[run].tell(first_line(self.settings, self._logins.pop(run, None)))
        task = asyncio.create_task(self._watch(run, self.workers[run]))  # noqa: TID251 - held in _tasks
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _watch(self, run: str, worker: Worker) -> None:
        try:
            await self._watched(run, worker)
        finally:
            self.workers.pop(run, None)  # whatever failed: the next run gets the place
            self._wake.set()

    async def _watched(self, run: str, worker: Worker) -> None:
        await self.index.refresh_one(run, alive=True)
        pid = worker.process.pid
        while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:  # noqa: ASYNC110, ASYNC222 - WNOHANG does not wait
            await asyncio.sleep(LOOK)
        worker.let_go()
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(
                pid, signal.SIGKILL
            )  # end the browsers of a crashed worker; the process id stays reserved until `wait`
        worker.process.wait()
        await self.index.refresh_one(run)
