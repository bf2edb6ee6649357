"""A control that was seen and left alone on purpose, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a control is not pressed."""

    ACT = "act"  # it names an act whose kind `--allow` does not name
    LOSS = "loss"  # it asks a question, or stands in one, that names a cost or a loss
    UNEXPLAINED = "unexplained"  # on a public target: nothing says that it does no harm
    NAMELESS = "nameless"  # on a public target: it has no name
    NEVER_PRESS = "never-press"  # `never_press` names it
    ONLY_UNDER = "only-under"  # it leads away from the paths of `only_under`, or stands outside of them
    READ_ONLY = "read-only"  # it would send something


@dataclass(frozen=True, slots=True)
class Refusal:
    """One control that was not pressed. `kind` is the value for `--allow` that would permit it, or empty."""

    control: str
    role: str
    reason: Reason
    kind: str = ""
