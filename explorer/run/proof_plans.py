"""What a counter-proof session is to do: one journey of an observed session, with one host let past. Pure."""

from __future__ import annotations

from explorer.run.session import SessionPlan
from flows.journey import needed
from flows.judge.proof import CONTROL
from flows.session import Endpoint


def proof_plan(plan: SessionPlan, journey: str, host: Endpoint) -> SessionPlan:
    """The plan of the repetition: the same persona and device, the journey first, then those that it needs."""
    wanted = next(j for j in plan.journeys if j.id == journey)
    opening = needed(wanted, plan.journeys)
    return SessionPlan(
        id=f"{plan.id}+{journey}+{host[0]}",
        persona=plan.persona,
        device=plan.device,
        target=plan.target,
        journeys=(wanted, *(j for j in plan.journeys if j.id in opening)),
        budget=plan.budget,
        counter_proof=(f"{host[0]}:{host[1]}",),
        of_session=plan.id,
        goal=journey,
        note="counter-proof: one host let past" if host != CONTROL else "control: nothing let past",
    )
