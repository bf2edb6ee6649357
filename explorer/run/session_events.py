"""The events with which a session begins and ends in the journal. Pure."""

from __future__ import annotations

from explorer.policy.policy import Policy
from explorer.run.session_plan import SessionPlan
from flows.session import SessionLog
from reports.journal.events import SessionEnded, SessionStarted


def began(plan: SessionPlan, time: float) -> SessionStarted:
    """The journal event for the start of a session. `time` is in seconds since the epoch."""
    return SessionStarted(
        session=plan.id,
        persona=plan.persona.name,
        device=plan.device,
        started=time,
        note=plan.note,
        counter_proof=plan.counter_proof,
        of_session=plan.of_session,
        journeys=tuple(j.id for j in plan.journeys),
    )


def finished(log: SessionLog, policy: Policy, time: float, why: str) -> SessionEnded:
    """The journal event for the end of a session. It says why the session ended, and how far its journeys got."""
    return SessionEnded(
        session=log.session,
        finished=time,
        why=why,
        steps=len(log.steps),
        untried=tuple(policy.untried)[:50],
        untried_at=policy.untried_at,
        states=log.states,
        needs=log.needs,
        stops=log.stops,
        reasons=log.reasons,
        named=log.named,
    )
