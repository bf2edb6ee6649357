"""The child process of one run: `python -m explorer.server.worker FOLDER`, controlled through its standard input.

The first line of the input is JSON with the server's settings and the credentials, which are never written to disk.
Each further line is a command: `stop` or `stop-session ID`. A closed pipe means that the server is gone. Then the run
ends as interrupted, and judges what it has seen so far.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from explorer.devices.android.tools import AndroidError, find_tools
from explorer.devices.data_folder import data_folder
from explorer.request.credential import Login
from explorer.request.errors import RequestError
from explorer.request.fail_on import FailOn
from explorer.request.remote import read_stored
from explorer.request.request import RunRequest
from explorer.run.android import Android, android_run, for_app
from explorer.run.exit_code import closing_code, exit_code
from explorer.run.file_lock import hold
from explorer.run.parallel import share, this_machine
from explorer.run.private_folder import drop_secrets, private_folder
from explorer.run.run import Run
from explorer.server.checking import android_rows, check_reach, options_of
from explorer.server.settings import Settings
from explorer.targets.apk.guarded import read_untrusted
from explorer.targets.error import TargetError
from reports import render
from reports.journal.events import RunFinished

REQUEST = "request.json"
LOCK = "worker.lock"
REFUSED = "refused.txt"
"""Name of the file that contains the reason why a run could not begin. The server's pages show it."""


def first_line(settings: Settings, login: Login | None) -> bytes:
    """The first line of a worker's standard input: the server's settings and the login, as JSON."""
    told = {
        "runs": str(settings.runs),
        "at_once": settings.at_once,
        "ca": [str(path) for path in settings.ca],
        "only_resolved": settings.only_resolved,
        "resolve": [[host, port, address] for (host, port), address in settings.resolve],
        "devices_file": str(settings.devices_file) if settings.devices_file else None,
        "login": list(login.reveal()) if login else None,
    }
    return json.dumps(told).encode() + b"\n"


def _settings(told: Mapping[str, Any]) -> Settings:
    return Settings(
        runs=Path(told["runs"]),
        at_once=told["at_once"],
        ca=tuple(map(Path, told["ca"])),
        only_resolved=told["only_resolved"],
        resolve=tuple(((host, port), address) for host, port, address in told["resolve"]),
        devices_file=Path(told["devices_file"]) if told["devices_file"] else None,
    )


@dataclass(slots=True)
class WorkerControl:
    """Obeys the commands from the pipe. A stop cancels only the exploration; judging continues."""

    commands: asyncio.StreamReader
    run: Run | None = None
    exploring: asyncio.Task[Any] | None = None
    stopped: bool = False

    async def obey(self) -> None:
        while True:
            words = (await self.commands.readline()).decode(errors="replace").strip().split(" ", 1)
            if words[0] == "stop-session" and len(words) == 2 and self.run is not None:
                self.run.stop_session(words[1])
            elif words[0] in ("stop", ""):
                self.stopped = True
                if self.exploring is not None:
                    self.exploring.cancel()
                return


def _android(request: RunRequest, settings: Settings, workspace: Path) -> Android:
    """The package and the devices of a request for an app. Raises RequestError."""
    named = workspace / f"{request.app[:12]}.apk"
    named.symlink_to(settings.uploads / request.app)  # adb accepts only files with this suffix
    try:
        app = read_untrusted(named, workspace)
        tools = find_tools(data_folder())
    except TargetError as error:
        raise RequestError("app", f"The package does not exist any more, or cannot be read: {error}") from error
    except AndroidError as error:
        raise RequestError("devices", str(error)) from error
    resolve = {place: (address, place[1]) for place, address in settings.resolve}
    return android_run(app, android_rows(request, settings), tools, resolve=resolve)


async def work(folder: Path) -> int:
    """Explore according to `request.json`, and write the reports. Returns the exit code."""
    commands = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    told = json.loads(await commands.readline())
    settings = _settings(told)
    login = Login.of(*told["login"]) if told["login"] else None
    request = read_stored((folder / REQUEST).read_text(encoding="utf-8")).model_copy(update={"login": login})
    with TemporaryDirectory(prefix="trustwalk-app-") as workspace:
        try:
            await check_reach(request, settings)  # the name may resolve to another address by now
            options = options_of(request, settings)
            android = _android(request, settings, Path(workspace)) if request.app else None
        except RequestError as error:
            (folder / REFUSED).write_text(str(error), encoding="utf-8")
            return 2
        parallel = share(options.at_once, this_machine(), settings.at_once, public=options.public)
        options = options.model_copy(update={"at_once": parallel})
        run = Run(for_app(options, android.package) if android else options, folder, android=android)
        return await _explored(run, commands, folder)


async def _explored(run: Run, commands: asyncio.StreamReader, folder: Path) -> int:
    reins = WorkerControl(commands, run)
    reins.exploring = asyncio.create_task(run.explore())  # noqa: TID251 - held by the reins, awaited below
    await asyncio.sleep(0)  # let the run write the first line of its journal before it can be stopped
    listening = asyncio.create_task(reins.obey())  # noqa: TID251 - held here, ended below
    try:
        outcome = await reins.exploring
    except asyncio.CancelledError:  # stopped while judging: the journal so far counts
        outcome = run.outcome
        outcome.interrupted = True
    listening.cancel()
    code = closing_code(
        exit_code(outcome.verdicts, outcome.findings, FailOn()),
        problem=outcome.problem,
        unfit=outcome.unfit,
        explored=bool(outcome.logs),
        interrupted=outcome.interrupted,
    )
    run.journal.write(RunFinished(finished=time.time(), exit_code=code, complete=not outcome.interrupted))
    run.journal.close()
    render(folder, ("html", "json"), folder)
    return code


def main(arguments: list[str]) -> int:
    """Do the run in the given folder. Returns its exit code, or 2 if another process is using the folder."""
    folder = Path(arguments[0])
    (folder / "evidence").mkdir(exist_ok=True)
    lock = hold(folder / LOCK)
    if lock is None:
        print(f"{folder}: another process is using this folder.", file=sys.stderr)  # noqa: T201 - the worker's log
        return 2
    drop_secrets()
    with lock, private_folder():
        return asyncio.run(work(folder))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
