"""The files of the parts of a run stand together in one folder, and none is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from explorer.run.merging import merge
from explorer.run.run_parts import parts_at
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
    journal, _ = merge(*parts_at([part(tmp_path, n) for n in (1, 2, 3)]), out)
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
    merge(*parts_at([one]), out)[0].close()
    assert not (out / "evidence/link").exists()


def test_a_folder_that_is_a_link_is_not_followed_either(tmp_path: Path, out: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home/id_rsa").write_text("mine")
    one = part(tmp_path, 1)
    (one / "screens").symlink_to(tmp_path / "home")
    merge(*parts_at([one]), out)[0].close()
    assert not (out / "screens").exists()


@pytest.mark.parametrize(
    "graph", ['{"screens": [{}], "actions": []}', '{"screens": null}', "[]", "no", '{"screens": [], "actions": [{}]}']
)
def test_a_graph_that_nobody_can_draw_is_left_out(tmp_path: Path, out: Path, graph: str) -> None:
    one, two = part(tmp_path, 1), part(tmp_path, 2)
    (one / "graph.json").write_text(graph)
    (two / "graph.json").write_text(
        '{"screens": [{"id": "a", "visits": 2, "title": {}}], "actions": [{"from": "a", "to": "a"}]}'
    )
    merge(*parts_at([one, two]), out)[0].close()
    drawn = json.loads((out / "graph.json").read_text())
    assert [(s["id"], s["visits"]) for s in drawn["screens"]] == [("a", 2)]
    assert len(drawn["actions"]) == 1
