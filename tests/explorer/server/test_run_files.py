"""The files of a run, as the server reads them: from any place, and never more than whole lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.server.run_files import PIECE, lines_from


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    (tmp_path / "journal.jsonl").write_bytes(b"one\ntwo\nthr")
    return tmp_path / "journal.jsonl"


@pytest.mark.parametrize(
    ("start", "told"), [(0, b"one\ntwo\n"), (4, b"two\n"), (8, b""), (11, b""), (12, b""), (999_999_999_999_999, b"")]
)
def test_whole_lines_are_told_from_any_place_on(journal: Path, start: int, told: bytes) -> None:
    assert lines_from(journal, start) == told


def test_a_line_that_begins_in_a_piece_is_told_whole(journal: Path) -> None:
    line = b"x" * (PIECE + 5) + b"\n"
    journal.write_bytes(line + b"two\n")
    assert lines_from(journal, 0) == line
    assert lines_from(journal, len(line)) == b"two\n"
