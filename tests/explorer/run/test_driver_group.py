"""The driver is started in a session of its own, and is gone before its files are."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable
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


@pytest.mark.parametrize("writes", [5, 0])
def test_a_folder_goes_although_somebody_writes_into_it_for_a_while(tmp_path: Path, writes: int) -> None:
    folder = tmp_path / "r"
    folder.mkdir()
    begun, thread = threading.Event(), threading.Thread(target=lambda: _write(folder, writes, begun.set))
    thread.start()
    begun.wait()
    remove(folder)
    thread.join()
    remove(folder)
    assert not folder.exists()


def _write(folder: Path, times: int, begun: Callable[[], None]) -> None:
    begun()
    for number in range(times):
        folder.mkdir(exist_ok=True)
        (folder / f"late{number}").touch()
