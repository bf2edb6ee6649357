"""Who explores: persona files as typed data. All times are seconds of the persona's own clock."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Expectation(_Strict):
    """What sets this persona apart, as a number that a neutral persona misses."""

    measure: str
    """A measure known to `tests/personas` (for example `double-submits-per-submit`, `keyboard-share`)."""
    at_least: float | None = None
    at_most: float | None = None


class Persona(_Strict):
    """One way to use an app."""

    name: str
    title: str
    about: str
    patience: float = Field(gt=0, le=120)
    """How long it waits for an outcome before it gives up or tries again."""
    pace: float = Field(ge=0, le=30)
    """Pause between two actions; kept on a real surface only if a run asks for real pace."""
    retries: int = Field(ge=0, le=5, default=1)
    """How often it repeats a step that seemed to fail."""
    double_submit: float = Field(ge=0, le=1, default=0)
    """Chance to press a submit control twice at once."""
    typos: float = Field(ge=0, le=1, default=0)
    """Chance to mistype a field and correct it."""
    wrong_input: float = Field(ge=0, le=1, default=0)
    """Chance to fill a field with malformed or hostile input before the proper one."""
    hostile: bool = False
    curiosity: float = Field(ge=0, le=1, default=0.3)
    """How readily it looks at what no journey needs."""
    wandering: float = Field(ge=0, le=1, default=0)
    """Chance to go back and forth before it goes on."""
    keyboard: bool = False
    tabs: int = Field(ge=1, le=4, default=1)
    reads: bool = False
    """Reads help texts and articles first, and scrolls to the end."""
    text_length: Literal["short", "usual", "long"] = "usual"
    fills_optional: bool = True
    emoji: bool = False
    order: Literal["as-seen", "goals-first", "random"] = "goals-first"
    expectation: Expectation
