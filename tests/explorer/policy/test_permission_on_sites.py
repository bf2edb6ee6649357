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
from flows.session import AttemptState
from flows.step import Action, ActionKind
from personas.persona import Persona, load
from tests.explorer.policy.harmful import BEHIND, CONTROLS, PAGES, WORDS, Control, script
from tests.explorer.policy.walk import walk

pytestmark = pytest.mark.no_cover  # whole walks, many times over: tracing would double their time
JOURNEYS = load_catalogue()
PRESSES = (ActionKind.TAP, ActionKind.PRESS, ActionKind.CHOOSE, ActionKind.UPLOAD)
SEEDS = (1, pytest.param(2, marks=pytest.mark.nightly))
"""`make safety` walks with twenty."""


def desk(url: str) -> bool:
    return url.startswith("https://desk.test/")


@dataclass(slots=True)
class Watched(ScriptedSurface):
    """Takes down which of the harmful controls were there when something was done, by number, and which were pressed."""

    seen: set[int] = field(default_factory=set)
    pressed: list[Control] = field(default_factory=list)

    async def act(self, action: Action) -> Acted:
        screen = await self.observe()
        there = (PAGES | BEHIND).get(screen.address.removeprefix("https://desk.test"), ())
        self.seen |= {c.number for c in there if c.kind}
        target = next((e for e in screen.elements if e.ref == action.ref), None)
        if target is not None and action.kind in PRESSES:
            for control in there:
                told = control.element()
                told |= {fact: tuple(told.get(fact, ())) for fact in ("hints", "headings")}
                if replace(target, value="") == Element(**{"ref": target.ref, "key": target.key, **told}):
                    self.pressed.append(control)
        return await ScriptedSurface.act(self, action)


async def pressed(
    persona: Persona,
    seed: int,
    *,
    public: bool,
    allow: Iterable[str] = (),
    start: str = "/",
    harmless: bool = True,
    read_only: bool = False,
) -> tuple[Watched, Policy]:
    """A walk of the persona, with the harmful controls that it saw and pressed. The app opens at the page `start`.
    Without `harmless`, the run has a login."""
    surface = Watched(script(start, harmless=harmless))
    permission = Permission(public=public, allow=frozenset(allow), site=desk, read_only=read_only)
    policy = Policy(
        persona,
        JOURNEYS,
        random.Random(seed),
        login=not harmless,
        allow=frozenset(allow),
        site=desk,
        single_submission=public,
        permission=permission,
    )
    await walk(surface, policy, choose(JOURNEYS, [j.id for j in JOURNEYS]))
    return surface, policy


def starts() -> list[str]:
    """The pages that harmful controls stand on."""
    return list(PAGES)


def test_there_are_enough_of_them_in_five_languages_by_words_pictures_and_nothing() -> None:
    assert len(CONTROLS) >= 150 and len(WORDS) == 5
    assert all(count >= 20 for count in Counter(c.kind for c in CONTROLS if c.kind).values())
    assert sum(not c.name for c in CONTROLS) >= 30


@pytest.mark.parametrize("persona", load(), ids=lambda p: p.name)
@pytest.mark.parametrize("seed", SEEDS)
async def test_on_a_public_target_none_of_them_is_pressed_and_the_journeys_pass(persona: Persona, seed: int) -> None:
    start = starts()[(load().index(persona) * len(SEEDS) + seed) % len(PAGES)]
    surface, policy = await pressed(persona, seed, public=True, start=start)
    assert surface.pressed == []
    assert surface.seen >= {c.number for c in PAGES[start] if c.kind}
    states = {name: policy.attempts[name].state for name in ("submit-ticket", "start-chat", "knowledge-base")}
    assert states == dict.fromkeys(states, "passed")


@pytest.mark.parametrize("persona", load(), ids=lambda p: p.name)
async def test_a_form_behind_the_door_of_a_journey_is_not_sent_where_its_heading_names_an_act(persona: Persona) -> None:
    surface, policy = await pressed(persona, 1, public=True, harmless=False)
    assert surface.seen >= {c.number for controls in BEHIND.values() for c in controls}
    assert surface.pressed == []
    assert not any(action.credential for action in surface.done), "a password that confirms something is no login"
    for name in ("submit-ticket", "upload-attachment"):
        assert policy.attempts[name].outcome is AttemptState.NOT_ALLOWED


@pytest.mark.parametrize("persona", load(), ids=lambda p: p.name)
async def test_read_only_gives_the_password_to_no_form_that_does_something_with_it(persona: Persona) -> None:
    surface, _ = await pressed(persona, 2, public=False, harmless=False, read_only=True)
    assert surface.seen >= {c.number for c in BEHIND["/account"]}
    assert surface.pressed == [] and not any(action.credential for action in surface.done)


@pytest.mark.parametrize("kind", ["payment", "send", "publish", "change", "end", "delete"])
async def test_on_a_system_of_ones_own_only_what_is_allowed_is_pressed(kind: str) -> None:
    curious = next(p for p in load() if p.name == "curious").model_copy(update={"curiosity": 4.0})
    surface, policy = await pressed(curious, 1, public=False, allow=[kind])
    found = surface.pressed
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
