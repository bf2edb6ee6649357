"""Each run of the corpus, written once for all tests of this folder that only read it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reports.summary import Summary, load
from tests.reports.runs import write_run


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a run, by the run's name."""
    root = tmp_path_factory.mktemp("runs")

    def of(name: str) -> Path:
        path = root / name
        return path if path.exists() else write_run(name, path)

    return of


@pytest.fixture
def told(folder: Callable[[str], Path]) -> Callable[[str], Summary]:
    """The summary of a run, by the run's name."""
    return lambda name: load(folder(name))
