"""The scripts of `--format regression`, run without Trustwalk: they fail while the fault is there and pass once it is mended."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from explorer.devices.android.server import free_port
from explorer.devices.android.tools import find_tools
from explorer.devices.data_folder import data_folder
from explorer.lab.android.lab import AndroidLab, support_apk
from explorer.lab.android.run import DEVICE, demo_run
from explorer.lab.demo.app import DemoApp
from explorer.run.run import Run
from tests.journeys.regression import asked, explored, walked


@pytest.mark.android
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
            environment = {
                "APPIUM_URL": lab.appium.url,
                "CAPABILITIES": json.dumps(
                    {
                        "appium:udid": lab.virtual.serial,
                        "appium:adbPort": lab.adb.port,
                        "appium:suppressKillServer": True,
                        "appium:systemPort": free_port(),
                        "appium:skipDeviceInitialization": True,
                        "appium:skipLogcatCapture": True,
                        "appium:ignoreHiddenApiPolicyError": True,
                        "appium:uiautomator2ServerInstallTimeout": 60_000,
                    }
                ),
            }
            broken, _ = await walked(out, demo, environment)
            await demo.present("tickets", None)
            mended, said = await walked(out, demo, environment)
    assert broken == {"login_in_the_app": "PASSED", "submit_ticket_in_the_app": "FAILED"}
    assert mended == dict.fromkeys(broken, "PASSED"), said
