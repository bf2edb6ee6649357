"""requirements.lock pins everything, with hashes and without addresses, and is what pyproject.toml asks for."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


@pytest.fixture(scope="module")
def lock(root: Path) -> str:
    return (root / "requirements.lock").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def pinned(lock: str) -> dict[str, list[str]]:
    """Name → versions (more than one where they differ by platform or Python)."""
    found: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", lock, re.MULTILINE):
        found.setdefault(canonicalize_name(name), []).append(version)
    return found


def asked(project: dict[str, Any]) -> list[Requirement]:
    groups = [entry for group in project["dependency-groups"].values() for entry in group if isinstance(entry, str)]
    return [Requirement(text) for text in [*project["project"]["dependencies"], *groups]]


def test_it_holds_no_address(lock: str) -> None:
    assert not re.search(r"://|--(index|extra-index|find-links)|^-[if]\b", lock, re.MULTILINE)


def test_every_package_has_hashes(lock: str) -> None:
    entries = [entry for entry in re.split(r"\n(?=\S)", lock.strip()) if not entry.startswith("#")]
    assert len(entries) > 20
    assert [e.splitlines()[0] for e in entries if not re.search(r"--hash=sha256:[0-9a-f]{64}", e)] == []


def test_it_satisfies_what_pyproject_asks_for(project: dict[str, Any], pinned: dict[str, list[str]]) -> None:
    missing = [
        str(requirement)
        for requirement in asked(project)
        if not any(requirement.specifier.contains(v) for v in pinned.get(canonicalize_name(requirement.name), []))
    ]
    assert missing == [], "say: make lock"


def test_the_build_backend_is_pinned_in_it(project: dict[str, Any], pinned: dict[str, list[str]]) -> None:
    backend = project["build-system"]["requires"]
    assert backend == project["dependency-groups"]["build"]
    assert [f"hatchling=={version}" for version in pinned["hatchling"]] == backend


def test_what_runs_stands_above_the_tools(lock: str, project: dict[str, Any]) -> None:
    """`.ci/setup FOLDER WHEEL` installs what stands above the line, and nothing from below it."""
    above, line, below = lock.partition("# tools")
    assert line
    needed = {canonicalize_name(Requirement(text).name) for text in project["project"]["dependencies"]}
    run, tools = (set(re.findall(r"^([a-z0-9-]+)==", part, re.MULTILINE)) for part in (above, below))
    assert needed <= run
    assert not run & tools
    assert {"pytest", "mypy", "hatchling"} <= tools
