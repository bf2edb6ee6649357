"""What a session makes of the login: one walk of a script, with a surface that tells of its whereabouts."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest

from explorer.policy.policy import Policy
from explorer.request.account import Account
from explorer.request.credential import Login
from explorer.request.scope import Scope, scope_of
from explorer.run.login_tries import LoginTries
from explorer.run.login_use import LoginUse
from explorer.run.session import Session
from explorer.run.session_plan import SessionPlan
from explorer.surfaces.scripted import ScriptedSurface
from explorer.surfaces.surface import CREDENTIALS, Acted
from flows.graph import FlowGraph
from flows.journey import choose, load_catalogue
from flows.record import Record
from flows.screen import Element, Screen
from flows.session import SessionLog
from flows.signals import Exchange, Family, Signal
from flows.step import Action, ActionKind, Cue, Decision, Step
from personas.persona import neutral
from tests.explorer.policy.test_policy import LOGIN, app

LOGINS = choose(load_catalogue(), ("login",))
WRONG: dict[str, Any] = {"elements": LOGIN, "texts": ["alert: Login failed"], "moves": {"tap Sign in": "no"}}


class Telling(ScriptedSurface):
    """Refuses to type, or tells of records, after actions of a kind."""

    refuses = ""
    tells: Sequence[str] = ()

    async def act(self, action: Action) -> Acted:
        if action.credential and self.refuses:
            return Acted(self.clock(), "The login may not be used there.", self.refuses)
        acted = await super().act(action)
        if action.kind is ActionKind.TAP and action.label == "Sign in":
            data = {"to": "https://evil.net", "at": "https://desk.test", "how": "form", "what": "the password"}
            self._records += [Record(self.clock(), CREDENTIALS, kind, data) for kind in self.tells]
        return acted


class Unwilling(ScriptedSurface):
    """Its password field gives the focus to another one."""

    async def act(self, action: Action) -> Acted:
        if action.credential == "password":
            return Acted(self.clock(), "The field does not take the focus.")
        return await super().act(action)


def session(surface: ScriptedSurface, tries: LoginTries, *signals: Signal) -> Session:
    person = neutral().model_copy(update={"retries": 3})
    plan = SessionPlan("s", person, "script", ("desk.test", 443), LOGINS, 30)
    policy = Policy(person, LOGINS, random.Random(1), login=True)
    login = LoginUse(Account(Login.of("ada", "right-horse"), Scope()), tries)
    made = Session(
        plan, surface, policy, lambda _: (), lambda _: signals, lambda _: None, FlowGraph(),
        login=login, clock=surface.clock, rest=surface.clock.rest,
    )  # fmt: skip
    made.signals.update({s.id: s for s in signals})
    return made


def sent(log: SessionLog) -> int:
    return sum(s.decision.stage == "submit" and s.settled_as != "refused" for s in log.steps)


async def test_sessions_of_a_run_share_two_tries() -> None:
    tries = LoginTries()
    script = app(home={"elements": LOGIN, "moves": {"tap Sign in": "no"}}, no=WRONG)
    logs = [await session(ScriptedSurface(script), tries).explore() for _ in range(4)]
    assert [sent(log) for log in logs] == [2, 0, 0, 0]
    assert [log.states["login"] for log in logs] == ["failed", *["not-allowed"] * 3]
    assert "failed 2 times in this run" in logs[1].reasons["login"]


async def test_logins_that_succeed_are_not_limited() -> None:
    tries = LoginTries()
    inside = {"texts": ["heading: Welcome"], "elements": ["link: Log out @navigation"]}
    script = app(home={"elements": LOGIN, "moves": {"tap Sign in": "inside"}}, inside=inside)
    logs = [await session(ScriptedSurface(script), tries).explore() for _ in range(4)]
    assert [log.states["login"] for log in logs] == ["passed"] * 4 and tries.failed == 0


@pytest.mark.parametrize(("answered", "spent"), [((), 0), (("answered",), 2)])
async def test_a_try_that_no_server_answered_for_tls_costs_nothing(answered: tuple[str, ...], spent: int) -> None:
    tries = LoginTries()
    surface = Telling(app(home={"elements": LOGIN, "moves": {"tap Sign in": "no"}}, no=WRONG))
    surface.tells = answered
    broken = Signal(id="x", session="s", time=9e9, family=Family.TLS, signature="", error="net::ERR_CERT_DATE_INVALID")
    await session(surface, tries, broken).explore()
    assert tries.failed == spent


class SendsItself(ScriptedSurface):
    """A page that sends the password as soon as it stands in its field, and tells of each request's answer."""

    at = "no"

    async def act(self, action: Action) -> Acted:
        acted = await super().act(action)
        if action.credential == "password":
            data = {"to": "https://desk.test", "what": "the password"}
            self._records.append(Record(self.clock(), CREDENTIALS, "answered", data))
            self._go(self.at)
        return acted


async def test_a_page_that_sends_the_password_by_itself_has_two_tries_in_all_sessions() -> None:
    tries = LoginTries()
    surfaces = [SendsItself(app(home={"elements": LOGIN}, no=WRONG)) for _ in range(4)]
    for surface in surfaces:
        await session(surface, tries).explore()
    typed = [a for s in surfaces for a in s.done if a.credential == "password"]
    pressed = [a for s in surfaces for a in s.done if a.label == "Sign in"]
    assert typed and len(typed) + len(pressed) == 2 and tries.spent


async def test_one_that_gets_in_by_itself_costs_nothing() -> None:
    tries = LoginTries()
    inside = {"texts": ["heading: Welcome"], "elements": ["link: Log out @navigation"]}
    surfaces = [SendsItself(app(home={"elements": LOGIN}, inside=inside)) for _ in range(4)]
    for surface in surfaces:
        surface.at = "inside"
        await session(surface, tries).explore()
    assert tries.failed == 0 and all(any(a.credential == "password" for a in s.done) for s in surfaces)


async def test_a_page_that_only_looks_at_what_is_typed_costs_nothing_once_the_login_gets_in() -> None:
    tries = LoginTries()
    inside = {"texts": ["heading: Welcome"], "elements": ["link: Log out @navigation"]}
    script = app(home={"elements": LOGIN, "moves": {"tap Sign in": "inside"}}, inside=inside)
    for _ in range(4):
        surface = SendsItself(script)
        surface.at = "home"
        log = await session(surface, tries).explore()
        assert log.states["login"] == "passed" and tries.failed == 0


async def test_a_place_where_it_was_not_typed_is_told_and_the_login_was_not_allowed() -> None:
    surface = Telling(app(home={"elements": LOGIN}))
    surface.refuses = "https://evil.net"
    log = await (made := session(surface, LoginTries())).explore()
    assert log.states == {"login": "not-allowed"} and "https://evil.net" in log.reasons["login"]
    assert sent(log) == 0 and made.login.tries.failed == 0


async def test_a_form_whose_field_could_not_be_typed_into_is_not_sent_without_it() -> None:
    surface = Unwilling(app(home={"elements": LOGIN}))
    log = await (made := session(surface, LoginTries())).explore()
    assert sent(log) == 0 and made.login.tries.failed == 0
    assert log.states == {"login": "not-allowed"} and "does not take the focus" in log.reasons["login"]


async def test_a_request_that_was_stopped_ends_the_try_and_says_why() -> None:
    surface = Telling(app(home={"elements": LOGIN, "moves": {"tap Sign in": "home"}}))
    surface.tells = ("stopped",)
    log = await (made := session(surface, LoginTries())).explore()
    assert "posts to https://evil.net" in log.reasons["login"] and sent(log) == 1
    assert [r.kind for r in made.login.strays(made.policy)] == ["stopped"]


POSTED = Exchange("x", "s", 9e9, 9e9, "POST", "https://desk.test/graphql", "desk.test", 443, "POST /graphql", "ok", 200)
TAP = Action(ActionKind.TAP, label="One")


async def test_what_pages_post_after_a_login_that_was_left_costs_nothing() -> None:
    tries = LoginTries()
    use = LoginUse(Account(Login.of("ada", "right-horse"), Scope()), tries)
    at_login = screen("https://desk.test/login", held="…")
    typing = decided(Action(ActionKind.TYPE, credential="password"), "login")
    for decision, before, after in (
        (typing, at_login, at_login),
        (decided(TAP, ""), at_login, screen("https://desk.test/")),
        (decided(TAP, ""), screen("https://desk.test/"), screen("https://desk.test/a")),
        (decided(TAP, "login"), screen("https://desk.test/a"), screen("https://desk.test/b")),
    ):
        await one_action(use, decision, before, after)
    assert tries.failed == 1, "only the action after typing may have sent it"


async def test_a_login_that_got_in_by_itself_watches_no_further_action() -> None:
    tries = LoginTries()
    use = LoginUse(Account(Login.of("ada", "right-horse"), Scope()), tries)
    typing = decided(Action(ActionKind.TYPE, credential="password"), "login")
    assert await one_action(use, typing, screen("https://desk.test/"), screen("https://desk.test/"), got_in=True)
    assert not await one_action(use, decided(TAP, ""), screen("https://desk.test/"), screen("https://desk.test/"))
    assert tries.failed == 0


async def test_an_ordinary_action_that_leaves_the_form_is_watched_and_costs_nothing() -> None:
    use = LoginUse(Account(Login.of("ada", "right-horse"), Scope()), LoginTries())
    held = screen("https://desk.test/login", held="…")
    await one_action(use, decided(Action(ActionKind.TYPE, credential="password"), "login"), held, held)
    await one_action(use, decided(TAP, ""), held, held)
    assert await one_action(use, decided(TAP, ""), held, screen("https://desk.test/")) and use.tries.failed == 0
    await one_action(use, decided(TAP, "login"), held, screen("https://desk.test/"))
    assert use.tries.failed == 1, "the login's own action may have sent it"


async def test_a_form_that_still_holds_the_password_is_watched() -> None:
    use = LoginUse(Account(Login.of("ada", "right-horse"), Scope()), LoginTries())
    held = screen("https://desk.test/login", held="…")
    await one_action(use, decided(Action(ActionKind.TYPE, credential="password"), "login"), held, held)
    assert [await one_action(use, decided(TAP, ""), held, held) for _ in range(3)] == [True] * 3
    assert use.tries.failed == 0, "nothing was seen to leave"


def decided(action: Action, journey: str) -> Decision:
    return Decision(action, journey=journey)


def screen(address: str, held: str = "") -> Screen:
    field = Element("1", "1", "textbox", "Password", held, kind="password")
    return Screen(address, "", (field,) if held else ())


async def one_action(use: LoginUse, decision: Decision, before: Screen, after: Screen, got_in: bool = False) -> bool:
    """What a session does with the login for one action, after which a request was answered. Whether it took its turn."""
    watched = use.may_leave(decision, before)
    list(use.typed(decision.action))
    if watched:
        step = Step(0, "s", decision, 1.0, 1.0, "quiet", "", "", True)
        async with use.tries.turn() as one:
            one.failed = False
            use.count(one, step, after, False, got_in, (), (POSTED,))
    use.followed(decision, before, watched and got_in)
    return watched


@pytest.mark.parametrize(("host", "failed"), [("api.desk.com", False), ("", True), ("ads.vendor.test", True)])
def test_in_a_native_app_a_failure_of_another_host_excuses_no_wrong_password(host: str, failed: bool) -> None:
    use = LoginUse(Account(Login.of("ada", "right-horse"), scope_of("desk.apk", apps=["https://desk.com"])))
    cue = Cue("login", "failure", "words", "Wrong password")
    signal = Signal("1", 9e9, "s", Family.TLS, "expired", "expired", (), host, 443, place="app")
    tried = Step(1, "s", decided(TAP, "login"), 1.0, 1.0, "quiet", "", "", False, cues=(cue,))
    assert use.failed(tried, [signal]) is failed
