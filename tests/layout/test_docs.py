"""What the documentation tells people to type exists, and what it links to is there."""

from __future__ import annotations

import importlib.util
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from explorer.cli import main

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def commands(page: Path, program: str) -> Iterator[list[str]]:
    """What the page's code blocks say to run with a program, as words."""
    for block in re.findall(r"^```\w*.*?\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            match = re.search(
                rf"(?:^|(?<!-C)(?<!-t)[\s/])({program}\s+\S.*)", re.split(r" #| && ", line.removeprefix("    - "))[0]
            )
            if match and line.lstrip().startswith(("$ ", "- ", "sh ", "RUN ")):
                yield shlex.split(match[1].rstrip("'"), posix=True)


@pytest.fixture(scope="module")
def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_that_a_page_names_exists(page: Path, targets: set[str]) -> None:
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"`make ([a-z]+)", text)) | {
        word for words in commands(page, "make") for word in words[1:] if re.fullmatch("[a-z]+", word)
    }
    assert named - {"trustwalk"} <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_trustwalk_command_and_option_that_a_page_shows_exists(page: Path) -> None:
    assert isinstance(main, click.Group)
    context = click.Context(main)
    wrong = []
    for _, name, *words in commands(page, "trustwalk"):
        command = main.get_command(context, name)
        if command is None:
            wrong.append(name)
            continue
        known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
        wrong += [f"{name} {word}" for word in words if word.startswith("--") and word.split("=")[0] not in known]
    assert wrong == []


def test_the_readme_shows_the_two_commands_that_do_all_the_set_up() -> None:
    shown = list(commands(ROOT / "README.md", "make"))
    assert shown[:2] == [["make", "demo"], ["make", "test"]]
    assert len(list(commands(ROOT / "README.md", "trustwalk"))) >= 4


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_within_the_repository_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_tables_are_made_from_the_code() -> None:
    spec = importlib.util.spec_from_file_location("docs_hooks", ROOT / "docs/hooks.py")
    assert spec is not None
    assert spec.loader is not None
    hooks = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(hooks)
    asked = {
        name for page in PAGES for name in re.findall(r"<!-- table: ([\w-]+) -->", page.read_text(encoding="utf-8"))
    }
    assert asked == set(hooks.TABLES)
    for make in hooks.TABLES.values():
        assert make().count("\n") >= 2
    with pytest.raises(ValueError, match="no table is called"):
        hooks.on_page_markdown("<!-- table: nothing -->")


def test_the_changelog_has_a_place_for_what_is_new() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## \[Unreleased\]$", text, re.MULTILINE)


def test_architecture_stays_one_page() -> None:
    assert len((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").splitlines()) <= 60
