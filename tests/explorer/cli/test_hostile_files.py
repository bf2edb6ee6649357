"""Configuration of strangers: a sentence and exit code 2, whichever file it is in."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from explorer.cli import main

ROOT = Path(__file__).parents[3]
FILES = {
    "trustwalk.yml": (["run", "https://desk.test"], "target: "),
    "devices.yml": (["devices"], "devices: "),
    "personas/boss.yml": (["personas"], "name: "),
    "journeys/enrol.yml": (["journeys"], "id: "),
}
CONTENTS: dict[str, bytes] = {
    "Latin-1": "Zürich".encode("latin-1"),
    "UTF-16": "Zürich".encode("utf-16"),
    "a day that is none": b"2020-13-45",
    "6,000 digits": b"9" * 6_000,
    "6,000 hexadecimal digits": b"0x" + b"f" * 6_000,
    "20,000 brackets": b"[" * 20_000,
    "a truth that is none": b"!!bool maybe",
    "a list as key": b"{[a]: b}",
    "a number as key": b"{1: {2: 3}}",
    "half a surrogate": b'"\\ud800"',
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
@pytest.mark.parametrize("file", FILES)
def test_it_is_a_sentence_that_names_the_file(here: Path, file: str, content: bytes) -> None:
    arguments, key = FILES[file]
    (here / file).parent.mkdir(exist_ok=True)
    (here / file).write_bytes(key.encode() + content + b"\n")
    result = CliRunner().invoke(main, arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert Path(file).name in result.stderr and len(result.stderr) < 1_000
    assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize("file", ["personas/boss.yml", "journeys/enrol.yml"])
def test_a_pipe_in_a_folder_holds_nothing_up(here: Path, file: str) -> None:
    (here / file).parent.mkdir()
    os.mkfifo(here / file)
    result = CliRunner().invoke(main, FILES[file][0])
    assert result.exit_code == 2 and "a device or a pipe" in result.stderr


NAMES = ["../../x", "a/b", "..", ".hidden", "a b", "a\\b", "nul\0", "x" * 61, "", "-a", "ü", "a\n"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("file", ["personas/boss.yml", "journeys/enrol.yml", "devices.yml"])
def test_a_name_that_could_leave_a_folder_is_refused(here: Path, file: str, name: str) -> None:
    quoted = '"' + name.replace("\\", "\\\\").replace("\0", "\\0").replace("\n", "\\n") + '"'
    (here / file).parent.mkdir(exist_ok=True)
    source = {
        "personas/boss.yml": ("personas/catalogue/elderly.yml", "name: elderly", "name: "),
        "journeys/enrol.yml": ("flows/catalogue/login.yml", "id: login", "id: "),
        "devices.yml": ("devices.yml", "\n  desktop:", "\n  "),
    }[file]
    text = (ROOT / source[0]).read_text(encoding="utf-8")
    assert source[1] in text
    put = source[2] + quoted + (":" if file == "devices.yml" else "")
    (here / file).write_text(text.replace(source[1], put, 1), encoding="utf-8")
    result = CliRunner().invoke(main, FILES[file][0])
    assert result.exit_code == 2 and "should match pattern" in result.stderr
