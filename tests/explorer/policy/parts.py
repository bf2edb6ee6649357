"""The parts of a policy, made one by one: what `Policy` puts together."""

from __future__ import annotations

import random
from typing import Any

from explorer.policy.agenda import Agenda
from explorer.policy.attempt import Attempt
from explorer.policy.between import Between
from explorer.policy.course import Course
from explorer.policy.data import Writer
from explorer.policy.filling import Filler
from explorer.policy.manners import Manners
from explorer.policy.moves import Mover
from explorer.policy.sightings import Sightings
from explorer.policy.wander import Wanderer
from flows.graph import FlowGraph
from flows.journey import choose, load_catalogue
from flows.screen import Screen
from flows.step import Cue, Decision, Step
from personas.persona import Persona, neutral

CATALOGUE = load_catalogue()


def desk(url: str) -> bool:
    return url.startswith("https://desk.test/")


def attempts(*journeys: str) -> dict[str, Attempt]:
    """In the order of the names."""
    return {name: Attempt(choose(CATALOGUE, [name])[0]) for name in journeys}


def mover(*journeys: str, persona: Persona | None = None, login: bool = False) -> Mover:
    persona, rng = persona or neutral(), random.Random(1)
    writer = Writer(persona, rng)
    filler = Filler(persona, rng, writer, login, False)
    return Mover(persona, choose(CATALOGUE, journeys), rng, writer, filler, {}, (), False, desk)


def agenda(*journeys: str, retries: int = 0, login: bool = True) -> Agenda:
    able = mover(*journeys, login=login)
    return Agenda(attempts(*journeys), able, Sightings(able), retries, login)


def between(*journeys: str, at: Screen | None = None, **traits: Any) -> Between:
    """The persona's doings between journeys, on the screen `at`; `traits` make the persona other than neutral."""
    persona = neutral().model_copy(update=traits)
    course = Course(FlowGraph())
    wander = Wanderer(desk, course.graph, lambda journey, stage: True)
    if at is not None:
        course.arrive(at)
        wander.notice(course.mark, at)
    manners = Manners(desk, keyboard=False)
    able = mover(*journeys, persona=persona)
    return Between(persona, random.Random(1), attempts(*journeys), course, able, manners, wander, has_login=True)


def step(decision: Decision, *cues: Cue, **facts: Any) -> Step:
    """A step that took the decision, with what came of it."""
    told: dict[str, Any] = {"before": "a", "after": "b", "changed": True, "address": "https://desk.test/", "title": ""}
    return Step(0, "s", decision, 1.0, 2.0, "quiet", **{**told, "cues": cues, **facts})
