"""Tells whether the headings over a form explain that it asks support for something. Pure.

On a public target, a journey's form is sent only if what stands over it is known. A heading in unknown words may belong
to any kind of form: a petition, a loan, a call for a technician. So no list of forbidden words decides here, but
positive evidence:

- the heading says that something is asked, complained about or does not work (`trouble`), whatever it is about, or
- all its words are those of such headings (`asking`; `files` for files), or it names people and things and nothing
  that is done with them (`things`), or
- it is as a whole the name of a door to support, a place (`hub`) or the site's name, or
- the form belongs to one of the user's own requests, or no heading stands over it.

A slogan («Let’s build something great») is explained by a title that names the way to support («Contact – Acme»).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from explorer.policy.public_talk import FORUM, is_called_so, is_own_request
from flows.recognise.lexicon import ABOUT, HUB, MATTER, SIGNUP, consists_of, plain, says, says_whole
from flows.recognise.matcher import Group
from flows.screen import Element, Screen
from flows.site import registrable

ASKING, TROUBLE, PART = Group("forms", "asking"), Group("forms", "trouble"), Group("forms", "part")
THINGS, LINKING, ALTERING = Group("forms", "things"), Group("forms", "linking"), Group("forms", "altering")
PASSWORD = Group("fields", "password")
FILES, OURS = Group("forms", "files"), Group("forms", "ours")
_MOST = 90
"""How many characters of a heading are judged."""
_SEPARATED = re.compile(r"\s+[–—|·:»›-]\s+|\s*[|»›]\s*|:\s+")

_ELIDED = re.compile(r"(?<!\w)\w{1,4}[’'](?=\w{3})")
"""An article or a preposition that is joined to its noun, in Romance languages: «d’assistance», «dell’ordine»."""

IsDoor = Callable[[Element, float], bool]
"""Whether a control would lead to a request for support, with at least this score."""
_WHOLE = 0.8
"""The least score at which a text as a whole is the name of a door."""


def is_for_support(element: Element, screen: Screen, is_door: IsDoor) -> bool:
    """Whether the headings over the control that sends a form explain that it goes to support.

    The nearest heading that says what the form is for decides. Headings of a part of the form («Your details») are
    passed over. A heading that names no matter («Opening hours», «Captcha») is explained by one above it («Contact
    us»)."""
    if is_own_request(element, screen, lambda door: is_door(door, 0.5)):
        return True
    over = [plain(heading)[:_MOST] for heading in reversed(element.headings) if plain(heading)]
    telling = next((heading for heading in over if not says_whole(PART, heading.strip(" .!?:*"))), "")
    if not telling or _is_explained(telling, screen, is_door) or _is_slogan(telling, screen, is_door):
        return True
    outer = over[over.index(telling) + 1 :]
    return not says(MATTER, telling) and any(
        _is_explained(heading, screen, is_door) and not consists_of(heading, OURS) for heading in outer
    )


def _is_explained(heading: str, screen: Screen, is_door: IsDoor) -> bool:
    """Whether a heading says that support is asked for something, or says nothing but the site's name."""
    bare = heading.strip(" .!?:*¿¡…")
    if says(TROUBLE, heading) or says(ABOUT, heading) or says_whole(HUB, bare) or is_door(_title(bare), _WHOLE):
        return True
    known = re.sub(r"[\d#№]+", " ", _ELIDED.sub(" ", _without_site(heading, screen, is_door)))
    if not any(map(str.isalpha, known)) or consists_of(known, FILES, ASKING) or consists_of(known, THINGS, LINKING):
        return True
    about = says(MATTER, known) or (says(SIGNUP, known) and says(PASSWORD, known))
    if about and consists_of(known, SIGNUP, ALTERING, ASKING):  # «Update case 42», «Reset your password»
        return True
    return says(FORUM, heading) and is_called_so(heading, lambda door: is_door(door, 0.5))


def _is_slogan(heading: str, screen: Screen, is_door: IsDoor) -> bool:
    """Whether a heading names no kind of request, and the title of the page names the way to support.

    «Support» alone may be the name of a whole site, so it explains nothing there."""
    if says(MATTER, heading):
        return False
    parts = [part.strip() for part in _SEPARATED.split(plain(screen.title)) if part.strip()]
    return any(is_door(_title(part), _WHOLE) and not consists_of(part, OURS) for part in parts if part != heading)


def _without_site(heading: str, screen: Screen, is_door: IsDoor) -> str:
    """The heading without the site's own name, by the host or by the end of the title: «Contact Acme».

    The end of a title is the site's name only if another part names a way to support («Contact – Acme»). In «Acme –
    Mortgage», it is the name of the page."""
    host = urlsplit(screen.address).hostname or "" if screen.address.startswith(("http:", "https:")) else ""
    label = registrable(host, unlisted=True).partition(".")[0] if host else ""
    parts = [part.strip() for part in _SEPARATED.split(plain(screen.title)) if part.strip()]
    named = any(is_door(_title(part), _WHOLE) and not consists_of(part, OURS) for part in parts[:-1])
    last = parts[-1] if named and heading.casefold() not in parts[-1].casefold() else ""
    for name in (last, re.sub(r"[\W_]", " ", label)):
        if len(name) > 1:
            heading = re.sub(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", " ", heading, flags=re.IGNORECASE)
    return heading


def _title(text: str) -> Element:
    return Element("", "", "link", text)
