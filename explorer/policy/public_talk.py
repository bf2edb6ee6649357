"""Forms whose text everybody will read: reviews, comments, replies and posts, whatever their button says. Pure.

A message to support and a comment below an article have the same fields, and the button of both may say «Submit». The
two differ in the form's name, its place on the site, and the address that it is sent to.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from explorer.policy.hand_in import only_hands_in
from explorer.policy.own_request import FORUMS, is_own_request
from explorer.policy.told_headings import title_parts
from flows.journey import Role
from flows.recognise.asked import address_words
from flows.recognise.entries import placed, titled
from flows.recognise.fields import is_multiline, takes_text
from flows.recognise.forms import Form
from flows.recognise.languages import Act
from flows.recognise.letters import bare
from flows.recognise.lexicon import EVERYBODY, OTHERS, acts_in, plain, says, says_whole, without
from flows.recognise.matcher import Group
from flows.screen import Element, Screen, sent_to

DEAL, PEOPLE = Group("forms", "deal"), Group("forms", "people")
FORUM = Group("forms", "forum")
CALLOUT, CHAT_BOX = Group("forms", "callout"), Group("forms", "chat-box")
PERSONS, PLACES = Group("developers", "persons"), Group("developers", "person-places")
ADDRESSED, OURS = Group("forms", "addressed"), Group("forms", "ours")
CHAT_PLACES = Group("developers", "chat-frame")
_TALKS = (Role.TICKET, Role.CHAT, Role.UPLOAD)
_DEPTH = 3
"""How many parts at the end of an address tell what a form is for."""
_ARTICLE = 3
"""The most letters of an article or a preposition."""
_MOST = 90
"""How many characters of a heading or label are judged."""


def is_public_talk(
    element: Element, form: Form | None, screen: Screen, role: Role, is_door: Callable[[Element], bool]
) -> bool:
    """Whether sending the form publishes its text, in a journey with this role.

    `element` is the control that sends the form. `is_door` tells whether a control would lead to a request for
    support. Titles and parts of addresses are put to it as if they were controls. A reply to a support request
    (`/tickets/42`) is not public, because only support reads it."""
    if role not in _TALKS or is_own_request(element, screen, is_door):
        return False
    if any(says(FORUM, plain(h)[:_MOST]) and not is_called_so(plain(h)[:_MOST], is_door) for h in element.headings):
        return True
    if role is not Role.CHAT and _is_titled_public(screen, is_door):
        return True
    depth = _DEPTH if element.sends.partition(" ")[2] else _DEPTH - 1  # without an address, it is only the page's
    named = _named_last(sent_to(element, screen), depth)
    if named[-1:] == ["post"] and only_hands_in(sent_to(element, screen), lambda at: is_door(at) or _is_chat(at, role)):
        named = named[:-1]  # a verb there: `/contact/post`
    if any(says_whole(FORUMS, words) for words in named):
        return True
    if role is Role.CHAT:  # a chat's box says «Type a reply»
        return any(says(FORUM, text) and not says(CHAT_BOX, text) for text in _boxes(form))
    if any(is_door(titled(t)) for t in (*element.headings, screen.title)):
        return False  # «Comments» is a usual label below «Contact us»
    long = [f for f in form.fields if takes_text(f) and is_multiline(f)] if form is not None else []
    return any(says(FORUM, plain(each.name)[:_MOST]) for each in (element, *long))


def _is_titled_public(screen: Screen, is_door: Callable[[Element], bool]) -> bool:
    """Whether a part of the title names a public text («Your comment – Daily News»), or the act of publishing one."""
    parts = [part[:_MOST] for part in title_parts(screen)]
    if is_called_so(plain(screen.title)[:_MOST], is_door) and not any(is_door(titled(p)) for p in parts):
        return False
    return any((says(FORUM, part) and not is_called_so(part, is_door)) or "publish" in acts_in(part) for part in parts)


def beyond_support(
    element: Element, form: Form | None, screen: Screen, role: Role, is_door: Callable[[Element], bool]
) -> frozenset[Act]:
    """The acts that a form performs beyond a request for support, judged by its texts.

    A chat whose box or button says that everybody
    reads it («Chat publicly») sends to others and publishes. The form may order, reserve, offer or end something, call somebody out, or send to other people. Its button, a heading or a label says
    so if its whole text means that. `is_door` tells whether a control would lead to a request for support."""
    if role not in _TALKS:
        return frozenset()
    titles = [part for part in title_parts(screen) if part not in element.headings] if role is not Role.CHAT else []
    named = [plain(text)[:_MOST].strip(" .!?:*→") for text in (element.name, *element.headings)]
    called = [text for text in named if not is_door(titled(text))]
    labels = [plain(each.name)[:_MOST].strip(" .!?:*") for each in form.fields] if form is not None else []
    page = screen.address
    if any(reaches_person(at, is_door) for at in (page, sent_to(element, screen))) and not says(OURS, screen.title):
        return frozenset({"send"})
    found: set[Act] = {"payment"} if any(says_whole(DEAL, text) for text in called) else set()
    if any(says_whole(PEOPLE, text) for text in (*named, *titles, *labels)) or any(
        says(CALLOUT, text) for text in named
    ):
        found.add("send")
    if role is Role.CHAT and any(map(tells_others, (element.name, *element.headings, *_boxes(form)))):
        found |= {"send", "publish"}
    return frozenset(found)


def _is_chat(place: Element, role: Role) -> bool:
    """Whether a part of an address is what developers call a chat, in a journey that chats."""
    return role is Role.CHAT and any(says_whole(CHAT_PLACES, words) for words in place.hints)


def _boxes(form: Form | None) -> list[str]:
    """What the text boxes of a chat say: their names and their placeholders, which surfaces put among the hints."""
    boxes = [f for f in form.fields if takes_text(f)] if form is not None else []
    return [text[:_MOST] for box in boxes for text in (plain(box.name), *map(plain, box.hints)) if text]


def tells_others(question: str) -> bool:
    """Whether a question says that other people get what is sent, or that everybody will read it."""
    return says(EVERYBODY, question)


def is_called_so(heading: str, is_door: Callable[[Element], bool]) -> bool:
    """Whether a word such as «community» is only part of a name in a heading of support: «Contact Community Health»."""
    words = heading.split()
    parts = [*re.split(r"\s[–—|·:-]\s|:\s", heading), *(" ".join(words[:n]) for n in (1, 2))]
    if not any(is_door(titled(part.strip())) for part in parts if part.strip() != heading):
        return False
    rest = without(FORUM, " ".join(p for p in parts[:-2] if not is_door(titled(p.strip()))) or heading)
    asking = next((part for part in parts[-2:] if is_door(titled(part))), "")
    return any(len(word) > _ARTICLE for word in rest.replace(bare(asking), " ").split())


def _named_last(address: str, count: int) -> list[str]:
    """The last `count` parts of an address, not counting parts with digits."""
    return [words for words in address_words(address) if not any(map(str.isdigit, words))][-count:]


def reaches_person(address: str, is_door: Callable[[Element], bool]) -> bool:
    """Whether an address belongs to one user, or to the messages with one user: `/users/5/contact`, `/inbox/9`."""
    return any(
        says_whole(PERSONS, words) and not (says_whole(PLACES, one) or is_door(placed(one)))
        for words, one in pairwise(address_words(address))
    )


def goes_to_others(title: str) -> bool:
    """Whether a heading or a button says that a message goes to others than the app's staff: «Message to members».

    «Questions about your invoice» and «Existing customers» only name things and people, so they do not count."""
    told = plain(title)[:_MOST]
    if says(EVERYBODY, told) or ("send" in acts_in(told) and says(OTHERS, told)):
        return True
    return is_addressed(told)


def is_addressed(title: str) -> bool:
    """Whether a text names the recipient of a message, and the recipient is not the app's staff: «Message to Jane»."""
    told = plain(title)[:_MOST]
    return says(ADDRESSED, told) and not says(OURS, told)
