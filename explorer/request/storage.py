"""The cookies and storage of `--storage-state`. They are secrets, and are used only at the origins at which the
login may be used. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

from explorer.request.scope import Scope

SHORTEST, LONGEST = 16, 4_000
"""Lengths, in characters, of a value that counts as a token.

Shorter values are settings («dark», «en-GB»). Longer values are data."""
_DEEPEST = 20


def within(state: Mapping[str, Any], scope: Scope) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The part of a storage state (as Playwright saves it) that belongs to the scope, and the
    domains and origins whose parts were left out."""
    cookies, origins = _items(state, "cookies"), _items(state, "origins")
    kept = [_narrowed(c, scope) for c in cookies]
    stores = [o for o in origins if scope.allows(str(o.get("origin", "")))]
    left = [str(c.get("domain", "")).lstrip(".") for c, mine in zip(cookies, kept, strict=True) if not mine]
    left += [str(o.get("origin", "")) for o in origins if o not in stores]
    return {**state, "cookies": [c for mine in kept for c in mine], "origins": stores}, tuple(dict.fromkeys(left))


def _items(state: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The mappings in the list at `key`; empty if there is no such list. Other items of the list are left out."""
    listed = state.get(key)
    return [item for item in listed if isinstance(item, Mapping)] if isinstance(listed, list) else []


def _narrowed(cookie: Mapping[str, Any], scope: Scope) -> list[Mapping[str, Any]]:
    """The cookies that replace a cookie, so that only hosts in the scope receive it. Empty if no such host would.

    A cookie of the target's site keeps its domain. Otherwise, each host in the scope that would receive the cookie gets
    a cookie of its own (RFC 6265, 5.3: no Domain), because other hosts below the cookie's domain are not in the scope.
    The new cookie gets the attribute Secure if the site or host is in the scope only over https."""
    domain = str(cookie.get("domain", "")).lower()
    host = domain.lstrip(".")
    if Scope(scope.sites).allows(f"https://{host}/"):
        return [{**cookie, "secure": True} if scope.encrypted else cookie]
    named: dict[str, bool] = {}
    for origin in scope.origins:
        if origin.host == host or (domain[:1] == "." and origin.host.endswith(domain)):
            named[origin.host] = named.get(origin.host, True) and origin.scheme == "https"
    return [
        {**cookie, "domain": name, "secure": encrypted or bool(cookie.get("secure"))}
        for name, encrypted in sorted(named.items())
    ]


def tokens(state: Mapping[str, Any]) -> Iterator[str]:
    """The values in a storage state that look like session tokens.

    The texts in a value that is JSON are examined like values. In a text of two words («Bearer …»), the second word
    counts. A text without blanks counts as a whole, but not in IndexedDB, which also holds ordinary data of the app.
    Any other word counts only if it is spelled like a token."""
    found = [leaf for c in _items(state, "cookies") for leaf in _leaves(c.get("value"))]
    stored: list[str] = []
    for origin in _items(state, "origins"):
        found += [leaf for item in _items(origin, "localStorage") for leaf in _leaves(item.get("value"))]
        for record in _records(origin):
            stored += [leaf for key in ("value", "valueEncoded") for leaf in _leaves(record.get(key))]
    whole = [text for text in found if " " not in text]
    whole += [word for text in (*found, *stored) for word in text.split() if _is_token(word)]
    whole += [words[1] for text in (*found, *stored) if len(words := text.split()) == 2]
    yield from dict.fromkeys(text for text in whole if SHORTEST <= len(text) <= LONGEST)


def _records(origin: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The records of an origin's IndexedDB, as Playwright saves it with `indexed_db=True`."""
    for database in _items(origin, "indexedDB"):
        for store in _items(database, "stores"):
            yield from _items(store, "records")


def _is_token(word: str) -> bool:
    """Whether a word is spelled like a token: with letters and digits, and not as a URL."""
    return any(map(str.isdigit, word)) and any(map(str.isalpha, word)) and "://" not in word


def _leaves(value: object, depth: int = 0) -> Iterator[str]:
    """All texts in a value: the value itself if it is a text, and the texts in JSON that it holds.

    The JSON may be percent-encoded."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for item in value if depth < _DEEPEST else ():
            yield from _leaves(item, depth + 1)
    elif isinstance(value, str):
        yield value
        plain = unquote(value) if "%" in value else value
        if plain[:1] in ("{", "[", '"') and depth < _DEEPEST:
            with suppress(ValueError, RecursionError):
                yield from _leaves(json.loads(plain), depth + 1)


def left_out_told(places: tuple[str, ...]) -> str:
    """A sentence on what was left out of a storage state. `places` are domains and origins."""
    return (
        f"The storage state also holds cookies or storage of {', '.join(places[:5])}, which are not the target's own: they "
        "were left out. Name an origin with --login-at or --allow-origin to use them there."
    )
