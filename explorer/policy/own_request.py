"""Tells whether a form belongs to one of the user's own requests for support: a reply to ticket 42. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from explorer.policy.told_headings import title_parts
from flows.recognise.asked import address_words
from flows.recognise.entries import placed
from flows.recognise.lexicon import HUB, MATTER, consists_of, plain, says, says_whole
from flows.recognise.matcher import Group
from flows.screen import Element, Screen, sent_to

FORUMS, LIBRARY = Group("developers", "forums"), Group("developers", "library")
HAND_IN, TROUBLE = Group("developers", "hand-in"), Group("forms", "trouble")
FILES, OURS, PERSONS = Group("forms", "files"), Group("forms", "ours"), Group("developers", "persons")
ASKING, FORUM = Group("forms", "asking"), Group("forms", "forum")
_VERSION = re.compile(r"v ?\d+")


def is_own_request(element: Element, screen: Screen, is_door: Callable[[Element], bool]) -> bool:
    """Whether the page, or the address that the form is sent to, belongs to one of the user's support requests.

    `is_door` tells whether a control would lead to such requests. An address does so if a number follows the word for
    such requests, and nothing after it but what one does with a request: `/tickets/42/reply`, but neither
    `/tickets/42/close` nor `/support/v2/cancel`."""
    page, sent = address_words(screen.address), address_words(sent_to(element, screen))
    numbered = _numbers_of_requests(element, screen)

    def is_named(before: str, words: str, number: str) -> bool:
        called = says_whole(MATTER, words) and not says(TROUBLE, words) and not says_whole(PERSONS, words)
        return (called and _is_ours(before, is_door)) or is_door(placed(words)) or number in numbered

    in_public = any(says_whole(FORUMS, words) for words in page)
    return _is_of_request(page, is_named) or (not in_public and _is_of_request(sent, is_named))


def _is_ours(before: str, is_door: Callable[[Element], bool]) -> bool:
    """Whether what stands before «requests» in an address lets these be requests for support, and not `/friends/requests`.

    It may be nothing, a language (`en-us`), a number, a technical part or a word for support."""
    letters = [word for word in before.split() if not word.isdigit()]
    if all(len(word) < 3 for word in letters) or is_door(placed(before)):
        return True
    return any(says_whole(known, before) for known in (HAND_IN, HUB, MATTER, OURS))


def _is_of_request(places: list[str], is_named: Callable[[str, str, str], bool]) -> bool:
    for at, (words, number) in enumerate(pairwise(places)):
        counted = any(map(str.isdigit, number)) and not _VERSION.fullmatch(number)
        if any(says_whole(FORUMS, each) for each in places[: at + 1]):
            return False
        if counted and is_named(places[at - 1] if at else "", words, number) and not says_whole(LIBRARY, words):
            return all(_is_of_reply(each) for each in places[at + 2 :])
    return False


def _numbers_of_requests(element: Element, screen: Screen) -> set[str]:
    """The numbers of requests that the title and the headings name: «Ticket 5512», «Caso 118 – Soporte».

    A word for a request counts that is none for a question, because everybody reads the answers to «Question 118»."""
    told = [plain(text) for text in (*title_parts(screen), *element.headings)]
    found = (re.match(r"(\D{2,20})(\d{2,})", text) for text in told)
    return {each[2] for each in found if each and says(MATTER, each[1]) and not says(TROUBLE, each[1])}


def _is_of_reply(words: str) -> bool:
    """Whether a part of an address only names a reply, a message or a file."""
    technical = any(says_whole(known, words) for known in (HAND_IN, FORUMS, FORUM))
    return technical or says(MATTER, words) or consists_of(words, FILES, ASKING)
