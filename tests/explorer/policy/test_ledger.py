"""On a public target all sessions of a run share one submission of each kind."""

from __future__ import annotations

import random
from typing import Any

import pytest

from explorer.policy.ledger import Ledger
from explorer.policy.permission import Permission
from explorer.policy.policy import Policy
from explorer.surfaces.scripted import ScriptedSurface
from flows.journey import choose, load_catalogue
from flows.step import ActionKind
from personas.persona import neutral
from tests.explorer.policy.walk import walk

TICKET = choose(load_catalogue(), ["submit-ticket"])
DESK: dict[str, Any] = {
    "start": "form",
    "screens": {
        "form": {
            "elements": [
                {"role": "textbox", "name": "Subject", "group": "ask", "required": True},
                {"role": "textbox", "name": "Message", "kind": "textarea", "group": "ask", "required": True},
                {"role": "button", "name": "Send request", "group": "ask"},
            ],
            "moves": {"tap Send request": {"to": "thanks", "needs": ["Subject", "Message"]}},
        },
        "thanks": {"texts": ["status: Thank you. Your ticket T-1042 has been created."]},
    },
}


async def session(name: str, ledger: Ledger) -> tuple[int, Policy]:
    """How often a session sent the form, and what it came to."""
    surface = ScriptedSurface(DESK)
    policy = Policy(neutral(), TICKET, random.Random(1), single_submission=True, ledger=ledger, session=name)
    await walk(surface, policy, TICKET)
    sent = [a for a in surface.done if a.kind is ActionKind.TAP and a.label == "Send request"]
    typed = [a for a in surface.done if a.kind is ActionKind.TYPE]
    assert len(typed) == 2, "each goes up to the press"
    return len(sent), policy


async def test_the_second_session_goes_up_to_the_press_and_says_whose_it_shares() -> None:
    ledger = Ledger()
    assert (await session("ada", ledger))[0] == 1
    sent, policy = await session("bob", ledger)
    assert sent == 0 and policy.attempts["submit-ticket"].state == "shared"
    assert "ada sent it" in policy.reasons["submit-ticket"]


async def test_a_counter_proof_sends_again_what_its_own_session_sent_and_nothing_else() -> None:
    ledger = Ledger()
    await session("ada", ledger)
    assert (await session("ada", ledger))[0] == 1 and ledger.owner("submit-ticket") == "ada"
    assert not ledger.claim("submit-ticket", "bob") and ledger.claim("start-chat", "bob")


async def test_what_was_claimed_and_not_sent_is_given_back() -> None:
    ledger = Ledger()
    policy = Policy(neutral(), TICKET, random.Random(1), single_submission=True, ledger=ledger, session="ada")
    surface = ScriptedSurface(DESK)
    screen = await surface.observe()
    while (decision := policy.decide(screen)) is not None and decision.action.label != "Send request":
        await surface.act(decision.action)
        screen = await surface.observe()
    assert ledger.owner("submit-ticket") == "ada"
    policy.give_back()  # the session ends before the press
    assert ledger.owner("submit-ticket") == ""
    assert (await session("bob", ledger))[0] == 1
    policy.give_back()
    assert ledger.owner("submit-ticket") == "bob"


def with_door(*, creates: bool) -> dict[str, Any]:
    """A desk whose button creates a ticket by itself, or only leads to the form."""
    door = {
        "elements": [{"role": "button", "name": "Create ticket"}],
        "moves": {"tap Create ticket": "made" if creates else "form"},
    }
    made = {"texts": ["heading: Draft 12"]}
    return {"start": "door", "screens": {**DESK["screens"], "door": door, "made": made}}


async def pressed(name: str, app: dict[str, Any], ledger: Ledger, **more: Any) -> list[str]:
    """The labels of what a session pressed."""
    surface = ScriptedSurface(app)
    persona = neutral().model_copy(update={"curiosity": 1.0})
    policy = Policy(persona, TICKET, random.Random(1), single_submission=True, ledger=ledger, session=name, **more)
    await walk(surface, policy, TICKET)
    return [a.label for a in surface.done if a.kind is ActionKind.TAP]


async def test_a_button_that_may_create_a_ticket_by_itself_is_pressed_by_one_session() -> None:
    ledger, app = Ledger(), with_door(creates=True)
    assert "Create ticket" in await pressed("ada", app, ledger)
    assert await pressed("bob", app, ledger) == []


@pytest.mark.parametrize("name", ["Open a ticket", "Submit request", "Contact support"])
async def test_curiosity_does_not_press_what_another_session_has_pressed_to_ask_for_help(name: str) -> None:
    door = {"elements": [{"role": "button", "name": name, "region": "main"}], "moves": {f"tap {name}": "made"}}
    app = {"start": "door", "screens": {"door": door, "made": {"texts": ["heading: Draft 12"]}}}
    ledger = Ledger()
    assert ledger.claim("submit-ticket", "ada")
    assert await pressed("bob", app, ledger, permission=Permission(public=True)) == []


async def test_a_button_that_only_led_to_the_form_is_free_for_others() -> None:
    ledger, app = Ledger(), with_door(creates=False)
    policy = Policy(neutral(), TICKET, random.Random(1), single_submission=True, ledger=ledger, session="ada")
    surface = ScriptedSurface(app)
    await walk(surface, policy, TICKET, steps=1)
    assert [a.label for a in surface.done] == ["Create ticket"] and ledger.owner("submit-ticket") == ""
    assert await pressed("bob", app, ledger) == ["Create ticket", "Send request"]
    assert ledger.owner("submit-ticket") == "bob"
