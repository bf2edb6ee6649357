"""Forms whose text everybody will read: reviews, comments, replies and posts, whatever their button says. Pure.

A message to support and a comment below an article ask for the same fields, and both may be sent by «Submit». What tells
them apart is what the form is called, where it stands, and where it is sent to.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from flows.journey import Role
from flows.recognise.fields import is_multiline, takes_text
from flows.recognise.forms import Form
from flows.recognise.languages import Act
from flows.recognise.lexicon import plain, says, says_whole
from flows.recognise.logins import address_words
from flows.recognise.matcher import Group
from flows.screen import Element, Screen, sent_to

DEAL, PEOPLE, EVERYBODY = Group("forms", "deal"), Group("forms", "people"), Group("forms", "everybody")
FORUM = Group("forms", "forum")
FORUMS = Group("developers", "forums")
"""How developers name where such a form is sent to: `/articles/9/comments`."""
_TALKS = (Role.TICKET, Role.CHAT, Role.UPLOAD)
_MOST = 90
"""The number of characters of a heading or label that are judged."""


def is_public_talk(
    element: Element, form: Form | None, screen: Screen, role: Role, is_door: Callable[[Element], bool]
) -> bool:
    """Whether sending the form publishes its text, in a journey with this role.

    `element` is the control that sends the form. `is_door` tells whether a control would lead to a request for
    support. It is called with controls made of titles and of parts of addresses, because a reply to one request
    (`/tickets/42`) is read by support alone."""
    if role not in _TALKS or _is_own(element, screen, is_door):
        return False
    if any(says(FORUM, plain(heading)[:_MOST]) for heading in element.headings):
        return True
    if any(says_whole(FORUMS, words) for words in address_words(sent_to(element, screen))):
        return True
    if role is Role.CHAT or any(is_door(_title(t)) for t in (*element.headings, screen.title)):
        return False  # a chat's box says «Type a reply»; «Comments» is a usual label below «Contact us»
    long = [f for f in form.fields if takes_text(f) and is_multiline(f)] if form is not None else []
    return any(says(FORUM, plain(each.name)[:_MOST]) for each in (element, *long))


def beyond_support(
    element: Element, form: Form | None, role: Role, is_door: Callable[[Element], bool]
) -> frozenset[Act]:
    """The acts that a form performs beyond a request for support, by what it is called.

    The form may order, reserve, offer or end something, or send to other people. Its button, its headings and its
    labels may say so, each as a whole. `is_door` tells whether a control would lead to a request for support."""
    if role not in _TALKS:
        return frozenset()
    named = [plain(text)[:_MOST].strip(" .!?:*→") for text in (element.name, *element.headings)]
    called = [text for text in named if not is_door(_title(text))]
    labels = [plain(each.name)[:_MOST].strip(" .!?:*") for each in form.fields] if form is not None else []
    found: set[Act] = {"payment"} if any(says_whole(DEAL, text) for text in called) else set()
    if any(says_whole(PEOPLE, text) for text in (*named, *labels)):
        found.add("send")
    return frozenset(found)


def tells_others(question: str) -> bool:
    """Whether a question says that other people get what is sent, or that everybody will read it."""
    return says(EVERYBODY, question)


def _is_own(element: Element, screen: Screen, is_door: Callable[[Element], bool]) -> bool:
    """Whether the page, or the address that the form is sent to, is that of one support request of the user.
    `is_door` tells whether a control would lead to such requests."""
    page = address_words(screen.address)
    if any(says_whole(FORUMS, words) for words in page):
        return False
    return any(
        is_door(Element("", "", "link", "", hints=(words,))) and any(map(str.isdigit, number))
        for places in (page, address_words(sent_to(element, screen)))
        for words, number in pairwise(places)
    )


def _title(text: str) -> Element:
    return Element("", "", "link", text)
