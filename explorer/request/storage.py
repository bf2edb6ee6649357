"""The cookies and storage of `--storage-state`: secrets that are used only where the login may be, too. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from explorer.request.scope import Scope

SHORTEST, LONGEST = 16, 4_000
"""Characters of a value that counts as a token: shorter ones are settings («dark», «en-GB»), longer ones are data."""


def within(state: Mapping[str, Any], scope: Scope) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The part of a storage state (as Playwright saves it) that belongs to the scope, and whose parts were left out."""
    cookies, origins = _items(state, "cookies"), _items(state, "origins")
    mine = [c for c in cookies if _reaches(str(c.get("domain", "")), scope)]
    stores = [o for o in origins if scope.allows(str(o.get("origin", "")))]
    left = [str(c.get("domain", "")).lstrip(".") for c in cookies if c not in mine]
    left += [str(o.get("origin", "")) for o in origins if o not in stores]
    return {**state, "cookies": mine, "origins": stores}, tuple(dict.fromkeys(left))


def _items(state: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The mappings in a list of the file. Everything else in the list is left out."""
    listed = state.get(key)
    return [item for item in listed if isinstance(item, Mapping)] if isinstance(listed, list) else []


def _reaches(domain: str, scope: Scope) -> bool:
    """Whether a cookie of this domain belongs to the scope: to its hosts, or to a parent domain of a named origin."""
    host = domain.lstrip(".").lower()
    if any(scope.allows(f"{scheme}://{host}/") for scheme in ("https", "http")):
        return True
    return bool(host) and any(o.host == host or (domain[:1] == "." and o.host.endswith(domain)) for o in scope.origins)


def tokens(state: Mapping[str, Any]) -> Iterator[str]:
    """The values in a state that look like somebody's session."""
    values = [str(c.get("value", "")) for c in _items(state, "cookies")]
    for origin in _items(state, "origins"):
        values += [str(item.get("value", "")) for item in _items(origin, "localStorage")]
    yield from (value for value in values if SHORTEST <= len(value) <= LONGEST and " " not in value)


def left_out_told(places: tuple[str, ...]) -> str:
    """A sentence on what was left out of a storage state."""
    return (
        f"The storage state also holds cookies or storage of {', '.join(places[:5])}, which are not the target's own: they "
        "were left out. Name an origin with --login-at or --allow-origin to use them there."
    )
