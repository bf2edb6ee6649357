from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from explorer.cli.diff import command
from reports import FORMATS, render
from tests.reports.runs import write_run


@pytest.fixture
def good(tmp_path: Path) -> str:
    return str(write_run("all-good", tmp_path / "good"))


@pytest.fixture
def bad(tmp_path: Path) -> str:
    return str(write_run("failed", tmp_path / "bad"))


def test_new_failures_exit_with_1_and_mended_ones_with_0(good: str, bad: str) -> None:
    worse, better = (CliRunner().invoke(command, pair) for pair in ([good, bad], [bad, good]))
    assert (worse.exit_code, better.exit_code) == (1, 0)
    assert worse.output.startswith("New (4)") and better.output.startswith("Fixed (4)")


def test_a_report_json_does_as_well_as_a_folder(good: str, bad: str, tmp_path: Path) -> None:
    render(Path(bad), ["json"], tmp_path / "out")
    result = CliRunner().invoke(command, [str(tmp_path / "out" / "report.json"), bad, "--format", "json"])
    assert result.exit_code == 0
    assert len(json.loads(result.output)["unchanged"]) == 4


def test_what_is_no_run_is_refused_in_a_sentence(good: str, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text("[]", encoding="utf-8")
    for path in (tmp_path / "other.json", tmp_path / "gone"):
        result = CliRunner().invoke(command, [str(path), good])
        assert result.exit_code == 2
        assert str(path) in result.output


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_can_tell_the_changes(good: str, bad: str, form: str) -> None:
    result = CliRunner().invoke(command, [good, bad, "--format", form])
    assert result.exit_code == 1
    marks = {
        "html": "Against good",
        "json": '"new": [',
        "junit": "<failure",
        "sarif": '"baselineState": "new"',
        "markdown": "**Compared with <code>good</code>**: 4 new",
        "regression": "def test_",
        "har": '"version": "1.2"',
        "reply": "To the customer, about",
    }
    assert marks[form] in result.output


def test_a_report_json_cannot_be_made_a_page_again_and_that_is_said(good: str, bad: str, tmp_path: Path) -> None:
    render(Path(bad), ["json"], tmp_path / "out")
    result = CliRunner().invoke(command, [good, str(tmp_path / "out" / "report.json"), "--format", "html"])
    assert (result.exit_code, "NEW must be a run folder" in result.output) == (2, True)
