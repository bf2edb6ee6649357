"""What a counter-proof session is to do: one journey of an observed session, with one host let past. Pure.

Which sessions and journeys are repeated is decided in `flows.judge.run`, with which host let past in `flows.judge.proof`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from explorer.run.session_plan import SessionPlan
from flows.journey import needed
from flows.judge.blame import ENTRY
from flows.judge.proof import CONTROL
from flows.path import path_of
from flows.session import Endpoint
from flows.step import Step

LOOK = 3
"""Steps of a session that only looks whether an app opens: doors are seen on the first screen, or on the one after it."""


def proof_plan(plan: SessionPlan, journey: str, host: Endpoint, steps: Sequence[Step] = ()) -> SessionPlan:
    """The plan of the repetition: the same persona and device, the journey first, then those that it needs.

    The path of the journey through `steps`, which are those of the observed session, is walked again.

    For `ENTRY` (the app's opening), the session only looks for entries of any journey.
    """
    if journey == ENTRY:
        return replace(_proof(plan, journey, host), journeys=plan.journeys, budget=min(plan.budget, LOOK), goal="")
    wanted = next(j for j in plan.journeys if j.id == journey)
    opening = needed(wanted, plan.journeys)
    others = (j for j in plan.journeys if j.id in opening)
    path = path_of(steps, journey, [s.n for s in steps if s.decision.journey == journey])
    return replace(_proof(plan, journey, host), journeys=(wanted, *others), path=tuple(path))


def _proof(plan: SessionPlan, journey: str, host: Endpoint) -> SessionPlan:
    return SessionPlan(
        id=f"{plan.id}+{journey}+{host[0]}",
        persona=plan.persona,
        device=plan.device,
        target=plan.target,
        journeys=(),
        budget=plan.budget,
        counter_proof=(f"{host[0]}:{host[1]}",),
        of_session=plan.id,
        goal=journey,
        note="counter-proof: one host let past" if host != CONTROL else "control: nothing let past",
    )
