"""Words that mean the same in every app, and functions that match texts against words.

The policy and all recognisers use these groups of words: errors, consent, danger, submitting… Each journey has further
words of its own. The words are in `words/<language>.yml`, and `flows.recognise.languages.General` explains each group.
English words are also matched against ids, test ids and addresses, because developers write those in English.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import get_args

from flows.recognise.languages import Act
from flows.recognise.letters import bare
from flows.recognise.matcher import Group, Matcher, Words, matcher

ERROR = Group("general", "error")
NO_ERROR = Group("general", "no-error")
CLEAR = Group("general", "clear")
THANKS = Group("general", "thanks")
CONSENT = Group("general", "consent")
COOKIES = Group("general", "cookies")
AGREE = Group("general", "agree")
AUTHORISE = Group("general", "authorise")
CLOSE = Group("general", "close")
LOSS = Group("general", "loss")
EITHER = Group("general", "either")
PAY = Group("general", "pay")
TO_PAY = Group("general", "to-pay")
CHARGE, REVOKE = Group("general", "charge"), Group("general", "revoke")
ANY_TIME = Group("general", "any-time")
TO_SEND = Group("general", "to-send")
OTHERS = Group("general", "others")
ABOUT = Group("forms", "about")
MATTER, TROUBLE = Group("forms", "matter"), Group("forms", "trouble")
NEWS = Group("forms", "news")
RECIPIENT = Group("forms", "recipient")
EVERYBODY = Group("forms", "everybody")
AGREEMENT = Group("forms", "agreement")
PORTRAIT = Group("forms", "portrait")
"""Words for the picture of a person or company, which an upload replaces: «avatar»."""
ACTS: Mapping[Act, Group] = {kind: Group("acts", kind) for kind in get_args(Act)}
"""Kind of act → the words of controls that do it."""
NOUNS: Mapping[Act, Group] = {kind: Group("nouns", kind) for kind in get_args(Act)}
"""Kind of act → nouns and participles that name it."""
GRAVE: frozenset[Act] = frozenset({"payment", "end", "delete"})
"""The gravest acts: they cost, end or delete something. Trustwalk does none of them unasked."""
DELETES, ENDS = ACTS["delete"], ACTS["end"]
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
"""The tag of words for developers' identifiers, which belong to no language."""
_LETTER = "[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
_APART = re.compile(rf"{_LETTER}(?: {_LETTER})+")
"""A text with a space after each letter, such as Ant Design's «登 录».

«할 수 있습니다» does not match, because it has a word of several letters."""
_SHORT = 200
"""The maximum length of texts whose results are cached, in characters. Short texts recur on every screen."""


def plain(text: str) -> str:
    """Normalise a text for matching: apply NFKC, collapse white space, and join letters set apart («登 录»).

    It also removes invisible characters (soft hyphens, zero-width spaces), and the combining dot above, which «İ» leaves
    behind when it is lower-cased.
    """
    return _plain_short(text) if len(text) <= _SHORT else _plain(text)


_INVISIBLE = dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
"""Characters that nobody sees, such as the soft hyphen in «Kün-di-gen»."""


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).translate(_INVISIBLE).replace("i\u0307", "i")
    flat = " ".join(text.split())
    return flat.replace(" ", "") if _APART.fullmatch(flat) else flat


_plain_short = lru_cache(maxsize=32768)(_plain)


def developer_words(text: str) -> str:
    """An identifier or address as words: `openLiveChat` and `/kb/live-chat` both contain «live chat»."""
    return _words_short(text) if len(text) <= _SHORT else _words(text)


def _words(text: str) -> str:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    return plain(re.sub(r"[^\w]+|_", " ", spaced)).lower()


_words_short = lru_cache(maxsize=32768)(_words)


def without(words: Words, text: str) -> str:
    """A normalised text (`plain`) without accents, with a space in place of each of the words.

    Raises re.error for an invalid expression.
    """
    return matcher(words).without(plain(text))


def says(words: Words, text: str) -> bool:
    """Whether a visible string contains one of the words."""
    if not text:
        return False
    return _known(matcher(words), text) if len(text) <= _SHORT else _found(matcher(words), text)


def _found(wanted: Matcher, text: str) -> bool:
    return wanted.found_in(plain(text))


_known = lru_cache(maxsize=32768)(_found)


@lru_cache(maxsize=16384)
def _whole(wanted: Matcher, text: str) -> bool:
    return wanted.is_whole(text)


def reports_error(text: str) -> bool:
    """Whether a text reports an error. «No errors found» and «AI can make mistakes» report none."""
    if not says(ERROR, text):
        return False
    return not says(NO_ERROR, text) or says(ERROR, without(NO_ERROR, text))


def says_whole(words: Words, text: str) -> bool:
    """Whether one of the words matches the whole text, which must be normalised by `plain`."""
    return _whole(matcher(words), text)


def is_sentence(text: str, words: int = 3) -> bool:
    """Whether a text has at least `words` words.

    Chinese and Japanese have no spaces between words, so each of their characters counts as half a word."""
    return len(text.split()) >= words or sum(unicodedata.east_asian_width(c) == "W" for c in text) >= 2 * words


def consists_of(text: str, *words: Words) -> bool:
    """Whether a text has nothing but these words, apart from punctuation.

    All groups are looked for in one pass from left to right: otherwise a particle of one group («로») would be cut out
    of a word of another («업로드»)."""
    left = _any_of(tuple(matcher(each).full.pattern for each in words)).sub(" ", bare(plain(text)))
    return any(map(str.isalnum, text)) and not any(map(str.isalnum, left))


def consists_of_one(text: str, *words: Words) -> bool:
    """Like `consists_of`, with the words of one language alone.

    «We’ll come to you» has English words and «come», which is Italian for «how»."""
    if not consists_of(text, *words):
        return False
    told = bare(plain(text))
    known = [matcher(each).by_language for each in words]
    for tag in dict.fromkeys(tag for each in known for tag in each):
        left = _any_of(tuple(each[tag] for each in known if tag in each)).sub(" ", told)
        if not any(map(str.isalnum, left)):
            return True
    return False


@lru_cache(maxsize=512)
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


def harms(text: str) -> bool:
    """Whether a control's words say that it deletes or ends something."""
    return says(DELETES, text) or says(ENDS, text)


def acts_in(text: str) -> frozenset[Act]:
    """Returns the kinds of acts that a control's text names."""
    return frozenset(kind for kind, words in ACTS.items() if says(words, text)) if text else frozenset()


def asks_about(text: str) -> bool:
    """Whether a text has its subject only as a topic: «Questions about a refund», «返金についての質問».

    Where the word for «about» comes after the subject, a question or a problem must follow it: «About your donation» alone
    says nothing."""
    found = matcher(ABOUT).first(plain(text)) if text else ""
    return bool(found) and says(TROUBLE, found)


def acts_named(text: str) -> frozenset[Act]:
    """The kinds of acts that a heading, a label, an option or a question names.

    Verbs count, as in a control's text, and so do nouns («Account closure»). Nouns do not count in a text that only
    has an act as its topic: «Questions about a refund»."""
    if not text or says(ABOUT, text):
        return acts_in(text)
    return acts_in(text) | {kind for kind, words in NOUNS.items() if says(words, text)}


def first_saying(words: Words, texts: Iterable[str]) -> str:
    """Returns the first text that contains one of the words, or an empty string."""
    return next((t for t in texts if says(words, t)), "")
