"""Markup that hides what it means: forms that look alike, pictures without words, folds without a sign."""

from __future__ import annotations

import pytest

from flows.recognise.forms import form_of, login_name
from flows.recognise.icons import words_for
from tests.explorer.surfaces.web_world import World, named, tap

pytestmark = pytest.mark.asyncio(loop_scope="module")

BAR = """<form action="#"><input size=4 name=id><button>Show issue</button></form>
<form action="#"><input name=user placeholder=username><input type=password name=pw><button>Login</button></form>"""
ICONS = """<svg hidden><symbol id=i-gear></symbol></svg><p id=tip hidden>Help centre</p>
<a href="/profile"><svg width=20 height=20><use href="#i-gear"></use></svg></a>
<button aria-describedby=tip><i style="display:inline-block;width:9px;height:9px"></i></button>
<button class="btn"><span class="fa fa-paperclip" style="display:inline-block;width:9px;height:9px"></span></button>
<a href="/x"><img src="/pictures/comment-dots.svg" width=20 height=20></a>"""
FOLDS = """<main><style>.low{max-height:0;overflow:hidden}</style><a href="#a1" onclick="a1.style.maxHeight='none'">How long?</a>
<div id=a1 class=low>Two days at most.</div><details><summary>And then?</summary>Then it is there.</details></main>"""
TABLE = """<table><tr><th>Onderwerp</th><td><input name=f1> <input name=f1b></td><th>Soort</th><td><select name=f2><option>-<option>Storing</select></td></tr>
<tr><td>Wat is er aan de hand?</td><td><textarea name=f3></textarea></td></tr><tr><td><input name=f4></td><td><input name=f5></td></tr></table>
<dl><dt>Bijlage</dt><dd><input type=file name=f6></dd></dl><table><tr><td>Menu</td><td><label>Naam <input name=f7></label></td></tr></table>"""


async def test_two_forms_that_post_to_one_address_are_two(world: World) -> None:
    async with world.surface(BAR) as surface:
        login = form_of(await surface.observe(), "login")
        assert login is not None
        name, button = login_name(login), login.submit()
        assert name is not None and name.name == "username" and button is not None and button.name == "Login"


async def test_a_picture_without_words_is_called_what_its_maker_left(world: World) -> None:
    async with world.surface(ICONS) as surface:
        said = [words_for(e) for e in (await surface.observe()).elements]
    for words, wanted in zip(said, ("settings", "Help centre", "attach file", "chat"), strict=True):
        assert wanted.lower() in [w.lower() for w in words]


async def test_what_is_folded_by_its_height_cannot_be_read_until_it_opens(world: World) -> None:
    async with world.surface(FOLDS) as surface:
        screen = await surface.observe()
        assert "Two days" not in screen.words() and "expands" in named(screen, "And then?").hints
        await surface.act(tap(named(screen, "How long?")))
        await surface.settle(5)
        assert "Two days at most." in (await surface.observe()).words()


async def test_in_a_form_laid_out_as_a_table_the_cell_before_a_field_is_its_label(world: World) -> None:
    async with world.surface(TABLE) as surface:
        called = {e.hints[0]: e.name for e in (await surface.observe()).elements}
    assert called == {
        "f1": "Onderwerp", "f1b": "", "f2": "Soort", "f3": "Wat is er aan de hand?", "f4": "", "f5": "", "f6": "Bijlage", "f7": "Naam",
    }  # fmt: skip


HEADED = """<header><h2>Acme</h2><button>b0</button></header><main><h1>Customers</h1>
<div class=head><h2>Import customers</h2></div><form action="/a"><h3>Step 1</h3><fieldset><legend>The file</legend><input type=file></fieldset>
<button>b1</button></form>
<section aria-label="Close your account"><div><textarea></textarea></div><button>b2</button></section>
<div><div style="font-size:24px">Delete everything</div><p>For ever.</p><button type=button>b3</button></div>
<details open><summary>Refund</summary><button>b4</button></details><h2>Contact</h2><form action="/b"><input><button>b5</button></form></main>
<footer><form action="/c"><b>Newsletter</b><input type=email><button>b6</button></form></footer>"""


async def test_a_control_stands_under_the_headings_of_its_part_of_the_page(world: World) -> None:
    async with world.surface(HEADED) as surface:
        screen = await surface.observe()
    over = {e.name or e.kind: e.headings for e in screen.elements}
    assert over["b0"] == ("Acme",)
    assert over["file"] == ("Customers", "Import customers", "Step 1", "The file")
    assert over["b1"] == ("Customers", "Import customers", "Step 1")
    assert over["b2"] == over["textarea"] == ("Customers", "Import customers", "Close your account")
    assert over["b3"] == ("Customers", "Import customers", "Delete everything")
    assert over["b4"] == ("Customers", "Import customers", "Refund")
    assert over["b5"] == ("Customers", "Contact")
    assert over["b6"] == ()


BOXES = """<div id=root><main><h1>Members</h1><div><button>b1</button></div><table><tr><td>Ann</td><td>asked to join two days ago</td><td>
<button>b2</button></td></tr></table></main><div class=bar><p>This site uses cookies. <a href="/p">b3</a></p><div><button>b4</button></div></div>
<p>Made by Acme.</p></div>"""


async def test_a_control_is_told_the_words_of_the_box_around_it(world: World) -> None:
    async with world.surface(BOXES) as surface:
        screen = await surface.observe()
    beside = {e.name: e.beside for e in screen.elements}
    cookies = ("This site uses cookies.",)
    assert beside["b3"] == beside["b4"] == cookies
    assert beside["b1"] == ("Members", "Ann", "asked to join two days ago")
    assert "asked to join two days ago" in beside["b2"] and cookies[0] not in beside["b2"]
