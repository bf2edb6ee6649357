"""`trustwalk merge`: its reports, its exit codes and its refusals."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from explorer.cli import main
from tests.explorer.run.parts import part


def test_the_command_writes_the_reports_and_ends_as_a_run_does(tmp_path: Path) -> None:
    parts = [part(tmp_path, n) for n in (1, 2, 3)]
    result = CliRunner().invoke(
        main, ["merge", *map(str, parts), "--out", str(tmp_path / "one"), "--format", "html,json"]
    )
    assert result.exit_code == 1, result.output
    report = json.loads((tmp_path / "one/report.json").read_text())
    assert len({v["persona"] for v in report["journeys"]}) == 3
    assert report["run"]["complete"]
    result = CliRunner().invoke(main, ["merge", *map(str, parts[:2]), "--out", str(tmp_path / "two")])
    assert "Part 3/3 of the run is missing" in result.output
    page = (tmp_path / "two/report.html").read_text()
    assert "This run is not whole" in page and "Part 3/3 of the run is missing" in page and "interrupted" not in page
    result = CliRunner().invoke(main, ["merge", str(parts[0]), str(parts[0]), "--out", str(tmp_path / "three")])
    assert result.exit_code == 2
    assert "Give each part of a run once" in result.output
