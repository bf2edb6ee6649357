"""A session is recorded, cleaned, and opens in Playwright's own trace viewer."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import playwright
import pytest
from aiohttp import web

from explorer.evidence.redacting import shareable_har
from explorer.surfaces.web.browser import Browser
from explorer.surfaces.web.recorder import Recorder
from flows.step import Action, ActionKind
from tests.explorer.surfaces.web_world import World, named

VIEWER = Path(playwright.__file__).parent / "driver/package/lib/vite/traceViewer"
FORM = """<link rel=stylesheet href=/look.css><form action=/sent method=post><label>Password <input type=password name=p></label>
<button>Send</button></form><script>fetch("/data.json?token=t0ken")</script>"""

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def record(world: World, folder: Path) -> Recorder:
    """A page, a password typed, a form sent."""
    recorder = Recorder(folder, "curious@desktop", frozenset({"har", "trace"}), shareable=shareable_har)
    world.pages |= {
        "/": FORM,
        "/look.css": "button { color: red }",
        "/data.json": '{"jwt": "t0ken"}',
        "/sent": "<h1>Welcome</h1>",
    }
    surface = await world.browser.surface("t", world.origin("good") + "/", recorder=recorder)
    await surface.open()
    await surface.settle(10)
    screen = await surface.observe()
    field, button = named(screen, "Password"), named(screen, "Send")
    await surface.act(Action(ActionKind.TYPE, field.ref, field.key, "harbour lamp", "Password", secret=True))
    await surface.act(Action(ActionKind.TAP, button.ref, button.key, label="Send"))
    await surface.settle(10)
    await surface.close()
    return recorder


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_static("/", folder)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def test_the_har_names_every_request_and_no_secret(world: World, tmp_path: Path) -> None:
    await record(world, tmp_path)
    text = (tmp_path / "curious@desktop.har").read_text(encoding="utf-8")
    asked = [e["request"]["url"].partition("/")[2].partition("/")[2] for e in json.loads(text)["log"]["entries"]]
    assert {f"{url.partition('/')[2].partition('?')[0]}" for url in asked} >= {"", "look.css", "data.json", "sent"}
    assert [word for word in ("harbour", "t0ken") if word in text] == []


async def test_the_trace_holds_no_secret_and_no_body_that_tells_something(world: World, tmp_path: Path) -> None:
    await record(world, tmp_path)
    with zipfile.ZipFile(tmp_path / "curious@desktop.trace.zip") as trace:
        texts = [trace.read(name).decode() for name in trace.namelist()]
    assert any("color: red" in text for text in texts)
    assert [text[max(0, text.find(w) - 99) :][:200] for text in texts for w in ("harbour", "t0ken") if w in text] == []


async def test_the_trace_opens_in_playwrights_own_viewer(world: World, tmp_path: Path) -> None:
    await record(world, tmp_path)
    shutil.copytree(VIEWER, tmp_path / "viewer")
    shutil.move(tmp_path / "curious@desktop.trace.zip", tmp_path / "viewer" / "trace.zip")
    async with served(tmp_path / "viewer") as origin, Browser() as viewer:
        context = await viewer.context()
        page = await context.new_page()
        await page.goto(f"{origin}/index.html?trace={origin}/trace.zip")
        actions = page.locator(".action-title")
        await actions.filter(has_text="tap Send").click()
        shown = page.frame_locator("iframe.snapshot-visible").get_by_role("button", name="Send")
        assert await shown.evaluate("e => getComputedStyle(e).color") == "rgb(255, 0, 0)"
        told = " ".join(await actions.all_text_contents())
        assert all(words in told for words in ("open https://", "type Password", "tap Send", "the end of the session"))
        await context.close()


async def test_nothing_is_left_behind_where_nothing_was_asked_for(world: World, tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, "quiet", frozenset())
    surface = await world.browser.surface("t", world.origin("good") + "/", recorder=recorder)
    await surface.open()
    await surface.close()
    assert list(tmp_path.iterdir()) == []
