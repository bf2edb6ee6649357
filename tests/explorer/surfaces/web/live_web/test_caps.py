"""What a page may pour over a session has an end."""

from __future__ import annotations

import asyncio

import pytest

from explorer.surfaces.surface import LIMITS
from explorer.surfaces.web import caps
from tests.explorer.surfaces.web_world import World, named, tap

pytestmark = pytest.mark.asyncio(loop_scope="module")
ONE = "<a href=/endless download>Manual</a>"
MANY = """<button onclick="for(let i=0;i<6;i++){const a=document.createElement('a');a.href='/endless?'+i;a.download='x'+i;
setTimeout(()=>a.click(),i*50)}">Manual</button>"""


@pytest.mark.parametrize(("html", "one", "all_"), [(ONE, 1 << 20, 1 << 30), (MANY, 1 << 30, 3 << 20)])
async def test_a_download_that_does_not_end_is_cancelled(world: World, html: str, one: int, all_: int) -> None:
    async with world.surface(html) as surface:
        watch = surface.tab.watch
        watch.files.cap.one, watch.files.cap.all = one, all_
        await surface.act(tap(named(await surface.observe(), "Manual")))
        async with asyncio.timeout(30):
            while not [r for r in watch.records if r.source == LIMITS] or watch.files.under_way:
                watch.stir.clear()
                await watch.stir.wait()
        told = [r for r in surface.drain() if r.source == LIMITS]
        assert {r.kind for r in told} == {"download"}
        assert str(told[0].data["to"]).startswith(world.origin("good") + "/endless")
        assert watch.files.done == set()


async def test_a_file_below_the_cap_is_received(world: World) -> None:
    async with world.surface("<a href=/file download>Manual</a>") as surface:
        await surface.act(tap(named(await surface.observe(), "Manual")))
        await surface.settle(10, change=True)
        assert (await surface.observe()).downloads == 1
        assert [r for r in surface.drain() if r.source == LIMITS] == []


async def test_a_flood_of_lines_is_cut_and_counted(world: World) -> None:
    html = "<button onclick=\"for(let i=0;i<4000;i++)reportError(new Error('x'.repeat(500)+i));document.title='poured'\">Pour</button>"
    async with world.surface(html) as surface:
        surface.drain()
        await surface.act(tap(named(await surface.observe(), "Pour")))
        await surface.settle(10, change=True)
        await surface.observe()
        records = list(surface.drain())
        assert sum(r.source == "cdp" for r in records) <= caps.STEP_LINES + 100
        assert sum(int(str(r.data["records"])) for r in records if r.kind == "dropped") >= 2000
        await surface.act(tap(named(await surface.observe(), "Pour")))
        await surface.settle(10)
        assert [r for r in surface.drain() if r.source == "cdp"], "the next step has room again"
