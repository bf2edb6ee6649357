"""Finds elements that open an article: titles and questions that lead to another page or unfold in place."""

from __future__ import annotations

import re
from collections.abc import Callable

from explorer.policy.attaching import is_file
from explorer.policy.attempt import Attempt
from flows.recognise.entries import jumps_over, may_press, opens_in_place
from flows.recognise.lexicon import SIGNUP, UNSUBMIT, says
from flows.screen import Element, Screen


def article_score(attempt: Attempt, element: Element, screen: Screen, site: Callable[[str], bool]) -> float:
    """A score of how likely it is that an element opens an article; 0 if it does not.

    `site` tells whether an address belongs to the app."""
    if element.key in attempt.tapped | attempt.useless or not may_press(element):
        return 0
    if element.key in attempt.known and (_came_here(attempt, screen) or not opens_in_place(element, screen)):
        return 0  # it was there before the entry was pressed, so the entry did not lead to it
    if element.role not in ("link", "clickable", "button") or len(element.name.strip()) < 2 or element.download:
        return 0
    if element.region in ("navigation", "banner", "contentinfo", "search", "dialog") and not element.frame:
        return 0
    question = element.name.strip().endswith(("?", "？", "؟"))
    if says(UNSUBMIT, element.name) and len(element.name) < 20 and not question:
        return 0
    if is_file(element.href) or says(SIGNUP, element.name) or jumps_over(element) or _leads_home(element):
        return 0
    score = {"link": 1.0, "clickable": 0.7, "button": 0.5}[element.role]
    score += 0.6 if element.frame else 0.0
    score += 0.3 if element.region == "main" else 0.0
    score += 0.3 if len(element.name) >= 12 or question else 0.0
    if element.href and not site(element.href) and not element.frame:
        score -= 0.6
    return score - (0.4 if element.group else 0.0)


def _leads_home(element: Element) -> bool:
    """Whether a link leads to the first page of a site, which is no article. In a frame, it may be the library's.

    `#` leads nowhere: a script opens something."""
    if element.role != "link" or "#" in element.href or element.frame:
        return False
    return re.fullmatch(r"https?://[^/?]+/?", element.href) is not None


def _came_here(attempt: Attempt, screen: Screen) -> bool:
    """Whether the journey's entry led from another page to this one.

    If it did, controls that unfold and are on both pages belong to a menu of the app, not to an article."""
    return attempt.entered_at.partition("#")[0] not in ("", screen.address.partition("#")[0])
