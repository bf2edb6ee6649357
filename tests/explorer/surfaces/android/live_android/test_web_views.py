"""An app that is a WebView: a real Chromium behind the device's DevTools socket names what failed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from explorer.devices.android.tools import find_tools
from explorer.devices.data_folder import data_folder
from explorer.lab.android.lab import AndroidLab
from explorer.lab.android.support import PACKAGE
from explorer.lab.android.web_app import WebApp
from explorer.lab.demo.app import DemoApp
from explorer.monitors.app_network import AppNetwork
from explorer.monitors.logs.logcat import LogMonitor
from explorer.monitors.logs.signatures import make_book
from explorer.surfaces.android.surface import AndroidSurface
from explorer.surfaces.web.browser import Browser
from flows.diagnosis import Cause
from flows.screen import Screen
from flows.signals import Family, Signal
from flows.step import Action, ActionKind

pytestmark = [pytest.mark.android, pytest.mark.asyncio(loop_scope="module")]


@dataclass
class World:
    demo: DemoApp
    lab: AndroidLab
    surface: AndroidSurface


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    folder = tmp_path_factory.mktemp("webview")
    tools = find_tools(data_folder())
    async with DemoApp({"kb": "self-signed"}, skin="classic", workdir=folder) as demo:
        browser = Browser(ca=(demo.ca,), resolve=tuple(((h, p), a) for h, p, a in demo.resolve), only_resolved=True)
        async with browser:
            page = await (await browser.context()).new_page()
            apps = {PACKAGE: lambda host: WebApp(host, page, demo.url)}
            async with AndroidLab(tools, folder, {}, demo.ca.read_text(encoding="utf-8"), apps=apps) as lab:
                lab.virtual.views[PACKAGE] = browser.port
                surface = lab.surface()
                await surface.open()
                try:
                    yield World(demo, lab, surface)
                finally:
                    await surface.close()
                assert lab.virtual.unknown == []


async def seen(surface: AndroidSurface, words: str) -> Screen:
    for _ in range(30):
        await surface.settle(2)
        screen = await surface.observe()
        if any(words in text for text in (screen.words(), *(e.name for e in screen.elements))):
            return screen
    raise AssertionError(screen.words())


async def test_what_fails_in_a_webview_is_named_by_its_devtools_and_told_once(world: World) -> None:
    surface = world.surface
    screen = await seen(surface, "Knowledge base")
    assert screen.frames and screen.frames[0].key.startswith("webview:")
    monitor = AppNetwork(LogMonitor(make_book(platform="android"), "s", PACKAGE), "s")
    told = [item for record in surface.drain() for item in monitor.feed(record)]
    link = next(e for e in screen.elements if e.name == "Knowledge base" and e.frame)
    assert not (await surface.act(Action(ActionKind.TAP, ref=link.ref, label=link.name))).problem
    logged = False
    async with asyncio.timeout(120):
        while not (logged and any(isinstance(item, Signal) for item in told)):  # both the log and DevTools tell of it
            await surface.settle(2, change=True)
            await surface.observe()
            for record in surface.drain():
                logged |= record.kind == "line" and "handshake failed" in str(record.data)
                told += monitor.feed(record)
    told += monitor.finish()
    failures = [s for s in told if isinstance(s, Signal) and s.family is Family.TLS]
    assert {(s.host, s.causes[0]) for s in failures} == {("kb.desk.test", Cause.UNTRUSTED_CA)}
    assert all(s.place != "app" and s.request for s in failures)


async def test_forwards_are_taken_down_with_the_session(world: World) -> None:
    await world.surface.close()
    code, said = await world.lab.device._adb("forward", "--list")
    assert code == 0 and "webview_devtools" not in said
