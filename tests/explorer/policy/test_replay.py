"""A recorded path is walked again without exploring; where the app does not fit it any more, that is said."""

from __future__ import annotations

import random
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

from explorer.policy.permission import Permission
from explorer.policy.policy import Policy
from explorer.policy.replay import Replay
from explorer.surfaces.scripted import ScriptedSurface
from flows.effects import tokens_in
from flows.journey import choose, load_catalogue
from flows.path import path_of
from flows.step import Action, ActionKind, Decision, Step
from personas.persona import neutral
from tests.explorer.policy.walk import walk

LOGIN = [
    {"role": "textbox", "name": "User name", "group": "in"},
    {"role": "textbox", "name": "Password", "kind": "password", "group": "in"},
    {"role": "button", "name": "Sign in", "group": "in"},
]
ASK = [
    {"role": "textbox", "name": "Subject", "group": "ask", "required": True},
    {"role": "textbox", "name": "Message", "kind": "textarea", "group": "ask", "required": True},
    {"role": "button", "name": "Send request", "group": "ask"},
]
HOME = ["link: Services @navigation", "link: Company @navigation", "link: Sign in @navigation"]
DESK: dict[str, Any] = {
    "start": "home",
    "screens": {
        "home": {
            "elements": HOME,
            "moves": {"tap Services": "services", "tap Company": "company", "tap Sign in": "login"},
        },
        "company": {"texts": ["heading: About us"], "elements": HOME, "moves": {"tap Services": "services"}},
        "services": {
            "texts": ["heading: Services"],
            "elements": ["link: Contact us @main"],
            "moves": {"tap Contact us": "form"},
        },
        "login": {"elements": LOGIN, "moves": {"tap Sign in": {"to": "inside", "needs": ["User name", "Password"]}}},
        "inside": {
            "texts": ["heading: Welcome, Ada"],
            "elements": ["link: Log out @navigation", "link: Services @navigation"],
            "moves": {"tap Services": "services"},
        },
        "form": {
            "elements": ASK,
            "moves": {"tap Send request": {"to": "done", "needs": ["Subject", "Message"], "else": "form"}},
        },
        "done": {"texts": ["heading: Thank you", "status: Your ticket T-1042 has been created."]},
    },
}


async def walked(app: dict[str, Any], path: tuple[Step, ...] = (), salt: str = "first", **more: Any) -> list[Step]:
    wanted = choose(load_catalogue(), ("submit-ticket", "login"))
    policy = Policy(
        neutral(),
        wanted,
        random.Random(1),
        **{"login": True, **more},
        files={"png": Path("trustwalk-1.png")},
        site=lambda url: url.startswith("https://desk.test/"),
        salt=salt,
        path=path,
    )
    return await walk(ScriptedSurface(deepcopy(app)), policy, wanted, steps=60)


def labels(steps: list[Step]) -> list[str]:
    return [s.decision.action.label for s in steps]


def succeeded(steps: list[Step], journey: str) -> bool:
    return any(c.journey == journey and c.outcome == "success" for s in steps for c in s.cues)


async def recorded(app: dict[str, Any], journey: str = "submit-ticket") -> tuple[Step, ...]:
    steps = await walked(app)
    assert succeeded(steps, journey)
    numbers = [s.n for s in steps if s.decision.journey == journey]
    opened = replace(steps[0], n=0, decision=Decision(Action(ActionKind.OPEN)), before="", after=steps[0].before)
    return tuple(path_of([opened, *steps], journey, numbers))


def until_sent(steps: list[Step]) -> list[Step]:
    sent = next(n for n, s in enumerate(steps) if s.decision.action.label == "Send request")
    return steps[: sent + 1]


async def test_the_path_is_walked_step_by_step_to_the_same_end() -> None:
    path = await recorded(DESK)
    again = await walked(DESK, path, "second")
    assert labels(again)[: len(path)] == labels(list(path))
    assert succeeded(again[: len(path)], "submit-ticket")


async def test_what_is_typed_bears_tokens_of_its_own() -> None:
    path = await recorded(DESK)
    again = until_sent(await walked(DESK, path, "second"))

    def tokens(steps: list[Step]) -> set[str]:
        return {
            t for s in steps if s.decision.action.kind is ActionKind.TYPE for t in tokens_in(s.decision.action.text)
        }

    assert tokens(list(path)) and tokens(again)
    assert not tokens(list(path)) & tokens(again)


async def test_where_the_app_has_changed_it_says_so_and_goes_on_by_itself() -> None:
    path = await recorded(DESK)
    renamed = deepcopy(DESK)
    renamed["screens"]["services"] = {
        "texts": ["heading: Services"],
        "elements": ["link: Contact support @main"],
        "moves": {"tap Contact support": "form"},
    }
    again = await walked(renamed, path, "second")
    assert succeeded(again, "submit-ticket")
    said = [s.decision.why for s in again if "recorded path" in s.decision.why]
    assert len(said) == 1 and "«Contact us» is not here any more" in said[0]


async def test_an_element_that_moved_is_found_by_its_role_and_name() -> None:
    path = await recorded(DESK)
    moved = deepcopy(DESK)
    for element in moved["screens"]["form"]["elements"]:
        element["group"] = "other"
    again = await walked(moved, path, "second")
    assert labels(until_sent(again)) == labels(until_sent(list(path)))


async def test_a_press_that_is_not_permitted_is_not_made_because_it_was_recorded() -> None:
    path = await recorded(DESK)
    kept = Permission(never_press=("Send request",), site=lambda url: url.startswith("https://desk.test/"))
    refused = await walked(DESK, path, "second", permission=kept)
    assert "Message" in labels(refused) and "Send request" not in labels(refused)


async def test_a_dialog_is_answered_by_what_it_says_now() -> None:
    asks = deepcopy(DESK)
    cost = "Your card will be charged 49 EUR. Continue?"
    asks["screens"]["form"]["moves"]["tap Send request"] |= {"dialog": cost}
    path = [*await recorded(DESK)]
    accepted = replace(
        path[-1], decision=replace(path[-1].decision, action=Action(ActionKind.ACCEPT, label="Leave this page?"))
    )
    again = await walked(asks, (*path, accepted), "second")
    assert ActionKind.DISMISS in {s.decision.action.kind for s in again}
    assert ActionKind.ACCEPT not in {s.decision.action.kind for s in again}


async def test_a_session_without_a_path_speaks_of_none() -> None:
    covered = deepcopy(DESK)
    covered["screens"]["services"]["moves"] = {}
    steps = await walked(covered)
    assert steps and not [s for s in steps if "path" in s.decision.why]


def test_nothing_is_left_where_nothing_is_walked() -> None:
    replay = Replay(())
    replay.leave("«Send» could not be used")
    assert replay.told() == ""


async def test_a_look_for_the_next_step_is_no_part_of_the_journey() -> None:
    path = await recorded(DESK)
    gone = deepcopy(DESK)
    gone["screens"]["form"] = {"texts": ["heading: Thank you", "status: Your ticket T-1042 has been created."]}
    again = await walked(gone, path, "second")
    waits = [s for s in again if "next step of the path" in s.decision.why]
    assert [(s.decision.journey, s.cues) for s in waits] == [("", ())]


async def test_a_journey_that_is_done_before_the_path_ends_is_not_begun_again() -> None:
    path = await recorded(DESK)
    early = deepcopy(DESK)
    early["screens"]["services"]["moves"] = {"tap Contact us": "done"}
    again = await walked(early, path, "second")
    assert succeeded(again, "submit-ticket") is any("Contact us" in s.decision.action.label and s.cues for s in again)
    assert "Subject" not in labels(again)


async def test_a_session_without_the_login_says_so_and_types_none() -> None:
    path = await recorded(DESK, "login")
    assert any(s.decision.action.credential for s in path)
    again = await walked(DESK, path, "second", login=False)
    assert not {"User name", "Password"} & set(labels(again)), "no made-up name is sent in its place"
    assert any("The login is withheld from this session, at step" in s.decision.why for s in again)
