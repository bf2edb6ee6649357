"""Persona files: ten that ship, more from one's own folder, and errors that name file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from personas.persona import PersonaError, by_name, load

TEN = {
    "curious",
    "impatient",
    "novice",
    "elderly",
    "adversarial",
    "student",
    "teenager",
    "business",
    "accessibility",
    "power-user",
}
OWN = "name: night-owl\ntitle: Night owl\nabout: Late.\npatience: 3\npace: 1\nexpectation: {measure: actions, at_least: 1}\n"


def test_ten_ship_and_no_two_are_alike() -> None:
    habits = [p.model_dump(exclude={"name", "title", "about", "expectation"}) for p in load()]
    assert {p.name for p in load()} == TEN
    assert all(habits.count(h) == 1 for h in habits)
    assert len({p.expectation.measure for p in load()}) == 10


def test_a_folder_of_ones_own_adds_and_replaces(tmp_path: Path) -> None:
    (tmp_path / "owl.yml").write_text(OWN, encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(OWN.replace("night-owl", "curious"), encoding="utf-8")
    loaded = {p.name: p for p in load((tmp_path,))}
    assert loaded.keys() == TEN | {"night-owl"} and loaded["curious"].title == "Night owl"


def test_names_are_looked_up_in_order_and_all_means_all() -> None:
    assert [p.name for p in by_name(["novice", "curious", "novice"])] == ["novice", "curious"]
    assert {p.name for p in by_name(["all"])} == TEN


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(PersonaError, match=r"«nobody».*accessibility.*teenager"):
        by_name(["curious", "nobody"])


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (OWN + "colour: red\n", "colour"),
        (OWN.replace("patience: 3", "patience: -1"), "patience"),
        ("name: [", "YAML"),
        ("- a\n", "x.yml"),
    ],
)
def test_a_wrong_file_is_named_with_its_key(tmp_path: Path, content: str, named: str) -> None:
    (tmp_path / "x.yml").write_text(content, encoding="utf-8")
    with pytest.raises(PersonaError) as caught:
        load((tmp_path,))
    assert named in str(caught.value) and "x.yml" in str(caught.value)


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PersonaError, match="cannot be read"):
        load((tmp_path / "none",))
