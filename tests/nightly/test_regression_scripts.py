"""The scripts of `--format regression`, run without Trustwalk: they fail while the fault is there and pass once it is mended."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from explorer.cli.demo import demo_options
from explorer.devices.android.server import free_port
from explorer.devices.android.tools import data_folder, find_tools
from explorer.devices.browser_setup import certutil_environment, find_browser, find_certutil
from explorer.lab.android.lab import AndroidLab, support_apk
from explorer.lab.android.run import DEVICE, demo_run
from explorer.lab.demo.app import DemoApp
from explorer.request.resolve import RunOptions
from explorer.run.run import Run
from explorer.surfaces.web.browser import FLAGS, resolver_rules
from flows.journey import load_catalogue
from personas.persona import by_name
from reports import render

SCRIPT = "test_journeys.py"
HANGS = 300
"""Seconds after which a script that should have ended by its own patience is ended, so that the suite goes on."""


def asked(demo: DemoApp, devices: tuple[str, ...], *journeys: str) -> RunOptions:
    return demo_options(
        demo, personas=by_name(("curious",)), journeys=tuple(j for j in load_catalogue() if j.id in journeys),
        devices=devices, steps=80, seed=1, headed=False,
    )  # fmt: skip


async def explored(run: Run, out: Path) -> None:
    await run.explore()
    run.journal.close()
    render(out, ("regression",), out)


async def walked(out: Path, demo: DemoApp, environment: dict[str, str]) -> tuple[dict[str, str], str]:
    """How each test of the script ends, in a Python of its own, and all that pytest said."""
    environment = {**os.environ, "TRUSTWALK_LOGIN": ":".join(demo.login), "PATIENCE": "10", **environment}
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "pytest", SCRIPT, "-v", "-p", "no:cacheprovider", "-p", "no:xdist", "-c", os.devnull, "--rootdir", str(out),
        cwd=out, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
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


async def test_a_web_script_fails_on_the_broken_hosts_and_passes_once_they_are_mended(tmp_path: Path) -> None:
    out = tmp_path / "run"
    (out / "evidence").mkdir(parents=True)
    async with DemoApp({"chat": "expired", "files": "incomplete-chain"}, workdir=tmp_path / "demo") as demo:
        options = asked(demo, ("desktop",), "login", "start-chat", "download-attachment", "upload-attachment")
        await explored(Run(options, out), out)
        rules = resolver_rules([((host, port), address) for host, port, address in demo.resolve], only=True)
        browser = await find_browser()
        environment = {
            "BROWSER": str(browser), "BROWSER_ARGS": " ".join([*FLAGS, "--no-sandbox", f"'--host-resolver-rules={rules}'"]),
            "HOME": str(home_that_trusts(demo, tmp_path / "home")), "BASE_URL": demo.url,
        }  # fmt: skip
        broken, _ = await walked(out, demo, environment)
        await demo.present("chat", None)
        await demo.present("files", None)
        mended, said = await walked(out, demo, environment)
    assert broken == {
        "login": "PASSED",
        "start_chat": "FAILED",
        "download_attachment": "FAILED",
        "upload_attachment": "FAILED",
    }
    assert mended == dict.fromkeys(broken, "PASSED"), said


@pytest.mark.android
@pytest.mark.xdist_group("android")
async def test_an_apps_script_fails_on_the_broken_host_and_passes_once_it_is_mended(tmp_path: Path) -> None:
    out = tmp_path / "run"
    (out / "evidence").mkdir(parents=True)
    tools = find_tools(data_folder())
    async with DemoApp({"tickets": "expired"}, skin="modern", workdir=tmp_path / "demo") as demo:
        options = asked(demo, (DEVICE,), "login", "submit-ticket").model_copy(
            update={"target": support_apk().name, "counter_proof": False}
        )
        await explored(Run(options, out, android=demo_run(tools, demo)), out)
        async with AndroidLab.of_demo(tools, tmp_path, demo) as lab:
            await lab.device.install((support_apk(),))
            environment = {"APPIUM_URL": lab.appium.url, "CAPABILITIES": json.dumps({
                "appium:udid": lab.virtual.serial, "appium:adbPort": lab.adb.port, "appium:suppressKillServer": True,
                "appium:systemPort": free_port(), "appium:skipDeviceInitialization": True, "appium:skipLogcatCapture": True,
                "appium:ignoreHiddenApiPolicyError": True, "appium:uiautomator2ServerInstallTimeout": 60_000,
            })}  # fmt: skip
            broken, _ = await walked(out, demo, environment)
            await demo.present("tickets", None)
            mended, said = await walked(out, demo, environment)
    assert broken == {"login_in_the_app": "PASSED", "submit_ticket_in_the_app": "FAILED"}
    assert mended == dict.fromkeys(broken, "PASSED"), said
