"""Tells which journey a request belongs to by its address and by what it sends, where no screen can be seen. Pure.

A recording of requests holds no screens, but developers name paths and hosts after what they are for. The words are those
of the journeys' entries, so both ways of looking mean the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from flows.journey import Journey, Role
from flows.recognise.entries import fit
from flows.recognise.fields import field_kind
from flows.recognise.lexicon import HINTS, developer_words
from flows.recognise.matcher import matcher
from flows.screen import Element
from flows.site import registrable

_WHOLE = 0.8
"""The least share of a part of an address that one word must cover."""
_TITLE = 0.6
"""The least share of a page's title."""
_PATH, _HOST = 1.0, 0.6
_FARTHER = 0.1
"""How much less each part of a path counts than the one after it: `/tickets/42/files` is about the files."""


def journey_of_address(journeys: Sequence[Journey], url: str) -> tuple[str, float]:
    """The journey that an address is named after, and how sure that is (0 to 1). Empty and 0 if there is none, or if
    several fit alike."""
    scores = {j.id: _score(j, url) for j in journeys}
    best = max(scores.values(), default=0.0)
    owners = [name for name, score in scores.items() if score == best]
    return (owners[0], best) if best > 0 and len(owners) == 1 else ("", 0.0)


def journey_of_title(journeys: Sequence[Journey], title: str) -> str:
    """The journey that a page's title names, as a whole or before a dash or bar; empty if there is none."""
    for name in [part for part in re.split(r"\s+[-–—|·:]\s+", title[:200]) if part][:3]:
        element = Element("", "", "link", name)
        scores = {j.id: max((fit(r, element) for r in j.entry), default=0.0) for j in journeys}
        best = max(scores.values(), default=0.0)
        owners = [journey for journey, score in scores.items() if score == best]
        if best >= _TITLE and len(owners) == 1:
            return owners[0]
    return ""


def journey_of_fields(journeys: Sequence[Journey], names: Collection[str]) -> str:
    """The journey whose form sends fields with these names; empty if they fit none."""
    kinds = [field_kind(Element("", "", "textbox", "", hints=(name,))) for name in names]
    role = Role.NONE
    if "card-number" in kinds:
        role = Role.PAYMENT
    elif kinds.count("password") == 1 and len(kinds) <= 6:
        role = Role.LOGIN
    elif "message" in kinds and ("subject" in kinds or "email" in kinds):
        role = Role.TICKET
    return next((j.id for j in journeys if role and j.role is role), "")


def _score(journey: Journey, url: str) -> float:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return 0.0
    path = [part for part in parts.path.split("/") if part and not re.fullmatch(r"[\d…]+|v\d+|api|index(\.\w+)?", part)]
    site = registrable(host, unlisted=True)
    labels = [label for label in host.removesuffix(site).split(".") if label]
    weighed = [(part, _PATH - _FARTHER * n) for n, part in enumerate(reversed(path[-3:]))]
    weighed += [(label, _HOST) for label in labels]
    return max((weight for part, weight in weighed if _is_named(journey, part)), default=0.0)


def _is_named(journey: Journey, part: str) -> bool:
    words = developer_words(re.sub(r"\.\w{1,5}$", "", part))
    return any(_covers(r.hints, words) for r in journey.entry)


@lru_cache(maxsize=16384)
def _covers(hints: tuple[str, ...], words: str) -> bool:
    return bool(words) and matcher({HINTS: hints}).longest(words) >= _WHOLE * len(words)
