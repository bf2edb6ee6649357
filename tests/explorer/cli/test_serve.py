"""`trustwalk serve` says what is wrong before it serves."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from explorer.cli.serve import command
from explorer.run.file_lock import hold


def test_a_taken_port_is_told_with_what_helps() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = CliRunner().invoke(command, ["--port", str(taken.getsockname()[1])])
    assert result.exit_code == 2
    assert "--port" in result.stderr and "Cannot listen on port" in result.stderr


def test_an_address_that_is_not_ours_is_told() -> None:
    result = CliRunner().invoke(command, ["--host", "192.0.2.1", "--port", "0"])
    assert result.exit_code == 2 and "192.0.2.1" in result.stderr


def test_a_resolve_that_is_none_is_told() -> None:
    result = CliRunner().invoke(command, ["--resolve", "nonsense"])
    assert result.exit_code == 2 and "--resolve" in result.stderr


@pytest.mark.parametrize("token", ["short", "with spaces and more of them", "ümlaut-ümlaut-ümlaut-ümlaut"])
def test_a_token_that_could_be_guessed_or_mangled_is_told(token: str) -> None:
    result = CliRunner().invoke(command, ["--port", "0"], env={"TRUSTWALK_TOKEN": token})
    assert result.exit_code == 2 and "TRUSTWALK_TOKEN" in result.stderr and token not in result.stderr


def test_a_second_server_on_one_folder_is_told(tmp_path: Path) -> None:
    own = tmp_path / ".serve"
    own.mkdir()
    lock = hold(own / "server.lock")
    assert lock is not None
    with lock:
        result = CliRunner().invoke(command, ["--port", "0", "--runs", str(tmp_path)])
    assert result.exit_code == 2
    assert "Another «trustwalk serve» is using" in result.stderr and "--runs" in result.stderr


def test_a_crash_releases_the_folder(tmp_path: Path) -> None:
    code = f"import os,pathlib; from explorer.run.file_lock import hold; k = hold(pathlib.Path({str(tmp_path)!r}, 'lock')); os.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", code], check=False)
    lock = hold(tmp_path / "lock")
    assert lock is not None
    lock.close()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = CliRunner().invoke(command, ["--port", "0", "--runs", str(tmp_path / "file" / "runs")])
    assert result.exit_code == 2 and "Cannot write to" in result.stderr
