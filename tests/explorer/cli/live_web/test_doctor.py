"""What doctor says of a machine, and that it mends only what it is asked to."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from explorer.cli import main
from explorer.cli.doctor import CHECKS, Check, Finding, examine
from explorer.devices.browser_setup import OVERRIDE, SetupError, answers, candidates, find_browser, find_certutil


def a_check(*, fixable: bool = True, fails: bool = False, optional: bool = False, part: str = "web") -> Check:
    """Something that is missing until it is put there."""
    there: list[bool] = []

    async def look() -> Finding:
        return Finding(bool(there), "here" if there else "not here")

    async def fix() -> object:
        if fails:
            raise SetupError("The download was refused. Fetch it by hand.")
        there.append(True)
        return None

    return Check(part, "widget", look, fix if fixable else None, optional=optional)


async def test_what_is_missing_is_told_and_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert await examine("web", fix=False, checks=(a_check(),)) == 3
    told = capsys.readouterr().out
    assert "missing" in told
    assert "trustwalk doctor web --fix" in told


async def test_fix_puts_it_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert await examine("web", fix=True, checks=(a_check(),)) == 0
    assert "here" in capsys.readouterr().out


async def test_what_cannot_be_put_there_is_a_sentence_on_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert await examine("web", fix=True, checks=(a_check(fails=True),)) == 3
    assert "Fetch it by hand." in capsys.readouterr().out
    assert await examine("web", fix=True, checks=(a_check(fixable=False),)) == 3


async def test_what_only_some_need_counts_only_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    checks = (a_check(optional=True, part="android"),)
    assert await examine(None, fix=False, checks=checks) == 0
    assert await examine("web", fix=False, checks=checks) == 0
    assert await examine("android", fix=False, checks=checks) == 3
    capsys.readouterr()


def test_this_machine_is_fit_for_the_web_as_the_tests_need_it() -> None:
    result = CliRunner().invoke(main, ["doctor", "web"])
    assert result.exit_code == 0, result.output
    assert [c.name in result.stdout for c in CHECKS if c.part == "web"] == [True] * 3


def test_an_override_that_is_no_program_is_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["doctor", "web"], env={OVERRIDE: str(tmp_path / "nothing"), "COLUMNS": "400"})
    assert result.exit_code == 3
    assert f"{OVERRIDE} names" in result.stdout


async def test_a_snap_is_no_browser_and_a_program_that_does_not_answer_is_passed_over(tmp_path: Path) -> None:
    bin_, snap = tmp_path / "bin", tmp_path / "snap" / "bin"
    bin_.mkdir()
    snap.mkdir(parents=True)
    (snap / "launcher").write_text("#!/bin/sh\n", encoding="utf-8")
    (snap / "launcher").chmod(0o755)
    (bin_ / "google-chrome").symlink_to(snap / "launcher")
    (bin_ / "chromium").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    (bin_ / "chromium").chmod(0o755)
    environ = {"PATH": str(bin_), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)}
    found = list(candidates(environ))
    assert found[0] == bin_ / "chromium"
    assert bin_ / "google-chrome" not in found
    assert not await answers(bin_ / "chromium")
    assert await find_browser(environ) == bin_ / "chromium"


def test_certutil_comes_from_the_path_or_from_what_was_fetched(tmp_path: Path) -> None:
    environ = {"PATH": str(tmp_path / "none"), "XDG_DATA_HOME": str(tmp_path)}
    assert find_certutil(environ) is None
    fetched = tmp_path / "trustwalk" / "nss" / "usr" / "bin" / "certutil"
    fetched.parent.mkdir(parents=True)
    fetched.touch()
    assert find_certutil(environ) == fetched
    known = shutil.which("certutil", path=os.environ["PATH"])
    assert known is None or find_certutil({**environ, "PATH": os.environ["PATH"]}) == Path(known)
