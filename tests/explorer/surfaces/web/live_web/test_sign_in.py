"""The browser's own question for a password: shown as a form, answered for the target's own site only."""

from __future__ import annotations

import pytest

from explorer.request.account import Account
from explorer.request.credential import Login
from explorer.request.scope import scope_of
from explorer.surfaces.web.sign_in import REFUSED
from explorer.surfaces.web.surface import WebSurface
from flows.recognise.forms import form_of
from flows.screen import Screen
from flows.step import Action, ActionKind
from tests.explorer.surfaces.web_world import World, named, tap

pytestmark = pytest.mark.asyncio(loop_scope="module")
LINK = "<a href=/guarded>My desk</a>"


def _account(password: str = "right", target: str = "https://site.test/") -> Account:
    return Account(Login.of("ann", password), scope_of(target))


async def _sign_in(surface: WebSurface) -> Screen:
    for name, part in (("User name", "user"), ("Password", "password")):
        field = named(await surface.observe(), name)
        typed = Action(ActionKind.TYPE, ref=field.ref, text="placeholder", credential=part)
        assert (await surface.act(typed)).problem == ""
    assert (await surface.act(tap(named(await surface.observe(), "Sign in")))).problem == ""
    await surface.settle(10)
    return await surface.observe()


async def _asked(surface: WebSurface) -> Screen:
    await surface.act(tap(named(await surface.observe(), "My desk")))
    await surface.settle(10)
    return await surface.observe()


async def test_the_question_is_a_login_form_and_the_right_answer_opens_the_site(world: World) -> None:
    async with world.surface(LINK, account=_account()) as surface:
        form = form_of(await _asked(surface), "login")
        assert form is not None and (control := form.submit()) is not None and control.name == "Sign in"
        screen = await _sign_in(surface)
        assert screen.title == "Desk" and not screen.error
        await surface.open()
        await surface.settle(10)
        assert (await _asked(surface)).title == "Desk"  # the browser keeps what it was told


async def test_a_wrong_answer_is_asked_once_more_and_can_be_declined(world: World) -> None:
    async with world.surface(LINK, account=_account("wrong")) as surface:
        await _asked(surface)
        screen = await _sign_in(surface)
        assert form_of(screen, "login") is not None and named(screen, "Password").value == ""
        await surface.act(tap(named(screen, "Cancel")))
        assert (await surface.observe()).error == REFUSED


@pytest.mark.parametrize(
    "own", [None, _account(target="https://else.test/")], ids=["without a login", "at another site"]
)
async def test_nothing_is_asked_where_nothing_may_be_answered(world: World, own: Account | None) -> None:
    async with world.surface(LINK, account=own) as surface:
        assert (await _asked(surface)).error == REFUSED
