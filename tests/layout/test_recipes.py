"""The recipes of CONTRIBUTING.md are true: each is followed in a copy, from the text itself, and does what it says."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Python = Callable[..., CompletedProcess[str]]
ROOT = Path(__file__).parents[2]
PROGRAMS: dict[str, tuple[str, ...]] = {
    "python": (),
    "trustwalk": ("-c", "from explorer.cli import main; main(prog_name='trustwalk')"),
    "pytest": ("-m", "pytest", "-q", "-p", "no:cacheprovider"),
}


@dataclass(frozen=True)
class Recipe:
    """`blocks` are language, path and text of each titled code block; `commands` each with what it must print."""

    name: str
    blocks: tuple[tuple[str, str, str], ...]
    commands: tuple[tuple[str, tuple[str, ...]], ...]


def recipes() -> list[Recipe]:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    found = []
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        name, _, body = section.partition("\n")
        if not name.startswith("How to add"):
            continue
        blocks = re.findall(r'^```(\w+) title="([^"]+)"\n(.*?)^```$', body, re.MULTILINE | re.DOTALL)
        commands: list[tuple[str, tuple[str, ...]]] = []
        for console in re.findall(r"^```console\n(.*?)^```$", body, re.MULTILINE | re.DOTALL):
            for part in re.split(r"^\$ ", console, flags=re.MULTILINE)[1:]:
                command, *expected = part.strip().splitlines()
                commands.append((command, tuple(expected)))
        found.append(Recipe(name, tuple(blocks), tuple(commands)))
    return found


def follow(recipe: Recipe, folder: Path) -> None:
    """Write the files that the recipe shows; in a `diff`, take out lines with `-` and put in lines with `+`."""
    for language, path, text in recipe.blocks:
        target = folder / path
        if language != "diff":
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
            continue
        lines = target.read_text(encoding="utf-8").splitlines()
        at = 0
        for line in text.splitlines():
            if line.startswith("+"):
                lines.insert(at, line[1:])
            else:
                assert lines.count(line[1:]) == 1, f"{path} has no (or more than one) line «{line[1:]}»"
                at = lines.index(line[1:])
            if line.startswith("-"):
                del lines[at]
            else:
                at += 1
        target.write_text("\n".join(lines) + "\n", encoding="utf-8")


def says(python: Python, folder: Path, command: str, expected: tuple[str, ...]) -> str:
    """Empty if the command succeeds and prints each of the expected pieces; otherwise what it did instead."""
    program, *arguments = shlex.split(command)
    result = python(folder, *PROGRAMS[program], *arguments)
    good = result.returncode == 0 or (program == "trustwalk" and arguments[0] == "logs" and result.returncode == 1)
    missing = [piece for piece in expected if piece not in result.stdout]
    if good and not missing:
        return ""
    return f"{command} ended with {result.returncode}, without {missing}:\n{result.stdout}{result.stderr}"


def test_there_is_a_recipe_for_each_kind_of_plug() -> None:
    kinds = {re.sub(r"How to add an? ", "", recipe.name) for recipe in recipes()}
    assert kinds == {
        "persona",
        "journey",
        "language",
        "sign of success",
        "log signature",
        "cause",
        "report format",
        "option",
        "device",
        "kind of device",
    }
    assert all(recipe.blocks and any(expected for _, expected in recipe.commands) for recipe in recipes())


def test_an_option_costs_a_field_and_the_place_that_acts_on_it() -> None:
    (recipe,) = [recipe for recipe in recipes() if recipe.name == "How to add an option"]
    field, use = recipe.blocks
    assert (field[1], len({field[1], use[1]})) == ("explorer/request/request.py", 2)
    assert sum(": Annotated[" in line for line in field[2].splitlines() if line.startswith("+")) == 1


def test_a_cause_costs_its_file_and_its_id() -> None:
    (recipe,) = [recipe for recipe in recipes() if recipe.name == "How to add a cause"]
    assert [path for _, path, _ in recipe.blocks] == ["explorer/tls/causes/long_lived.py", "flows/diagnosis.py"]


def test_a_kind_of_device_costs_its_class_and_nobody_else_asks_for_the_type_of_a_row() -> None:
    (recipe,) = [recipe for recipe in recipes() if recipe.name == "How to add a kind of device"]
    assert [path for language, path, _ in recipe.blocks if language == "diff"] == ["explorer/devices/devices.py"]
    asking = re.compile(r"isinstance\([^()]*(?:AndroidRow|BrowserDevice|SiteDevice)")
    found = [file for file in (ROOT / "explorer").rglob("*.py") if asking.search(file.read_text(encoding="utf-8"))]
    assert found == []


@pytest.mark.parametrize("recipe", recipes(), ids=lambda recipe: recipe.name)
def test_a_recipe_fits_the_code(recipe: Recipe, copy: Path) -> None:
    follow(recipe, copy)
    for language, path, _ in recipe.blocks:
        if language in ("python", "diff") and path.endswith(".py"):
            compile((copy / path).read_text(encoding="utf-8"), path, "exec")


@pytest.mark.nightly
@pytest.mark.parametrize("recipe", recipes(), ids=lambda recipe: recipe.name)
def test_a_recipe_does_what_it_says_and_not_without_being_followed(recipe: Recipe, copy: Path, python: Python) -> None:
    for command, expected in recipe.commands:
        if expected:  # a command that need not say anything is a step of the recipe, not a check
            assert says(python, copy, command, expected), f"{command} says so without the recipe"
    follow(recipe, copy)
    for command, expected in recipe.commands:
        assert says(python, copy, command, expected) == ""
