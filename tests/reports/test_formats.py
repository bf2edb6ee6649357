"""What holds for every format: it renders every run, the same bytes each time, and as the golden files have it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reports import FORMATS, render
from tests.reports.runs import EVERY

GOLDENS = Path(__file__).parent / "goldens"

Folder = Callable[[str], Path]


@pytest.mark.parametrize("name", EVERY)
def test_every_format_tells_every_run_twice_the_same(folder: Folder, name: str) -> None:
    first, second = (render(folder(name), FORMATS, None) for _ in range(2))
    assert first == second
    assert all(text.strip() for text in first.values())


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_tells_the_small_run_as_its_golden_file_has_it(folder: Folder, name: str) -> None:
    """After a wanted change: `python tests/reports/write_goldens.py`, and read the difference."""
    golden = (GOLDENS / f"{name}.golden").read_text(encoding="utf-8")
    assert render(folder("small"), [name], None)[name] == golden


def test_reports_are_written_under_the_names_of_their_formats(folder: Folder, tmp_path: Path) -> None:
    told = render(folder("small"), FORMATS, tmp_path / "out")
    written = {p.name: p.read_text(encoding="utf-8") for p in (tmp_path / "out").iterdir()}
    assert written == {FORMATS[name].file: text for name, text in told.items()}


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.8, 0.99])
def test_a_journal_cut_off_anywhere_still_renders(folder: Folder, tmp_path: Path, keep: float) -> None:
    """`kill -9` at any moment: the last line may be half a line."""
    text = (folder("failed") / "journal.jsonl").read_text(encoding="utf-8")
    (tmp_path / "journal.jsonl").write_text(text[: int(len(text) * keep)], encoding="utf-8")
    told = render(tmp_path, FORMATS, None)
    assert "This run was cut off" in told["html"]
    assert '"complete": false' in told["json"]
