"""Lets a policy explore a script in the product's own session."""

from __future__ import annotations

from collections.abc import Sequence

from explorer.policy.policy import Policy
from explorer.run.session import Session
from explorer.run.session_plan import SessionPlan
from explorer.surfaces.scripted import ScriptedSurface
from flows.graph import FlowGraph
from flows.journey import Journey
from flows.step import Step
from reports.journal.events import Event


async def walk(
    surface: ScriptedSurface, policy: Policy, journeys: Sequence[Journey], *, steps: int = 200
) -> list[Step]:
    """The steps that the policy's persona took after the app had opened."""
    plan = SessionPlan(
        "scripted", policy.persona, "script", ("desk.test", 443), tuple(journeys), steps + 1, pace=policy.persona.pace
    )
    told: list[Event] = []
    session = Session(
        plan,
        surface,
        policy,
        lambda _: (),
        lambda _: (),
        told.append,
        FlowGraph(),
        clock=surface.clock,
        rest=surface.clock.rest,
    )
    log = await session.explore()
    return list(log.steps[1:])
