"""Tells whether a chat on a page is with the app's staff, or with somebody else: «Message Ada», «Fan zone». Pure.

Whoever answers in a chat of a shop has a name, too («Chat with Ada»). So a name alone decides nothing: the heading or
the button must be of words for chats and support alone, or something else on the page must speak of support.
"""

from __future__ import annotations

from explorer.policy.explaining import ASKING, WHOLE, IsDoor, is_explained, names_deal, nothing_left
from explorer.policy.told_headings import is_question, is_telling, title_parts
from flows.recognise.asked import parts_of
from flows.recognise.entries import placed, titled
from flows.recognise.forms import CHAT_BOX, CHAT_FRAME
from flows.recognise.lexicon import AGREE, HUB, SUBMIT, TO_SEND, consists_of, plain, says, says_whole
from flows.recognise.login_words import greets
from flows.recognise.matcher import Group
from flows.screen import Element, Screen

ADDRESSED, OURS, CHATTING = Group("forms", "addressed"), Group("forms", "ours"), Group("forms", "chat-box")
_MOST = 90
"""How many characters of a heading are judged."""


def is_chat_with_others(element: Element, screen: Screen, is_door: IsDoor, is_chat: IsDoor) -> bool:
    """Whether a chat in the main part of a page is with somebody else than the app's staff, as far as words tell.

    `element` sends a line, with all headings over it; `is_door` and `is_chat` tell whether a control leads to support
    or to a chat with it. Chats in a frame or in a corner of the page are the site's own widgets, whatever they are called."""
    if not screen.native and (element.frame or element.region not in ("", "main", "dialog")):
        return False
    over = [plain(heading)[:_MOST] for heading in element.headings if is_telling(heading)]
    nearest = over[-1:] if over else []
    name = plain(element.name)
    strange = [text for text in nearest if not (is_chat(titled(text), WHOLE) or _is_of_chats(text, screen, is_door))]
    strange += (
        [name] if (says(ADDRESSED, name) or not _is_of_button(name)) and not _is_of_chats(name, screen, is_door) else []
    )
    return bool(strange) and not _speaks_of_support(over, strange, screen, is_door)


def _is_of_chats(text: str, screen: Screen, is_door: IsDoor) -> bool:
    """Whether a text speaks of nothing but a chat with support."""
    if greets(text) or says(OURS, text) or (is_question(text) and not names_deal(text)):
        return True
    return consists_of(text, ASKING, CHATTING, CHAT_BOX, TO_SEND) or is_explained(text, screen, is_door)


def _is_of_button(name: str) -> bool:
    """Whether the button of any form could have this name. One word is no name of a person that one would write to."""
    return len(name.split()) < 2 or not _has_capital(name) or consists_of(name, SUBMIT, AGREE, TO_SEND, ASKING)


def _has_capital(name: str) -> bool:
    """Whether a word after the first one begins with a capital letter, or has no case: a name may be meant."""
    return any(word[:1].isupper() or word[:1].lower() == word[:1].upper() for word in name.split()[1:])


def _speaks_of_support(over: list[str], strange: list[str], screen: Screen, is_door: IsDoor) -> bool:
    """Whether another heading, the title, the address or a line of the chat names support."""
    told = [text for text in (*over, *title_parts(screen)) if text not in strange and not nothing_left(text, screen)]
    if any(says(OURS, t) or says_whole(HUB, t) or is_explained(t, screen, is_door) for t in told):
        return True
    if any(says(OURS, t.text) for t in screen.texts if t.role == "log"):
        return True
    places = parts_of(screen.address) if not screen.native else []
    return any(is_door(placed(p), WHOLE) or is_door(titled(p), WHOLE) for p in places if not says_whole(CHAT_FRAME, p))
