"""Plans counter-proof sessions: each repeats a journey of an observed session and ignores one host's TLS errors. Pure.

`flows.judge.run` decides which sessions and journeys are repeated, `flows.judge.proof` which host's errors are ignored.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from explorer.run.session_plan import SessionPlan
from flows.diagnosis import Diagnosis, Topic, causes_with
from flows.journey import needed
from flows.judge.blame import ENTRY
from flows.judge.proof import CONTROL
from flows.path import path_of
from flows.session import Endpoint
from flows.step import Step

LOOK = 3
"""Maximum number of steps of a session that only checks whether an app opens.

The first two screens of an app show entries to journeys."""


def dates_only(diagnoses: Iterable[Diagnosis]) -> frozenset[Endpoint]:
    """The hosts that were probed, and whose only faults are dates.

    A counter-proof may take the login past such a host, as long as the browser, too, ignores nothing but dates there:
    Chromium names dates last, so issuer and name are then in order. The probe alone proves less. Every other host may be
    anybody on the way: one that was not probed, and one whose fault has no known cause, too."""
    known = causes_with(lambda facts: facts.about is Topic.DATES)
    return frozenset((d.host, d.port) for d in diagnoses if d.causes and known.issuperset(d.causes))


def proof_plan(plan: SessionPlan, journey: str, host: Endpoint, steps: Sequence[Step] = ()) -> SessionPlan:
    """The plan of the session that repeats a journey of `plan`, with the same persona and device.

    It lists the journey first, then the journeys that the journey needs. `steps` are those of the observed session. The
    repetition follows the journey's path through them.

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
        note="counter-proof: TLS errors of one host ignored" if host != CONTROL else "control: no TLS errors ignored",
    )
