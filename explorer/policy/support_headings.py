"""Tells whether what stands over a form explains that it asks support for something. Pure.

On a public target, a journey's form is sent only if what stands over it is known. A heading in unknown words may belong
to any kind of form: a petition, a loan, a call for a technician. So no list of forbidden words decides here, but
positive evidence (`explaining`):

- the nearest heading that says what a form is for explains it, over each field and over the button, or
- no heading says so («Your details», «What is your name?»), and the page's title, its headings or its address do, or
- the form belongs to one of the user's own requests, or nothing at all stands over it.

A slogan («Let’s build something great») is explained by a title that names the way to support («Contact – Acme»).
"""

from __future__ import annotations

from explorer.policy.explaining import (
    WHOLE,
    IsDoor,
    asks_for_person,
    is_explained,
    names_deal,
    nothing_left,
)
from explorer.policy.own_request import is_own_request
from explorer.policy.told_headings import chains, is_question, is_telling, page_headings, title_parts
from flows.recognise.asked import parts_of
from flows.recognise.entries import placed, titled
from flows.recognise.forms import Form
from flows.recognise.lexicon import MATTER, NEWS, SUBMIT, acts_in, consists_of, plain, says, says_whole
from flows.recognise.matcher import Group
from flows.screen import Element, Screen, sent_to

FILES, OURS = Group("forms", "files"), Group("forms", "ours")
ASKING, TROUBLE = Group("forms", "asking"), Group("forms", "trouble")
HAND_IN = Group("developers", "hand-in")
_LAST = 2
"""How many parts at the end of an address tell what a form is sent for."""
_MOST = 90
"""How many characters of a heading are judged."""


def is_for_support(element: Element, form: Form | None, screen: Screen, is_door: IsDoor) -> bool:
    """Whether what stands over a form explains that it goes to support. `element` sends it, or is its first field.

    Each field must be explained, because a form of several sections sends them all."""
    said = [heading for chain in chains(element, form) for heading in chain]
    if is_own_request(element, screen, lambda door: is_door(door, 0.5)) and not any(map(names_deal, said)):
        return True
    if any(names_deal(words) or says(NEWS, words) for words in parts_of(sent_to(element, screen))[-_LAST:]):
        return False
    return all(_is_chain_explained(chain, element, screen, is_door) for chain in chains(element, form))


def _is_chain_explained(chain: tuple[str, ...], element: Element, screen: Screen, is_door: IsDoor) -> bool:
    """Whether the nearest heading that says what the form is for explains it.

    A heading that names no matter («Opening hours», «Captcha») is explained by one above it («Contact us»), and a bare
    «Files» only if nothing above it or in the title speaks of something else."""
    over = [plain(heading)[:_MOST] for heading in reversed(chain) if is_telling(heading)]
    telling = next((heading for heading in over if not _is_neutral_question(heading, screen)), "")
    if not telling:
        return _is_page_explained(over, element, screen, is_door)
    outer = over[over.index(telling) + 1 :]
    if says(FILES, telling) and consists_of(telling, FILES, ASKING) and not says(TROUBLE, telling):
        return _is_place_of_support(telling, outer, screen, is_door)
    if is_explained(telling, screen, is_door) or _is_slogan(telling, screen, is_door):
        return True
    return (
        not says(MATTER, telling)
        and not names_deal(telling)
        and any(is_explained(heading, screen, is_door) and not consists_of(heading, OURS) for heading in outer)
    )


def _is_neutral_question(heading: str, screen: Screen) -> bool:
    """Whether a heading is a question that only asks for a fact: «Which product is it about?» It names no deal."""
    return is_question(heading) and not names_deal(heading) and not says(TROUBLE, heading)


def _is_page_explained(questions: list[str], element: Element, screen: Screen, is_door: IsDoor) -> bool:
    """Whether the page explains a form over which only questions and names of its parts stand.

    If the page says nothing at all, a question must be one for the person who asks («What is your name?»)."""
    heads = [h for h in page_headings(element, screen) if is_telling(h) and h not in questions]
    told = [h for h in heads if not nothing_left(h, screen) and not _is_neutral_question(h, screen)]
    if any(names_deal(h) and not is_explained(h, screen, is_door) for h in told):
        return False
    places = parts_of(screen.address) if not screen.native else []
    if any(map(names_deal, places)):
        return False
    if any(is_explained(h, screen, is_door) for h in told):
        return True
    if any(is_door(placed(words), WHOLE) or says_whole(MATTER, words) for words in places):
        return True
    return not told and all(asks_for_person(q) or is_explained(q, screen, is_door) for q in questions)


def _is_place_of_support(telling: str, outer: list[str], screen: Screen, is_door: IsDoor) -> bool:
    """Whether nothing around a bare «Files» or «Photos» speaks of anything but support.

    The files of a project and a public gallery have the same words."""
    heads = [h for h in (*outer, *title_parts(screen)) if is_telling(h) and not consists_of(h, FILES)]
    if len(telling.split()) > 1 or says(SUBMIT, telling):  # «Upload a file»
        return not any(map(names_deal, (*heads, *parts_of(screen.address))))
    told = [h for h in heads if not nothing_left(h, screen)]
    explained = [h for h in told if is_explained(h, screen, is_door)]
    places = [words for words in parts_of(screen.address) if not screen.native and not _is_of_files(words)]
    doors = [words for words in places if is_door(placed(words), WHOLE) or says_whole(MATTER, words)]
    return bool(explained or doors) or not (told or [words for words in places if len(words) > 1])


def _is_of_files(words: str) -> bool:
    return consists_of(words, FILES) or says_whole(HAND_IN, words)


def _is_slogan(heading: str, screen: Screen, is_door: IsDoor) -> bool:
    """Whether a heading names no kind of request and no deal, and the title of the page or the end of its address names
    the way to support.

    «Support» alone may be the name of a whole site, so it explains nothing there."""
    parts = [part for part in title_parts(screen) if part != heading]
    if says(MATTER, heading) or any(map(names_deal, (heading, *parts))):
        return False
    if any(is_door(titled(part), WHOLE) and not consists_of(part, OURS) for part in parts):
        return True
    last = next(reversed(parts_of(screen.address)), "") if not screen.native else ""
    found = [door for door in (placed(last), titled(last)) if last and is_door(door, WHOLE)]
    return bool(found) and says(ASKING, heading) and not acts_in(heading)
