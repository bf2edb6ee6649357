"""Output that cannot be written, or not as it is: no traceback, and never the exit code of failed journeys."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

FULL = Path("/dev/full")
COMMANDS = {
    "a list": ["personas"],
    "a schema": ["schema", "trustwalk"],
    "the help": ["--help"],
    "a log": ["logs", "app.log"],
    "a log in JSON": ["logs", "app.log", "--format", "json"],
}
LOG = (
    "11-29 10:00:00.000  100  100 W System.err: javax.net.ssl.SSLHandshakeException: "
    "java.security.cert.CertPathValidatorException: Trust anchor for certification path not found. ü\n"
)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    (tmp_path / "app.log").write_text(LOG, encoding="utf-8")
    return tmp_path


def run(arguments: list[str]) -> list[str]:
    return [sys.executable, "-c", "from explorer.cli import main; main()", *arguments]


@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)
def test_a_full_disk_is_a_sentence_and_exit_code_three(log: Path, arguments: list[str]) -> None:
    with FULL.open("wb") as full:
        ended = subprocess.run(run(arguments), cwd=log, stdout=full, stderr=subprocess.PIPE, check=False)
    assert ended.stderr.decode() == "Error: the output cannot be written (No space left on device).\n"
    assert ended.returncode == 3


@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)
def test_a_terminal_that_knows_only_ascii_gets_all_the_rest(log: Path, arguments: list[str]) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    ended = subprocess.run(run(arguments), cwd=log, env=environment, capture_output=True, check=False)
    assert ended.stdout and not ended.stderr
    assert ended.returncode == (1 if "logs" in arguments else 0)


def test_who_closes_the_pipe_hears_nothing_more(log: Path) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    ended = subprocess.run(run(["personas"]), cwd=log, stdout=writes, stderr=subprocess.PIPE, check=False)
    os.close(writes)
    assert ended.stderr == b""
