"""Takes the site's own name out of a text, because it says nothing: «Contact Acme» on `acme.example`. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flows.recognise.lexicon import acts_named, says
from flows.recognise.matcher import Group
from flows.site import registrable

DEED = Group("forms", "deed")
_LEAST = 2
"""The fewest letters of a name."""


def without_site(text: str, address: str, name: str = "") -> str:
    """The text without the site's name: that of the host in `address`, and the given one.

    A host's name may be written with blanks and with its suffix: «Acme Health», «acme-health.example». A name that
    itself names an act or a deal stays («Donate» on `donate.example`), because it says what the site's forms do."""
    host = urlsplit(address).hostname or "" if address.startswith(("http:", "https:")) else ""
    label = registrable(host, unlisted=True).partition(".")[0] if host else ""
    letters = re.sub(r"[\W_]", "", label)
    spelled = r"[\W_]?".join(map(re.escape, letters)) + r"(\.[a-z]+)*" if _is_name(re.sub(r"[\W_]", " ", label)) else ""
    for each in (re.escape(name) if _is_name(name) else "", spelled):
        if each:
            text = re.sub(rf"(?<![a-z0-9]){each}(?![a-z0-9])", " ", text, flags=re.IGNORECASE)
    return text


def _is_name(text: str) -> bool:
    return len(text) >= _LEAST and not acts_named(text) and not says(DEED, text)
