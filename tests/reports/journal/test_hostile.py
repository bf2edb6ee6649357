"""Journals that were cut, damaged or made by a stranger: one sentence, or a report without the line that was cut."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from reports import FORMATS, render
from reports.journal import events
from reports.journal.events import JournalError, RunStarted, read
from reports.summary import load

BEGUN = RunStarted("r", "https://desk.test/", 1_700_000_000.0, 1, "0", ("login",), {"login": "Anmelden ü"})


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run folder with the first line of a journal."""
    folder = tmp_path / "run"
    folder.mkdir()
    with events.Journal(folder / "journal.jsonl") as journal:
        journal.write(BEGUN)
    return folder


def add(folder: Path, line: bytes) -> None:
    with (folder / "journal.jsonl").open("ab") as file:
        file.write(line)


LINES: dict[str, bytes] = {
    "a byte that is no UTF-8": b'{"type":"broken","time":1.0,"session":"","where":"browser","what":"\xff"}',
    "half a letter": b'{"type":"broken","what":"\xc3',
    "a number of 5,000 digits": b'{"type":"broken","time":' + b"9" * 5_000 + b"}",
    "a number that is none": b'{"type":"broken","time":NaN,"session":"","where":"browser","what":""}',
    "an infinite number": b'{"type":"broken","time":1e999,"session":"","where":"browser","what":""}',
    "100,000 brackets": b"[" * 100_000,
    "brackets that close": b"[" * 100_000 + b"]" * 100_000,
    "options too deep": b'{"type":"broken","what":' + b'{"a":' * 500 + b"1" + b"}" * 500 + b"}",
    "half a surrogate": b'{"type":"broken","time":1.0,"session":"","where":"browser","what":"\\ud800"}',
    "no event": b'{"type":"nothing"}',
    "no object": b"7",
}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_a_line_that_is_no_event_is_a_sentence_with_its_number(run: Path, line: bytes) -> None:
    add(run, line + b"\n")
    with pytest.raises(
        JournalError, match=r"journal\.jsonl, line 2: this is not a journal event \([^\n]{1,250}\)\. Render it [^\n]+$"
    ):
        load(run)


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_a_last_line_that_was_cut_is_dropped(run: Path, line: bytes) -> None:
    add(run, line)
    assert load(run).run == BEGUN


def test_a_journal_cut_at_any_byte_keeps_its_whole_lines(run: Path) -> None:
    whole = (run / "journal.jsonl").read_bytes()
    for cut in range(len(whole)):
        (run / "journal.jsonl").write_bytes(whole + whole[:cut])
        assert list(read(run / "journal.jsonl")) == [BEGUN] * (2 if cut == len(whole) - 1 else 1)


@pytest.mark.parametrize("started", [1e17, -1e17, 253402300800.0])
def test_a_moment_that_no_calendar_has_is_a_sentence(tmp_path: Path, started: float) -> None:
    line = events._ADAPTER.dump_python(BEGUN, mode="json") | {"started": started}
    (tmp_path / "journal.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    with pytest.raises(JournalError, match=r"what no run of Trustwalk writes \(\w+: .*\)"):
        render(tmp_path, FORMATS, None)


def fifo(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def folder(path: Path) -> None:
    path.mkdir()


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(events.MAX_FILE + 1)


@pytest.mark.parametrize("make", [fifo, device, folder, huge], ids=lambda make: make.__name__)
def test_what_is_no_regular_file_or_too_large_is_refused_unread(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "journal.jsonl")
    with pytest.raises(JournalError, match=r"the journal cannot be read \(it is (a|larger)"):
        load(tmp_path)


def test_a_line_without_an_end_is_not_kept_in_memory(run: Path) -> None:
    with (run / "journal.jsonl").open("r+b") as file:
        file.truncate(events.MAX_LINE * 2)
    with pytest.raises(JournalError, match="line 2: the line is longer than"):
        load(run)
