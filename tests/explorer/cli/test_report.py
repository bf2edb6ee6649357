from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from explorer.cli.report import command
from tests.reports.runs import write_run


def test_reports_are_rendered_again_into_the_runs_folder(tmp_path: Path) -> None:
    write_run("small", tmp_path / "run")
    result = CliRunner().invoke(command, [str(tmp_path / "run"), "--format", "html", "junit,sarif"])
    assert result.exit_code == 0, result.output
    assert [Path(line).name for line in result.output.split()] == ["report.html", "junit.xml", "report.sarif"]
    assert (tmp_path / "run" / "junit.xml").read_text(encoding="utf-8").startswith("<?xml")


def test_one_format_goes_to_stdout_and_nothing_else(tmp_path: Path) -> None:
    write_run("small", tmp_path / "run")
    result = CliRunner().invoke(command, [str(tmp_path / "run"), "--format", "json", "--out", "-"])
    assert json.loads(result.stdout)["schema"] == "trustwalk.report/1"
    assert not (tmp_path / "run" / "report.json").exists()


def test_what_cannot_be_done_is_said_in_a_sentence(tmp_path: Path) -> None:
    write_run("small", tmp_path / "run")
    run = str(tmp_path / "run")
    for arguments, said in (
        ([run, "--out", "-"], "name exactly one"),
        ([run, "--format", "pdf"], "there is no format «pdf». Known: html, json"),
        ([str(tmp_path / "gone")], "cannot be read"),
        ([run, "--out", f"{run}/journal.jsonl/x"], "cannot be written"),
    ):
        result = CliRunner().invoke(command, arguments)
        assert result.exit_code == 2
        assert said in result.output


def test_a_baseline_can_be_named_afterwards(tmp_path: Path) -> None:
    old, new = write_run("all-good", tmp_path / "old"), write_run("failed", tmp_path / "new")
    result = CliRunner().invoke(command, [str(new), "--format", "json", "--out", "-", "--baseline", str(old)])
    told = json.loads(result.stdout)["baseline"]
    assert (told["name"], len(told["new"]), told["fixed"]) == ("old", 4, [])
