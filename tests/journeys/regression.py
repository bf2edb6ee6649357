"""Runs the scripts of `--format regression` without Trustwalk."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path

from explorer.cli.demo import demo_options
from explorer.devices.browser_setup import certutil_environment, find_certutil
from explorer.lab.demo.app import DemoApp
from explorer.request.resolve import RunOptions
from explorer.run.run import Run
from flows.journey import load_catalogue
from personas.persona import by_name
from reports import render

SCRIPT = "test_journeys.py"
HANGS = 300
"""Seconds after which a script that should have ended by its own patience is ended, so that the suite goes on."""


def asked(demo: DemoApp, devices: tuple[str, ...], *journeys: str) -> RunOptions:
    return demo_options(
        demo,
        personas=by_name(("curious",)),
        journeys=tuple(j for j in load_catalogue() if j.id in journeys),
        devices=devices,
        steps=80,
        seed=1,
        headed=False,
    )


async def explored(run: Run, out: Path) -> None:
    await run.explore()
    run.journal.close()
    render(out, ("regression",), out)


async def walked(out: Path, demo: DemoApp, environment: dict[str, str]) -> tuple[dict[str, str], str]:
    """How each test of the script ends, in a Python of its own, and all that pytest said."""
    environment = {**os.environ, "TRUSTWALK_LOGIN": ":".join(demo.login), "PATIENCE": "10", **environment}
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "pytest",
        SCRIPT,
        "-v",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "-c",
        os.devnull,
        "--rootdir",
        str(out),
        cwd=out,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(HANGS):
            said = (await child.communicate())[0].decode()
    except TimeoutError:
        child.kill()
        raise
    found = dict(re.findall(r"::test_(\w+) (PASSED|FAILED|ERROR)", said))
    assert found, said
    assert "ERROR" not in found.values(), said
    return found, said


def home_that_trusts(demo: DemoApp, folder: Path) -> Path:
    """A HOME whose Chromium takes the demo's root for one of its user's own."""
    certutil = find_certutil()
    assert certutil is not None, "trustwalk doctor web --fix"
    store = folder / ".pki" / "nssdb"
    store.mkdir(parents=True)
    for words in (("-N", "--empty-password"), ("-A", "-t", "C,,", "-n", "demo", "-i", str(demo.ca))):
        subprocess.run([certutil, "-d", f"sql:{store}", *words], env=certutil_environment(certutil), check=True)
    return folder
