"""The files of the parts of a run stand together in one folder, and none is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from explorer.run.merging import merge
from reports.journal.events import (
    RunFinished,
)
from reports.summary import load
from tests.explorer.run.parts import PERSONAS, part


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "whole").mkdir()
    return tmp_path / "whole"


def test_the_files_of_all_parts_are_there_and_none_is_lost(tmp_path: Path, out: Path) -> None:
    journal, _ = merge([part(tmp_path, n) for n in (1, 2, 3)], out)
    journal.write(RunFinished(1e9 + 3, 1))
    journal.close()
    summary = load(out)
    assert all((out / kept.file).is_file() for kept in summary.kept)
    assert [p.name for p in sorted((out / "evidence").glob("device*"))] == [
        "device.log",
        "device.part2.log",
        "device.part3.log",
    ]
    assert summary.personas == PERSONAS
    assert summary.run.options["merged"] == ["part-1", "part-2", "part-3"]
    assert json.loads((out / "graph.json").read_text())["screens"] == []


def test_a_link_in_a_part_is_not_followed(tmp_path: Path, out: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("mine")
    one = part(tmp_path, 1)
    (one / "evidence/link").symlink_to(secret)
    merge([one], out)[0].close()
    assert not (out / "evidence/link").exists()
