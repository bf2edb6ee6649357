"""Predicts what pressing a control does, from its words, pictures, address and form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from urllib.parse import parse_qsl, unquote, urlsplit

from flows.recognise.asked import address_words
from flows.recognise.entries import EXPANDS, is_title, looks_harmful
from flows.recognise.icons import says_nothing, words_for
from flows.recognise.languages import Act
from flows.recognise.lexicon import (
    ACTS,
    GRAVE,
    LOGOUT,
    LOSS,
    OTHERS,
    PAY,
    PORTRAIT,
    SAVED_CARD,
    TO_PAY,
    acts_in,
    acts_named,
    developer_words,
    plain,
    says,
    says_whole,
)
from flows.recognise.matcher import Group
from flows.screen import Element, Screen

LIBRARY = Group("developers", "library")
MARKERS = Group("developers", "act-markers")
VERBS = Group("developers", "act-verbs")
KEYS = Group("developers", "act-keys")
FORUM = Group("forms", "forum")
STATES = Group("developers", "act-states")
VIEWS = Group("developers", "view-values")
PROOFS = Group("developers", "proofs")
ICONS: dict[Act, Group] = {kind: Group("developers", f"icons-{kind}") for kind in ACTS}
_NOUNS = frozenset("order post tag book comment follow sort share sign move edit part block report rent watch".split())
"""Query keys that name a thing or a sort order as often as an act. They are not counted as acts."""
_TOPICS = frozenset({"order", "post", "comment", "report", "tag"})
"""Of these, the ones that name a topic right below a library of help: `/help/order` tells about orders."""
_ID = re.compile(r"\d+|[0-9a-f]{8,}(-[0-9a-f]+)*|(?=\w*\d)[\w-]{16,}", re.IGNORECASE)
_PAGER = re.compile(r"(?i)paginat|\bpager|\bpaging|\bpage[-_](?:item|link|number|nav)")
_CLOSES = "×✕✖xX⨯"
_MOST = 90
"""Only so many characters of a name are examined. A longer name is a text that happens to be pressable."""
_SLUG = 4
"""The maximum number of words in a path segment that names a page of the app. A longer one is an article's title."""

Acts = frozenset[Act]
NONE: Acts = frozenset()
_CHANGE: Acts = frozenset({"change"})
_END: Acts = frozenset({"end"})


def acts_of(element: Element) -> Acts:
    """Returns the kinds of acts that a control's name, icon, address and confirmation question name."""
    if (
        is_title(element)
        and not element.sends
        and not element.asks
        and (is_plain_link(element) or EXPANDS in element.hints)
    ):
        return acts_of_address(element.href, title=True)
    found = set(acts_in(plain(element.name)[:_MOST]))
    if says(LOGOUT, element.name):
        found.add("end")
    found |= acts_beyond_name(element)
    if looks_harmful(element) and not found:
        found.add("delete")
    return frozenset(found)


def acts_beyond_name(element: Element) -> Acts:
    """The kinds of acts that a control's icon, address and confirmation question name."""
    found = _acts_of_picture(element) if says_nothing(element) else set()
    if element.asks:
        found |= acts_in(element.asks)
    if element.href:
        found |= acts_of_address(element.href)
    method, _, address = element.sends.partition(" ")
    if method == "delete":
        found.add("delete")
    if element.role in ("link", "button", "clickable", "menuitem") and method not in ("", "get", "script") and address:
        found |= acts_of_address(address)
    return frozenset(found)


def _acts_of_picture(element: Element) -> set[Act]:
    """Returns the acts that the icon of a nameless control stands for.

    The icon is recognised by the control's classes and hints, or by its character («×»).
    """
    told = {*words_for(element), *(_bare(c) for hint in element.hints for c in hint.split() if re.search("[-_]", c))}
    found: set[Act] = {kind for kind, icons in ICONS.items() for each in told if says_whole(icons, each)}
    for each in told:
        found |= acts_in(each)
        if says(LOGOUT, each):
            found.add("end")
    if element.name.strip() in _CLOSES and element.name.strip() and element.region != "dialog":
        found.add("delete")
    return found


def _bare(token: str) -> str:
    """Returns a CSS class as words, without its prefix: «trash» for `btn-trash`, «trash o» for `fa-trash-o`."""
    return re.sub(r"^\w{1,9}[-_]+", "", token).replace("-", " ").replace("_", " ").lower()


@lru_cache(maxsize=8192)
def acts_of_address(href: str, *, title: bool = False) -> Acts:
    """Returns the kinds of acts that an address names. `title` says that a slug in it is the title of an article."""
    try:
        parts = urlsplit(href)
        query = parse_qsl(parts.query, keep_blank_values=True)[:20]
    except ValueError:
        return _CHANGE
    if parts.scheme in ("mailto", "tel", "sms", "data", "blob", "javascript"):
        return NONE
    route = parts.fragment.removeprefix("!") if parts.fragment.startswith(("/", "!/")) else ""  # of an app on one page
    segments = [
        w
        for s in unquote(f"{parts.path}/{route.partition('?')[0]}").split("/")
        if (w := developer_words(re.sub(r"\.\w{2,5}$", "", s)))
    ]
    found: set[Act] = set()
    shelved = any(says_whole(LIBRARY, s) for s in segments[:-1])
    if any(says_whole(MARKERS, s) for s in segments):
        found.add("change")
    for place, words in enumerate(segments):
        last = all(_ID.fullmatch(s.replace(" ", "-")) for s in segments[place + 1 :])
        slug = len(words.split()) >= 3 or _ID.fullmatch(words.replace(" ", "-"))
        if (
            (title or shelved)
            and (slug or not last or len(words.split()) > 1)
            and not (last and _is_verb_with_id(words, place, segments, query))
        ):
            continue
        if (
            words in _TOPICS and place and says_whole(LIBRARY, segments[place - 1])
        ):  # `/help/order`, not `/docs/42/sign`
            continue
        acts = acts_in(words) | (_END if says(LOGOUT, words) else NONE)
        if last and not slug:
            acts |= acts_in(f"{words} {_noun(segments[:place])}") or (_CHANGE if says_whole(VERBS, words) else NONE)
        found |= acts if last else acts & {"delete", "end"}
    if _sets_state(segments, query):
        found.add("change")
    for key, value in query:
        found |= _acts_of_pair(developer_words(key), developer_words(value))
    return frozenset(found)


def in_library(href: str) -> bool:
    """Whether an address lies below a place for articles: `/help/…`, `/kb/articles/…`."""
    return any(says_whole(LIBRARY, words) for words in address_words(href)[:-1])


def _sets_state(segments: Sequence[str], query: Sequence[tuple[str, str]]) -> bool:
    """Whether an address sets the state of one thing.

    Examples are `/tickets/42/status/resolved`, `/tickets/42?status=closed` and `/articles/9/vote/up`. A state without
    an id before it only filters a list: `/tickets?status=open`.
    """
    ids = [bool(_ID.fullmatch(s.replace(" ", "-"))) for s in segments]
    for place, (key, value) in enumerate(pairwise(segments)):
        given = place + 2 == len(segments) and not ids[-1] and not says_whole(VIEWS, value)
        if given and any(ids[:place]) and says_whole(STATES, key):
            return True
    told = (developer_words(k) for k, v in query if v and not says_whole(VIEWS, developer_words(v)))
    return any(ids[-1:]) and any(says_whole(STATES, key) for key in told)


def _is_verb_with_id(words: str, place: int, segments: Sequence[str], query: Sequence[tuple[str, str]]) -> bool:
    """Whether a segment below a help section names an act and not a title.

    It names an act if it has two words and an id follows: `/docs/delete-file?id=3`. `words` are the words of the
    segment at index `place` of `segments`. `query` holds the names and values of the query.
    """
    told = [*segments[place + 1 :], *(value for _, value in query)]
    return len(words.split()) == 2 and any(_ID.fullmatch(each) for each in told)


def _noun(before: list[str]) -> str:
    """Returns the object that the last path segment acts on: the nearest earlier segment that is not an id."""
    return next((s for s in reversed(before) if not _ID.fullmatch(s.replace(" ", "-"))), "")


def _acts_of_pair(key: str, value: str) -> Acts:
    if says_whole(PROOFS, key):
        return _CHANGE
    if says_whole(KEYS, key) and value and not says_whole(VIEWS, value):
        return acts_in(value) or _CHANGE
    return acts_in(key) if key not in _NOUNS else NONE


def is_plain_link(element: Element) -> bool:
    """Whether pressing the element only requests a page: it has an address, but no script, method or question.

    A bare «#» is no address, because a script handles it.
    """
    away = element.href.startswith(("http:", "https:")) and not element.href.endswith(("#", "#!"))
    return away and not element.sends and not element.asks


def stays_on_page(element: Element, screen: Screen) -> bool:
    """Whether the element links to a place in the same document."""
    page, found, place = element.href.partition("#")
    return bool(found and place) and page == screen.address.partition("#")[0] and not element.sends


def unfolds(element: Element) -> bool:
    """Whether the markup says that a press only reveals another part of the page: a tab, a fold, a menu's button."""
    return not element.sends and not element.asks and (element.role == "tab" or EXPANDS in element.hints)


def acts_of_heading(heading: str, *, verbs_only: bool = False) -> Acts:
    """Returns the kinds of acts that a heading names, such as «Close your account».

    Unless `verbs_only` is set, nouns count, too: «Account closure». A picture that an upload replaces counts as
    `change`: «Shop logo».
    """
    told = plain(heading)[:_MOST]
    acts = acts_in(told) if verbs_only else acts_named(told)
    return acts | (_CHANGE if says(PORTRAIT, told) else NONE)


def acts_of_places(*addresses: str) -> Acts:
    """Returns the grave acts (`GRAVE`) that the last segments of addresses name: `/account-deletion`.

    The addresses are those of a form and of its page. A page of help about payments (`/help/order`) costs nothing.
    """
    found: set[Act] = set()
    for address in filter(None, addresses):
        words = next((w for w in reversed(address_words(address)) if not w.isdigit()), "")
        named = acts_named(words) if len(words.split()) <= _SLUG else NONE
        found |= named - {"payment"} if in_library(address) else named | (acts_of_address(address) & {"end", "delete"})
    return frozenset(found) & GRAVE


def names_others(element: Element) -> bool:
    """Whether the name mentions recipients other than the app's support, or things other than a message.

    An example is «Send to all customers».
    """
    return says(OTHERS, element.name)


def pays_a_bill(element: Element) -> bool:
    """Whether a control's whole name says that it leads to a payment: «Pay invoice», «Checkout»."""
    name = plain(element.name).strip(" .!→›")
    return says_whole(PAY, name) or says_whole(TO_PAY, name)


def leads_to_checkout(element: Element) -> bool:
    """Whether a control's whole name says that it only leads to the checkout page."""
    return says_whole(TO_PAY, plain(element.name).strip(" .!→›"))


def charges_at_once(texts: Iterable[str]) -> str:
    """Returns the first text that mentions a stored card, a cost or a loss; an empty string if none does."""
    return next((t for t in texts if says(SAVED_CARD, t) or says(LOSS, t)), "")


def costs_or_loses(texts: Iterable[str]) -> str:
    """The first text that names a cost or a loss, or an empty string."""
    return next((t for t in texts if says(LOSS, t)), "")


def turns_pages(element: Element) -> bool:
    """Whether the element is a page number or an arrow of a pagination."""
    rates = any(acts_named(heading) or says(FORUM, heading) for heading in element.headings[-1:])  # «Rate this agent»
    listed = any(_PAGER.search(hint) for hint in (*element.hints, element.group))
    listed = listed or (element.region == "navigation" and not rates)
    return (
        listed and not element.sends and (plain(element.name).isdigit() or element.name.strip() in ("›", "‹", "»", "«"))
    )
