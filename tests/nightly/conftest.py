"""What the nightly tests measure goes into a file, if one is named: `make safety` writes the documentation from it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

NAMED = os.environ.get("TRUSTWALK_FIGURES", "")
"""Read here: tests themselves have an environment without anything of ours."""
Note = Callable[..., None]


@pytest.fixture(scope="session")  # before the variables of the machine are taken away from each test
def note() -> Note:
    """Adds a line of figures to the file that `TRUSTWALK_FIGURES` names; without one, nothing is written."""

    def write(**figures: object) -> None:
        if NAMED:
            with Path(NAMED).open(
                "a", encoding="utf-8"
            ) as file:  # one short write: the lines of several workers stay whole
                file.write(json.dumps(figures) + "\n")

    return write
