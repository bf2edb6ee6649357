"""The login is typed into documents that may have it, and into no other."""

from __future__ import annotations

import pytest

from explorer.request.account import Account
from explorer.request.scope import scope_of
from explorer.surfaces.surface import CREDENTIALS
from flows.step import Action, ActionKind
from tests.explorer.surfaces.web.live_web.test_guard import ACCOUNT, FORM, sent, typed
from tests.explorer.surfaces.web_world import World, named

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_events_that_forms_wait_for_come_when_it_is_typed(world: World) -> None:
    heard = "<p id=o></p><script>for(const n of ['input','keydown','keyup','change'])addEventListener(n,e=>o.append(n+' ',e.isTrusted+' '))</script>"
    async with world.surface(FORM + heard, account=ACCOUNT) as surface:
        await typed(surface)
        told = " ".join(t.text for t in (await surface.observe()).texts)
        assert all(f"{name} true" in told for name in ("input", "keydown", "keyup", "change"))


async def test_a_foreign_frame_gets_neither_half(world: World) -> None:
    world.pages["/login"] = FORM
    frame = "<iframe width=500 height=200 src='{other}/login'></iframe>"
    async with world.surface(frame, account=ACCOUNT) as surface:
        done = await typed(surface)
        assert [a.foreign for a in done] == [world.origin("other")] * 2
        assert all("--login-at" in a.problem for a in done)
        assert named(await surface.observe(), "User").value == ""


async def test_a_frame_that_is_named_gets_it(world: World) -> None:
    world.pages["/login"] = FORM
    scope = scope_of("https://site.test/", (), [world.origin("other")])
    frame = "<iframe width=500 height=200 src='{other}/login'></iframe>"
    async with world.surface(frame, account=Account(ACCOUNT.login, scope)) as surface:
        assert [a.problem for a in await typed(surface)] == ["", ""]
        assert [r.kind for r in await sent(surface)] == ["answered"]


@pytest.mark.parametrize("more", ["", "<input type=hidden name=action value=/x><input type=hidden name=getAttribute>"])
async def test_a_form_of_ones_own_that_posts_elsewhere_gets_nothing(world: World, more: str) -> None:
    form = FORM.replace("action=/in", "action='{other}/take'").replace("<button>", f"{more}<button>")
    async with world.surface(form, account=ACCOUNT) as surface:
        assert [a.foreign for a in await typed(surface)] == [world.origin("other")] * 2
        assert named(await surface.observe(), "User").value == ""
        told = [r for r in surface.drain() if r.source == CREDENTIALS]
        assert {(r.kind, r.data["how"], r.data["typed"]) for r in told} == {("stopped", "form", False)}


async def test_what_is_typed_before_stands_there_no_more(world: World) -> None:
    async with world.surface(FORM.replace("name=u", "name=u value=somebody"), account=ACCOUNT) as surface:
        await typed(surface)
        assert named(await surface.observe(), "User").value == "annabel"


async def test_a_session_without_a_login_types_none(world: World) -> None:
    async with world.surface(FORM) as surface:
        field = named(await surface.observe(), "User")
        acted = await surface.act(Action(ActionKind.TYPE, field.ref, text="placeholder", credential="user"))
        assert acted.problem and named(await surface.observe(), "User").value == ""
