"""A login is looked for where it may be used; what asks for it elsewhere is left alone and told."""

from __future__ import annotations

import random
from typing import Any

from explorer.policy.foreign_login import ForeignLogins
from explorer.policy.policy import Policy
from explorer.surfaces.scripted import ScriptedSurface
from flows.journey import choose, load_catalogue
from flows.screen import Element, Frame, Screen
from flows.step import Step
from personas.persona import neutral
from tests.explorer.policy.parts import desk
from tests.explorer.policy.test_policy import LOGIN, app
from tests.explorer.policy.walk import walk

FORM = tuple(
    Element(ref=name, key=name, role="textbox", name=name, kind=kind, frame="f", group="g")
    for name, kind in (("User name", "text"), ("Password", "password"))
)
STAY = Element(ref="link", key="link", role="link", name="Prices", frame="f")


def screen(address: str, *frames: Frame) -> Screen:
    return Screen(address, "", (*FORM, STAY), frames=(Frame("", address), *frames))


def test_a_form_in_a_foreign_frame_is_hidden_and_its_links_are_not() -> None:
    foreign = ForeignLogins(desk)
    seen = foreign.hide(screen("https://desk.test/", Frame("f", "https://evil.test/login")))
    assert seen.elements == (STAY,) and foreign.at == "https://evil.test" and foreign.met == ["https://evil.test"]
    own = screen("https://desk.test/", Frame("f", "https://desk.test/login"))
    assert foreign.hide(own) is own and foreign.at == "" and foreign.met == ["https://evil.test"]


def test_what_has_no_address_is_left_to_the_surface_until_that_refuses() -> None:
    foreign = ForeignLogins(desk)
    blank = screen("https://desk.test/", Frame("f", "about:blank"))
    assert foreign.hide(blank) is blank
    foreign.refuse("f", blank)
    assert foreign.hide(blank).elements == (STAY,) and foreign.met == []


def test_a_blob_belongs_to_its_maker() -> None:
    foreign = ForeignLogins(lambda url: desk(url.removeprefix("blob:")))
    assert foreign.hide(screen("https://desk.test/", Frame("f", "blob:https://evil.test/1"))).elements == (STAY,)


async def explore(script: dict[str, Any], *journeys: str) -> tuple[list[Step], Policy]:
    wanted = choose(load_catalogue(), journeys)
    policy = Policy(neutral(), wanted, random.Random(1), login=True, may_sign_in=desk, site=desk)
    return await walk(ScriptedSurface(script), policy, wanted), policy


EVIL: dict[str, Any] = {"address": "https://evil.test/login", "elements": LOGIN, "moves": {"tap Sign in": "in"}}
IN: dict[str, Any] = {"texts": ["heading: Welcome"], "elements": ["link: Log out @navigation"]}


async def test_the_second_door_is_taken_where_the_first_leads_elsewhere() -> None:
    doors = ["link: Log in @navigation", "link: Sign in here @navigation"]
    script = app(
        home={"elements": doors, "moves": {"tap Log in": "evil", "tap Sign in here": "form"}},
        evil={**EVIL, "moves": {"tap Sign in": "in", "back": "home"}},
        form={"elements": LOGIN, "moves": {"tap Sign in": "in"}},
        **{"in": IN},
    )
    steps, policy = await explore(script, "login")
    typed = [s for s in steps if s.decision.action.credential]
    assert len(typed) == 2 and all(s.address.startswith("https://desk.test/") for s in typed)
    assert policy.states == {"login": "passed"} and policy.foreign_logins == ["https://evil.test"]


async def test_a_login_that_is_only_elsewhere_is_not_allowed_and_what_needs_it_needs_a_login() -> None:
    script = app(
        home={"elements": ["link: My account @navigation"], "moves": {"tap My account": "evil"}},
        evil={**EVIL, "moves": {"tap Sign in": "in", "back": "home"}},
        **{"in": IN},
    )
    steps, policy = await explore(script, "login", "account-info")
    assert not [s for s in steps if s.decision.action.credential]
    assert policy.states == {"login": "not-allowed", "account-info": "needs-login"}
    assert "--login-at https://evil.test" in policy.reasons["login"]
