"""What a real browser sends and gets of a text or file that bears a token, however a page goes about it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from explorer.monitors.browser.monitor import BrowserMonitor
from explorer.surfaces.web.surface import WebSurface
from flows.effects import Effect
from flows.step import Action, ActionKind
from tests.explorer.surfaces.web_world import World, named, tap

pytestmark = pytest.mark.asyncio(loop_scope="module")

TOKEN = "TWKRZLQP"
FIELD = "<form id=f method=post><input name=subject aria-label=Subject><input type=file name=a aria-label=File hidden><button>Send</button></form>"


def by_script(send: str) -> str:
    """A form whose script sends the subject `s`, or the form data `d`, and keeps the page."""
    return (
        FIELD
        + "<p id=p></p><script>f.onsubmit = e => { e.preventDefault(); const s = f.subject.value, d = new FormData(f);"
        f"{send} }}</script>"
    )


async def effects_of(surface: WebSurface, until: set[str]) -> list[Effect]:
    """All effects, once those that are waited for are there."""
    monitor, found = BrowserMonitor("t"), list[Effect]()
    async with asyncio.timeout(20):
        while not until <= {e.kind for e in found}:
            await surface.settle(0.2, change=True)
            await surface.observe()
            found += [x for r in surface.drain() for x in monitor.feed(r) if isinstance(x, Effect)]
    return found


async def sent_by(world: World, html: str, until: set[str], file: Path | None = None) -> list[Effect]:
    async with world.surface(html) as surface:
        screen = await surface.observe()
        subject = named(screen, "Subject")
        await surface.act(
            Action(ActionKind.TYPE, ref=subject.ref, text=f"Help {TOKEN}, please" if file is None else "x")
        )
        if file is not None:
            await surface.act(Action(ActionKind.UPLOAD, ref=named(screen, "File").ref, text=str(file)))
        await surface.act(tap(named(await surface.observe(), "Send")))
        await surface.settle(5)
        return await effects_of(surface, until)


WAYS = {
    "a form": FIELD,
    "a form of several parts": FIELD.replace("method=post", "method=post enctype=multipart/form-data"),
    "a form by GET": FIELD.replace("method=post", "method=get"),
    "JSON": by_script("fetch('/good.json', {method: 'POST', body: JSON.stringify({subject: s})})"),
    "form data": by_script("fetch('/good.json', {method: 'POST', body: d})"),
    "a blob": by_script("fetch('/good.json', {method: 'POST', body: new Blob([s])})"),
    "XMLHttpRequest": by_script(
        "x = new XMLHttpRequest(); x.open('PUT', '/good.json'); x.send(new URLSearchParams({subject: s}))"
    ),
}


@pytest.mark.parametrize("way", WAYS)
async def test_what_a_server_took_is_told_whatever_carried_it(world: World, way: str) -> None:
    world.pages["/good.json"] = '{"id": 7}'
    found = await sent_by(world, WAYS[way], {"sent", "taken"})
    (sent, taken) = (next(e for e in found if e.kind == kind) for kind in ("sent", "taken"))
    assert sent.tokens == (TOKEN,) and sent.request == taken.request
    assert (taken.host, taken.port, taken.status) == (world.good.names[0], world.good.port, 200)
    assert TOKEN not in str(sent.url)


FILES = {
    "in a form of several parts": FIELD.replace("method=post", "method=post enctype=multipart/form-data"),
    "as form data": by_script("fetch('/good.json', {method: 'POST', body: d})"),
    "as the whole body": by_script("fetch('/good.json', {method: 'PUT', body: d.get('a')})"),
}


@pytest.mark.parametrize("way", FILES)
async def test_a_file_that_a_server_took_is_known_by_its_name(world: World, way: str, tmp_path: Path) -> None:
    world.pages["/good.json"] = '{"id": 7}'
    file = tmp_path / f"trustwalk-{TOKEN}.txt"
    file.write_text("x")
    found = await sent_by(world, FILES[way], {"sent", "taken"}, file)
    assert {e.tokens for e in found} == {(TOKEN,)}


BAD_ENDS = {
    "an error status": (by_script("fetch('/status/500', {method: 'POST', body: s})"), "refused"),
    "an answer that says so": (by_script("fetch('/no.json', {method: 'POST', body: s})"), "refused"),
    "a certificate": (by_script("fetch('{bad}/x', {method: 'POST', body: s})"), "lost"),
}


@pytest.mark.parametrize("why", BAD_ENDS)
async def test_what_a_server_did_not_take_is_told_as_such(world: World, why: str) -> None:
    world.pages["/no.json"] = '{"ok": false, "message": "no"}'
    html, kind = BAD_ENDS[why]
    found = await sent_by(world, html, {"sent", kind})
    assert "taken" not in {e.kind for e in found}


RETURNS = {
    "another request": by_script("fetch('/good.json', {method: 'POST', body: s}).then(() => fetch('/list.json'))"),
    "a socket": by_script("w = new WebSocket('{ws-good}/echo'); w.onopen = () => w.send(JSON.stringify({text: s}))"),
    "an event stream": by_script(
        "fetch('/good.json', {method: 'POST', body: s}).then(() => new EventSource('/told?' + s.slice(5, 13)))"
    ),
    "a socket in bytes": by_script(
        "w = new WebSocket('{ws-good}/echo'); w.onopen = () => w.send(new TextEncoder().encode(s))"
    ),
}


@pytest.mark.parametrize("how", RETURNS)
async def test_what_a_server_gives_back_is_told(world: World, how: str) -> None:
    world.pages |= {"/good.json": '{"id": 7}', "/list.json": f'[{{"subject": "help {TOKEN.lower()}"}}]'}
    found = await sent_by(world, RETURNS[how], {"sent", "returned"})
    assert next(e.kind for e in found) == "sent"


async def test_what_is_only_looked_up_was_not_sent(world: World) -> None:
    world.pages |= {"/look.json": f'["{TOKEN}"]', "/good.json": "{}"}
    look = "await fetch('/look.json?q=' + encodeURIComponent(s));"
    html = by_script(
        f"(async () => {{ {look} await fetch('/good.json', {{method: 'POST', body: s}}); {look} p.textContent = 'over' }})()"
    )
    found = await sent_by(world, html, {"sent", "taken"})
    assert {e.url.rsplit("/", 1)[1] for e in found} == {"good.json"}


async def test_what_was_there_before_it_was_sent_proves_nothing(world: World) -> None:
    world.pages |= {"/list.json": f'["{TOKEN}"]', "/good.json": "{}"}
    html = by_script("fetch('/list.json').then(() => fetch('/good.json', {method: 'POST', body: s}))")
    found = await sent_by(world, html, {"sent", "taken"})
    assert {e.kind for e in found} == {"sent", "taken"}


async def test_a_page_that_is_opened_anew_and_has_it_kept_it(world: World) -> None:
    world.pages |= {"/good.json": "{}", "/mine": f"<p>{TOKEN}</p>"}
    html = by_script("fetch('/good.json', {method: 'POST', body: s}).then(() => location = '/mine')")
    assert "kept" in {e.kind for e in await sent_by(world, html, {"sent", "taken", "kept"})}


async def test_an_empty_form_carries_no_file(world: World, tmp_path: Path) -> None:
    world.pages |= {
        "/good.json": "{}",
        "/out": f"<script>fetch('/status/500', {{method: 'POST', body: '{TOKEN}'}})</script>",
    }
    file = tmp_path / f"trustwalk-{TOKEN}.txt"
    file.write_text("x")
    html = by_script("fetch('/good.json', {method: 'POST', body: d})")
    async with world.surface(html + "<form method=post action=/out><button>Leave</button></form>") as surface:
        screen = await surface.observe()
        await surface.act(Action(ActionKind.UPLOAD, ref=named(screen, "File").ref, text=str(file)))
        await surface.act(tap(named(await surface.observe(), "Send")))
        found = await effects_of(
            surface, {"sent", "taken"}
        )  # a page that leaves at once may take the file's body with it
        await surface.act(tap(named(await surface.observe(), "Leave")))
        found += await effects_of(surface, {"sent", "refused"})
    assert {e.url.rsplit("/", 1)[1] for e in found if e.kind == "sent"} == {
        "good.json",
        "500",
    }  # the page itself has it
