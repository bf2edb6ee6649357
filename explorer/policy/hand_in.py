"""Tells whether the address that a form is sent to only hands in a request: `/contact/submit`, `/api/v1/tickets`. Pure.

Addresses of all kinds of forms hold the same verbs (`submit`, `create`, `save`, `confirm`) and the same technical
parts (`api`, `ajax`, a token). They say nothing by themselves. What counts is the thing beside them: `/tickets/create`
hands in a request, `/products/create` changes a shop.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

from flows.recognise.acts import NONE, Acts, acts_of_address
from flows.recognise.asked import address_words, parts_of
from flows.recognise.entries import placed, titled
from flows.recognise.lexicon import MATTER, developer_words, plain, says, says_whole
from flows.recognise.matcher import Group
from flows.screen import Element, Screen, sent_to

HAND_IN = Group("developers", "hand-in")
KEYS = Group("developers", "act-keys")
_MILD: Acts = frozenset({"change", "publish"})
"""Acts that a verb in an address stands for without naming a thing. Those that cost, end or delete always count."""

IsDoor = Callable[[Element], bool]


def acts_of_handing_in(element: Element, screen: Screen, is_door: IsDoor) -> Acts:
    """The acts that the address of a form names, if it only hands in a request; nothing otherwise.

    `is_door` tells whether a control would lead to support. Titles and parts of addresses are put to it as if they
    were controls. Either the address itself names support (`/contact/confirm`), or it names no thing at all
    (`/submit`), and a heading, the title or the page's own address names support."""
    address = sent_to(element, screen)
    if not only_hands_in(address, is_door):
        return NONE
    spoken = [plain(text) for text in (*element.headings, screen.title) if plain(text)]
    places = [*parts_of(address), *parts_of(screen.address)]
    told = any(is_door(titled(text)) or says(MATTER, text) for text in spoken)
    told = told or any(says_whole(MATTER, words) or is_door(placed(words)) for words in places)
    return acts_of_address(address) & _MILD if told else NONE


def only_hands_in(address: str, is_door: IsDoor) -> bool:
    """Whether an address names support, or nothing but verbs and technical parts."""
    if not address:
        return False
    try:
        query = parse_qsl(urlsplit(address).query, keep_blank_values=True)
    except ValueError:
        return False
    done = [
        words for key, value in query if says_whole(KEYS, developer_words(key)) and (words := developer_words(value))
    ]
    things = [words for words in (*address_words(address), *done) if not _is_technical(words)]
    return all(says_whole(MATTER, words) or is_door(placed(words)) for words in things)


def _is_technical(words: str) -> bool:
    """Whether a part of an address names no thing: a verb of any form, a version, a language, a number."""
    return words.replace(" ", "").isdigit() or says_whole(HAND_IN, words)
