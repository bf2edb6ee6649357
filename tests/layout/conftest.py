"""The repository as its own subject: what is tracked, and copies of it in which something is planted."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("explorer", "flows", "personas", "readers", "reports")


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def tracked() -> list[Path]:
    """Every file that git knows or would know, relative to the root."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\0")
    return sorted(Path(name) for name in set(names) if name and (ROOT / name).is_file())


@pytest.fixture(scope="session")
def modules(tracked: list[Path]) -> list[Path]:
    """The modules of the five packages, relative to the root."""
    return [path for path in tracked if path.parts[0] in PACKAGES and path.suffix == ".py"]


@pytest.fixture
def copy(tmp_path: Path, tracked: list[Path]) -> Path:
    """A copy of the packages, the tests and the files at the root, to plant something in."""
    for path in tracked:
        target = tmp_path / "copy" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, target)
    return tmp_path / "copy"


@pytest.fixture
def python(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run this Python on a copy, so that the copy's packages are found before the installed ones."""

    def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "HOME": str(tmp_path)}
        return subprocess.run(
            [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )

    return run
