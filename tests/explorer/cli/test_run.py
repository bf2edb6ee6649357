"""`trustwalk run` as it is typed: what cannot work is one sentence, and nothing is left behind."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from explorer.cli import main
from explorer.lab.demo.app import DemoApp
from explorer.request.resolve import RunOptions
from reports.journal.events import RunFinished, read
from tests.explorer.cli.child import against, trustwalk

URL = "https://desk.test/"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder: a trustwalk.yml or devices.yml of this checkout says nothing here."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def refused(arguments: Sequence[str]) -> str:
    """The sentence with which a command line is turned away."""
    result = CliRunner().invoke(main, ["run", *arguments], env={"COLUMNS": "500"}, prog_name="trustwalk")
    assert (result.exit_code, result.stdout) == (2, "")
    said = result.stderr.partition("Error: ")[2].strip()
    assert said.endswith(".")
    assert "\n" not in said
    return said


@pytest.mark.parametrize(
    "target",
    ["not a url", "https://", "ftp://desk.test/", "desk", "https://desk.test:99999/", "https://:443", "javascript:0"],
)
def test_what_is_no_web_address_is_said(target: str, here: Path) -> None:
    assert f"«{target}»" in refused([target])
    assert list(here.iterdir()) == []


def test_credentials_have_no_place_in_the_address() -> None:
    said = refused(["https://mia:harbour@desk.test/"])
    assert "--login" in said
    assert "harbour" not in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--persona", "grandmother"], "curious"),
        (["--journey", "buy-a-boat"], "start-chat"),
        (["--require", "buy-a-boat"], "start-chat"),
        (["--device", "toaster"], "desktop"),
        (["--format", "pdf"], "html, json"),
        (["--fail-on", "rain"], "blocked"),
        (["--allow", "murder"], "payment"),
    ],
)
def test_an_unknown_name_brings_the_known_ones(arguments: list[str], said: str, here: Path) -> None:
    sentence = refused([URL, *arguments])
    assert arguments[1] in sentence
    assert said in sentence
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("devices: [", "devices.yml is not valid YAML"),
        ("hello", "must hold the key «devices:»"),
        ("devices:\n  desktop: {kind: browser}\n  fridge: {kind: toaster}\n", "line 3"),
        ("devices:\n  desktop: {kind: browser, wheels: 4}\n", "line 2"),
    ],
)
def test_a_devices_file_that_cannot_be_used_is_named_with_its_line(text: str, said: str, here: Path) -> None:
    (here / "devices.yml").write_text(text, encoding="utf-8")
    sentence = refused([URL])
    assert "devices.yml" in sentence
    assert said in sentence


def test_a_key_that_trustwalk_yml_does_not_have_is_named_with_its_line(here: Path) -> None:
    (here / "trustwalk.yml").write_text("seed: 3\npersonna: novice\n", encoding="utf-8")
    sentence = refused([URL])
    assert "line 2" in sentence
    assert "personna" in sentence


def test_a_folder_that_cannot_be_written_or_holds_something_is_left_alone(here: Path) -> None:
    (here / "file").write_text("mine", encoding="utf-8")
    (here / "full").mkdir()
    (here / "full" / "thesis.txt").write_text("mine", encoding="utf-8")
    assert "cannot be written" in refused([URL, "--yes", "--out", "file/run"])
    assert "cannot be written" in refused([URL, "--yes", "--out", "file"])
    assert "full is not empty" in refused([URL, "--yes", "--out", "full"])
    assert [p.name for p in (here / "full").iterdir()] == ["thesis.txt"]
    assert (here / "file").read_text(encoding="utf-8") == "mine"


def test_a_root_that_is_none_is_said_before_anything_starts(here: Path) -> None:
    (here / "root.pem").write_text("no certificate", encoding="utf-8")
    assert "root.pem" in refused([URL, "--ca", "root.pem"])


@pytest.mark.parametrize("arguments", [["--out", "-"], ["--out", "-", "--format", "html,json"]])
def test_stdout_takes_one_format(arguments: list[str]) -> None:
    assert "exactly one" in refused([URL, *arguments])


async def test_an_address_where_nobody_answers_is_one_sentence_and_a_report(
    tmp_path: Path, unused_tcp_port: int
) -> None:
    out = tmp_path / "run"
    async with trustwalk(["run", f"https://127.0.0.1:{unused_tcp_port}/", "--out", str(out)], out) as child:
        code, said, err = await child.ended()
    assert code == 3
    assert "Traceback" not in said + err
    assert f"127.0.0.1:{unused_tcp_port}" in said + err
    assert "</html>" in (out / "report.html").read_text(encoding="utf-8")
    assert json.loads((out / "report.json").read_text(encoding="utf-8"))["schema"]
    end = list(read(out / "journal.jsonl"))[-1]
    assert isinstance(end, RunFinished)
    assert (end.exit_code, end.complete) == (3, True)


async def test_out_to_stdout_prints_the_report_and_nothing_else(tmp_path: Path) -> None:
    words = ["--out", "-", "--format", "json", "--steps", "3", "--journey", "start-chat"]
    async with (
        DemoApp(workdir=tmp_path / "demo") as demo,
        trustwalk(["run", *against(demo), *words], tmp_path / "run") as child,
    ):
        _, out, err = await child.ended()
    report = json.loads(out)
    schema = json.loads(files("reports").joinpath("schemas/report.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(report)
    assert [j["journey"] for j in report["journeys"]] == ["start-chat"]
    assert "start-chat" in err or "Start a chat" in err


def test_the_login_that_a_named_journey_needs_is_walked_with_it(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[RunOptions] = []

    def explored(options: RunOptions, *rest: object, **more: object) -> int:
        asked.append(options)
        return 0

    monkeypatch.setattr("explorer.cli.run.explore_and_tell", explored)
    environment = {"TRUSTWALK_LOGIN": "ann:harbour"}
    result = CliRunner().invoke(main, ["run", URL, "--yes", "--journey", "account-info"], env=environment)
    assert result.exit_code == 0, result.output
    assert [j.id for j in asked[0].journeys] == ["account-info", "login"]
    assert asked[0].login is not None and asked[0].login.reveal() == ("ann", "harbour")
