"""Words that mean the same in every app, whatever the journey, and how a text is held against words.

Journeys bring their own words; here stands what the policy and the recognisers need everywhere: errors, consent,
danger, sending. The words themselves stand in `words/<language>.yml`, where each group is explained
(`flows.recognise.languages.General`). English words are also tried on ids, test ids and addresses, since developers
write those in English.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from flows.recognise.matcher import Group, Matcher, Words, matcher

ERROR = Group("general", "error")
CLEAR = Group("general", "clear")
THANKS = Group("general", "thanks")
CONSENT = Group("general", "consent")
AGREE = Group("general", "agree")
CLOSE = Group("general", "close")
DANGER = Group("general", "danger")
ENDS = Group("general", "ends")
LOGOUT = Group("general", "logout")
LOGIN = Group("general", "login")
SIGNUP = Group("general", "signup")
SUBMIT = Group("general", "submit")
UNSUBMIT = Group("general", "unsubmit")
MENU = Group("general", "menu")
HUB = Group("general", "hub")
LANGUAGE = Group("general", "language")
SAVED_CARD = Group("general", "saved-card")

HINTS = "hints"
"""The tag of words that are tried on what developers wrote, in no language of its own."""
_SHORT = 200
"""Names and messages up to this length come again with every screen; what was found out about them is kept."""


def plain(text: str) -> str:
    """Text as it is matched: compatibility forms folded, white space collapsed.

    Programs that make «İ» small leave a dot over the «i» that already has one; it is taken off.
    """
    return " ".join(unicodedata.normalize("NFKC", text).replace("i\u0307", "i").split())


def developer_words(text: str) -> str:
    """An identifier or address as words: `openLiveChat` and `/kb/live-chat` both hold «live chat»."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    return plain(re.sub(r"[^\w]+|_", " ", spaced)).lower()


def pattern(words: Words) -> re.Pattern[str]:
    """One regular expression for all languages of a word list; without any words it matches nothing.

    Raises re.error if a word is no regular expression.
    """
    return matcher(words).full


def says(words: Words, text: str) -> bool:
    """Whether a visible string holds one of the words."""
    if not text:
        return False
    return _known(matcher(words), text) if len(text) <= _SHORT else _found(matcher(words), text)


def _found(wanted: Matcher, text: str) -> bool:
    return wanted.found_in(plain(text))


_known = lru_cache(maxsize=32768)(_found)


@lru_cache(maxsize=16384)
def _whole(wanted: Matcher, text: str) -> bool:
    return wanted.is_whole(text)


def says_whole(words: Words, text: str) -> bool:
    """Whether one of the words is the whole of a plain text."""
    return _whole(matcher(words), text)


def first_saying(words: Words, texts: Iterable[str]) -> str:
    """The first of several strings that holds one of the words, or «» (empty)."""
    return next((t for t in texts if says(words, t)), "")
