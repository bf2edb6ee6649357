"""Collects what stands over a form: over each of its fields and its button, and over the whole page. Pure.

Surfaces give each field and each button the headings above it. In a form of flat sections these differ, and the one
over the button («Your details») may say less than the one over the first field («Close your account»). Where no
heading belongs to the form, as on Android or with a heading in the page's banner, the page's own headings and its
title tell what it is for.
"""

from __future__ import annotations

import re
from dataclasses import replace

from flows.journey import Role
from flows.recognise.forms import Form
from flows.recognise.lexicon import plain, says, says_whole
from flows.recognise.matcher import Group
from flows.screen import Element, Screen

PART, INTERROGATIVE = Group("forms", "part"), Group("forms", "interrogative")
ASKS = ("?", "？", "؟")
"""How a question ends."""
_ASIDE = ("navigation", "contentinfo", "complementary", "search")
"""Regions whose headings do not belong to the page's main part."""
_SEPARATED = re.compile(r"\s+[–—|·•»›-]\s+|\s*[|»›]\s*|[:：]\s+")


def chains(element: Element, form: Form | None) -> list[tuple[str, ...]]:
    """The headings over each field of a form and over its button, without repetitions; the button's come last."""
    over = [each.headings for each in (form.fields if form is not None else ()) if each.headings != element.headings]
    return [*dict.fromkeys(over), element.headings]


def headed(element: Element, form: Form | None, screen: Screen, role: Role) -> Element:
    """The button with all headings over its form, so that whoever judges the button judges the whole form."""
    told = tuple(dict.fromkeys(h for chain in chains(element, form) for h in chain))
    purposes = [heading for heading in told if is_telling(heading) and not is_question(plain(heading))]
    if not purposes and (role is not Role.CHAT or screen.native):
        told = (*(text for text in page_headings(element, screen) if text not in told), *told)
    return replace(element, headings=told) if told != element.headings else element


def page_headings(element: Element, screen: Screen) -> tuple[str, ...]:
    """The parts of the page's title, and the headings of its main part or of the element's dialog."""
    boxed = element.region == "dialog"
    heads = (
        t.text
        for t in screen.texts
        if t.role == "heading"
        and t.frame == element.frame
        and t.region not in _ASIDE
        and (t.region == "dialog") == boxed
    )
    titles = title_parts(screen) if not boxed and not element.frame else []
    return tuple(dict.fromkeys((*titles, *heads)))


def title_parts(screen: Screen) -> list[str]:
    """The parts of a title, which dashes, bars or colons separate."""
    return [part.strip() for part in _SEPARATED.split(plain(screen.title)) if part.strip()]


def is_question(heading: str) -> bool:
    """Whether a heading asks for something: it has a word such as «which» and ends with a question mark."""
    return heading.rstrip().endswith(ASKS) and says(INTERROGATIVE, heading)


def is_telling(heading: str) -> bool:
    """Whether a heading says more than which part of a form stands below it («Your details», «Step 2»)."""
    told = plain(heading).strip(" .!?:*¿¡？")
    return bool(told) and not says_whole(PART, told)
