"""The support app on the virtual device, through the real adb, the real Appium server and its UiAutomator2 driver."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from explorer.devices.android.tools import find_tools
from explorer.devices.data_folder import data_folder
from explorer.lab.android.lab import AndroidLab
from explorer.lab.android.process import not_responding
from explorer.lab.demo.app import DemoApp
from explorer.monitors.logs.logcat import LogMonitor
from explorer.monitors.logs.signatures import make_book
from explorer.surfaces.android.surface import AndroidSurface
from explorer.surfaces.surface import Settled, SurfaceGone
from flows.diagnosis import Cause
from flows.record import Record
from flows.screen import Element, Screen
from flows.step import Action, ActionKind

pytestmark = [pytest.mark.android, pytest.mark.asyncio(loop_scope="module")]


@dataclass
class World:
    """The demo's servers and the whole Android side."""

    demo: DemoApp
    lab: AndroidLab


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    folder = tmp_path_factory.mktemp("android")
    tools = find_tools(data_folder())
    async with DemoApp(skin="modern", workdir=folder) as demo, AndroidLab.of_demo(tools, folder, demo) as lab:
        for number in range(60):  # a device that has been in use: its list of files is longer than its screen
            lab.virtual.files.put(f"/sdcard/Download/invoice-{number}.pdf", b"%PDF")
        yield World(demo, lab)
        assert lab.virtual.unknown == []


@pytest_asyncio.fixture(loop_scope="module")
async def surface(world: World) -> AsyncIterator[AndroidSurface]:
    """A fresh session with its first screen open and the permission dialog answered."""
    made = world.lab.surface()
    try:
        await made.open()
        await made.settle(10)
        if (await made.observe()).dialog:
            await made.act(Action(ActionKind.DISMISS))
            await made.settle(10)
        await made.observe()
        yield made
    finally:
        await made.close()


def named(screen: Screen, name: str) -> Element:
    found = [e for e in screen.elements if name in {e.name, *e.hints}]
    assert found, f"{name} not in {[e.name for e in screen.elements]}"
    return found[0]


class Walker:
    """Acts on elements by their names."""

    def __init__(self, surface: AndroidSurface) -> None:
        self.surface = surface
        self.records: list[Record] = []

    async def do(self, kind: ActionKind, name: str = "", text: str = "") -> tuple[Screen, Settled]:
        element = named(await self.surface.observe(), name) if name else None
        acted = await self.surface.act(Action(kind, ref=element.ref if element else "", text=text, label=name))
        assert not acted.problem
        settled = await self.surface.settle(8)
        screen = await self.surface.observe()
        self.records += self.surface.drain()
        return screen, settled

    async def tap(self, name: str) -> Screen:
        return (await self.do(ActionKind.TAP, name))[0]

    async def type(self, name: str, text: str) -> Screen:
        return (await self.do(ActionKind.TYPE, name, text))[0]

    async def until(self, fits: Callable[[Screen], bool]) -> Screen:
        for _ in range(20):
            screen = await self.surface.observe()
            if fits(screen):
                return screen
            await self.surface.settle(2, change=True)
        raise AssertionError(screen.words())


async def test_an_audit_of_the_first_screen_finds_nothing_amiss_and_touches_nothing(surface: AndroidSurface) -> None:
    before = await surface.observe()
    found = await surface.audit()
    assert (found.flaws, found.problem) == ((), "")
    assert await surface.observe() == before


def logged(records: Sequence[Record]) -> str:
    return "\n".join(r.data["text"] for r in records if r.kind == "line")


@pytest.fixture
def walk(surface: AndroidSurface) -> Walker:
    return Walker(surface)


async def test_a_ticket_is_typed_and_sent(world: World, walk: Walker) -> None:
    await walk.tap("Write to us")
    for field, text in (
        ("Your name", "Ana"),
        ("E-mail address", "ana@desk.test"),
        ("Subject", "Printer"),
        ("How can we help?", 'It is «on fire» & "hot"'),
    ):
        screen = await walk.type(field, text)
    assert [e.value for e in screen.elements if e.role == "textbox"] == [
        "Ana",
        "ana@desk.test",
        "Printer",
        'It is «on fire» & "hot"',
    ]
    screen = await walk.tap("Send request")
    assert "Thank you! Your request T-" in screen.words()
    assert world.demo.state.tickets[-1].message == 'It is «on fire» & "hot"'


async def test_login_opens_what_was_shut(world: World, walk: Walker) -> None:
    screen = await walk.tap("Sign in")
    assert [e.kind for e in screen.elements if e.role == "textbox"] == ["", "password"]
    user, password = world.demo.login
    await walk.type("E-mail", user)
    screen = await walk.type("Password", password)
    assert password not in str(screen)  # the device shows dots
    screen = await walk.tap("Continue")
    named(screen, "Sign out")
    screen = await walk.tap("My profile")
    assert "Mia Lindqvist" in screen.words()


async def test_a_chat_is_answered(world: World, walk: Walker) -> None:
    await walk.tap("Talk to an agent")
    await walk.until(lambda s: any(e.role == "textbox" for e in s.elements))
    await walk.type("Your message", "hello there")
    screen = await walk.tap("Send")
    heard = len([t for t in screen.texts if t.role == "log"])
    screen = await walk.until(lambda s: len([t for t in s.texts if t.role == "log"]) >= max(3, heard))
    assert "hello there" in world.demo.state.chat_lines


async def test_a_file_goes_through_the_systems_picker_and_another_comes_back(
    world: World, walk: Walker, tmp_path: Path
) -> None:
    picture = tmp_path / "screen shot.png"
    picture.write_bytes(b"\x89PNG not really")
    screen = await walk.tap("Send a screenshot")
    assert named(screen, "Choose a file").role == "file"
    await walk.do(ActionKind.UPLOAD, "Choose a file", str(picture))
    await walk.tap("Upload")
    assert world.demo.state.uploads[-1].content == picture.read_bytes()
    await walk.do(ActionKind.BACK)
    await walk.tap("Downloads")
    screen = await walk.until(lambda s: any("pdf" in e.name for e in s.elements))
    assert screen.downloads == 0
    await walk.tap(next(e.name for e in screen.elements if "pdf" in e.name))
    assert (await walk.until(lambda s: s.downloads == 1)).downloads == 1
    assert picture.name in await world.lab.device.downloads()
    await walk.surface.close()
    assert picture.name not in await world.lab.device.downloads()  # what was pushed for the user to pick goes again


async def test_articles_are_read_and_left_by_the_back_key(walk: Walker) -> None:
    screen = await walk.tap("Help center")
    article = next(e for e in screen.elements if e.role == "clickable")
    screen = await walk.tap(article.name)
    assert len(screen.words()) > 100 and screen.address.endswith("/.ArticleActivity")
    screen, _ = await walk.do(ActionKind.BACK)
    assert article.name in screen.words()


async def test_leaving_the_app_is_followed_by_going_back_to_it(walk: Walker) -> None:
    screen, _ = await walk.do(ActionKind.BACK)
    named(screen, "Talk to an agent")


async def test_scrolling_brings_more_to_sight_and_typed_enter_is_pressed(world: World, walk: Walker) -> None:
    for number in range(30):
        world.lab.virtual.files.put(f"/sdcard/Download/file {number:02d}.txt", b"x")
    await walk.tap("Send a screenshot")
    screen = await walk.tap("Choose a file")
    assert screen.scrollable and "file 29.txt" not in screen.words()
    for _ in range(4):
        screen, _settled = await walk.do(ActionKind.SCROLL, text="down")
    assert "file 29.txt" in screen.words() and "file 00.txt" not in screen.words()
    for _ in range(4):
        screen, _settled = await walk.do(ActionKind.SCROLL, text="up")
    assert "file 00.txt" in screen.words()
    await walk.do(ActionKind.PRESS, text="Enter")
    await walk.do(ActionKind.BACK)


async def test_a_broken_certificate_is_in_the_log_with_the_time_by_our_clock(world: World, walk: Walker) -> None:
    await world.demo.present("tickets", "expired")
    try:
        await walk.tap("Write to us")
        for field in ("Your name", "E-mail address", "Subject", "How can we help?"):
            await walk.type(field, "x@desk.test")
        before = walk.surface.clock()
        walk.records.clear()
        screen = await walk.tap("Send request")
        assert "Failed to send your request." in screen.words()
    finally:
        await world.demo.present("tickets", None)
    monitor = LogMonitor(make_book(platform="android"), "s1", "test.desk.support")
    signals = [signal for record in walk.records for signal in monitor.feed(record)] + monitor.flush()
    assert [(s.host, s.causes[0]) for s in signals] == [("tickets.desk.test", Cause.EXPIRED)]
    told = logged(walk.records)
    assert "Certificate expired at" in told and "https://tickets.desk.test:" in told
    entry = next(r for r in walk.records if "tickets.desk.test" in str(r.data))
    assert entry.data["package"] == "test.desk.support" and before <= entry.time <= walk.surface.clock()


async def test_a_crash_is_seen_and_a_relaunch_mends_it(world: World, walk: Walker) -> None:
    world.lab.virtual.apps["test.desk.support"].crash(
        "java.lang.IllegalStateException: no\n\tat test.desk.A.b(A.java:1)"
    )
    settled = await walk.surface.settle(8)
    screen = await walk.surface.observe()
    assert settled.how == "crashed" and "keeps stopping" in screen.dialog
    walk.records += walk.surface.drain()
    assert "crash" in {r.kind for r in walk.records} and "FATAL EXCEPTION" in logged(walk.records)
    await walk.do(ActionKind.ACCEPT)
    screen, _ = await walk.do(ActionKind.RELAUNCH)
    named(screen, "Talk to an agent")


async def test_an_app_that_hangs_is_no_quiet_app(world: World, walk: Walker) -> None:
    world.lab.virtual.apps["test.desk.support"].hang()
    settled = await walk.surface.settle(8)
    assert settled.how == "crashed" and "isn't responding" in (await walk.surface.observe()).dialog
    screen, _ = await walk.do(ActionKind.ACCEPT)
    named(screen, "Talk to an agent")
    not_responding(world.lab.virtual, "System UI")  # as emulators do after their start: another app's affair
    settled = await walk.surface.settle(8)
    assert settled.how == "quiet"
    named(await walk.surface.observe(), "Talk to an agent")
    told = [record for record in walk.surface.drain() if record.kind == "foreign-dialog"]
    assert [record.data["text"] for record in told] == ["System UI isn't responding"]


async def test_a_permission_is_asked_once_and_can_be_granted(world: World) -> None:
    fresh = world.lab.surface()
    try:
        await fresh.open()
        await fresh.settle(8)
        screen = await fresh.observe()
        assert screen.dialog == "Allow Desk Support to send you notifications?" and not screen.elements
        await fresh.act(Action(ActionKind.ACCEPT))
        await fresh.settle(8)
        assert not (await fresh.observe()).dialog
        assert ("test.desk.support", "android.permission.POST_NOTIFICATIONS") in world.lab.virtual.granted
    finally:
        await fresh.close()


async def test_a_phone_that_is_turned_shows_the_same_app_and_is_turned_back_at_the_end(
    world: World, surface: AndroidSurface
) -> None:
    upright = await surface.observe()
    acted = await surface.act(Action(ActionKind.ROTATE, text="landscape"))
    await surface.settle(10)
    turned = await surface.observe()
    assert acted.problem == ""
    assert turned.viewport == (upright.viewport[1], upright.viewport[0])
    assert {e.name for e in turned.elements} <= {e.name for e in upright.elements}
    assert (turned.address, turned.scrollable) == (upright.address, True)  # what has no room is scrolled to
    await surface.close()
    assert not world.lab.virtual.display.turned


async def test_an_app_that_is_locked_upright_makes_turning_a_problem_and_nothing_else(
    world: World, walk: Walker
) -> None:
    world.lab.virtual.display.locked = True
    try:
        acted = await walk.surface.act(Action(ActionKind.ROTATE, text="landscape"))
    finally:
        world.lab.virtual.display.locked = False
    assert "Is it locked programmatically?" in acted.problem
    assert (await walk.surface.observe()).elements


async def test_screenshots_are_pictures(walk: Walker, tmp_path: Path) -> None:
    assert await walk.surface.screenshot(tmp_path / "s.png")
    assert (tmp_path / "s.png").read_bytes().startswith(b"\x89PNG")


async def gone(surface: AndroidSurface) -> str:
    with pytest.raises(SurfaceGone) as caught:
        for _ in range(5):
            await surface.observe()
            await surface.settle(2)
    return str(caught.value)


async def test_dead_instrumentation_is_an_infrastructure_failure(world: World, surface: AndroidSurface) -> None:
    world.lab.virtual.stop_process("io.appium.uiautomator2.server", "killed")
    assert "ended" in await gone(surface)


async def test_a_vanished_device_is_an_infrastructure_failure_and_may_come_back(
    world: World, surface: AndroidSurface
) -> None:
    await world.lab.virtual.vanish()
    try:
        assert await gone(surface)
        await surface.close()
    finally:
        await world.lab.virtual.listen()
        await world.lab.device.connect()
    again = world.lab.surface()
    try:
        assert not (await again.open()).problem
    finally:
        await again.close()


async def test_appium_that_dies_is_an_infrastructure_failure_and_is_started_again(
    world: World, surface: AndroidSurface
) -> None:
    first = world.lab.appium.pid
    os.kill(first, signal.SIGKILL)
    assert "Appium" in await gone(surface)
    await surface.close()
    again = world.lab.surface()
    try:
        assert not (await again.open()).problem
        assert world.lab.appium.restarts >= 1 and world.lab.appium.pid != first
    finally:
        await again.close()


@pytest.mark.parametrize(
    ("fault", "words"), [("disk_full", "enough free space"), ("refuse_session", "refused the session")]
)
async def test_what_prevents_a_session_is_told(world: World, fault: str, words: str) -> None:
    faults: Any = world.lab.virtual.faults
    setattr(faults, fault, True)
    refused = world.lab.surface()
    try:
        with pytest.raises(SurfaceGone, match=words):
            await refused.open()
    finally:
        setattr(faults, fault, False)
        await refused.close()
