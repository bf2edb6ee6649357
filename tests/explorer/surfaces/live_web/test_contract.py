"""What every surface owes its callers, held against the real browser and against the scripted one.

A new surface joins by one more row in `PLACES`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from explorer.surfaces.scripted import ScriptedSurface
from explorer.surfaces.surface import Surface
from flows.record import Record
from flows.screen import Element, Screen
from flows.step import Action, ActionKind
from tests.explorer.surfaces.web_world import World

HTML = """<!doctype html><html lang=en><title>Desk</title><main>
<h1>Support</h1>
<form id=f onsubmit="event.preventDefault();fetch('{good}/status/200');setTimeout(()=>{
  document.querySelector('main').innerHTML='<p role=status>Thank you, '+s+'</p>'},50);var s=f.subject.value">
<label>Subject <input name=subject></label> <button>Send</button></form></main>"""

SCRIPT = {
    "start": "home",
    "screens": {
        "home": {
            "address": "https://site.test/",
            "title": "Desk",
            "texts": ["heading: Support"],
            "elements": ["textbox: Subject #f", "button: Send #f"],
            "moves": {
                "tap Send": {"to": "done", "after": 0.05, "records": [{"kind": "Network.requestWillBeSent"}]},
            },
        },
        "done": {"address": "https://site.test/", "texts": ["status: Thank you, {typed}"]},
    },
}
"""The same page, written down."""

Place = Callable[[World], AbstractAsyncContextManager[Surface]]


@asynccontextmanager
async def browser(world: World) -> AsyncIterator[Surface]:
    world.pages["/"] = HTML
    surface = await world.browser.surface("t", f"{world.origin('good')}/")
    try:
        yield surface
    finally:
        await surface.close()


@asynccontextmanager
async def scripted(world: World) -> AsyncIterator[Surface]:
    yield ScriptedSurface(SCRIPT)


PLACES: tuple[Place, ...] = (browser, scripted)

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.parametrize("place", PLACES, ids=lambda p: p.__name__),
]


def named(screen: Screen, name: str) -> Element:
    return next(e for e in screen.elements if e.name == name)


def on(element: Element, kind: ActionKind, text: str = "") -> Action:
    return Action(kind, element.ref, element.key, text, element.name, frame=element.frame)


async def opened(surface: Surface) -> Screen:
    acted = await surface.open()
    assert acted.problem == ""
    assert (await surface.settle(10)).how == "quiet"
    return await surface.observe()


async def sent(surface: Surface) -> tuple[Screen, list[Record]]:
    """The form filled in and sent, and the screen watched until it changed."""
    screen = await opened(surface)
    await surface.act(on(named(screen, "Subject"), ActionKind.TYPE, "A lamp"))
    await surface.settle(10)
    screen = await surface.observe()
    surface.drain()
    await surface.act(on(named(screen, "Send"), ActionKind.TAP))
    await surface.settle(10, change=True)
    return await surface.observe(), list(surface.drain())


async def test_opening_shows_the_first_screen(place: Place, world: World) -> None:
    async with place(world) as surface:
        screen = await opened(surface)
    assert (screen.title, screen.language, screen.windows) == ("Desk", "en", 1)
    assert screen.address.startswith("https://site.test")
    assert [(e.role, e.name) for e in screen.elements] == [("textbox", "Subject"), ("button", "Send")]
    assert ("heading", "Support") in [(t.role, t.text) for t in screen.texts]
    assert not screen.blank and not screen.busy and not screen.error and not screen.dialog
    assert screen.viewport[0] > 0 and screen.frames[0].key == ""


async def test_elements_are_told_apart_and_known_again(place: Place, world: World) -> None:
    async with place(world) as surface:
        first = await opened(surface)
        second = await surface.observe()
    for screen in (first, second):
        assert len({e.ref for e in screen.elements}) == len({e.key for e in screen.elements}) == 2
    assert [e.key for e in first.elements] == [e.key for e in second.elements]


async def test_what_was_typed_is_in_the_field(place: Place, world: World) -> None:
    async with place(world) as surface:
        screen = await opened(surface)
        for text in ("A lamp", "Another"):  # typing replaces
            acted = await surface.act(on(named(screen, "Subject"), ActionKind.TYPE, text))
            await surface.settle(10)
            screen = await surface.observe()
            assert (acted.problem, named(screen, "Subject").value) == ("", text)


async def test_a_change_is_waited_for_and_seen_and_told_of(place: Place, world: World) -> None:
    async with place(world) as surface:
        screen, records = await sent(surface)
        assert [t.text for t in screen.texts if t.role == "status"] == ["Thank you, A lamp"]
        assert [e.name for e in screen.elements] == []
        assert "Network.requestWillBeSent" in [r.kind for r in records]
        assert [r.time for r in records] == sorted(r.time for r in records)


async def test_records_are_handed_out_once(place: Place, world: World) -> None:
    async with place(world) as surface:
        _, records = await sent(surface)
        assert not {id(r) for r in records} & {id(r) for r in surface.drain()}


async def test_an_element_that_is_gone_is_a_problem_and_no_error(place: Place, world: World) -> None:
    async with place(world) as surface:
        button = named(await opened(surface), "Send")
        ghost = replace(button, ref="e99", key="button|Ghost|||1", name="Ghost")
        acted = await surface.act(on(ghost, ActionKind.TAP))
        assert acted.problem.endswith(".")
        assert named(await surface.observe(), "Send").name == "Send"


async def test_starting_again_leads_to_the_first_screen(place: Place, world: World) -> None:
    async with place(world) as surface:
        screen, _ = await sent(surface)
        assert screen.elements == ()
        await surface.act(Action(ActionKind.RELAUNCH))
        await surface.settle(10)
        assert [e.name for e in (await surface.observe()).elements] == ["Subject", "Send"]


async def test_a_picture_is_a_file_or_a_plain_no(place: Place, world: World, tmp_path: Path) -> None:
    heads = {"a.png": b"\x89PNG", "a.jpg": b"\xff\xd8\xff"}
    async with place(world) as surface:
        await opened(surface)
        for name, head in heads.items():
            path = tmp_path / name
            taken = await surface.screenshot(path)
            assert taken == path.exists()
            assert not taken or path.read_bytes().startswith(head)


async def test_closing_twice_does_no_harm_and_leaves_the_records(place: Place, world: World) -> None:
    async with place(world) as surface:
        await opened(surface)
        await surface.close()
        await surface.close()
        surface.drain()
