"""The tab key: real shells are asked what they would offer, for every shell that is on this machine (bash always is)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from explorer.cli import COMMANDS, main
from explorer.cli.completing import words_for
from explorer.cli.options import _LISTS
from reports import FORMATS

ROOT = Path(__file__).parents[3]
BIN = Path(sys.executable).parent
ASK_BASH = """
eval "$(trustwalk completion bash)"
complete -p trustwalk >/dev/null || exit 9
for line in "$@"; do
  read -r -a COMP_WORDS <<< "$line"
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  COMPREPLY=()
  _trustwalk_completion trustwalk
  printf '%s\\n' "${COMPREPLY[*]}"
done
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def bash(*lines: str) -> list[str]:
    """What bash would offer for the last word of each line."""
    shell = shutil.which("bash")
    assert shell
    asked = subprocess.run(
        [shell, "--norc", "--noprofile", "-c", ASK_BASH, "bash", *lines],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"},
    )
    assert (asked.returncode, asked.stderr) == (0, "")
    return asked.stdout.splitlines()


def protocol(shell: str, line: str) -> str:
    """What the program answers to a shell's own script. `line` ends with the word that is being typed."""
    words = line.split(" ")
    asked = {"_TRUSTWALK_COMPLETE": f"{shell}_complete", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    if shell == "fish":
        asked["COMP_CWORD"] = words[-1]
    return CliRunner().invoke(main, [], prog_name="trustwalk", env=asked).output


def offered(line: str) -> list[str]:
    return [row.partition(",")[2] for row in protocol("bash", line).splitlines() if row]


def own_persona(here: Path, name: str) -> None:
    data = yaml.safe_load((ROOT / "personas/catalogue/elderly.yml").read_text(encoding="utf-8")) | {"name": name}
    (here / "personas").mkdir()
    (here / f"personas/{name}.yml").write_text(yaml.safe_dump(data), encoding="utf-8")


def test_bash_completes_commands_and_names_for_real_and_those_of_ones_own_files(here: Path) -> None:
    own_persona(here, "boss")
    assert bash("trustwalk pers", "trustwalk run https://desk.test/ --persona impatient bo") == ["personas", "boss"]


def test_rows_of_the_file_that_was_named_are_offered(here: Path) -> None:
    (here / "mine.yml").write_text("devices:\n  till: {kind: browser}\n", encoding="utf-8")
    assert offered("trustwalk run --devices mine.yml --device ") == ["till"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("trustwalk run --format ", list(FORMATS)),
        ("trustwalk run --format html,js", ["html,json"]),
        ("trustwalk run --format html,junit,j", ["html,junit,json"]),
        ("trustwalk run --format html jun", ["junit"]),
        ("trustwalk demo --journey start-chat subm", ["submit-ticket"]),
        ("trustwalk run --require log", ["login"]),
        ("trustwalk run --device de", ["desktop"]),
        ("trustwalk run --persona al", ["all"]),
        ("trustwalk run --allow pay", ["payment"]),
        ("trustwalk run --fail-on failed,oth", ["failed,other"]),
        ("trustwalk run --evidence none f", ["film"]),
        ("trustwalk report somewhere --format mark", ["markdown"]),
        ("trustwalk report --format html mark", ["markdown"]),
        ("trustwalk run --fail", ["--fail-on"]),
        ("trustwalk run app", ["app"]),
        ("trustwalk schema pe", ["persona"]),
        ("trustwalk completion z", ["zsh"]),
        ("trustwalk ", [name for name, _ in COMMANDS]),
    ],
)
def test_what_is_offered(line: str, words: list[str]) -> None:
    assert offered(line) == words


def test_the_runs_that_lie_here_are_offered_newest_first(here: Path) -> None:
    for name in ("2026-01-01-desk", "2026-02-02-desk", "broken"):
        (here / "trustwalk-runs" / name).mkdir(parents=True)
    for name in ("2026-01-01-desk", "2026-02-02-desk"):
        (here / "trustwalk-runs" / name / "journal.jsonl").write_text("", encoding="utf-8")
    assert offered("trustwalk report trustwalk-runs/") == [
        "trustwalk-runs/2026-02-02-desk",
        "trustwalk-runs/2026-01-01-desk",
    ]
    assert protocol("bash", "trustwalk report else") == "dir,else\n"


def test_files_that_cannot_be_used_offer_nothing_and_break_nothing(here: Path) -> None:
    (here / "trustwalk.yml").write_text("no-such-key: 1\n", encoding="utf-8")
    (here / "devices.yml").write_text("devices: [\n", encoding="utf-8")
    assert offered("trustwalk run --device ") == []
    assert offered("trustwalk run --persona eld") == ["elderly"]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_are_told_what_the_words_mean(shell: str) -> None:
    script = CliRunner().invoke(main, ["completion", shell], prog_name="trustwalk")
    assert script.exit_code == 0 and f"_TRUSTWALK_COMPLETE={shell}_complete" in script.stdout
    told = protocol(shell, "trustwalk run --persona eld")
    assert "elderly" in told and "Elderly" in told


def test_the_shell_is_the_users_own_where_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/usr/bin/fish")
    assert "fish_complete" in CliRunner().invoke(main, ["completion"], prog_name="trustwalk").stdout
    monkeypatch.setenv("SHELL", "/bin/csh")
    refused = CliRunner().invoke(main, ["completion"], prog_name="trustwalk")
    assert (refused.exit_code, "bash, zsh, fish" in refused.stderr) == (2, True)


def test_every_option_that_takes_a_list_of_names_is_completed() -> None:
    assert [option for option in sorted(_LISTS - {"--break"}) if words_for(option) is None] == []
