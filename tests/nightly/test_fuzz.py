"""Three hundred damaged files of each kind, from a seed that is printed, so that a fault can be had again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "fuzz/run.py"


@pytest.mark.parametrize("kind", ["packages", "logs", "certificates", "handshakes", "journals", "yaml"])
def test_no_damaged_file_crashes_hangs_or_fills_the_memory(kind: str) -> None:
    ended = subprocess.run(
        [sys.executable, str(SCRIPT), "--count", "300", kind], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
