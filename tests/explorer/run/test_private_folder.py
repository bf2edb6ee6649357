"""Temporary files lie in one folder of one's own, and what the dead left is cleared away by the living."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer.run.private_folder import drop_secrets, private_folder


@pytest.fixture(autouse=True)
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A system's temporary folder for this test alone; its name is short, as real ones are."""
    with tempfile.TemporaryDirectory(prefix="tw") as name:
        monkeypatch.setattr(tempfile, "tempdir", name)
        monkeypatch.setenv("TMPDIR", name)
        yield Path(name)


def test_all_temporary_files_lie_in_it_and_nobody_else_can_open_it(temporary: Path) -> None:
    with private_folder() as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
        made = Path(tempfile.mkdtemp())
        told = subprocess.run(
            [sys.executable, "-c", "import tempfile; print(tempfile.gettempdir())"], capture_output=True, check=True
        )
        assert made.parent == folder and told.stdout.decode().strip() == str(folder)
    assert not folder.exists() and os.environ["TMPDIR"] == tempfile.gettempdir() == str(temporary)


def _another() -> tuple[subprocess.Popen[bytes], Path]:
    code = (
        "from explorer.run.private_folder import private_folder\n"
        "import sys\n"
        "with private_folder() as f:\n"
        "    (f / 'secret').write_text('right-horse')\n"
        "    print(f, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().decode().strip())


def test_what_kill_9_left_is_cleared_by_the_next_start_and_the_living_keep_theirs() -> None:
    (dead, left), (alive, kept) = _another(), _another()
    try:
        dead.send_signal(signal.SIGKILL)
        dead.communicate()
        assert (left / "secret").exists()
        with private_folder():
            assert not left.exists() and (kept / "secret").exists()
    finally:
        alive.communicate()
    assert not kept.exists()


def test_a_folder_that_somebody_else_put_there_is_not_used(temporary: Path) -> None:
    trap = temporary / "elsewhere"
    trap.mkdir()
    (temporary / f"trustwalk-{os.getuid()}").symlink_to(trap)
    with private_folder() as folder:
        assert folder.parent.resolve() != trap
    assert list(trap.iterdir()) == []


def test_a_folder_whose_name_is_too_long_for_sockets_is_not_used(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = temporary / ("d" * 60)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    with private_folder() as folder:
        assert len(str(folder)) < 50 and deep not in folder.parents


def test_no_program_that_is_started_gets_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTWALK_LOGIN", "ann:hush")
    monkeypatch.setenv("TRUSTWALK_TOKEN", "x" * 30)
    monkeypatch.setenv("TRUSTWALK_LOGIN_SHOP", "ada:of-a-target")
    drop_secrets()
    assert not {"TRUSTWALK_LOGIN", "TRUSTWALK_TOKEN", "TRUSTWALK_LOGIN_SHOP"} & os.environ.keys()
