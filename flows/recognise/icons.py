"""Derives words for a control without a name from its icon, classes, address and tool tip.

Icon sets name their icons by what the icons show, and developers use the same few icons for the same purposes. The
derived words are matched against the words of the journeys like the name of a control.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import urlsplit

from flows.recognise.languages import languages
from flows.recognise.lexicon import developer_words, plain
from flows.screen import Element

_AROUND = frozenset(
    "fa fas far fal fab fad icon icons ico i mdi bi ti ri glyphicon material svg lucide tabler octicon feather la las pi "
    "btn button nav navbar menu link item img image solid regular outline outlined filled fill alt lg sm xs xl fw 2x 3x "
    "white dark light small large primary secondary circle square".split()
)
"""Words in CSS classes that name the icon set, size or shape, and say nothing about the icon's meaning."""
_MEANINGS = {
    "gear": "settings",
    "gears": "settings",
    "cog": "settings",
    "cogs": "settings",
    "sliders": "settings",
    "user": "profile",
    "person": "profile",
    "avatar": "profile",
    "question": "help",
    "question mark": "help",
    "info": "help",
    "life ring": "help",
    "life buoy": "help",
    "lifebuoy": "help",
    "book": "documentation",
    "book open": "documentation",
    "comment": "chat",
    "comments": "chat",
    "comment dots": "chat",
    "message": "chat",
    "messages": "chat",
    "speech bubble": "chat",
    "chat bubble": "chat",
    "headset": "chat",
    "paperclip": "attach file",
    "paper clip": "attach file",
    "clip": "attach file",
    "cloud upload": "upload",
    "file upload": "upload",
    "upload file": "upload",
    "cloud download": "download",
    "file download": "download",
    "arrow down to line": "download",
    "bug": "report a problem",
    "envelope": "contact",
    "mail": "contact",
    "credit card": "pay",
    "shopping cart": "checkout",
    "cart": "checkout",
    "basket": "checkout",
    "sign in": "log in",
    "right to bracket": "log in",
    "arrow right to bracket": "log in",
    "bars": "menu",
    "hamburger": "menu",
    "ellipsis": "more",
    "ellipsis vertical": "more",
    "ellipsis h": "more",
    "ellipsis v": "more",
    "kebab": "more",
    "dots vertical": "more",
    "dots horizontal": "more",
    "house": "home",
    "times": "close",
    "xmark": "close",
    "paper plane": "send",
    "paperplane": "send",
}
"""Icon name → the usual label of a button with this icon."""


def is_nameless(element: Element) -> bool:
    """Whether the name is empty or has no letter or digit, such as a character of an icon font."""
    return not re.search(r"\w", element.name)


def says_nothing(element: Element) -> bool:
    """Whether the name is of no use: it is missing, or it is in a script that no supported language uses."""
    return is_nameless(element) or is_unreadable(plain(element.name))


@lru_cache(maxsize=8192)
def is_unreadable(name: str) -> bool:
    """Whether all letters of a text belong to scripts that no supported language uses, such as Cyrillic or Thai.

    A text in a known script may still be in an unsupported language. Its letters do not show this.
    """
    letters = [letter for letter in name if letter.isalpha()]
    return bool(letters) and not any(_script(letter) in _known_scripts() for letter in letters)


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    """Returns the script of a letter, which is the first word of its Unicode name: `LATIN`, `CJK`, `CYRILLIC`."""
    return unicodedata.name(letter, "?").partition(" ")[0]


_SPEAKING = ("submit", "login", "error", "clear", "menu", "thanks")
"""Groups of general words. In each language, their words together contain all scripts of the language."""


@lru_cache(maxsize=1)
def _known_scripts() -> frozenset[str]:
    """Returns the scripts of all supported languages: those that have a file of words."""
    groups = [languages().group("general", key) for key in _SPEAKING]
    words = (word for group in groups for listed in group.values() for word in listed)
    return frozenset(_script(letter) for word in words for letter in word if letter.isalpha())


@lru_cache(maxsize=8192)
def _words(hints: tuple[str, ...], href: str) -> tuple[str, ...]:
    found: list[str] = []
    for hint in hints:
        parts = [hint] if _is_prose(hint) else hint.split()
        for part in parts:
            words = [w for w in developer_words(part).split() if w not in _AROUND]
            found.append(" ".join(words))
    found.append(developer_words(re.sub(r"\.\w{2,4}$", "", _last_part(href))))
    said = [meaning for f in found if f for meaning in (_MEANINGS.get(f, f),) if len(meaning) > 1]
    return tuple(sorted(dict.fromkeys(said), key=lambda word: word not in _MEANINGS.values()))


def _is_prose(hint: str) -> bool:
    """Whether a hint is a tool tip and not a list of classes."""
    return " " in hint and not re.search(r"[-_]", hint)


def _last_part(address: str) -> str:
    try:
        parts = urlsplit(address)
        route = parts.fragment.removeprefix("!")
        path = route if route.startswith("/") else parts.path
        return path.rstrip("/").rsplit("/", 1)[-1]
    except ValueError:
        return ""


def words_for(element: Element) -> tuple[str, ...]:
    """Returns possible names of a control whose own name says nothing; empty for other controls.

    Names that come from known icons are first.
    """
    return _words(element.hints, element.href) if says_nothing(element) else ()


def called(element: Element) -> str:
    """Returns a name for reports: the element's own, else one from its hints or address, else its role."""
    return plain(element.name) or next(iter(words_for(element)), f"a {element.role} without a name")
