"""A test can note a figure into the file that `make safety` names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

NAMED = "TRUSTWALK_FIGURES"


def test_a_figure(note: Callable[..., None]) -> None:
    """Writes what the next test reads; alone, it only shows that nothing need be named."""
    note(noted=1)
    assert NAMED not in os.environ


def test_a_noted_figure_reaches_the_file(tmp_path: Path) -> None:
    file = tmp_path / "figures.jsonl"
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"{__file__}::test_a_figure"]
    subprocess.run(words, env={**os.environ, NAMED: str(file)}, check=True, capture_output=True)
    assert json.loads(file.read_text(encoding="utf-8")) == {"noted": 1}
