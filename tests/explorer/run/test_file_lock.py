"""A lock on a file has one holder, and is free again when that one is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.run.file_lock import hold


def test_one_holds_it_until_it_lets_go(tmp_path: Path) -> None:
    first = hold(tmp_path / "lock")
    assert first is not None
    assert hold(tmp_path / "lock") is None
    first.close()
    second = hold(tmp_path / "lock")
    assert second is not None
    second.close()


def test_a_file_that_cannot_be_made_is_no_lock_that_somebody_holds(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        hold(tmp_path / "nowhere" / "lock")
