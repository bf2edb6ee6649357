"""The plan of one session."""

from __future__ import annotations

from dataclasses import dataclass

from flows.journey import Journey
from flows.session import Endpoint
from flows.step import Step
from personas.persona import Persona


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """What a session is to do. `budget` counts steps; `deadline` is seconds since the epoch, or None."""

    id: str
    persona: Persona
    device: str
    target: Endpoint
    journeys: tuple[Journey, ...]
    budget: int
    deadline: float | None = None
    counter_proof: tuple[str, ...] = ()
    of_session: str = ""
    note: str = ""
    pace: float = 0.0
    """Seconds that the persona pauses between two actions. 0 means that there are no pauses."""
    path: tuple[Step, ...] = ()
    """Recorded steps that the session repeats first (`flows.path`)."""
    goal: str = ""
    """The session ends when this journey has ended. If it is empty, the session explores to the end."""
