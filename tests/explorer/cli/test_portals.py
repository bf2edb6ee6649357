"""Several targets of one trustwalk.yml: each is a run of its own, and none gets what belongs to another."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from explorer.cli import main, portals
from explorer.request.file import ConfigError, load_config, load_file
from tests.reports.runs import write_run

FILE = """
persona: [curious]
steps: 20
targets:
  - {name: shop, target: https://shop.example/, persona: [novice, student], never-press: Buy}
  - {name: my-bank, target: [https://bank.example/, bank.apk], login: anna}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_target_has_its_own_options_and_those_of_the_file(folder: Path) -> None:
    (folder / "trustwalk.yml").write_text(FILE)
    options = load_file()
    assert load_config() == {"personas": ["curious"], "steps": 20}
    assert options.targets["shop"] == {
        "target": ["https://shop.example/"],
        "personas": ["novice", "student"],
        "never_press": ["Buy"],
    }
    assert options.targets["my-bank"]["target"] == ["https://bank.example/", "bank.apk"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("targets: [{name: a, target: https://a.example/}, {name: a, target: https://b.example/}]", "called «a»"),
        ("targets: [{name: a}]", "has no «target»"),
        ("targets: [{name: ../a, target: https://a.example/}]", "name"),
        ("targets: [{name: a, target: https://a.example/, out: /tmp}]", "«out»: there is no such key"),
        ("target: https://a.example/\ntargets: [{name: a, target: https://a.example/}]", "both «target» and «targets»"),
        ("targets: [{name: a, target: https://a.example/, steps: many}]", "steps"),
        ("targets: no", "targets"),
        ("targets: [no]", "targets"),
    ],
)
def test_what_is_wrong_with_a_target_is_told(folder: Path, text: str, told: str) -> None:
    (folder / "trustwalk.yml").write_text(text)
    with pytest.raises(ConfigError, match=told):
        load_file()


def programs(folder: Path, monkeypatch: pytest.MonkeyPatch, ends: dict[str, int]) -> Path:
    """Let a program stand for the runs: it notes how it was called, and ends as it is told."""
    notes = folder / "notes.jsonl"
    script = folder / "run.py"
    script.write_text(
        "import json, os, sys\n"
        f"with open({str(notes)!r}, 'a') as file:\n"
        "    mine = {k: v for k, v in os.environ.items() if k.startswith('TRUSTWALK_LOGIN')}\n"
        "    print(json.dumps([sys.argv[1:], mine]), file=file)\n"
        f"sys.exit({ends!r}[sys.argv[1]])\n"
    )
    monkeypatch.setattr(portals, "_COMMAND", (sys.executable, str(script)))
    return notes


def called(notes: Path) -> list[Any]:
    return [json.loads(line) for line in notes.read_text().splitlines()]


def test_each_target_is_run_with_its_own_login_and_folder_whatever_became_of_the_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "trustwalk.yml").write_text(FILE)
    notes = programs(folder, monkeypatch, {"shop": 2, "my-bank": 1})
    write_run("small", folder / "all/my-bank")
    (folder / "all/my-bank").rename(folder / "kept")
    environment = {"TRUSTWALK_LOGIN_MY_BANK": "anna:one", "TRUSTWALK_LOGIN_SHOP": "bob:two", "TRUSTWALK_LOGIN": "x:y"}
    (folder / "all").rmdir()
    result = CliRunner().invoke(main, ["run", "--out", "all", "--steps", "5"], env=environment)
    assert result.exit_code == 1, result.output
    (shop, mine), (bank, own) = called(notes)
    assert shop == ["shop", "--steps", "5", "--out", "all/shop"]
    assert bank == ["my-bank", "--steps", "5", "--out", "all/my-bank"]
    assert (mine, own) == ({"TRUSTWALK_LOGIN": "bob:two"}, {"TRUSTWALK_LOGIN": "anna:one"})
    assert "TRUSTWALK_LOGIN is not used" in result.output
    assert "was not explored (exit code 2)" in " ".join(result.output.split())
    assert (folder / "all/report.html").is_file()


def test_a_run_that_was_interrupted_ends_all(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "trustwalk.yml").write_text(FILE)
    notes = programs(folder, monkeypatch, {"shop": 130, "my-bank": 0})
    assert CliRunner().invoke(main, ["run"]).exit_code == 130
    assert [name for (name, *_), _ in called(notes)] == ["shop"]
    (page,) = folder.glob("trustwalk-runs/*/report.html")
    assert "It was not begun" in page.read_text()


@pytest.mark.parametrize("option", [["--login", "anna"], ["--out", "-"]])
def test_what_would_go_to_all_targets_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, option: list[str]
) -> None:
    (folder / "trustwalk.yml").write_text(FILE)
    notes = programs(folder, monkeypatch, {})
    assert CliRunner().invoke(main, ["run", *option]).exit_code == 2
    assert not notes.exists()


def test_one_target_is_named_and_the_command_line_wins(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "trustwalk.yml").write_text(FILE)
    asked: list[Any] = []

    def resolve(request: Any, **more: Any) -> Any:
        asked.append((request, more, {k: v for k, v in os.environ.items() if k.startswith("TRUSTWALK_LOGIN")}))
        raise SystemExit(0)

    monkeypatch.setattr("explorer.cli.run.resolve", resolve)
    environment = {"TRUSTWALK_LOGIN_SHOP": "bob:two", "TRUSTWALK_LOGIN_MY_BANK": "anna:one"}
    result = CliRunner().invoke(main, ["run", "shop", "--persona", "elderly"], env=environment)
    assert result.exit_code == 0, result.output
    request, more, left = asked[0]
    assert (request.personas, request.never_press, request.steps) == (("elderly",), ("Buy",), 20)
    assert more["target"] == "https://shop.example/"
    assert request.login is not None
    assert request.login.user == "bob"
    assert left == {}


def test_without_a_target_the_sentence_says_what_to_give(folder: Path) -> None:
    result = CliRunner().invoke(main, ["run"])
    assert result.exit_code == 2
    assert "give an https:// URL or an Android package" in result.output
