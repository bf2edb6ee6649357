"""The driver is started in a session of its own, and is gone before its files are."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from explorer.run.driver_group import driver_apart, remove

NODE = "PLAYWRIGHT_NODEJS_PATH"
SHELL = "/bin/sh"


def started(code: str) -> subprocess.Popen[bytes]:
    """What Playwright does: it starts the Node.js that it is told, with words of its own."""
    return subprocess.Popen([os.environ[NODE], "-c", code], stdout=subprocess.PIPE)


def test_a_signal_to_our_group_does_not_reach_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NODE, SHELL)
    with driver_apart(tmp_path):
        driver = started("echo it is 'there'; exec sleep 600")
        assert driver.stdout is not None and driver.stdout.readline() == b"it is there\n"
        assert os.getsid(driver.pid) == driver.pid != os.getsid(0)
    with driver:
        assert driver.wait(10) is not None, "what still runs in the end is ended"
    assert os.environ[NODE] == SHELL


def test_the_driver_that_comes_with_playwright_is_meant_where_nobody_names_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(NODE, raising=False)
    with driver_apart(tmp_path):
        told = subprocess.run([os.environ[NODE], "-p", "40 + 2"], capture_output=True, check=True)
    assert told.stdout == b"42\n"
    assert NODE not in os.environ


def test_a_node_that_is_not_there_is_left_to_playwright_to_complain_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(NODE, "/nowhere/node")
    with driver_apart(tmp_path):
        assert os.environ[NODE] == "/nowhere/node"


def test_a_folder_goes_although_somebody_writes_into_it_for_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "r"
    written, over = threading.Event(), threading.Event()
    writer = threading.Thread(target=_write, args=(folder, written.set, over))
    passes = 0

    def passing(path: Path, ignore_errors: bool, remove_tree: Callable[..., None] = shutil.rmtree) -> None:
        """The writer ends during the first pass, after a write that this pass cannot have removed."""
        nonlocal passes
        passes += 1
        remove_tree(path, ignore_errors=ignore_errors)
        if writer.is_alive():
            for _ in range(2):  # the first may have begun before the pass was over
                written.clear()
                assert written.wait(60)
            over.set()
            writer.join()

    monkeypatch.setattr(shutil, "rmtree", passing)
    writer.start()
    assert written.wait(60)
    try:
        remove(folder)
    finally:
        over.set()
        writer.join()
    assert not folder.exists()
    assert passes > 1, "something was written after the first pass"


def test_a_folder_in_which_nobody_writes_goes_with_all_that_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "r" / "profile").mkdir(parents=True)
    (tmp_path / "r" / "profile" / "cookies").touch()
    remove(tmp_path / "r")
    assert not (tmp_path / "r").exists()


def _write(folder: Path, written: Callable[[], None], over: threading.Event) -> None:
    number = 0
    while not over.is_set():
        with suppress(FileNotFoundError, FileExistsError):  # the folder went between the lines, or within the first
            folder.mkdir(exist_ok=True)
            (folder / f"late{number % 50}").touch()
            number += 1
            written()
