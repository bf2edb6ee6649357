"""Decides what a form field expects: by its type, its `autocomplete`, its label, and the developers' names for it."""

from __future__ import annotations

from functools import lru_cache
from typing import get_args

from flows.recognise.languages import FieldNature
from flows.recognise.letters import bare
from flows.recognise.lexicon import developer_words, plain
from flows.recognise.matcher import Group
from flows.screen import Element

FIELD_ROLES = frozenset(
    {"textbox", "searchbox", "combobox", "listbox", "checkbox", "radio", "switch", "spinbutton", "slider", "file"}
)
TEXT_ROLES = frozenset({"textbox", "searchbox", "spinbutton"})

_AUTOCOMPLETE = {
    "email": "email",
    "username": "username",
    "current-password": "password",
    "new-password": "password",
    "given-name": "first-name",
    "family-name": "last-name",
    "name": "name",
    "tel": "phone",
    "tel-national": "phone",
    "street-address": "street",
    "address-line1": "street",
    "address-line2": "street",
    "address-level2": "city",
    "postal-code": "postcode",
    "country": "country",
    "country-name": "country",
    "organization": "company",
    "cc-number": "card-number",
    "cc-exp": "card-expiry",
    "cc-exp-month": "card-expiry",
    "cc-exp-year": "card-expiry",
    "cc-csc": "card-cvc",
    "cc-name": "card-name",
    "url": "url",
    "bday": "date",
    "one-time-code": "code",
}
_KINDS = {
    "email": "email",
    "password": "password",
    "tel": "phone",
    "url": "url",
    "date": "date",
    "datetime-local": "date",
    "month": "date",
    "week": "date",
    "time": "time",
    "number": "number",
    "range": "number",
    "search": "search",
    "file": "file",
    "color": "colour",
}

_LABELS = tuple((nature, Group("fields", nature)) for nature in get_args(FieldNature))


@lru_cache(maxsize=4096)
def _by_words(label: str) -> str:
    """Returns the kind whose words cover most of the label: «Email message» asks for a message, not for an address."""
    best, share, label = "", 0.0, bare(label)
    for kind, words in _LABELS:
        for match in words.matcher.for_text(label).finditer(label):
            if len(match.group()) / max(len(label), 1) > share:
                best, share = kind, len(match.group()) / max(len(label), 1)
    return best


def is_field(element: Element) -> bool:
    """Whether an element accepts input from the user.

    The list that a combobox opens belongs to the combobox, and is no field itself.
    """
    if element.role == "listbox" and not element.options:
        return False
    return element.role in FIELD_ROLES or element.kind == "contenteditable"


def takes_text(element: Element) -> bool:
    return (element.role in TEXT_ROLES or element.kind == "contenteditable") and element.role != "file"


def is_multiline(element: Element) -> bool:
    return element.kind in ("textarea", "multiline", "contenteditable") or element.box[3] >= 60


def field_kind(element: Element) -> str:
    """What a field expects, in a word: `email`, `password`, `subject`, `message`, …, or `text` if unknown."""
    if element.role == "file" or element.kind == "file":
        return "file"
    if element.role in ("checkbox", "switch", "radio"):
        return element.role
    if element.kind in ("password", "email"):
        return element.kind
    for hint in element.hints:
        for token in hint.lower().split():
            if token in _AUTOCOMPLETE:
                kind = _AUTOCOMPLETE[token]
                if kind != "name" or token == hint.lower():
                    return kind
    found = _by_words(plain(element.name)[:120])
    if not found:
        found = next((k for k in (_by_words(developer_words(h)[:120]) for h in element.hints) if k), "")
    if element.role in ("combobox", "listbox") and element.options:
        return found if found in ("country", "card-expiry", "date") else "choice"
    if element.kind in _KINDS and not (
        element.kind in ("tel", "number")
        and found in ("card-number", "card-cvc", "card-expiry", "code", "order-number")
    ):
        return _KINDS[element.kind]
    if element.role == "searchbox":
        return "search"
    if not found and is_multiline(element):
        return "message"
    return found or "text"
