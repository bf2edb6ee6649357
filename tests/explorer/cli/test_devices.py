"""`trustwalk devices`: the rows, what each sets, and where they come from."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from explorer.cli import main

FILE = """devices:
  wide: {kind: browser, viewport: [1600, 900], locale: de-DE}
  usb: {kind: android, serial: any}
"""


def typed(*words: str) -> Result:
    return CliRunner().invoke(main, ["devices", *words], prog_name="trustwalk")


def test_the_rows_of_a_file_are_listed_with_what_they_set(tmp_path: Path) -> None:
    (tmp_path / "mine.yml").write_text(FILE, encoding="utf-8")
    result = typed("--devices", str(tmp_path / "mine.yml"))
    assert result.exit_code == 0
    assert [line.split() for line in result.stdout.splitlines()] == [
        ["wide", "browser", "viewport:", "1600×900,", "locale:", "de-DE"],
        ["usb", "android", "serial:", "any"],
    ]
    assert result.stderr == f"From {tmp_path / 'mine.yml'}.\n"


def test_without_a_file_of_ones_own_there_are_the_ones_that_came_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = typed()
    assert result.exit_code == 0
    assert "desktop" in result.stdout
    assert "From devices.yml of the" in result.stderr


def test_the_file_of_the_working_folder_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "devices.yml").write_text(FILE, encoding="utf-8")
    assert "wide" in typed().stdout


def test_a_bad_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "bad.yml").write_text("devices:\n  usb: {kind: android, wheels: 4}\n", encoding="utf-8")
    result = typed("--devices", str(tmp_path / "bad.yml"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "line 2, «devices.usb.wheels»: there is no such key." in result.stderr
