"""Which controls give a file although no word of theirs says so."""

from __future__ import annotations

import pytest

from explorer.policy.fetching import beside_files, is_file_name
from explorer.policy.sightings import Sightings
from flows.screen import Element, Screen
from tests.explorer.policy.parts import attempts, mover


def beside(name: str, *texts: str, role: str = "link", **facts: object) -> Element:
    key = f"{role}|{name}|{texts}"
    facts = {"href": "https://desk.test/d/1", **facts} if role == "link" else facts
    return Element(key, key, role, name, beside=texts, **facts)  # type: ignore[arg-type]


def page(*elements: Element) -> Screen:
    return Screen(address="https://desk.test/files", title="", elements=elements)


def given(*elements: Element) -> list[str]:
    return [e.name for e in beside_files(page(*elements))]


@pytest.mark.parametrize("text", ["invoice-2041.txt", "Scan 3.PDF", "résumé.docx", "写真.png"])
def test_a_name_with_the_suffix_of_a_file_is_one(text: str) -> None:
    assert is_file_name(text)


@pytest.mark.parametrize("text", ["", "desk.test", "Version 2.1", "see /help/a.txt", ".txt", "Step 1. Open the box"])
def test_other_words_with_a_dot_are_no_file(text: str) -> None:
    assert not is_file_name(text)


def test_what_stands_alone_beside_a_file_gives_it_whatever_it_is_called() -> None:
    assert given(beside("Save", "a.txt"), beside("Enregistrer", "b.pdf", "3 KB")) == ["Save", "Enregistrer"]
    assert given(beside("Speichern", "a.txt", role="button")) == ["Speichern"]


def test_of_several_in_a_row_nothing_tells_which_gives_the_file() -> None:
    assert given(beside("Save", "a.txt"), beside("Rename", "a.txt", role="button")) == []


@pytest.mark.parametrize(
    "control",
    [
        beside("Delete", "a.txt", role="button"),
        beside("Save", "a.txt", role="button", sends="post /files"),
        beside("Save", "a.txt", role="button", asks="Really?"),
        beside("Save", "My files"),
        beside("Save", "a.txt", region="navigation"),
        beside("Save", "1", "2", "3", "4", "a.txt"),
    ],
    ids=["deletes", "sends", "asks", "no file", "a menu", "a whole page"],
)
def test_what_may_do_more_than_give_a_file_is_left_alone(control: Element) -> None:
    assert given(control) == []


def test_a_list_of_files_is_where_a_download_begins() -> None:
    known = attempts("download-attachment")
    (download,) = known.values()
    sightings = Sightings(mover(*known))
    files = page(beside("Save", "a.txt", region="main"))
    sightings.notice(known.values(), "files", files)
    assert sightings.places(download) == ("files",) and sightings.begins(download, files)
    move = sightings.mover.move(download, files)
    assert move is not None and (move.action.label, move.stage) == ("Save", "fetch")
    download.useless.add(files.elements[0].key)
    assert not sightings.begins(download, files)
