"""A run that is cut off in the middle: by Ctrl-C, by SIGTERM, by a browser that dies, by kill -9."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from explorer.lab.demo.app import DemoApp
from reports.journal.events import read
from tests.explorer.cli.child import LIMIT, Child, against, trustwalk

JOURNEYS = 8


@pytest.fixture
async def child(tmp_path: Path) -> AsyncIterator[Child]:
    """One that has taken five steps in an app with one broken host."""
    out = tmp_path / "run"
    async with (
        DemoApp({"analytics": "expired"}, workdir=tmp_path / "demo") as demo,
        trustwalk(
            ["run", *against(demo), "--out", str(out), "--format", "html,json", "--evidence", "har,trace"],
            out,
            TRUSTWALK_LOGIN=":".join(demo.login),
        ) as running,
    ):
        await running.until_step(5)
        yield running


def told(out: Path) -> dict[str, str]:
    """Journey → verdict of report.json; the journal has to be whole, and the page to be there."""
    assert list(read(out / "journal.jsonl"))
    assert "</html>" in (out / "report.html").read_text(encoding="utf-8")
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    return {j["journey"]: j["verdict"] for j in report["journeys"]}


async def over(pid: int) -> None:
    """Wait until a process that is not our child has ended; a zombie has."""
    async with asyncio.timeout(LIMIT):
        while True:
            try:
                state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
            except OSError:
                return
            if state == "Z":
                return
            await asyncio.sleep(0.05)


SIGNALS = {"ctrl-c": signal.SIGINT, "sigterm": signal.SIGTERM, "sighup": signal.SIGHUP}


@pytest.mark.parametrize(
    "how", ["ctrl-c", *(pytest.param(how, marks=pytest.mark.nightly) for how in SIGNALS if how != "ctrl-c")]
)
async def test_a_run_that_is_stopped_tells_what_it_saw(how: str, child: Child) -> None:
    """The whole process group gets the signal, as from a terminal or from a job in CI that is cancelled."""
    browser = child.browser()
    os.killpg(child.process.pid, SIGNALS[how])
    code, out, err = await child.ended()
    assert code == 130
    assert "Interrupted: the verdicts cover the time until then." in out
    assert "Traceback" not in out + err
    assert len(told(child.out)) == JOURNEYS
    assert (child.journal[-1]["type"], child.journal[-1]["complete"]) == ("run-finished", False)
    assert list((child.out / "evidence").glob("*@*.har"))  # the trace goes, as nothing had failed by then
    assert "recording-lost" not in {line["finding"]["kind"] for line in child.journal if line["type"] == "finding"}
    await over(browser)
    assert left(child) == []


async def test_one_who_presses_ctrl_c_again_and_again_leaves_nothing_behind(child: Child) -> None:
    browser = child.browser()
    for _ in range(4):
        child.interrupt()
    code, _, err = await child.ended()
    assert code == 130
    assert "Traceback" not in err, err
    await over(browser)
    assert left(child) == []
    assert list(read(child.out / "journal.jsonl"))


def left(child: Child) -> list[str]:
    """Files in the folder for temporary files, without the locks of folders."""
    return [str(p) for p in child.temporary.rglob("*") if p.is_file() and p.name != "lock"]


async def test_no_program_that_it_starts_gets_the_login(child: Child) -> None:
    environments = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            told = (folder / "environ").read_bytes()
            if str(child.temporary).encode() in told and int(folder.name) != child.process.pid:
                environments.append(told)
    assert len(environments) > 2, "a driver, a browser and its helpers"
    assert not [e for e in environments if b"TRUSTWALK_LOGIN" in e]


async def test_a_browser_that_dies_ends_the_run_with_a_report(child: Child) -> None:
    os.kill(child.browser(), signal.SIGKILL)
    code, out, err = await child.ended()
    assert code in (1, 3)
    assert "Cut short: The browser died" in out
    assert "Traceback" not in out + err
    assert len(told(child.out)) == JOURNEYS
    assert "gone" in {line["why"] for line in child.journal if line["type"] == "session-ended"}


async def test_after_kill_9_the_report_is_told_from_the_journal(child: Child) -> None:
    browser = child.browser()
    child.process.kill()
    await child.ended()
    assert child.journal[-1]["type"] != "run-finished"
    async with trustwalk(["report", str(child.out), "--format", "html,json"], child.out) as report:
        code, _, err = await report.ended()
    assert (code, err) == (0, "")
    told(child.out)
    assert "was cut off" in (child.out / "report.html").read_text(encoding="utf-8")
    await over(browser)
    assert left(child), "profiles and logs of the browser lie there"
    async with trustwalk(["run", "http://127.0.0.1:9/", "--out", str(child.out.parent / "next")], child.out) as another:
        await another.ended()
    assert left(child) == []
