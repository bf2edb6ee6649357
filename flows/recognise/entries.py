"""Finds where a journey begins on a screen, by ranking the elements against its words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from flows.journey import Journey, Recogniser
from flows.recognise.forms import PRESSABLE
from flows.recognise.icons import says_nothing, words_for
from flows.recognise.languages import languages
from flows.recognise.lexicon import (
    DELETES,
    EITHER,
    ENDS,
    HINTS,
    LANGUAGE,
    LOGIN,
    LOGOUT,
    SIGNUP,
    developer_words,
    harms,
    plain,
    says,
    says_whole,
)
from flows.recognise.matcher import Group, Matcher, matcher
from flows.recognise.remembered import remembered
from flows.screen import Element, Screen

EXPORTS = Group("developers", "exports")
TUNING = Group("developers", "tuning")
LIBRARY = Group("developers", "library")
PASSWORD = Group("fields", "password")
HARMFUL_LOOKS = Group("developers", "ends")
EXPANDS = "expands"
"""The hint of a control that expands something: `aria-expanded`, `aria-haspopup`, `<summary>`, a framework's toggle."""
_LONGEST_NAME = 90
_LEAST = 0.34
"""The minimum share of an element's name that a journey's word must cover."""
_HINTED = 0.45
"""The weight of ids, classes and addresses of a control with a name.

It is too small to make a control an entry for `explorer.policy.own_acts`, because `id="checkout"` does not say what a
button «Complete» does.
"""
_NEARLY_ALL = 0.8
"""The least fit that counts if only a part of the name is compared: one of two joined names, or a title's subject."""
_TITLED = re.compile(r"([^:：]{2,30}?)\s?[:：](?:\s+|(?=[^\x00-\x7f]))(?=\S)")
"""The first words of a title, up to a colon."""
_SUBJECT = 0.45
"""The score of a title if its first words, before a colon, match a journey."""
_QUESTION = 0.4
"""The score of an article's title in the form of a question, for a journey that reads."""


def titled(text: str) -> Element:
    """A text as if it were a link, to ask whether a link of that name would be an entry."""
    return Element("", "", "link", text)


def placed(words: str) -> Element:
    """A part of an address, as words, as if it belonged to a link without a name."""
    return Element("", "", "link", "", hints=(words,))


def entries(journey: Journey, screen: Screen) -> list[Element]:
    """The elements that may begin the journey, likeliest first."""
    return [e for _, e in scored(journey.entry, screen)]


def scored(recognisers: Sequence[Recogniser], screen: Screen) -> list[tuple[float, Element]]:
    """The elements that a recogniser matches, with their scores, best first. The order on the page breaks ties."""
    found = []
    for place, element in enumerate(screen.elements):
        if not may_press(element):
            continue
        score = max((fit(r, element) for r in recognisers), default=0.0)
        if score >= _LEAST:
            found.append((score + _standing(element), -place, element))
    found.sort(key=lambda t: t[:2], reverse=True)
    return [(s, e) for s, _, e in found]


def best_owner(journeys: Iterable[Journey], element: Element) -> tuple[str, float]:
    """The journey whose entries fit the element best, and the score; an empty id and 0 if none fits."""
    best, owner = 0.0, ""
    for journey in journeys:
        score = max(fit(r, element) for r in journey.entry)
        if score > best:
            best, owner = score, journey.id
    return owner, best


def may_press(element: Element) -> bool:
    """Whether pressing the element may lead somewhere and does no harm."""
    if element.role not in PRESSABLE or not element.enabled:
        return False
    if element.href.startswith(("mailto:", "tel:", "sms:", "javascript:void(window.close")):
        return False
    name = element.name
    if _is_of_library(element):
        return True
    if ends_something(element) or (says_nothing(element) and (looks_harmful(element) or _is_called_harmful(element))):
        return False
    deletes = says(DELETES, name) and len(name) < 60 and not is_title(element)
    return not (deletes or says(LOGOUT, name) or says(LANGUAGE, name))


def _is_called_harmful(element: Element) -> bool:
    """Whether tool tip, class or address say that a control deletes or ends something or logs out.

    False for a control whose name can be read.
    """
    told = words_for(element)
    return any(harms(each) or says(LOGOUT, each) for each in told)


def ends_something(element: Element) -> bool:
    """Whether the element's name says that a press ends something, for example by leaving, closing or archiving it.

    A link to a page called «archive» ends nothing."""
    name = plain(element.name).strip(" .!…×✕→›")
    if not name or len(name) > 60 or not says(ENDS, name) or is_title(element):
        return False
    path = _path(element.href)
    return not (element.role == "link" and re.fullmatch(r"(/[a-z]\w*)*/archives?/?", path, re.IGNORECASE))


def is_title(element: Element) -> bool:
    """Whether the element is the title of an article, in the form of a question: «How do I cancel my order?»"""
    name = plain(element.name)
    asked = name.endswith(("?", "？", "؟")) and (len(name.split()) >= 4 or (len(name) >= 8 and not name.isascii()))
    return asked and (element.role == "link" or bool(element.href) or EXPANDS in element.hints)


def _asks_of_the_app(element: Element) -> bool:
    """Whether the element is the title of an article, and no way to a login: «Did you forget your own password?»"""
    outside = element.region not in ("navigation", "banner", "contentinfo")
    if not outside or element.role != "link" or not element.href or element.sends:
        return False
    return is_title(element) and not any(says(words, element.name) for words in (SIGNUP, LOGIN, PASSWORD))


def _is_of_library(element: Element) -> bool:
    """Whether the element is a link whose title begins with a word for help: «Help: restart a lamp».

    This is less certain than a question. `explorer.policy.permission` decides whether it may be pressed."""
    subject = _TITLED.match(plain(element.name))
    plain_link = element.role == "link" and bool(element.href) and not element.sends
    return subject is not None and plain_link and says_whole(LIBRARY, subject[1])


def looks_harmful(element: Element) -> bool:
    """Whether the icon or class says that the element ends or deletes something (`btn-danger`, `fa-trash`).

    Such an element is not pressed out of curiosity, whatever its name says."""
    classes = (developer_words(c) for hint in element.hints for c in hint.split() if re.search("[-_]", c))
    return any(says(HARMFUL_LOOKS, words) for words in classes)


def opens_in_place(element: Element, screen: Screen) -> bool:
    """Whether a press shows something on the same page: an element expands, or a link leads to another place there."""
    if element.region in ("navigation", "banner", "contentinfo"):
        return False
    page, _, place = element.href.partition("#")
    same = bool(place) and not place.startswith(("/", "!")) and page == screen.address.partition("#")[0]
    return EXPANDS in element.hints or same


def jumps_over(element: Element) -> bool:
    """Whether the element is a skip link: an invisible link that lets keyboard users jump over the menus."""
    return element.role == "link" and "#" in element.href and element.covered and max(element.box[2:], default=0) <= 2


def is_export(element: Element) -> bool:
    """Whether the element exports a table or feed in another format, and does not offer an existing file."""
    return any(
        says(EXPORTS, words)
        for words in (element.name, developer_words(_beyond_host(element.href)), *words_for(element))
    )


def only_tunes(element: Element) -> bool:
    """Whether the element only changes the presentation: order, colours, size."""
    classes = (developer_words(c) for hint in element.hints for c in hint.split())
    return len(element.name) < 30 and any(says(TUNING, words) for words in (element.name, *classes))


@remembered(16384)
def fit(recogniser: Recogniser, element: Element) -> float:
    """Returns how well an element matches a recogniser, from 0 to 1."""
    if recogniser.roles and element.role not in recogniser.roles:
        return 0.0
    if recogniser.kinds and element.kind not in recogniser.kinds:
        return 0.0
    if not recogniser.words and not recogniser.hints:
        return 1.0
    name = re.sub(r"\d", "0", plain(element.name))
    if name and len(name) <= _LONGEST_NAME and not name.startswith(("http:", "https:")):
        tips = (plain(h) for h in element.hints if " " in h and not re.search(r"[-_]", h))
        excluded = says_whole(recogniser.unless, name) or any(says_whole(recogniser.unless, tip) for tip in tips)
        best = 0.0 if excluded else _cover(matcher(recogniser.words), name)
        best = max(best, _fit_of_either(recogniser, name), _fit_of_subject(recogniser, element, name))
        if excluded or best >= _LEAST:
            return best
        if recogniser.questions and _asks_of_the_app(element):
            return _QUESTION
    left = words_for(element)
    if left:
        if any(says_whole(recogniser.unless, word) for word in left):
            return 0.0
        best = 0.8 * max(_cover(matcher(recogniser.words), word) for word in left)
        if best >= 2 * _LEAST:  # nearly the whole of what the icon says
            return best
    hints = [developer_words(h) for h in element.hints if len(h) <= 60]
    path = developer_words(_path(element.href)) if element.href else ""
    weight = 0.8 if says_nothing(element) else _HINTED
    wanted = matcher({HINTS: recogniser.hints})
    found = max((_cover(wanted, h) for h in (*hints, path) if h), default=0.0)
    return weight * found if found >= 0.5 else 0.0


def _fit_of_either(recogniser: Recogniser, name: str) -> float:
    """Returns how well one part of a double name fits: «Log in or register», «Sign in / Sign up».

    The joining word must be of the same language as the matching words: the Dutch «of» joins no English names."""
    parts = [(recogniser.words, _split(name, ""))]
    if EITHER.matcher.found_in(name):
        parts += [({tag: words}, _split(name, tag)) for tag, words in recogniser.words.items()]
    best = 0.0
    for words, names in parts:
        fitting = (part for part in names if not says_whole(recogniser.unless, part))
        best = max([best, *(_cover(matcher(words), part) for part in fitting)])
    return 0.9 * best if best >= _NEARLY_ALL else 0.0


def _fit_of_subject(recogniser: Recogniser, element: Element, name: str) -> float:
    """Returns how well the words before the colon of a link's title fit.

    Examples are «Help: restart a lamp» and «Aide : redémarrer une lampe». Such a title is weak evidence for an entry,
    so it only counts for links that do nothing but open a page (`explorer.policy.permission`).
    """
    found = _TITLED.match(name)
    if found is None or element.role != "link" or element.sends:
        return 0.0
    sure = _cover(matcher(recogniser.words), found[1]) >= _NEARLY_ALL
    return _SUBJECT if sure and not says_whole(recogniser.unless, found[1]) else 0.0


@lru_cache(maxsize=16384)
def _split(name: str, tag: str) -> tuple[str, ...]:
    """Splits a double name at a slash, a bar or the language's joining word. Empty for a single name."""
    joiners = languages().group(EITHER.section, EITHER.key).get(tag, ()) if tag else ()
    names = re.split(r"[/|]", matcher({tag: joiners}).without(name, "|") if joiners else name)
    told = [part.strip() for part in names if part.strip()]
    return tuple(told) if len(told) > 1 else ()


def _path(address: str) -> str:
    """Returns the path of an address; in a single-page app, the route in the fragment: `/#/tickets/new`, `/#!/help`."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    route = parts.fragment.removeprefix("!")
    return route.partition("?")[0] if route.startswith("/") else parts.path


def _beyond_host(address: str) -> str:
    return address.partition("://")[2].partition("/")[2]


@lru_cache(maxsize=16384)
def _cover(wanted: Matcher, name: str) -> float:
    """Returns the largest share of a name that one word of the list covers, ignoring punctuation around it."""
    name = name.strip(" \t»›→>:!.…*+").strip()
    return wanted.share(name)


def _standing(element: Element) -> float:
    """Returns a small bonus or penalty: for the element's region, and for an element that is covered or not in view."""
    bonus = {"navigation": 0.04, "main": 0.05, "banner": 0.02, "contentinfo": -0.12, "complementary": -0.02}
    score = bonus.get(element.region, 0.0)
    if element.covered:
        score -= 0.1
    if not element.in_viewport:
        score -= 0.02
    return score
