"""Recognises a successful login: the password field is gone, and the app shows that the user is logged in."""

from __future__ import annotations

import re

from flows.recognise.change import Change, is_trouble
from flows.recognise.fields import field_kind, is_field
from flows.recognise.icons import called, says_nothing, words_for
from flows.recognise.lexicon import ERROR, LOGIN, LOGOUT, plain, says
from flows.recognise.matcher import Group
from flows.screen import PROMPT, Element, Screen

_CREDENTIALS = (Group("fields", "password"), Group("fields", "username"))
_MANY_DOORS = 3
"""The minimum number of controls on a page behind a login. An error page has fewer."""


def logged_in(change: Change) -> str:
    """The password field disappeared, and the app shows that the user is logged in."""
    if not _asks_password(change.before) or _asks_password(change.after):
        return ""
    old = {called(e) for e in change.before.elements}
    leave = next((called(e) for e in change.after.elements if _leaves(e) and called(e) not in old), "")
    if leave:  # the app knows the user now, even if the page behind the login has errors
        return leave
    offered = any(says(LOGIN, e.name) and len(e.name) < 30 for e in change.after.elements)
    if change.troubled:
        return "" if offered else _let_in_all_the_same(change)
    if any(e.group == PROMPT for e in change.before.elements):  # the browser asked, and the site took the answer
        return change.after.title or change.after.address
    users = [plain(t) for t in change.typed if 2 <= len(plain(t)) <= 64]
    named = next(
        (t.text for t in change.after.texts if any(u.split("@")[0].casefold() in t.text.casefold() for u in users)), ""
    )
    named = named or next(
        (n for n in _new_names(change) if any(u.split("@")[0].casefold() in n.casefold() for u in users)), ""
    )
    if named:
        return named
    elsewhere = change.after.address != change.before.address
    if change.after.native:  # an app's address is its activity, and one activity may show all its screens
        elsewhere = elsewhere or (bool(change.after.title) and change.after.title != change.before.title)
    old_doors = {e.key for e in change.before.elements}
    doors = [e for e in _doors(change.after) if e.key not in old_doors]
    opened = len(doors) >= _MANY_DOORS and not change.after.busy and not change.after.native
    moved = (bool(change.fresh) and elsewhere) or opened  # an app of one page keeps its address
    return (change.after.title or change.after.address) if moved and not offered else ""


def _leaves(element: Element) -> bool:
    """Whether a control logs the user out, judged by its name or, if that says nothing, by its icon."""
    return any(says(LOGOUT, w) for w in ((element.name,) if not says_nothing(element) else words_for(element)))


def _new_names(change: Change) -> list[str]:
    """The names of controls that appeared with the action. The user's own menu is often named after the user."""
    old = {e.key for e in change.before.elements}
    return [e.name for e in change.after.elements if e.key not in old and e.name and not is_field(e)]


def _asks_password(screen: Screen) -> bool:
    """Whether the screen has a password field. A link such as «Change password» does not count."""
    return any(is_field(e) and field_kind(e) == "password" for e in screen.elements)


def _doors(screen: Screen) -> list[Element]:
    return [e for e in screen.elements if e.role in ("link", "button", "menuitem", "tab") and e.enabled]


def _let_in_all_the_same(change: Change) -> str:
    """Returns the title or address of the page if the login worked although the page shows an error; else empty.

    The error must concern only a part of the page, such as a news feed, and not the login or the whole page."""
    before, after = (re.split(r"[?#]", s.address)[0] for s in (change.before, change.after))
    few = len(_doors(change.after)) < _MANY_DOORS
    if change.after.error or change.after.native or before == after or few:
        return ""
    complaints = [t for t in change.fresh if is_trouble(t)]
    whole_page = says(ERROR, change.after.title) or any(t.role == "heading" for t in complaints)
    about_login = any(says(words, c.text) for words in (LOGIN, *_CREDENTIALS) for c in complaints)
    return "" if about_login or whole_page else change.after.title or change.after.address
