"""Starts Playwright's driver in its own POSIX session (setsid), and ends it before its files are removed.

A signal to our whole process group (a timeout in CI, a closed terminal, Ctrl-C) would otherwise end the driver before
this process. The recordings that the driver has not written yet would then be lost.
"""

from __future__ import annotations

import importlib.util
import os
import shlex
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_NODE = "PLAYWRIGHT_NODEJS_PATH"
"""The environment variable that tells Playwright which Node.js runs its driver."""
_APART = (
    "import os,sys\n"
    "if os.getsid(0) != os.getpid(): os.setsid()\n"
    "open(os.path.join(sys.argv[1], str(os.getpid())), 'w').close()\n"
    "os.execv(sys.argv[2], sys.argv[2:])\n"
)
ENDS = 5.0
"""Seconds that a driver and its browser get to end."""


@contextmanager
def driver_apart(folder: Path) -> Iterator[None]:
    """In this context, each Playwright driver starts in a POSIX session of its own.

    Drivers that still run at the end are terminated. A wrapper program and the drivers' process ids are written into
    `folder`, which must be private. If programs cannot be executed there, drivers start as usual, and none is
    terminated."""
    named = os.environ.get(_NODE)
    node = named or _bundled()
    ids = folder / "drivers"
    ids.mkdir()
    program = ids / "node"
    words = shlex.join([sys.executable, "-ISc", _APART, str(ids), node])
    program.write_text(f'#!/bin/sh\nexec {words} "$@"\n', encoding="utf-8")
    program.chmod(0o700)
    usable = os.access(program, os.X_OK) and os.access(node, os.X_OK)
    if usable:
        os.environ[_NODE] = str(program)
    try:
        yield
    finally:
        if usable and named is None:
            os.environ.pop(_NODE, None)
        elif usable:
            os.environ[_NODE] = str(named)
        _end([int(file.name) for file in ids.iterdir() if file.name.isdigit()])


def _bundled() -> str:
    """The path of the Node.js that comes with Playwright; empty if there is none."""
    found = importlib.util.find_spec("playwright")
    return str(Path(found.origin).parent / "driver" / "node") if found and found.origin else ""


def remove(folder: Path) -> None:
    """Remove a folder. Retries for ENDS seconds, because a browser that is ending may still write into it."""
    until = time.monotonic() + ENDS
    while folder.exists() and time.monotonic() < until:
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(0.02)
    shutil.rmtree(folder, ignore_errors=True)


def _end(drivers: list[int]) -> None:
    """Terminate the drivers that still run. Signals only our own children, never another process with a reused id."""
    running = [pid for pid in drivers if _runs(pid)]
    for pid in running:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + ENDS
    while any(map(_runs, running)) and time.monotonic() < until:
        time.sleep(0.02)


def _runs(pid: int) -> bool:
    try:
        ended, _ = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return False
    return not ended
