"""What a user forbade to press (`never_press`): controls by their text, and by every place that they lead or send to. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urljoin

from explorer.policy.places import leads_to
from flows.recognise.forms import Form
from flows.recognise.icons import words_for
from flows.recognise.lexicon import plain
from flows.screen import Element, Screen, sent_to


def is_forbidden(element: Element, screen: Screen, never_press: Sequence[str]) -> bool:
    """Whether the control's name holds one of the texts, or its link or form leads to one of the paths (`/basket`)."""
    told = (plain(element.name).lower(), *(w.lower() for w in words_for(element)))
    texts = [plain(each).lower() for each in never_press if not each.startswith("/")]
    if any(each in text for each in texts for text in told):
        return True
    return leads_to((element.href, sent_to(element, screen)), _paths(never_press))


def is_sent_to_forbidden(element: Element, form: Form | None, screen: Screen, never_press: Sequence[str]) -> bool:
    """Whether sending a form leads to one of the paths.

    A script tells no address. So the page counts where the button has none, and the form's `action`, by which surfaces
    call a form without an id. `element` is the button, or a field of a form without one."""
    places = _paths(never_press)
    if not places:
        return False
    action = form.group.partition(":")[2] if form is not None else ""
    named = [urljoin(screen.address, action)] if "/" in action else []
    page = [] if sent_to(element, screen) or screen.native else [screen.address]
    return leads_to((*named, *page), places)


def _paths(never_press: Sequence[str]) -> list[str]:
    return [each for each in never_press if each.startswith("/")]
