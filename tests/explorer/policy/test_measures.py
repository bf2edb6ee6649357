"""Each persona shows on paper what its file promises, and nobody in particular does not."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from explorer.policy.measures import MEASURES, meets
from explorer.policy.policy import Policy
from explorer.surfaces.scripted import ScriptedSurface
from flows.journey import load_catalogue
from flows.step import Step
from personas.persona import Persona, load, neutral
from tests.explorer.policy.walk import walk

SEEDS = (1, *(pytest.param(seed, marks=pytest.mark.nightly) for seed in (2, 3)))
pytestmark = pytest.mark.no_cover  # whole walks, many times over: tracing would double their time
DESK = Path(__file__).with_name("desk.yml")


async def explore(persona: Persona, seed: int, **options: Any) -> tuple[list[Step], Policy]:
    journeys = load_catalogue()
    surface = ScriptedSurface(yaml.safe_load(DESK.read_text("utf-8")))
    given: dict[str, Any] = {
        "login": ("ada", "right-horse"),
        "files": {"png": Path("trustwalk-1.png")},
        "hostile_ok": True,
        "site": lambda url: url.startswith(("https://desk.test/", "https://files.desk.test/")),
    }
    policy = Policy(persona, journeys, random.Random(seed), **(given | options))
    return await walk(surface, policy, journeys), policy


@pytest.mark.parametrize("persona", load(), ids=lambda p: p.name)
@pytest.mark.parametrize("seed", SEEDS)
async def test_a_persona_meets_its_expectation_and_nobody_in_particular_misses_it(persona: Persona, seed: int) -> None:
    steps, policy = await explore(persona, seed)
    measured = MEASURES[persona.expectation.measure]
    assert meets(persona.expectation, steps), f"{persona.expectation.measure} is {measured(steps)}"
    plain, _ = await explore(neutral(), seed)
    assert not meets(persona.expectation, plain), f"the neutral persona has {measured(plain)} as well"
    assert {a.state for a in policy.attempts.values()} == {"passed", "stopped-before"}


@pytest.mark.parametrize("persona", [*load(), neutral()], ids=lambda p: p.name)
async def test_same_seed_same_app_same_actions(persona: Persona) -> None:
    first, _ = await explore(persona, 7)
    second, _ = await explore(persona, 7)
    assert [s.decision for s in first] == [s.decision for s in second]


async def test_nobody_in_particular_finishes_eight_journeys_in_few_actions() -> None:
    steps, _ = await explore(neutral(), 1)
    assert len(steps) <= 40
