"""A public page leads to no private address, whatever way it tries; what stays in reach is followed as before."""

from __future__ import annotations

import asyncio
import threading

import pytest

from explorer.request.reach import reach_of
from explorer.surfaces.surface import LIMITS
from explorer.surfaces.web.border import lookup_in
from explorer.surfaces.web.surface import WebSurface
from explorer.tls.lookups import Lookups
from flows.record import Record
from tests.explorer.surfaces.web_world import World, named, tap

pytestmark = pytest.mark.asyncio(loop_scope="module")
INSIDE = "<title>Router</title><h1>Reboot the router?</h1>"

WAYS = {
    "link": "<a href='{private}/inside'>Help</a>",
    "redirect": "<a href='/go?{private}/inside'>Help</a>",
    "script": "<button onclick=\"location='{private}/inside'\">Help</button>",
    "new window": "<a target=_blank href='{private}/inside'>Help</a>",
    "window.open": "<button onclick=\"window.open('{private}/inside')\">Help</button>",
    "form": "<form method=post action='{private}/inside'><button>Help</button></form>",
    "refresh": "<button onclick=\"document.head.innerHTML+='<meta http-equiv=refresh content=\\'0;url={private}/inside\\'>'\">Help</button>",
    "frame": "<button onclick=\"document.body.innerHTML+='<iframe src=\\'{private}/inside\\'></iframe>'\">Help</button>",
    "frame that redirects": "<button onclick=\"document.body.innerHTML+='<iframe src=\\'/go?{private}/inside\\'></iframe>'\">Help</button>",
    "fetch": "<button onclick=\"fetch('{private}/inside',{mode:'no-cors'})\">Help</button>",
    "window and then its address": "<button onclick=\"window.open('').location='{private}/inside'\">Help</button>",
    "image in a written window": "<button onclick=\"window.open('').document.write('<img src={private}/inside>')\">Help</button>",
    "frame in a written window": "<button onclick=\"window.open('').document.write('<iframe src={private}/inside></iframe>')\">Help</button>",
    "frame in a frame in a written window": (
        "<button onclick=\"window.open('').document.write('<iframe srcdoc=&quot;<img src={private}/inside>&quot;></iframe>')\">Help</button>"
    ),
    "worker": "<button onclick=\"new Worker('/inside.js')\">Help</button>",
    "shared worker": "<button onclick=\"new SharedWorker('/inside.js')\">Help</button>",
    "service worker": "<button onclick=\"navigator.serviceWorker.register('/inside.js')\">Help</button>",
    "image": "<button onclick=\"new Image().src='{private}/inside'\">Help</button>",
}


async def stopped(surface: WebSurface) -> list[Record]:
    async with asyncio.timeout(20):
        while not (found := [r for r in surface.drain() if r.source == LIMITS]):
            surface.tab.watch.stir.clear()
            await surface.tab.watch.stir.wait()
    return found


async def pressed(world: World, surface: WebSurface) -> list[Record]:
    world.asked.clear()
    await surface.act(tap(named(await surface.observe(), "Help")))
    return await stopped(surface)


SPELLINGS = ("localhost", "2130706433")
"""Other ways to write the private address; how a request came about does not change how its address is read."""
TRIED = [
    *((way, "127.0.0.1") for way in WAYS),
    *((way, host) for way in ("link", "redirect") for host in SPELLINGS),
]


@pytest.mark.parametrize(("way", "host"), TRIED)
async def test_no_way_leads_to_a_private_address(world: World, way: str, host: str) -> None:
    world.pages["/inside"] = INSIDE
    private = f"http://{host}:{world.plain}"
    world.pages["/inside.js"] = f"fetch('{private}/inside',{{mode:'no-cors'}}).catch(()=>0)"
    reach = reach_of(world.origin("good"), world.resolve)
    async with world.surface(WAYS[way].replace("{private}", private), reach=reach) as surface:
        (record,) = await pressed(world, surface)
        assert record.kind == "private-address"
        assert str(record.data["to"]).endswith(f":{world.plain}")
        assert record.data["at"] == world.origin("good")
        assert "/inside" not in world.asked
        assert "Reboot" not in str((await surface.observe()).texts)


NAMES: dict[tuple[str, ...] | None, str] = {
    ("127.0.0.1",): "private-address",
    ("0.0.0.0", "::"): "blocked-name",
    None: "unresolved-name",
}


@pytest.mark.parametrize("found", NAMES)
async def test_a_name_is_followed_only_if_it_is_known_to_be_public(world: World, found: tuple[str, ...] | None) -> None:
    world.pages["/inside"] = INSIDE
    reach = reach_of(world.origin("good"), [r for r in world.resolve if r[0][0] != "other.test"])

    async def here(host: str, port: int, *, page: bool) -> tuple[str, ...] | None:
        return found if host == "other.test" and page else ()

    async with world.surface("<a href='{other}/inside'>Help</a>", reach=reach) as surface:
        surface.tab.watch.border.lookup = here  # type: ignore[union-attr]
        (record,) = await pressed(world, surface)
        assert (record.kind, record.data["to"]) == (NAMES[found], world.origin("other"))
        assert "/inside" not in world.asked


@pytest.mark.parametrize("why", ["resolve", "allow-origin", "private"])
async def test_what_is_legitimate_is_followed(world: World, why: str) -> None:
    world.pages["/inside"] = INSIDE
    private = f"http://127.0.0.1:{world.plain}"
    to = world.origin("other") if why == "resolve" else private
    named_too = [private] if why == "allow-origin" else []
    reach = reach_of(world.origin("good"), world.resolve, named_too, private=why == "private")
    async with world.surface(f"<a href='{to}/inside'>Help</a>", reach=reach) as surface:
        await surface.act(tap(named(await surface.observe(), "Help")))
        await surface.settle(10, change=True)
        assert (await surface.observe()).title == "Router"
        assert [r for r in surface.drain() if r.source == LIMITS] == []


async def test_frames_whose_names_nobody_answers_for_keep_no_page_waiting(world: World) -> None:
    world.pages["/inside"] = INSIDE
    frames = "".join(f"<iframe src='https://dead{n}.test/'></iframe>" for n in range(60))
    reach = reach_of(world.origin("good"), [r for r in world.resolve if r[0][0] != "other.test"])
    over = threading.Event()

    def ask(host: str, _: int) -> tuple[str, ...]:
        if host.startswith("dead"):
            over.wait()
        return ("93.184.216.34",)

    page = f"<a href='{{other}}/inside'>Help</a><button onclick=\"this.outerHTML=`{frames}`\">Frames</button>"
    try:
        async with world.surface(page, reach=reach) as surface:
            surface.tab.watch.border.lookup = lookup_in(Lookups(ask))  # type: ignore[union-attr]
            await surface.act(tap(named(await surface.observe(), "Frames")))
            await surface.act(tap(named(await surface.observe(), "Help")))
            await surface.settle(10, change=True)
            assert (await surface.observe()).title == "Router"
            led = [r.data["to"] for r in surface.drain() if r.source == LIMITS]
            assert world.origin("other") not in led
    finally:
        over.set()
