"""Flaws: defects that break no journey, with their rules and weights. A flaw never changes a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

ACCESSIBILITY = "accessibility/"
"""Prefix of the ids of accessibility rules. The rest of the id is axe-core's."""


class Weight(StrEnum):
    """How serious a flaw is for users, in axe-core's four levels."""

    CRITICAL = "critical"
    SERIOUS = "serious"
    MODERATE = "moderate"
    MINOR = "minor"


RULES = {
    "crash": "The app crashed",
    "anr": "The app stopped responding",
    "script-error": "A script threw an uncaught error",
    "dead-control": "A control has no effect",
    "endless-spinner": "A spinner does not end",
    "cookie-not-secure": "A cookie is sent unencrypted",
    "cookie-for-scripts": "Scripts can read the session’s cookie",
    "cookie-for-any-site": "A session’s cookie does not say whether requests from other sites carry it",
    "form-password-in-clear": "An unencrypted page asks for a password",
    "form-sent-in-clear": "A form is sent unencrypted",
    "form-password-in-address": "A form puts a password into the address",
    "form-no-autocomplete": "A password field does not tell password managers what it is",
    f"{ACCESSIBILITY}name": "A control has no name",
    f"{ACCESSIBILITY}touch-target": "A touch target is smaller than 48 dp",
    f"{ACCESSIBILITY}contrast": "Text has too little contrast to its background",
}
"""Rule id → title. The ids are stable."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """One flaw. `rule`, `text` and `control` identify it; `detail` may differ between sightings.

    `control` names the element, cookie or script. `screen` is the fingerprint of the screen. `step` is the number of
    the step after which the flaw was seen. `everywhere` marks a flaw of the whole app, such as a cookie, and not of one
    screen.
    """

    rule: str
    weight: Weight
    text: str
    control: str = ""
    detail: str = ""
    screen: str = ""
    step: int = 0
    everywhere: bool = False
