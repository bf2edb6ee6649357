"""Schemas for editors: those that ship are what the models say, and say of a file what Trustwalk itself says of it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from jsonschema import Draft7Validator

from explorer.cli import main
from explorer.cli.schema_models import MODELS, SHIPPED, schema, text
from explorer.devices.devices import DeviceError, load_devices
from explorer.request.file import ConfigError, load_config
from flows.journey import JourneyError, load_catalogue
from personas.persona import PersonaError, load

ROOT = Path(__file__).parents[3]
PERSONA = yaml.safe_load((ROOT / "personas/catalogue/elderly.yml").read_text(encoding="utf-8"))
JOURNEY = yaml.safe_load((ROOT / "flows/catalogue/login.yml").read_text(encoding="utf-8"))
OURS = {
    "devices": [ROOT / "devices.yml"],
    "persona": sorted((ROOT / "personas/catalogue").glob("*.yml")),
    "journey": sorted((ROOT / "flows/catalogue").glob("*.yml")),
}


def typed(*words: str) -> Result:
    return CliRunner().invoke(main, ["schema", *words], prog_name="trustwalk")


def fits(name: str, data: Any) -> bool:
    return bool(Draft7Validator(schema(name)).is_valid(data))


@pytest.mark.parametrize("name", MODELS)
def test_the_file_that_ships_is_what_the_model_says(name: str) -> None:
    shipped = (SHIPPED / f"{name}.schema.json").read_text(encoding="utf-8")
    assert shipped == text(name), "run `make schemas`"
    Draft7Validator.check_schema(json.loads(shipped))
    assert "registry" not in shipped and not re.search(
        r"https?://(?!json-schema\.org/draft-07)", shipped.replace("^https?://", "")
    )


@pytest.mark.parametrize(
    ("name", "file"), [(n, f) for n, files in OURS.items() for f in files], ids=lambda v: getattr(v, "stem", v)
)
def test_all_that_comes_along_fits(name: str, file: Path) -> None:
    Draft7Validator(schema(name)).validate(yaml.safe_load(file.read_text(encoding="utf-8")))


def test_every_key_is_explained() -> None:
    def unexplained(node: Any, path: str) -> list[str]:
        if not isinstance(node, dict):
            return []
        found = [f"{path}.{key}" for key, value in node.get("properties", {}).items() if not value.get("description")]
        return found + [lost for key, value in node.get("definitions", {}).items() for lost in unexplained(value, key)]

    assert [lost for name in MODELS for lost in unexplained(schema(name), name)] == []


@pytest.mark.parametrize(
    ("name", "data", "good"),
    [
        ("trustwalk", {"persona": "novice", "fail-on": "failed,other"}, True),
        (
            "trustwalk",
            {"persona": ["novice", "curious"], "fail_on": "failed", "steps": 5, "allow-origin": "https://a.example"},
            True,
        ),
        ("trustwalk", {"evidence": ["har", "film"], "allow": "payment", "headed": True}, True),
        ("trustwalk", {"personas": ["novice"]}, False),
        ("trustwalk", {"steps": 0}, False),
        ("trustwalk", {"login": "ann:secret"}, False),
        ("trustwalk", {"allow": ["everything"]}, False),
        ("trustwalk", {"headed": "often"}, False),
        ("devices", {"devices": {"here": {"kind": "browser", "viewport": [800, 600]}}}, True),
        ("devices", {"devices": {"usb": {"kind": "android", "serial": "any"}}}, True),
        ("devices", {"devices": {"here": {"kind": "tv"}}}, False),
        ("devices", {"devices": {"here": {"kind": "browser", "viewprt": [800, 600]}}}, False),
        ("devices", {"devices": {"here": {"kind": "browser", "viewport": [800]}}}, False),
        ("devices", {"devices": {"here": {"kind": "android", "appium": "hub.example"}}}, False),
        ("devices", {"devices": {}, "source": "mine"}, False),
        ("persona", PERSONA, True),
        ("persona", PERSONA | {"patience": 0}, False),
        ("persona", PERSONA | {"typos": 2}, False),
        ("persona", PERSONA | {"patients": 3}, False),
        ("persona", {key: value for key, value in PERSONA.items() if key != "name"}, False),
        ("persona", PERSONA | {"text_length": "huge"}, False),
        ("journey", JOURNEY, True),
        ("journey", JOURNEY | {"stages": [{"id": "open", "do": "press"}]}, False),
        ("journey", JOURNEY | {"success": {"structure": ["loged-in"]}}, False),
        ("journey", JOURNEY | {"sucess": {}}, False),
        ("journey", {key: value for key, value in JOURNEY.items() if key != "entry"}, False),
    ],
)
def test_an_editor_says_of_a_file_what_trustwalk_says(name: str, data: Any, good: bool, tmp_path: Path) -> None:
    file = tmp_path / "mine.yml"
    file.write_text(yaml.safe_dump(data), encoding="utf-8")
    try:
        match name:
            case "trustwalk":
                load_config(file)
            case "devices":
                load_devices(file)
            case "persona":
                load([tmp_path])
            case _:
                load_catalogue([tmp_path])
        loaded = True
    except (ConfigError, DeviceError, PersonaError, JourneyError):
        loaded = False
    assert (fits(name, data), loaded) == (good, good)


def test_names_of_the_folder_are_offered_and_others_still_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "personas").mkdir()
    (tmp_path / "personas/boss.yml").write_text(yaml.safe_dump(PERSONA | {"name": "boss"}), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    told = json.loads(typed("trustwalk").stdout)
    Draft7Validator.check_schema(told)
    offered = json.dumps(told["properties"]["persona"])
    assert '"boss"' in offered and '"novice"' in offered
    assert '"start-chat"' in json.dumps(told["properties"]["require"])
    assert Draft7Validator(told).is_valid({"persona": ["boss", "somebody-to-come"], "format": "junit"})
    assert '"keyboard-share"' in json.dumps(json.loads(typed("persona").stdout)["definitions"]["Expectation"])


def test_all_are_written_into_a_folder_or_listed(tmp_path: Path) -> None:
    result = typed("--out", str(tmp_path / "deep/schemas"))
    assert result.exit_code == 0
    assert [Path(line).name for line in result.stdout.split()] == [f"{name}.schema.json" for name in MODELS]
    assert all(Path(line).is_file() for line in result.stdout.split())
    assert all(name in typed().stdout for name in MODELS)
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert typed("--out", str(tmp_path / "file/below")).exit_code == 2
    assert typed("persona", "--out", str(tmp_path)).exit_code == 2


@pytest.mark.parametrize("file", [f for files in OURS.values() for f in files], ids=lambda f: f.stem)
def test_a_schema_that_a_file_names_at_its_head_is_there(file: Path) -> None:
    for named in re.findall(
        r"^# yaml-language-server: \$schema=(\S+)$", file.read_text(encoding="utf-8"), re.MULTILINE
    ):
        assert (file.parent / named).is_file()
