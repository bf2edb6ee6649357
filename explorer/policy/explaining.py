"""Tells whether one heading explains that support is asked for something. Pure.

It does so if

- it says that something is asked, complained about or does not work (`trouble`), whatever it is about, or
- all its words are those of such headings (`asking`; `files` for files), or it names people and things and nothing
  that is done with them (`things`), or
- it is as a whole the name of a door to support, a place (`hub`) or the site's name.

Trouble is also what sellers speak of: «Battery defective? Get a new one». So each sentence must be explained, and a
word for something that one enters into (`deed`: a loan, a membership, a gift, a vote) only if it is what is asked
about («Question about my loan»).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from explorer.policy.public_talk import FORUM, is_called_so
from explorer.policy.told_headings import ASKS, INTERROGATIVE, PART, is_question, title_parts
from flows.recognise.entries import titled
from flows.recognise.letters import bare
from flows.recognise.lexicon import (
    ABOUT,
    HUB,
    MATTER,
    SIGNUP,
    acts_in,
    asks_about,
    consists_of,
    consists_of_one,
    plain,
    says,
    says_whole,
    without,
)
from flows.recognise.matcher import Group
from flows.recognise.site_name import DEED, without_site
from flows.screen import Element, Screen

ASKING, TROUBLE = Group("forms", "asking"), Group("forms", "trouble")
NUISANCE = Group("forms", "nuisance")
"""What people report to a public office or to whoever runs a system: a pothole, a noise, a security hole."""
THINGS, LINKING, ALTERING = Group("forms", "things"), Group("forms", "linking"), Group("forms", "altering")
PASSWORD = Group("fields", "password")
FILES, OURS = Group("forms", "files"), Group("forms", "ours")
PERSONAL = tuple(
    Group("fields", kind)
    for kind in ("name", "first-name", "last-name", "email", "phone", "message", "subject", "company")
)
"""Fields about the person who asks, and about the question."""
WHOLE = 0.8
"""The least score at which a text as a whole is the name of a door."""
_SENTENCE = re.compile(
    r"(?<=[.!?…])\s+(?=\S)|(?<=[。！？])(?=.)|(?<=[?!])(?=[^\x00-\x7f])|\s+[–—|·-]\s+|[:：]\s+|:\s|\s/\s"
)
_ELIDED = re.compile(r"(?<!\w)\w{1,4}[’'](?=\w{3})")
"""An article or a preposition that is joined to its noun, in Romance languages: «d’assistance», «dell’ordine»."""

IsDoor = Callable[[Element, float], bool]
"""Whether a control would lead to a request for support, with at least this score."""


def is_explained(heading: str, screen: Screen, is_door: IsDoor) -> bool:
    """Whether a heading says that support is asked for something, or says nothing but the site's name."""
    if _is_called(heading, is_door) or _is_known(heading, screen, is_door):
        return True
    parts = [part.strip() for part in _SENTENCE.split(heading) if part.strip(" .!?:*¿¡…")]
    telling = [part for part in parts if not says_whole(PART, part.strip(" .!?:*"))]
    known = [part for part in telling if _is_part_known(part, screen, is_door)]
    if not known:
        return False
    return all(part in known or _is_only_name(part, heading) for part in telling)


def _is_part_known(part: str, screen: Screen, is_door: IsDoor) -> bool:
    if consists_of_one(part, NUISANCE, LINKING):
        return False  # «Security holes: the board game»
    if _is_called(part, is_door) or _is_known(part, screen, is_door):
        return True
    if (says(TROUBLE, part) or says(ABOUT, part)) and (not enters_deal(part)):
        return True
    return says(FORUM, part) and is_called_so(part, lambda door: is_door(door, 0.5))


def _is_only_name(part: str, heading: str) -> bool:
    """Whether a part of a heading only names something: no sentence of its own («Problem? Buy …»), no act, no deal."""
    before = heading[: heading.find(part)].rstrip()
    sentence = before.endswith((".", "!", "…", "。", "！", *ASKS)) or part.endswith(("!", "！"))
    return not sentence and not names_deal(part) and not acts_in(part)


def _is_called(heading: str, is_door: IsDoor) -> bool:
    """Whether a heading is as a whole a place or the name of a door to support."""
    bare = heading.strip(" .!?:*¿¡…")
    return says_whole(HUB, bare) or is_door(titled(bare), WHOLE)


def _is_known(heading: str, screen: Screen, is_door: IsDoor) -> bool:
    """Whether all words of a heading are known, apart from the site's name."""
    known = re.sub(r"[\d#№]+", " ", _ELIDED.sub(" ", _without_site(heading, screen, is_door)))
    if not any(map(str.isalpha, known)):
        return True
    if names_deal(heading):
        return False
    if consists_of_one(known, FILES, ASKING) or consists_of_one(known, THINGS, LINKING):
        return True
    if says(NUISANCE, known) and consists_of_one(known, NUISANCE, TROUBLE, ASKING, THINGS, LINKING):
        return True  # «Report a pothole», but neither «Order your pothole filler» nor «Adopt a pothole»
    if is_question(heading) and consists_of_one(known, INTERROGATIVE, ASKING, THINGS, LINKING, *PERSONAL):
        return True
    about = says(MATTER, known) or (says(SIGNUP, known) and says(PASSWORD, known))
    return about and consists_of_one(known, SIGNUP, ALTERING, ASKING)  # «Update case 42», «Reset your password»


def names_deal(text: str) -> bool:
    """Whether a text names something that one enters into, gives or signs: a loan, a membership, a gift, a vote."""
    return says(DEED, text)


def enters_deal(text: str) -> bool:
    """Whether a text names a deal that it does not only ask about: «Enter draw», but not «Question about my loan».

    A deal within a phrase for trouble is none («apply for a callback»)."""
    if not names_deal(text) or asks_about(text) or _ends_with_trouble(text):
        return False
    return names_deal(TROUBLE.matcher.replaced(text, lambda found: len(found.split()) < 2 or not names_deal(found)))


def _ends_with_trouble(text: str) -> bool:
    """Whether what follows a deal asks about it or says what is wrong with it: «Membership enquiry», «Loan not received».

    A word for trouble after a preposition is no such question: «Loan without problems», «Insurance against failures»."""
    rest = without(DEED, text).strip()
    tail = rest if bare(text).endswith(rest) else re.split(r"\s{2,}", rest)[-1]
    if not tail or not bare(plain(text)).rstrip(" .!?").endswith(tail.rstrip(" .!?")):
        return False
    words = tail.split()
    if len(words) == 1:
        return says(TROUBLE, tail) and (says(MATTER, tail) or not tail.isascii())
    return TROUBLE.matcher.longest(tail) > max(map(len, words))


def asks_for_person(question: str) -> bool:
    """Whether a question only asks who asks, and for what: «What is your e-mail address?»"""
    return consists_of_one(_ELIDED.sub(" ", question), INTERROGATIVE, ASKING, LINKING, PART, *PERSONAL)


def nothing_left(text: str, screen: Screen) -> bool:
    """Whether a text is nothing but the site's name."""
    return not any(map(str.isalnum, without_site(plain(text), screen.address)))


def _without_site(heading: str, screen: Screen, is_door: IsDoor) -> str:
    """The heading without the site's own name, by the host or by the end of the title: «Contact Acme».

    The end of a title is the site's name only if another part names a way to support («Contact – Acme»). In «Acme –
    Mortgage», it is the name of the page."""
    parts = title_parts(screen)
    named = any(is_door(titled(part), WHOLE) and not consists_of(part, OURS) for part in parts[:-1])
    last = parts[-1] if named and heading.casefold() not in parts[-1].casefold() else ""
    return without_site(heading, screen.address, last)
