"""Setting up: done once, done again when it must be, and in plain words when it cannot be."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    command = ["make", "-C", str(folder), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def stamp(path: Path, when: float) -> None:
    path.parent.mkdir(exist_ok=True)
    path.touch()
    os.utime(path, (when, when))


def test_a_second_make_does_not_set_up_again(copy: Path) -> None:
    for name in ("requirements.lock", "pyproject.toml", ".ci/setup"):
        stamp(copy / name, 1_000)
    stamp(copy / ".venv/.ready", 2_000)
    assert make(copy, "--question", "setup").returncode == 0


@pytest.mark.parametrize("changed", ["requirements.lock", "pyproject.toml", ".ci/setup"])
def test_a_changed_lock_sets_up_again(copy: Path, changed: str) -> None:
    for name in ("requirements.lock", "pyproject.toml", ".ci/setup"):
        stamp(copy / name, 1_000)
    stamp(copy / ".venv/.ready", 2_000)
    stamp(copy / changed, 3_000)
    assert make(copy, "--question", "setup").returncode == 1


def test_without_a_new_enough_python_it_says_what_to_do(copy: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bin"
    bare.mkdir()
    for tool in ("sh", "dirname"):
        (bare / tool).symlink_to(str(shutil.which(tool)))
    (bare / "python3").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    (bare / "python3").chmod(0o755)
    script = copy / ".ci/setup"
    result = subprocess.run(
        [str(bare / "sh"), str(script)], env={"PATH": str(bare)}, capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert "no Python 3.11 or newer was found" in result.stderr
    assert "apt-get install python3" in result.stderr


def test_make_alone_tells_what_there_is(root: Path) -> None:
    told = make(root, "--silent").stdout
    targets = re.findall(r"^([a-z]+):.*## ", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert {"demo", "test", "lint", "bench", "docs", "lock", "clean"} <= set(targets)
    assert [target for target in targets if f"make {target} " not in told] == []


@pytest.mark.parametrize(("shell", "script"), [("sh", ".ci/setup"), ("sh", ".ci/lock"), ("bash", ".ci/run")])
def test_the_scripts_parse(root: Path, shell: str, script: str) -> None:
    assert subprocess.run([shell, "-n", str(root / script)], capture_output=True, check=False).returncode == 0


def test_the_action_never_splices_an_input_into_its_script(root: Path) -> None:
    """`${{ inputs.target }}` inside `run:` would run whatever stands in it."""
    action = yaml.safe_load((root / "action.yml").read_text(encoding="utf-8"))
    scripts = [step["run"] for step in action["runs"]["steps"] if "run" in step]
    assert scripts
    assert [script for script in scripts if "${{" in script] == []


def test_ci_in_github_runs_what_runs_everywhere(root: Path) -> None:
    workflow = yaml.safe_load((root / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    assert {"run": "bash .ci/run"} in workflow["jobs"]["ci"]["steps"]
