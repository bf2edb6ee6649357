"""A run on a full disk ends with a sentence. A limit on the size of files stands for the disk."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from explorer.cli.full_disk import DiskFull, told_if_full

LIMITED = """
import resource, sys
from explorer.cli import main
from explorer.cli.demo import command
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)), resource.RLIM_INFINITY))
main()
"""


def full() -> None:
    with open("/dev/full", "wb", buffering=0) as file:  # noqa: PTH123
        file.write(b"x")


def test_it_is_found_in_groups_and_among_causes() -> None:
    try:
        full()
    except OSError as error:
        no_room = error
    nested = ValueError("closing failed")
    nested.__context__ = no_room
    for met in (no_room, BaseExceptionGroup("all", [BaseExceptionGroup("some", [ValueError(), no_room])])):
        with pytest.raises(DiskFull, match="--out") as caught, told_if_full(Path("there")):
            raise met
        assert caught.value.exit_code == 3
    with pytest.raises(ExceptionGroup), told_if_full(Path("there")):
        raise ExceptionGroup("all", [ValueError("a bug of ours")])


@pytest.mark.parametrize("size", [400])
def test_a_demo_without_room_ends_with_a_sentence(tmp_path: Path, size: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(size), "demo", "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    assert "The disk is full" in done.stderr
    assert "Traceback" not in done.stderr
