"""Menus that show while the pointer rests on something, and what only looks like one."""

from __future__ import annotations

import pytest

from explorer.surfaces.web.surface import WebSurface
from flows.screen import HOVER, Screen
from flows.step import Action, ActionKind
from tests.explorer.surfaces.web_world import World, named, tap

pytestmark = pytest.mark.asyncio(loop_scope="module")

LIST = "<ul><li><a href='/account'>My account</a><li><a href='/out'>Log out</a></ul>"
USER = f"<div class=user><span>ann@desk.test</span>{LIST}</div>"
SHOWN = {
    "display": ".user ul{display:none} .user:hover ul{display:block}",
    "visibility": ".user ul{visibility:hidden} .user:hover > ul, .user:focus-within > ul{visibility:visible}",
    "opacity": ".user ul{opacity:0;transition:opacity .2s} .user:is(:hover, :focus-within) ul{opacity:1}",
    "height": ".user ul{max-height:0;overflow:hidden} @media (min-width:1px){.user:hover ul{max-height:200px}}",
    "nested": ".user{& ul{display:none} &:hover ul{display:block}}",
    "beside": ".user ul{display:none} .user span:hover + ul, .user ul:hover{display:block}",
}


def openers(screen: Screen) -> list[str]:
    return [e.name for e in screen.elements if e.role == HOVER]


async def rested(surface: WebSurface, name: str) -> Screen:
    """The screen after the pointer came to rest on what is called `name`."""
    screen = await surface.observe()
    opener = next(e for e in screen.elements if e.role == HOVER and e.name == name)
    assert (await surface.act(Action(ActionKind.HOVER, opener.ref, opener.key))).problem == ""
    await surface.settle(5)
    return await surface.observe()


@pytest.mark.parametrize("how", SHOWN)
async def test_what_a_style_sheet_shows_under_the_pointer_opens_and_stays_for_the_next_press(
    world: World, how: str
) -> None:
    world.pages["/account"] = "<h1>Your data</h1>"
    async with world.surface(f"<style>{SHOWN[how]}</style><header>{USER}</header><main>News</main>") as surface:
        closed = await surface.observe()
        assert openers(closed) == ["ann@desk.test"] and "My account" not in closed.words()
        opened = await rested(surface, "ann@desk.test")
        assert openers(opened) == ["ann@desk.test"]  # the same one, open or not
        assert (await surface.act(tap(named(opened, "My account")))).problem == ""
        await surface.settle(5)
        assert "Your data" in (await surface.observe()).words()


async def test_a_menu_in_a_shadow_root_and_one_in_a_frame_open_too(world: World) -> None:
    menu = f"<style>{SHOWN['display']}</style>{USER}"
    world.pages["/framed"] = menu.replace("ann@desk.test", "Framed")
    page = '<x-menu></x-menu><iframe src="/framed"></iframe><script>document.querySelector("x-menu").attachShadow({mode:"open"}).innerHTML=MENU</script>'
    async with world.surface(page.replace("MENU", repr(menu))) as surface:
        assert sorted(openers(await surface.observe())) == ["Framed", "ann@desk.test"]
        assert named(await rested(surface, "Framed"), "My account").frame
        assert not named(await rested(surface, "ann@desk.test"), "My account").frame  # the other one has closed


async def test_without_a_rule_that_can_be_read_the_shape_of_a_menu_tells(world: World) -> None:
    script = "<script>const u=document.querySelector('.user');u.addEventListener('mouseenter',()=>u.lastElementChild.hidden=false)</script>"
    hidden = USER.replace("<ul>", "<ul hidden>")
    async with world.surface(f"<header>{hidden}</header>{script}") as surface:
        assert "My account" in (await rested(surface, "ann@desk.test")).words()
    async with world.surface(f"<main>{hidden}</main>{script}", path="/main") as surface:
        assert openers(await surface.observe()) == []  # anything may stand beside something hidden in the page itself


@pytest.mark.parametrize(
    ("css", "html"),
    [
        (".row:hover{color:red}", f"<div class=row>Row {LIST}</div>"),
        (".tip b{display:none} .tip:hover b{display:block}", "<p class=tip>VAT <b>Value added tax</b></p>"),
        (".a ul{display:none} .a:not(:hover) ul{display:none}", f"<div class=a>Words {LIST}</div>"),
        (".a ul{display:none} @media print{.a:hover ul{display:block}}", f"<div class=a>Words {LIST}</div>"),
        (".a,.a ul{display:none} .a:hover ul{display:block}", f"<div class=a>Words {LIST}</div>"),
    ],
    ids=["only paints", "only words", "says something else", "for paper", "itself hidden"],
)
async def test_a_rule_that_shows_no_control_makes_no_menu(world: World, css: str, html: str) -> None:
    async with world.surface(f"<style>{css}</style><main>{html}</main>") as surface:
        assert openers(await surface.observe()) == []


async def test_of_rows_that_show_the_same_one_is_enough(world: World) -> None:
    rows = "".join(f"<li>File {n} <span><a href='/e'>Edit</a><a href='/d'>Delete</a></span></li>" for n in range(9))
    css = "li span{display:none} li:hover span{display:inline}"
    async with world.surface(f"<style>{css}</style><main><ul>{rows}</ul></main>") as surface:
        assert openers(await surface.observe()) == ["File 0"]


async def test_what_an_open_menu_lies_on_can_be_pressed_as_the_pointer_leaves_the_menu(world: World) -> None:
    css = "body{margin:40px} .user{position:relative} .user ul{display:none;position:absolute;background:#fff;margin:0} .user:hover ul{display:block}"
    under = "<button onclick=\"document.title='pressed'\">Search</button>"
    async with world.surface(f"<style>{css}</style><header>{USER}</header><main>{under}</main>") as surface:
        opened = await rested(surface, "ann@desk.test")
        assert not named(opened, "Search").covered
        assert (await surface.act(tap(named(opened, "Search")))).problem == ""
        await surface.settle(5)
        after = await surface.observe()
        assert after.title == "pressed" and "My account" not in after.words()


async def test_a_file_field_that_is_hidden_with_its_own_label_is_not_there_yet(world: World) -> None:
    steps = "<form><p><label>Name <input name=n></label></p><p {}><label>Attachment <input type=file name=f></label></p><button>Next</button></form>"
    async with world.surface(steps.format("style='display:none'")) as surface:
        assert [e.role for e in (await surface.observe()).elements] == ["textbox", "button"]
    async with world.surface(steps.format(""), path="/shown") as surface:
        assert "file" in [e.role for e in (await surface.observe()).elements]
    alone = "<div style='display:none'><input type=file></div><button>Attach</button>"
    async with world.surface(alone, path="/alone") as surface:
        assert "file" in [e.role for e in (await surface.observe()).elements]
