"""One private folder for all temporary files of a process. If the process is killed, the next start removes the folder.

Browsers and drivers write what is typed to files: profiles, net logs, raw recordings. `kill -9` leaves them no time to
remove these files.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from explorer.request.credential import IN_ENVIRONMENT, OF_TARGETS
from explorer.run.driver_group import driver_apart, remove
from explorer.run.file_lock import hold

_LOCK = "lock"
LONGEST = 36
"""Longest usable path of the system's temporary folder, in characters. If it is longer, /tmp is used.

The path of a browser's Unix socket is 70 characters longer than the folder's path, and may have 107 characters."""


def drop_secrets() -> None:
    """Remove the secrets from the environment. Call this after they have been read."""
    for name in [each for each in os.environ if each in IN_ENVIRONMENT or each.startswith(OF_TARGETS)]:
        del os.environ[name]


@contextmanager
def private_folder() -> Iterator[Path]:
    """A new folder, in which this process and those that it starts put their temporary files. It is removed at the end.

    Folders that dead processes of the same user left behind are removed first."""
    base = _base()
    with _locked(base / _LOCK):  # nobody clears while another one is making its folder
        _clear(base)
        folder = Path(tempfile.mkdtemp(prefix="r", dir=base))
        mine = hold(folder / _LOCK)
    before, variable = tempfile.tempdir, os.environ.get("TMPDIR")
    tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
    try:
        with driver_apart(folder):
            yield folder
    finally:
        with _undisturbed():
            tempfile.tempdir = before
            if variable is None:
                os.environ.pop("TMPDIR", None)
            else:
                os.environ["TMPDIR"] = variable
            remove(folder)
            if mine is not None:
                mine.close()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ignore SIGINT, SIGTERM and SIGHUP while the folder is removed."""
    before = {}
    with suppress(ValueError):  # in another thread than the main one, no signal disturbs
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            before[number] = signal.signal(number, signal.SIG_IGN)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _base() -> Path:
    """The private parent folder of this user's runs.

    If a file or another user's folder has taken its name, a new folder with a random name is used instead."""
    place = Path(tempfile.gettempdir())
    if len(str(place)) > LONGEST and os.access("/tmp", os.W_OK | os.X_OK):  # noqa: S108 - the folder in it is checked below
        place = Path("/tmp")  # noqa: S108
    base = place / f"trustwalk-{os.getuid()}"
    with suppress(FileExistsError):
        base.mkdir(mode=0o700)
    there = base.lstat()
    if stat.S_ISDIR(there.st_mode) and there.st_uid == os.getuid():
        base.chmod(0o700)
        return base
    return Path(tempfile.mkdtemp(prefix="trustwalk-"))


def _clear(base: Path) -> None:
    for folder in base.iterdir():
        if folder.is_symlink() or not folder.is_dir():
            continue
        try:
            held = hold(folder / _LOCK)
        except FileNotFoundError:  # its own process has removed it in the meantime
            continue
        if held is not None:
            shutil.rmtree(folder, ignore_errors=True)
            held.close()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
