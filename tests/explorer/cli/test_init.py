"""`trustwalk init`: a file to start from that is good line by line, and that an editor knows the schema of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from jsonschema import Draft7Validator

from explorer.cli import main
from explorer.request.file import KEYS, load_config

MODELINE = "# yaml-language-server: $schema="


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def init() -> Result:
    return CliRunner().invoke(main, ["init"], prog_name="trustwalk")


def uncommented(text: str) -> str:
    """The template's keys, without the sentences above them."""
    lines = [line.removeprefix("# ") for line in text.splitlines() if line.startswith("# ")]
    return "\n".join(line for line in lines if line.partition(":")[0] in KEYS)


def test_every_line_is_good_once_uncommented_and_every_key_is_shown(here: Path) -> None:
    result = init()
    assert result.exit_code == 0, result.output
    keys = uncommented((here / "trustwalk.yml").read_text(encoding="utf-8"))
    shown = yaml.safe_load(keys)
    assert set(KEYS) - set(shown) == {
        "devices",
        "login",
        "storage_state",
        "out",
        "private",
        "headed",
        "proxy",
    }
    (here / "trustwalk.yml").write_text(keys, encoding="utf-8")
    assert load_config()["personas"] == ["curious", "impatient", "novice"]


def test_its_head_names_a_schema_that_is_there_and_that_the_file_fits(here: Path) -> None:
    init()
    text = (here / "trustwalk.yml").read_text(encoding="utf-8")
    head = text.splitlines()[0]
    assert head.startswith(MODELINE) and "://" not in head
    schema = json.loads((here / head.removeprefix(MODELINE)).read_text(encoding="utf-8"))
    Draft7Validator(schema).validate(yaml.safe_load(uncommented(text)))
    assert {path.name for path in (here / ".trustwalk").iterdir()} == {
        f"{name}.schema.json" for name in ("trustwalk", "devices", "persona", "journey")
    }


def test_a_file_that_is_here_is_left_as_it_is(here: Path) -> None:
    (here / "trustwalk.yml").write_text("seed: 7\n", encoding="utf-8")
    result = init()
    assert (result.exit_code, "already exists" in result.stderr) == (2, True)
    assert (here / "trustwalk.yml").read_text(encoding="utf-8") == "seed: 7\n"
    assert not (here / ".trustwalk").exists()
