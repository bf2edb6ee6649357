"""The index is a copy of the folders, made again whenever it is missing, broken or old."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.request.remote import stored
from explorer.request.request import RunRequest
from explorer.run.file_lock import hold
from explorer.server import run_facts
from explorer.server.index import Index
from explorer.server.worker import LOCK, REFUSED, REQUEST
from tests.explorer.server.journals import START, events, write


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    folder = tmp_path / "runs"
    write(folder, "one", events("one"))
    write(folder, "two", events("two", cause="expired", started=START + 100))
    write(folder, "three", events("three", started=START + 200)[:6])
    return folder


async def indexed(runs: Path) -> Index:
    index = Index(runs, runs / ".serve" / "index.sqlite3")
    await index.refresh()
    return index


async def test_it_says_what_the_folders_say(runs: Path) -> None:
    index = await indexed(runs)
    assert [(r.id, r.state) for r in index.all()] == [
        ("three", run_facts.INCOMPLETE),
        ("two", run_facts.DONE),
        ("one", run_facts.DONE),
    ]
    two = index.get("two")
    assert two and two.headline.startswith("1 of 2 journeys")
    assert [(c.title, c.verdict, c.cause) for c in two.cells] == [
        ("Start a chat", "failed", "expired"),
        ("Submit a ticket", "passed", ""),
    ]
    index.close()


async def test_it_is_made_again_from_the_folders(runs: Path) -> None:
    index = await indexed(runs)
    before = index.all()
    index.close()
    file = runs / ".serve" / "index.sqlite3"
    for damage in (file.unlink, lambda: file.write_bytes(b"no database" * 100), lambda: None):
        damage()
        again = await indexed(runs)
        assert again.all() == before
        again.close()


async def test_it_sees_what_changed_beside_it(runs: Path) -> None:
    index = await indexed(runs)
    write(runs, "four", events("four", started=START + 300))
    with (runs / "three" / "journal.jsonl").open("ab") as journal:
        journal.write(b'{"finished":1700000300.0,"exit_code":130,"complete":false,"type":"run-finished"}\n')
    (runs / "one" / "journal.jsonl").unlink()
    await index.refresh()
    assert [r.id for r in index.all()] == ["four", "three", "two"]
    three = index.get("three")
    assert three and "stopped" in three.note
    index.close()


async def test_new_and_fixed_are_told_against_the_run_before(runs: Path) -> None:
    index = await indexed(runs)
    write(runs, "four", events("four", started=START + 300))
    await index.refresh()
    (line,) = run_facts.lines(index.all())
    assert [f.journey for f in line.changes["two"].new] == ["start-chat"]
    assert not line.changes["two"].fixed
    index.close()


async def test_nothing_outside_the_folder_is_a_run(runs: Path, tmp_path: Path) -> None:
    write(tmp_path, "outside", events("outside"))
    (runs / "link").symlink_to(tmp_path / "outside")
    index = await indexed(runs)
    for name in ("../outside", "..", ".", "", "/etc", "link", ".serve", "one/../two", "one/", "a\x00b", "x" * 300):
        assert index.folder(name) is None
        assert not await index.delete(name)
    assert (tmp_path / "outside" / "journal.jsonl").is_file()
    assert len(index.all()) == 3
    index.close()


async def test_deleting_takes_the_folder_and_nothing_else(runs: Path) -> None:
    index = await indexed(runs)
    assert await index.delete("two")
    assert not (runs / "two").exists()
    assert [r.id for r in index.all()] == ["three", "one"]
    index.close()


def asked(runs: Path) -> Path:
    folder = runs / "asked"
    folder.mkdir()
    (folder / REQUEST).write_text(stored(RunRequest(target="https://a.test/")), encoding="utf-8")
    return folder


def test_a_request_alone_waits(runs: Path) -> None:
    told = run_facts.read(asked(runs), alive=False)
    assert told and told.state == run_facts.QUEUED and told.target == "https://a.test/"


def test_a_worker_that_died_before_it_began_leaves_an_incomplete_run(runs: Path) -> None:
    folder = asked(runs)
    held = hold(folder / LOCK)
    assert held is not None
    assert run_facts.is_alive(folder) and hold(folder / LOCK) is None
    held.close()
    assert not run_facts.is_alive(folder)
    (folder / run_facts.LOG).write_text("Traceback\nMemoryError: too much\n", encoding="utf-8")
    told = run_facts.read(folder, alive=False)
    assert told and told.state == run_facts.INCOMPLETE and "MemoryError" in told.note


def test_a_refused_run_says_why(runs: Path) -> None:
    folder = asked(runs)
    (folder / LOCK).touch()
    (folder / REFUSED).write_text("No.", encoding="utf-8")
    told = run_facts.read(folder, alive=False)
    assert told and (told.state, told.note) == (run_facts.REFUSED_STATE, "No.")


def test_a_broken_journal_is_a_run_that_says_so(runs: Path) -> None:
    (runs / "one" / "journal.jsonl").write_bytes(b"\xff\xfe garbage\nmore\n")
    told = run_facts.read(runs / "one", alive=False)
    assert told and told.state == run_facts.INCOMPLETE and "cannot be read" in told.note
