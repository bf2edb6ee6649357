"""What is amiss on the way and breaks no journey: its rules, and how much each weighs. It never changes a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

ACCESSIBILITY = "accessibility/"
"""How the rules of accessibility begin; axe-core's own ids follow."""


class Weight(StrEnum):
    """How bad it is for those who meet it: axe-core's four words."""

    CRITICAL = "critical"
    SERIOUS = "serious"
    MODERATE = "moderate"
    MINOR = "minor"


RULES = {
    "crash": "The app crashed",
    "anr": "The app stopped answering",
    "script-error": "A script threw and nothing caught it",
    "dead-control": "A control has no effect",
    "endless-spinner": "A spinner does not end",
    "cookie-not-secure": "A cookie goes out unencrypted",
    "cookie-for-scripts": "Scripts can read the session’s cookie",
    "cookie-for-any-site": "A session’s cookie does not say which sites may send it",
    "form-password-in-clear": "A password is asked for on a page that is not encrypted",
    "form-sent-in-clear": "A form is sent unencrypted",
    "form-password-in-address": "A password would stand in the address",
    "form-no-autocomplete": "A password field does not tell password managers what it is",
    f"{ACCESSIBILITY}name": "A control has no name",
    f"{ACCESSIBILITY}touch-target": "A touch target is smaller than 48 dp",
    f"{ACCESSIBILITY}contrast": "Text stands out too little from its background",
}
"""Stable ids of all rules that are ours, with their titles."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing amiss. `rule`, `text` and `control` tell it from others; `detail` may differ from one sight to the next.

    `control` names what it is about: an element, a cookie, a script. `screen` is a fingerprint and `step` the step after
    which it was seen. `everywhere` marks what belongs to the app rather than to a screen, such as a cookie.
    """

    rule: str
    weight: Weight
    text: str
    control: str = ""
    detail: str = ""
    screen: str = ""
    step: int = 0
    everywhere: bool = False
