"""Chooses the answer to a question with fixed answers: an option of a list, or one of several radio buttons. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

from flows.recognise.choices import is_copy, is_grave, is_mild, names_nobody, radio_groups, wants_back
from flows.recognise.forms import Form
from flows.recognise.lexicon import plain, says, says_whole
from flows.recognise.matcher import Group
from flows.screen import Element

RANK, PLAINLY, CALLOUT = Group("forms", "rank"), Group("forms", "plainly"), Group("forms", "callout")
SEVERE, SLIGHT = Group("forms", "severe"), Group("forms", "slight")


def is_answer(element: Element, form: Form, done: Collection[str], *, careful: bool) -> bool:
    """Whether a radio button is the one to choose among those of its question.

    It must be the first harmless one; if `careful`, as on a public target, the plainest one (`plainest_first`). The
    question must have no answer yet, or one that has to be changed back (`wants_back`). `done` holds the keys of the
    fields that were used."""
    same = next(group for group in radio_groups(form) if element in group)
    free = [f for f in same if is_mild(f.name) and not says(CALLOUT, f.name)]
    if not free and (element.required or any(map(wants_back, same))):
        free = [f for f in same if not is_grave(f.name) and not (careful and says(CALLOUT, f.name))]
    if careful and free:
        names = _sorted([f.name for f in free], next(reversed(element.headings), ""), careful=True)
        free.sort(key=lambda f: names.index(f.name))
    settled = any((f.checked and not wants_back(f)) or f.key in done for f in same)
    return element in free[:1] and not settled


def option_of(element: Element, *, careful: bool) -> str:
    """The option to choose in a list; empty if there is none.

    It is the first option whose text names no act («Cancel my subscription»), no price, no other people, and calls
    nobody out («Emergency»). If `careful`, as on a public target, it is the plainest one (`plainest_first`). If the
    options are degrees, `_sorted` chooses among them. The top option is skipped if there are others, because it usually
    says «please choose». It is not skipped if the aim is only to undo a choice."""
    real = [o for o in element.options if plain(o)]
    back = wants_back(element)
    if back and is_copy(element):
        return next(filter(names_nobody, real), "")
    rest = real if back and not element.required else real[1:] or real
    mild = [o for o in rest if is_mild(o) and not says(CALLOUT, o)]
    if not mild and (element.required or back):
        mild = [o for o in rest if not is_grave(o) and not (careful and says(CALLOUT, o))]
    return next(iter(_sorted(mild, element.name, careful=careful)), "")


def plainest_first(options: list[str]) -> list[str]:
    """Sort options so that one that asks for nothing in particular comes first: «Other», «General question», «No».

    Without one, the last comes first, because lists often begin with what is urgent and end with the rest."""
    plainly = [o for o in options if says_whole(PLAINLY, plain(o).strip(" .!?()–-"))]
    return plainly + [o for o in reversed(options) if o not in plainly]


def _sorted(options: list[str], question: str, *, careful: bool) -> list[str]:
    """Sort the options of a question so that the one to choose comes first.

    Of degrees, one in words for a low degree comes first («Low», «P4 – minor»), and one in words for a high degree
    last. The number of a degree usually is lower, the worse it is («P1», «1 – Critical»), so the highest number comes
    first. Other degrees may begin at either end, so the middle one comes first. If `careful`, options that are no
    degrees are sorted by `plainest_first`."""
    ranked = _is_numbered(options) or says(RANK, question) or _are_codes(options)
    if not ranked and not (careful and any(says(SEVERE, o) for o in options)):
        return plainest_first(options) if careful else options
    slight = [o for o in options if says(SLIGHT, o) and not says(SEVERE, o)] if careful else []
    severe = [o for o in options if says(SEVERE, o) and o not in slight] if careful else []
    rest = [o for o in options if o not in slight and o not in severe]
    if _is_numbered(options) or _are_codes(options):
        rest.sort(key=_number, reverse=True)
    else:
        middle = (len(rest) - 1) // 2
        rest = rest[middle:] + rest[:middle] if ranked else plainest_first(rest)
    return [*slight, *rest, *severe]


def _number(option: str) -> int:
    """The first number in an option; 0 if there is none."""
    found = re.search(r"\d+", plain(option))
    return int(found.group()[:6]) if found else 0


def _are_codes(options: list[str]) -> bool:
    """Whether all of several options are codes of degrees: «P4», «Sev 1», «Prio 2»."""
    return len(options) > 1 and all(re.fullmatch(r"[a-z]{1,8}[ .-]{0,2}\d", plain(o), re.IGNORECASE) for o in options)


def _is_numbered(options: list[str]) -> bool:
    """Whether each of several options has a number and a word of its own."""
    apart = {re.sub(r"^\W*\w?\W*\d+\W*", "", plain(o))[:4].lower() for o in options}
    numbered = all(re.match(r"\W*[a-z]{0,8}[ -]?\d", plain(o), re.IGNORECASE) for o in options)
    return len(options) > 1 and numbered and len(apart - {""}) == len(options)
