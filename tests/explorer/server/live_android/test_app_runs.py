"""An uploaded package is explored from the page, on the simulated device that adb shows to everybody."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from explorer.devices.android.tools import find_tools
from explorer.devices.data_folder import data_folder
from explorer.lab.android.lab import AndroidLab
from explorer.lab.demo.app import DemoApp
from tests.explorer.server.conftest import Beside, Server
from tests.explorer.server.live_web.test_pages import LONG, browsing

pytestmark = [pytest.mark.android]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, DemoApp]]:
    """The demo with an expired certificate on its chat, a device that reaches it, and a server beside both."""
    beside, folder = Beside(), tmp_path_factory.mktemp("app")
    demo = DemoApp({"chat": "expired"}, skin="modern", workdir=folder / "demo")
    beside.do(demo.__aenter__())
    logs = folder / "logs"
    logs.mkdir()
    lab = AndroidLab.of_demo(find_tools(data_folder()), logs, demo)
    beside.do(lab.__aenter__())
    resolve = [f"{host}:{port}:{address}" for host, port, address in demo.resolve]
    options = ("--ca", str(demo.ca), *(word for text in resolve for word in ("--resolve", text)))
    server = Server(folder / "runs", options, environment={"ANDROID_ADB_SERVER_PORT": str(lab.adb.port)}).start()
    yield server, demo
    server.end(signal.SIGTERM)
    beside.do(lab.__aexit__(None, None, None))
    beside.do(demo.__aexit__(None, None, None))
    beside.close()


async def test_a_package_goes_from_the_file_chooser_to_its_report(desk: tuple[Server, DemoApp], apk: Path) -> None:
    server, demo = desk
    async with browsing(server) as page:
        await page.get_by_label("APK, or a package").set_input_files(apk)
        await page.get_by_role("button", name="Upload").click()
        await expect(page.get_by_role("heading", name="Desk Support")).to_be_visible()
        await expect(page.get_by_text("chat.desk.test")).to_be_visible()  # told before anything is started
        for box in await page.get_by_role("group", name="Journeys").get_by_role("checkbox").all():
            await box.uncheck()
        await page.get_by_label("Start a chat").check()
        await page.get_by_label("Log in").check()
        await page.get_by_text("Login for the app").click()
        await page.get_by_label("User", exact=True).fill(demo.login[0])
        await page.get_by_label("Password").fill(demo.login[1])
        await page.get_by_label("Steps at most").fill("60")
        await page.get_by_role("button", name="Start").click()
        card = page.get_by_role("article")
        await expect(card).to_contain_text("curious on android", timeout=LONG)
        await expect(card.get_by_role("img")).to_be_visible(timeout=LONG)
        await expect(page.get_by_role("link", name="Read the report")).to_be_visible(timeout=LONG)
        await expect(page.get_by_role("row", name="Start a chat")).to_contain_text("has expired")
        await page.get_by_role("link", name="Read the report").click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("because TLS fails")
    kept = b"".join(file.read_bytes() for file in server.runs.rglob("*") if file.is_file())
    assert demo.login[1].encode() not in kept


async def test_a_program_runs_a_package_and_hears_of_a_device_that_is_not_there(
    desk: tuple[Server, DemoApp], apk: Path
) -> None:
    server, _ = desk
    async with server.client() as client:
        app = (await client.post("/api/v1/uploads", data=apk.read_bytes())).json(201)
        assert app["sha256"] in {a["sha256"] for a in (await client.get("/api/v1/uploads")).json()["apps"]}
        wish: dict[str, Any] = {"app": app["sha256"], "devices": ["emulator"]}
        run = (await client.post("/api/v1/runs", json=wish)).json(202)["id"]
        over = (await client.get(f"/api/v1/runs/{run}", params={"wait": "100"})).json()
        assert (over["exit_code"], over["target"], over["devices"]) == (3, "test.desk.support", ["emulator"])
        assert "emulator of the Android SDK" in over["note"]
        assert (await client.ask("DELETE", f"/api/v1/uploads/{app['sha256']}")).status == 204
        assert "Upload it again" in (await client.post("/api/v1/runs", json=wish)).json(422)["error"]
