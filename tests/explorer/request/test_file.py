"""trustwalk.yml: what it says is used, and what it cannot mean is refused with file, line and key."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from explorer.cli.run import command as run
from explorer.request.file import KEYS, ConfigError, load_config


def test_what_the_file_says_is_given_under_the_commands_names(tmp_path: Path) -> None:
    path = tmp_path / "trustwalk.yml"
    path.write_text("persona: novice\nformat: [html, junit]\nfail-on: failed,other\ntime: 5m\n")
    given = load_config(path)
    assert given == {"personas": ["novice"], "formats": ["html", "junit"], "fail_on": "failed,other", "time": "5m"}


def test_every_option_of_the_command_has_its_key() -> None:
    options = {option.name for option in run.params if option.expose_value}
    assert {field.name for field in KEYS.values()} == options


def test_the_target_may_stand_in_the_file_and_the_command_line_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "trustwalk.yml").write_text("target: no address\n")
    for words, named in (([], "no address"), (["another one"], "another one")):
        result = CliRunner().invoke(run, words)
        assert (result.exit_code, f"«{named}» is not a web address" in result.stderr) == (2, True)
    (tmp_path / "trustwalk.yml").write_text("target: [first.test, second.test]\n")
    assert "explores one web address" in CliRunner().invoke(run, []).stderr
    (tmp_path / "trustwalk.yml").write_text("seed: 1\n")
    assert "Missing argument" in CliRunner().invoke(run, []).stderr


def test_without_a_file_nothing_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_config() == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("seed: 1\npersonas: [novice]\n", ["line 2", "«personas»", "Known: target, persona"]),
        ("steps: 0\n", ["line 1", "«steps»", "greater than or equal to 1"]),
        ("login: ann:secret\n", ["line 1", "«login»", "set TRUSTWALK_LOGIN"]),
        ("seed: 1\nfail-on: rain\n", ["line 2", "«fail_on»", "«rain»", "Known: failed"]),
        ("time: soon\n", ["line 1", "«time»", "is not a time"]),
        ("allow: [payment, murder]\n", ["line 1", "«allow»", "There is no «murder»"]),
        ("resolve: [x]\n", ["line 1", "«resolve»", "is not HOST:PORT:ADDRESS"]),
        ("app: x\n", ["line 1", "there is no such key"]),
        ("server: 'http://desk.example/?token=hush'\n", ["line 1", "«server»", "set TRUSTWALK_TOKEN"]),
        ("- a\n- b\n", ["must hold keys"]),
        ("a: [\n", ["is not valid YAML"]),
    ],
)
def test_a_bad_file_is_refused_with_file_line_and_key(tmp_path: Path, text: str, words: list[str]) -> None:
    path = tmp_path / "trustwalk.yml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert str(path) in str(caught.value)
    assert "secret" not in str(caught.value) and "hush" not in str(caught.value)
    for word in words:
        assert word in str(caught.value)


def test_a_named_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path / "nowhere.yml")
