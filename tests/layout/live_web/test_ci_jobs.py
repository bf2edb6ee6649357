"""The jobs that people copy are run, not only read: the scripts of action.yml, of the emulator workflow, and of the pages for
GitLab and Jenkins, as these run them, against the demo on loopback."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from explorer.devices.devices import AndroidRow, load_devices
from explorer.lab.demo.app import DemoApp

ROOT = Path(__file__).parents[3]
GITHUB = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
"""How GitHub runs a step with `shell: bash`."""
OTHERS = ("sh", "-e", "-c")
"""How the runners of GitLab and Jenkins run lines of script."""
LIMIT = 180
"""Seconds after which a script counts as hung; a test never waits that long unless it fails."""


@dataclass(frozen=True)
class Ended:
    code: int
    said: str


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A build's folder, with Trustwalk set up in `trustwalk/`, as `make browser` leaves it."""
    (tmp_path / "build" / "trustwalk").mkdir(parents=True)
    (tmp_path / "build" / "trustwalk" / ".venv").symlink_to(sys.prefix)
    return tmp_path / "build"


async def shell(how: tuple[str, ...], script: str, folder: Path, **environment: str) -> Ended:
    """Run a script in the build's folder, in a shell of its own."""
    process = await asyncio.create_subprocess_exec(
        *how,
        script,
        cwd=folder,
        env={**os.environ, "CI": "true", **environment},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(LIMIT):
            said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None
    return Ended(process.returncode, said.decode())


def steps(file: str) -> dict[str, Any]:
    """The steps of an action or of a workflow's only job, by name."""
    read = yaml.safe_load((ROOT / file).read_text(encoding="utf-8"))
    found = read["runs"]["steps"] if "runs" in read else next(iter(read["jobs"].values()))["steps"]
    return {step["name"]: step for step in found if "name" in step}


def block(heading: str, language: str, number: int = 0) -> str:
    """The code of a section of the page about CI: its first block in the language, or another one."""
    page = (ROOT / "docs/ci.md").read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2]
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    return found[number]


def settings(demo: DemoApp, **more: object) -> str:
    """A trustwalk.yml that leads to the demo."""
    told = {
        "resolve": [f"{host}:{port}:{address}" for host, port, address in demo.resolve],
        "steps": 40,
        "test_system": True,
        **more,
    }
    return yaml.safe_dump(told)


async def act(place: Path, target: str, arguments: str) -> tuple[Ended, dict[str, str], str]:
    """The action's step «Explore», with its outputs and the job's summary."""
    step = steps("action.yml")["Explore"]
    (place / "outputs").touch()
    (place / "summary.md").touch()
    given = {"TARGET": target, "ARGUMENTS": arguments, "OUT": "out"}
    assert set(step["env"]) == set(given)
    ended = await shell(
        GITHUB,
        step["run"],
        place,
        GITHUB_ACTION_PATH=str(place / "trustwalk"),
        GITHUB_OUTPUT=str(place / "outputs"),
        GITHUB_STEP_SUMMARY=str(place / "summary.md"),
        **given,
    )
    outputs = dict(line.split("=", 1) for line in (place / "outputs").read_text(encoding="utf-8").splitlines())
    return ended, outputs, (place / "summary.md").read_text(encoding="utf-8")


async def test_the_action_fails_its_step_for_what_fails_and_shows_the_report(place: Path) -> None:
    async with DemoApp(workdir=place / "demo") as demo:  # nobody trusts the demo's root here: the app does not open
        (place / "trustwalk.yml").write_text(settings(demo), encoding="utf-8")
        ended, outputs, summary = await act(place, demo.url, "--persona novice --journey start-chat login")
    assert ended.code == 1, ended.said
    assert outputs == {"folder": "out", "exit-code": "1"}
    assert summary == (place / "out/report.md").read_text(encoding="utf-8") and "portal.desk.test" in summary
    journeys = json.loads((place / "out/report.json").read_text(encoding="utf-8"))["journeys"]
    assert {(j["journey"], j["verdict"]) for j in journeys} == {("start-chat", "blocked"), ("login", "blocked")}
    written = {path.name for path in (place / "out").iterdir()}
    assert {"report.html", "report.json", "junit.xml", "report.sarif", "report.md", "journal.jsonl"} <= written


@pytest.mark.parametrize("arguments", ["--persona nobody", "$(touch broken)"])
async def test_the_action_tells_of_wrong_usage_and_runs_nothing_that_an_input_says(place: Path, arguments: str) -> None:
    ended, outputs, summary = await act(place, "`touch broken`", arguments)
    assert (ended.code, outputs, summary) == (2, {"folder": "out", "exit-code": "2"}, ""), ended.said
    assert not (place / "broken").exists()


def test_the_actions_outputs_are_those_that_its_step_writes() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    step = steps("action.yml")["Explore"]
    for name, output in action["outputs"].items():
        assert output["value"] == f"${{{{ steps.{step['id']}.outputs.{name} }}}}"
        assert f"{name}=%s" in step["run"]
    assert {f"${{{{ inputs.{name} }}}}" for name in action["inputs"]} == set(step["env"].values())
    assert "${{" not in step["run"], "an input spliced into a script would be run"


@pytest.mark.nightly
async def test_the_job_for_gitlab_passes_and_leaves_what_it_says_it_keeps(place: Path) -> None:
    job = yaml.safe_load(block("GitLab", "yaml"))["journeys"]
    async with DemoApp(workdir=place / "demo") as demo:
        (place / "trustwalk.yml").write_text(
            settings(demo, ca=str(demo.ca), journey="knowledge-base"), encoding="utf-8"
        )
        ended = await shell(OTHERS, "\n".join(job["script"]), place, TARGET=demo.url)
    assert ended.code == 0, ended.said
    assert set(job["variables"]) == {"TARGET"}
    assert (place / job["artifacts"]["reports"]["junit"]).is_file()
    assert all((place / path).is_dir() for path in job["artifacts"]["paths"])


PARTS = "Many sessions on many machines"


@pytest.mark.nightly
async def test_the_parts_of_gitlab_s_parallel_job_become_one_run(place: Path) -> None:
    jobs = yaml.safe_load(block(PARTS, "yaml", 1))
    async with DemoApp(workdir=place / "demo") as demo:
        told = settings(demo, ca=str(demo.ca), journey="knowledge-base")
        (place / "trustwalk.yml").write_text(told, encoding="utf-8")
        for number in ("1", "2"):
            script = "\n".join(jobs["part"]["script"])
            ended = await shell(OTHERS, script, place, TARGET=demo.url, CI_NODE_INDEX=number, CI_NODE_TOTAL="2")
            assert ended.code == 0, ended.said
        ended = await shell(OTHERS, "\n".join(jobs["journeys"]["script"]), place)
    assert ended.code == 0, ended.said
    assert len(json.loads((place / "run/report.json").read_text(encoding="utf-8"))["journeys"]) == 10
    assert (place / jobs["journeys"]["artifacts"]["reports"]["junit"]).is_file()


def test_the_parts_of_github_s_matrix_are_all_merged_and_none_decides_alone() -> None:
    jobs = yaml.safe_load(block(PARTS, "yaml"))["jobs"]
    (explore, keep), numbers = jobs["part"]["steps"], jobs["part"]["strategy"]["matrix"]["part"]
    assert (
        explore["continue-on-error"]
        and f"--shard ${{{{ matrix.part }}}}/{len(numbers)}" in explore["with"]["arguments"]
    )
    assert keep["with"]["path"] == explore["with"]["out"]
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    assert set(explore["with"]) <= set(action["inputs"])
    assert jobs["journeys"]["needs"] == "part"
    assert any(" merge parts/* " in step.get("run", "") for step in jobs["journeys"]["steps"])


@pytest.mark.nightly
async def test_the_stage_for_jenkins_fails_for_what_fails_and_leaves_what_it_archives(place: Path) -> None:
    pipeline = block("Jenkins", "groovy")
    lines = re.findall(r"sh '(.*)'$", pipeline, re.MULTILINE)
    assert lines[0] == "make browser"
    (explore,) = (line for line in lines if " run " in line)
    async with DemoApp(workdir=place / "demo") as demo:
        (place / "trustwalk/trustwalk.yml").write_text(settings(demo, journey="login"), encoding="utf-8")
        ended = await shell(
            OTHERS, re.sub(r"https://\S+", demo.url, explore), place / "trustwalk", WORKSPACE=str(place)
        )
    assert ended.code == 1, ended.said
    junit = re.findall(r"junit '(.*)'", pipeline)
    assert "<failure" in (place / junit[0]).read_text(encoding="utf-8")


TOOLS = {
    "cmdline-tools/latest/bin/sdkmanager": "head -n 5 >/dev/null",
    "cmdline-tools/latest/bin/avdmanager": """
folder=${ANDROID_AVD_HOME:-${XDG_CONFIG_HOME:-$HOME/.config}/.android/avd}
while [ $# -gt 0 ]; do [ "$1" = --name ] && name=$2; shift; done
mkdir -p "$folder" && touch "$folder/$name.ini"
""",
    "emulator/emulator": """
[ "$1" = -list-avds ] || exit 1
for file in "${ANDROID_AVD_HOME:-$HOME/.android/avd}"/*.ini; do [ -e "$file" ] && basename "$file" .ini; done
""",
}
"""The SDK's tools, as far as the workflow needs them. The one that makes an AVD and the one that boots it look in different
folders unless ANDROID_AVD_HOME is set (actions/runner-images#11482)."""


async def test_the_emulators_workflow_makes_an_avd_that_the_emulator_finds_and_tells_of_an_app_that_is_not_there(
    place: Path,
) -> None:
    """No emulator here: tools that look where the real ones look, and the script around a run that cannot begin."""
    make = steps(".github/workflows/emulator.yml")["Make an AVD"]["run"]
    for name, script in TOOLS.items():
        tool = place / "sdk" / name
        tool.parent.mkdir(parents=True, exist_ok=True)
        tool.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        tool.chmod(0o755)
    files = {name: str(place / name) for name in ("GITHUB_ENV", "GITHUB_PATH")}
    here = {"HOME": str(place), "ANDROID_HOME": str(place / "sdk"), "IMAGE": "system-images;android-34", **files}
    made = await shell(GITHUB, make, place, **here)
    assert made.code == 0, made.said
    later = dict(line.split("=", 1) for line in (place / "GITHUB_ENV").read_text(encoding="utf-8").splitlines())
    listed = await shell(GITHUB, '"$ANDROID_HOME/emulator/emulator" -list-avds', place, **here, **later)
    assert listed.said == "trustwalk\n"
    emulator = load_devices(place / "devices-emulator.yml").named("emulator")
    assert isinstance(emulator, AndroidRow) and f"--name {emulator.avd} " in make
    step = steps(".github/workflows/emulator.yml")["Explore"]
    given = {"APP": "missing.apk", "SITE": "", "ARGUMENTS": "--steps 5", "TRUSTWALK_LOGIN": ""}
    assert set(step["env"]) == set(given)
    (place / "summary.md").touch()
    ended = await shell(GITHUB, step["run"], place, GITHUB_STEP_SUMMARY=str(place / "summary.md"), **given)
    assert ended.code == 2 and "missing.apk" in ended.said
    assert "${{" not in step["run"]
