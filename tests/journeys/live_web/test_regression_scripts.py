"""The scripts of `--format regression`, run without Trustwalk: they fail while the fault is there and pass once it is mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.devices.browser_setup import find_browser
from explorer.lab.demo.app import DemoApp
from explorer.run.run import Run
from explorer.surfaces.web.browser import FLAGS, resolver_rules
from tests.journeys.regression import asked, explored, home_that_trusts, walked


@pytest.mark.nightly
async def test_a_web_script_fails_on_the_broken_hosts_and_passes_once_they_are_mended(tmp_path: Path) -> None:
    out = tmp_path / "run"
    (out / "evidence").mkdir(parents=True)
    async with DemoApp({"chat": "expired", "files": "incomplete-chain"}, workdir=tmp_path / "demo") as demo:
        options = asked(demo, ("desktop",), "login", "start-chat", "download-attachment", "upload-attachment")
        await explored(Run(options, out), out)
        rules = resolver_rules([((host, port), address) for host, port, address in demo.resolve], only=True)
        browser = await find_browser()
        environment = {
            "BROWSER": str(browser),
            "BROWSER_ARGS": " ".join([*FLAGS, "--no-sandbox", f"'--host-resolver-rules={rules}'"]),
            "HOME": str(home_that_trusts(demo, tmp_path / "home")),
            "BASE_URL": demo.url,
        }
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
