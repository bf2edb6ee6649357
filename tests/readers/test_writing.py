"""Files of our own in folders of strangers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from readers.writing import write_own


def link(path: Path, other: Path) -> None:
    path.symlink_to(other)


def second_name(path: Path, other: Path) -> None:
    path.hardlink_to(other)


@pytest.mark.parametrize("make", [link, second_name])
def test_nothing_is_written_through_another_name(tmp_path: Path, make: object) -> None:
    other = tmp_path / "precious"
    other.write_text("mine")
    assert callable(make)
    make(tmp_path / "report.html", other)
    write_own(tmp_path / "report.html", "told ü\r\n")
    assert other.read_text() == "mine"
    assert (tmp_path / "report.html").read_bytes() == "told ü\r\n".encode()
    assert not (tmp_path / "report.html").is_symlink()


def test_a_pipe_of_that_name_does_not_hold_it_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "report.html")
    write_own(tmp_path / "report.html", "told")
    assert (tmp_path / "report.html").read_text() == "told"


def test_a_folder_of_that_name_is_an_error_and_nothing_stays(tmp_path: Path) -> None:
    (tmp_path / "report.html").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_own(tmp_path / "report.html", "told")
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]


def test_a_name_that_is_taken_on_purpose_is_passed_over(tmp_path: Path) -> None:
    other = tmp_path / "precious"
    other.write_text("mine")
    (tmp_path / f".a.{os.getpid()}-0.part").symlink_to(other)
    write_own(tmp_path / "a", "told")
    assert (other.read_text(), (tmp_path / "a").read_text()) == ("mine", "told")
