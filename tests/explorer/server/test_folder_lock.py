"""The lock of a folder of runs."""

from __future__ import annotations

from pathlib import Path

from explorer.server.folder_lock import hold_runs


def test_one_holds_it_until_it_lets_go(tmp_path: Path) -> None:
    first = hold_runs(tmp_path / "own")
    assert first is not None
    assert hold_runs(tmp_path / "own") is None
    first.close()
    second = hold_runs(tmp_path / "own")
    assert second is not None
    second.close()
