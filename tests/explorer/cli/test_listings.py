"""`trustwalk personas`, `journeys` and `devices`: what there is, where it comes from, and one's own beside trustwalk.yml."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from explorer.cli import main
from explorer.cli.devices import command as devices
from explorer.cli.journeys import command as journeys
from explorer.cli.names import known_names
from explorer.cli.personas import command as personas
from explorer.request.resolve import journeys_named, personas_named

ROOT = Path(__file__).parents[3]
KEY = {"personas": "name", "journeys": "id", "devices": "name"}
SHIPPED = {
    "personas": [path.stem for path in sorted((ROOT / "personas/catalogue").glob("*.yml"))],
    "journeys": [path.stem for path in sorted((ROOT / "flows/catalogue").glob("*.yml"))],
    "devices": list(yaml.safe_load((ROOT / "devices.yml").read_text(encoding="utf-8"))["devices"]),
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def typed(*words: str) -> Result:
    return CliRunner().invoke(main, list(words), prog_name="trustwalk")


def rows(name: str) -> dict[str, dict[str, Any]]:
    result = typed(name, "--format", "json")
    assert (result.exit_code, result.stderr) == (0, "")
    return {row[KEY[name]]: row for row in json.loads(result.stdout)}


def own(here: Path) -> None:
    """A persona, a journey and a device of somebody's own, and one of each kind that replaces a shipped one."""
    for folder, kind, names in (
        ("personas", "elderly", ("boss", "elderly")),
        ("journeys", "login", ("enrol", "login")),
    ):
        (here / folder).mkdir()
        source = ROOT / ("personas" if folder == "personas" else "flows") / "catalogue" / f"{kind}.yml"
        for name in names:
            data = yaml.safe_load(source.read_text(encoding="utf-8"))
            data |= {KEY[folder]: name, "title": "Our own"}
            (here / folder / f"{name}.yml").write_text(yaml.safe_dump(data), encoding="utf-8")
    (here / "devices.yml").write_text("devices:\n  till: {kind: browser, viewport: [600, 900]}\n", encoding="utf-8")


@pytest.mark.parametrize("name", KEY)
def test_what_ships_is_listed_with_its_file_for_people_and_for_machines(name: str) -> None:
    told = rows(name)
    assert sorted(told) == sorted(SHIPPED[name])
    assert all(row["file"] for row in told.values())
    listed = typed(name)
    assert listed.exit_code == 0
    assert all(each in listed.stdout for each in told)
    assert all(row["file"] in listed.output for row in told.values())


def test_ones_own_stand_beside_the_shipped_ones_or_replace_them(here: Path) -> None:
    own(here)
    people, ways, places = rows("personas"), rows("journeys"), rows("devices")
    assert sorted(people) == sorted([*SHIPPED["personas"], "boss"])
    assert (people["boss"]["file"], people["elderly"]["file"]) == ("personas/boss.yml", "personas/elderly.yml")
    assert sorted(ways) == sorted([*SHIPPED["journeys"], "enrol"])
    assert (ways["enrol"]["file"], ways["login"]["title"]) == ("journeys/enrol.yml", "Our own")
    assert places == {
        "till": {
            "name": "till",
            "note": "",
            "kind": "browser",
            "engine": "chromium",
            "viewport": [600, 900],
            "file": "devices.yml",
        }
    }


def test_ones_own_are_what_a_run_takes(here: Path) -> None:
    own(here)
    assert [(p.name, p.title) for p in personas_named(("boss", "elderly"))] == [
        ("boss", "Our own"),
        ("elderly", "Our own"),
    ]
    assert [j.id for j in journeys_named(("enrol",))] == ["enrol"]
    known = known_names()
    assert "boss" in known["persona"] and "enrol" in known["journey"] and known["device"] == ["till"]
    refused = typed("run", "https://desk.test/", "--device", "desktop")
    assert refused.exit_code == 2 and "Known: till" in refused.stderr


@pytest.mark.parametrize(
    ("command", "file", "text", "said"),
    [
        (personas, "personas/boss.yml", "name: boss\ntitle: Boss\nabout: x\npatience: 0\n", "boss.yml: patience:"),
        (journeys, "journeys/enrol.yml", "id: enrol\ntitle: Enrol\n", "enrol.yml: entry: field required"),
        (journeys, "journeys/enrol.yml", "id: [\n", "enrol.yml is not valid YAML"),
        (devices, "devices.yml", "devices:\n  a: {kind: tv}\n", "devices.yml, line 2, «devices.a.kind»"),
    ],
)
def test_a_bad_one_is_a_sentence_that_names_it_and_offers_nothing(
    here: Path, command: Any, file: str, text: str, said: str
) -> None:
    (here / file).parent.mkdir(exist_ok=True)
    (here / file).write_text(text, encoding="utf-8")
    result = CliRunner().invoke(command, [])
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert "novice" in known_names()["persona"] and "login" in known_names()["journey"]
