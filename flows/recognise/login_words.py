"""The words by which a login is known: the name of its button, its heading, and developers' names for it. Pure."""

from __future__ import annotations

from flows.recognise.icons import is_nameless, words_for
from flows.recognise.languages import languages
from flows.recognise.lexicon import EITHER, LOGIN, LOGOUT, SIGNUP, acts_in, consists_of, plain, says, says_whole
from flows.recognise.matcher import Group
from flows.recognise.site_name import without_site
from flows.screen import Element

DOORS = Group("developers", "logins")
"""How developers name the address or the form of a login."""
ENTERING, GREETING = Group("forms", "entering"), Group("forms", "greeting")
_MOST = 90
"""The number of characters of a name that are judged."""


def says_so(control: Element | None, address: str = "") -> bool:
    """Whether the control's name or icon says that it logs in, and nothing else.

    The name consists of words for logging in and of what usually stands beside them («Log in to your account»), or of
    the site's name, by the host of the page's `address`. «Log in and delete», «Authenticate payment» and «Sign on
    behalf of the company» do something else."""
    if control is None:
        return False
    pictured = is_nameless(control)
    names = words_for(control) if pictured else (plain(control.name)[:_MOST],)
    said = [name for name in names if says(LOGIN, name) and not says(LOGOUT, name)]
    if not pictured:
        said = [name for name in said if consists_of(without_site(name, address), LOGIN, SIGNUP, EITHER, ENTERING)]
    return any(not acts_in(name) - ({"change"} if says(SIGNUP, name) else set()) for name in said)


def is_called_entry(control: Element | None) -> bool:
    """Whether the whole name is one by which users find a login: «Entra».

    Such a word may mean something else in a longer name, and so it is no proof by itself. Names that say login are
    judged by `says_so`: «Log in to vote» is none."""
    if control is None or is_nameless(control) or says(LOGIN, control.name):
        return False
    spoken = languages().files.items()
    entry = {tag: told.entry for tag, words in spoken if (told := words.journeys.get("login"))}
    return says_whole(entry, plain(control.name).strip(" .!→›»"))


def greets(heading: str) -> bool:
    """Whether a heading is one that logins have without saying so: «Welcome back», «Customer portal»."""
    return says_whole(GREETING, plain(heading).strip(" .!?:"))


def is_door(words: str) -> bool:
    """Whether a segment of an address, or a form's id, is what developers call a login."""
    return says(LOGIN, words) or says(DOORS, words)
