"""Assigns a request to a journey by its address and the data that it sends, if there is no screen. Pure.

A recording of requests holds no screens, but developers name paths and hosts by their purpose. The words are those that
also recognise the entries of journeys on a screen, so both methods agree.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from flows.journey import Journey, Role
from flows.recognise.entries import fit, titled
from flows.recognise.fields import field_kind
from flows.recognise.lexicon import HINTS, developer_words
from flows.recognise.matcher import matcher
from flows.screen import Element
from flows.site import registrable

_WHOLE = 0.8
"""The minimum share of a path segment or host label that one word must cover."""
_TITLE = 0.6
"""The minimum score (`fit`) of a page's title, or of a part of it."""
_PATH, _HOST = 1.0, 0.6
_FARTHER = 0.1
"""How much less a path segment counts than the segment after it: `/tickets/42/files` is about the files."""


def journey_of_address(journeys: Sequence[Journey], url: str) -> tuple[str, float]:
    """Returns the journey that an address names, and the certainty (0 to 1).

    Returns an empty id and 0 if there is none, or if several journeys fit equally well.
    """
    scores = {j.id: _score(j, url) for j in journeys}
    best = max(scores.values(), default=0.0)
    owners = [name for name, score in scores.items() if score == best]
    return (owners[0], best) if best > 0 and len(owners) == 1 else ("", 0.0)


def journey_of_title(journeys: Sequence[Journey], title: str) -> str:
    """Returns the journey that a page's title names; empty if there is none.

    Dashes, bars, dots and colons separate the title into parts, and the first three parts are tried.
    """
    for name in [part for part in re.split(r"\s+[-–—|·:]\s+", title[:200]) if part][:3]:
        element = titled(name)
        scores = {j.id: max((fit(r, element) for r in j.entry), default=0.0) for j in journeys}
        best = max(scores.values(), default=0.0)
        owners = [journey for journey, score in scores.items() if score == best]
        if best >= _TITLE and len(owners) == 1:
            return owners[0]
    return ""


def journey_of_fields(journeys: Sequence[Journey], names: Collection[str]) -> str:
    """Returns the journey whose form would send fields with these names; empty if the names fit no journey."""
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
