"""What a person does on a page, and pages that would rather not be looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.devices.devices import BrowserDevice
from explorer.surfaces.web.settle import SILENT
from flows.step import Action, ActionKind
from tests.explorer.surfaces.web_world import World, named, tap

pytestmark = pytest.mark.asyncio(loop_scope="module")

FORM = """<form method=post><label>Name <input name=n value=old></label><select name=k aria-label=Kind><option>A<option>B</select>
<textarea name=m placeholder=Message></textarea><label>Attach <input type=file name=f hidden></label>
<label><input type=checkbox name=c> Agree</label><input type=date name=d aria-label=Day><button>Send</button></form>"""


async def test_a_form_is_filled_by_real_input_and_sent(world: World, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    async with world.surface(FORM.replace("method=post", "method=post id=form")) as surface:
        for name, kind, text in (
            ("Name", ActionKind.TYPE, "Ann Müller 😀"),
            ("Kind", ActionKind.CHOOSE, "B"),
            ("Message", ActionKind.TYPE, "two\nlines"),
            ("Day", ActionKind.TYPE, "2026-01-02"),
            ("Attach", ActionKind.UPLOAD, str(tmp_path / "a.txt")),
        ):
            e = named(await surface.observe(), name)
            assert (await surface.act(Action(kind, ref=e.ref, text=text))).problem == ""
        assert (await surface.act(tap(named(await surface.observe(), "Agree"), keyboard=True))).problem == ""
        await surface.settle(5)
        screen = await surface.observe()
        assert [named(screen, n).value for n in ("Name", "Kind", "Day", "Attach")] == [
            "Ann Müller 😀",
            "B",
            "2026-01-02",
            "a.txt",
        ]
        assert named(screen, "Agree").checked and named(screen, "Name").group == "form:form"
        await surface.act(tap(named(screen, "Send")))
        await surface.settle(5)
        assert "n=Ann+M" in (await surface.observe()).words()


async def test_elements_in_frames_and_shadow_roots_can_be_used(world: World) -> None:
    world.pages["/inner"] = (
        "<input placeholder=Inside><button onclick=\"document.title='T'; this.textContent='Pressed'\">Press</button>"
    )
    page = '<div id=x></div><iframe src="{other}/inner"></iframe><script>x.attachShadow({mode: "open"}).innerHTML = "<button onclick=\\"this.textContent=1+1\\">Deep</button>"</script>'
    async with world.surface(page) as surface:
        screen = await surface.observe()
        inside = named(screen, "Inside")
        assert inside.frame == screen.frames[1].key != ""
        assert (await surface.act(Action(ActionKind.TYPE, ref=inside.ref, text="hello"))).problem == ""
        assert (await surface.act(tap(named(screen, "Press")))).problem == ""
        assert (await surface.act(tap(named(screen, "Deep")))).problem == ""
        await surface.settle(5)
        screen = await surface.observe()
        assert named(screen, "Inside").value == "hello"
        assert {"Pressed", "2"} <= {e.name for e in screen.elements}


async def test_what_is_covered_or_gone_is_a_problem_and_no_error(world: World) -> None:
    page = '<button onclick="this.remove()">Gone</button><button>Under</button><div style="position:fixed;inset:60px 0 0 0">Cookies</div><div style="position:fixed;inset:0" id=veil>Veil</div>'
    async with world.surface(page) as surface:
        screen = await surface.observe()
        assert named(screen, "Under").covered
        assert "Veil" in (await surface.act(tap(named(screen, "Under")))).problem
        await surface.act(Action(ActionKind.RELAUNCH))
        assert (await surface.act(tap(named(screen, "Gone")))).problem != ""


async def test_dialogs_stay_open_until_they_are_answered(world: World) -> None:
    async with world.surface("<button onclick=\"this.textContent = confirm('Sure?')\">ask</button>") as surface:
        for kind, answer in ((ActionKind.ACCEPT, "true"), (ActionKind.DISMISS, "false")):
            await surface.act(tap((await surface.observe()).elements[0]))
            await surface.settle(5)
            assert (await surface.observe()).dialog == "Sure?"
            await surface.act(Action(kind))
            await surface.settle(5)
            screen = await surface.observe()
            assert (screen.dialog, screen.elements[0].name) == ("", answer)


async def test_tabs_are_followed_and_come_back(world: World) -> None:
    world.pages["/two"] = "<title>Two</title><button onclick='window.close()'>shut</button>"
    async with world.surface('<title>One</title><a target=_blank rel=opener href="/two">go</a>') as surface:
        await surface.act(tap(named(await surface.observe(), "go")))
        await surface.settle(5)
        screen = await surface.observe()
        assert (screen.title, screen.windows) == ("Two", 2)
        await surface.act(Action(ActionKind.SWITCH, text="0"))
        assert (await surface.observe()).title == "One"
        await surface.act(Action(ActionKind.SWITCH, text="1"))
        await surface.act(tap(named(await surface.observe(), "shut")))
        await surface.settle(5)
        screen = await surface.observe()
        if screen.windows == 2:  # a page that closes itself takes its time
            await surface.settle(8, change=True)
            screen = await surface.observe()
        assert (screen.title, screen.windows) == ("One", 1)


async def test_with_change_settle_waits_for_what_comes_late(world: World) -> None:
    async with world.surface(
        "<p id=p>no</p><button onclick=\"setTimeout(() => p.textContent = 'late', 400)\">go</button>"
    ) as surface:
        await surface.act(tap(named(await surface.observe(), "go")))
        await surface.settle(5)
        await surface.observe()
        await surface.settle(8, change=True)
        assert "late" in (await surface.observe()).words()


LONG = 60
"""Seconds that are waited in full only if the surface does not tell that nothing more comes."""


async def test_a_page_that_asks_for_nothing_and_answers_is_waited_for_no_longer(world: World) -> None:
    async with world.surface(
        '<p id=p></p><button onclick="">go</button><script>setInterval(() => p.textContent++, 200)'
    ) as s:
        await s.act(tap(named(await s.observe(), "go")))
        settled = await s.settle(5)
        while not settled.silent:  # the counter makes the screen another one again and again
            await s.observe()
            settled = await s.settle(LONG, change=True)
        assert settled.how == "quiet"


STILL_COMING = {
    "a request hangs": "<button onclick=\"fetch('/hang')\">go</button>",
    "a line went over a socket": "<p id=p></p><button onclick=\"w.send('hi')\">go</button>"
    '<script>w = new WebSocket("{ws-good}/ws"); w.onopen = () => p.textContent = "open"</script>',
}


@pytest.mark.parametrize("what", STILL_COMING)
async def test_where_an_answer_may_come_yet_the_user_waits(world: World, what: str) -> None:
    async with world.surface(STILL_COMING[what]) as surface:
        screen = await surface.observe()
        if "socket" in what and "open" not in screen.words():
            await surface.settle(LONG, change=True)
            screen = await surface.observe()
        await surface.act(tap(named(screen, "go")))
        await surface.settle(0.3)
        await surface.observe()
        assert not (await surface.settle(SILENT + 1, change=True)).silent


HOSTILE = {
    "a megabyte of text": "<p>" + "x" * 1_000_000 + "</p><button>ok</button>",
    "overridden prototypes": "<script>Array.prototype.push = JSON.stringify = Element.prototype.getBoundingClientRect = () => { throw 1 };"
    "Object.defineProperty(Document.prototype, 'body', {get() { throw 1 }}); window.MutationObserver = null</script><button>ok</button>",
    "clobbered names": "<form><input name=getAttribute><input name=childNodes><input name=parentNode></form><img name=documentElement>"
    "<form name=body></form><form name=elementFromPoint></form><button>ok</button>",
    "endless changes": "<p id=p></p><button>ok</button><script>(function f() { p.textContent = Math.random(); requestAnimationFrame(f) })()</script>",
    "a frame in itself": '<iframe src="/"></iframe><button>ok</button>',
    "deep nesting": "<div>" * 400 + "<button>ok</button>",
}


@pytest.mark.parametrize("what", HOSTILE)
async def test_a_hostile_page_is_seen_and_used_like_any_other(world: World, what: str) -> None:
    async with world.surface(HOSTILE[what]) as surface:
        screen = await surface.observe()
        assert (await surface.act(tap(named(screen, "ok")))).problem == ""
        assert (await surface.settle(10)).how == "quiet"


async def test_a_document_is_waited_for_until_it_is_parsed_whole(world: World) -> None:
    slow = "<p>x</p><script>for (const end = performance.now() + 200; performance.now() < end;);</script>"
    async with world.surface(slow * 8 + "<p>the end</p>") as surface:
        assert "the end" in (await surface.observe()).words()


async def test_ten_thousand_elements_are_cut_and_said_to_be(world: World) -> None:
    async with world.surface("".join(f"<a href=/{i}>L{i}</a> " for i in range(10_000))) as surface:
        screen = await surface.observe()
        assert screen.truncated and len(screen.elements) == 3000


async def test_a_spinner_is_busy_and_a_screenshot_is_a_picture(world: World, tmp_path: Path) -> None:
    spinner = "<meta name=viewport content=width=device-width><style>@keyframes spin { to { rotate: 1turn } } i { display: block; width: 30px; height: 30px; animation: spin 1s infinite }</style><i class=loader></i>"
    async with world.surface(
        spinner, device=BrowserDevice(kind="browser", emulate="Pixel 7", locale="de-DE")
    ) as surface:
        screen = await surface.observe()
        assert screen.busy and screen.viewport[0] < 500
        assert await surface.screenshot(tmp_path / "a.jpg") and (tmp_path / "a.jpg").read_bytes()[:2] == b"\xff\xd8"
