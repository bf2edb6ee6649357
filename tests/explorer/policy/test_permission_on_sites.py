"""A shop, an administrator's page, a bank and a mail client: nothing harmful is pressed there, and the journeys pass."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import pytest

from explorer.policy.permission import Permission
from explorer.policy.policy import Policy
from explorer.surfaces.scripted import ScriptedSurface
from explorer.surfaces.surface import Acted
from flows.journey import choose, load_catalogue
from flows.screen import Element
from flows.step import Action, ActionKind
from personas.persona import Persona, load
from tests.explorer.policy.harmful import CONTROLS, PAGES, WORDS, Control, script
from tests.explorer.policy.walk import walk

JOURNEYS = load_catalogue()
PRESSES = (ActionKind.TAP, ActionKind.PRESS, ActionKind.CHOOSE, ActionKind.UPLOAD)
SEEDS = (1, 2)
"""The nightly run has twenty."""


def desk(url: str) -> bool:
    return url.startswith("https://desk.test/")


@dataclass(slots=True)
class Watched(ScriptedSurface):
    """Takes down which of the harmful controls were pressed."""

    pressed: list[Control] = field(default_factory=list)

    async def act(self, action: Action) -> Acted:
        screen = await self.observe()
        target = next((e for e in screen.elements if e.ref == action.ref), None)
        if target is not None and action.kind in PRESSES:
            for control in PAGES.get(screen.address.removeprefix("https://desk.test"), ()):
                told = control.element()
                told["hints"] = tuple(told["hints"])
                if replace(target, value="") == Element(**{"ref": target.ref, "key": target.key, **told}):
                    self.pressed.append(control)
        return await ScriptedSurface.act(self, action)


async def pressed(
    persona: Persona, seed: int, *, public: bool, allow: Iterable[str] = ()
) -> tuple[list[Control], Policy]:
    """The harmful controls that the persona pressed."""
    surface = Watched(script())
    permission = Permission(public=public, allow=frozenset(allow), site=desk)
    policy = Policy(
        persona,
        JOURNEYS,
        random.Random(seed),
        allow=frozenset(allow),
        site=desk,
        single_submission=public,
        permission=permission,
    )
    await walk(surface, policy, choose(JOURNEYS, [j.id for j in JOURNEYS]))
    return surface.pressed, policy


def test_there_are_enough_of_them_in_five_languages_by_words_pictures_and_nothing() -> None:
    assert len(CONTROLS) >= 150 and len(WORDS) == 5
    assert all(count >= 20 for count in Counter(c.kind for c in CONTROLS if c.kind).values())
    assert sum(not c.name for c in CONTROLS) >= 30


@pytest.mark.parametrize("persona", load(), ids=lambda p: p.name)
@pytest.mark.parametrize("seed", SEEDS)
async def test_on_a_public_target_none_of_them_is_pressed_and_the_journeys_pass(persona: Persona, seed: int) -> None:
    found, policy = await pressed(persona, seed, public=True)
    assert found == []
    states = {name: policy.attempts[name].state for name in ("submit-ticket", "start-chat", "knowledge-base")}
    assert states == dict.fromkeys(states, "passed")


@pytest.mark.parametrize("kind", ["payment", "send", "publish", "change", "end", "delete"])
async def test_on_a_system_of_ones_own_only_what_is_allowed_is_pressed(kind: str) -> None:
    curious = next(p for p in load() if p.name == "curious").model_copy(update={"curiosity": 4.0})
    found, policy = await pressed(curious, 1, public=False, allow=[kind])
    assert [c for c in found if c.kind not in (kind, "")] == [], "what nothing tells of may be anything"
    assert kind in {c.kind for c in found}
    assert policy.attempts["submit-ticket"].state == "passed"


async def test_what_was_decided_on_is_still_left_alone_at_the_last_moment_and_the_form_is_sent_without_it() -> None:
    fields = [
        {"role": "textbox", "name": "Subject", "region": "main"},
        {"role": "textbox", "name": "Message", "kind": "textarea", "region": "main"},
        {"role": "combobox", "name": "State", "options": ["Open", "Closed"], "region": "main"},
        {"role": "button", "name": "Send request", "region": "main"},
    ]
    moves = {"tap Send request": {"to": "thanks", "needs": ["Subject", "Message"]}}
    thanks = {"texts": ["status: Thank you. Your ticket T-1042 has been created."]}
    app = {"start": "form", "screens": {"form": {"elements": fields, "moves": moves}, "thanks": thanks}}
    journeys = choose(JOURNEYS, ["submit-ticket"])
    surface = ScriptedSurface(app)
    policy = Policy(load()[0], journeys, random.Random(1), permission=Permission(public=True), single_submission=True)
    await walk(surface, policy, journeys)
    assert ActionKind.CHOOSE not in {a.kind for a in surface.done}
    assert policy.attempts["submit-ticket"].state == "passed"
