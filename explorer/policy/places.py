"""Paths of addresses as a server or a single-page app reads them, and the places that a user forbade or allowed. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from urllib.parse import unquote, urlsplit

_LAYERS = 4
"""How many layers of percent-encoding are removed. Each proxy on the way to an app may remove one."""


def path_of(address: str) -> str:
    """The path as a server reads it: percent-decoded once, without path parameters (`;…`, RFC 3986 section 3.3), with
    dot segments resolved (section 5.2.4) and slashes merged. «/» for an invalid address."""
    return _flat(_raw(address), 1)


def paths_of(address: str) -> tuple[str, ...]:
    """All paths as which a server, a proxy or the app's own router may read an address, without repetitions.

    They are the path decoded once and decoded as often as possible, and the route of a single-page app in the
    fragment (`/#/basket`, `/#!/basket`)."""
    raw, route = _raw(address), _route(address)
    found = [_flat(part, layers) for part in (raw, route) if part for layers in (1, _LAYERS)]
    return tuple(dict.fromkeys(found)) or ("/",)


def leads_to(addresses: Iterable[str], places: Sequence[str]) -> bool:
    """Whether one of the addresses lies at or under one of the places, or fits its pattern (`/basket/*`).

    Letters count without case, because many servers read paths so. A bare fragment may be a route, too: `#basket`."""
    wanted = [place.lower() for place in places]
    told = [address for address in addresses if address]
    paths = [path.lower() for address in told for path in (*paths_of(address), *_bare_route(address))]
    return any(is_under(path, place) or fnmatchcase(path, place) for path in paths for place in wanted)


def is_within(address: str, places: Sequence[str], start: str) -> bool:
    """Whether every way to read an address leads under one of the places, or to a path of `start`."""
    spelled = [(_raw(address), _raw(start))]
    spelled += [(_route(address), _route(start))] if _route(address) else []
    return all(
        _flat(part, layers) == _flat(begun, layers) or any(is_under(_flat(part, layers), each) for each in places)
        for part, begun in spelled
        for layers in (1, _LAYERS)
    )


def is_under(path: str, place: str) -> bool:
    """Whether the path lies under a place: `/help` contains `/help` and `/help/…`, but not `/helpless`."""
    place = place.rstrip("/")
    return path == place or path.startswith(place + "/")


def leads_home(address: str) -> bool:
    """Whether an address is that of the site's first page."""
    return paths_of(address) == ("/",) and "?" not in address


def _raw(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


def _route(address: str) -> str:
    """The route of a single-page app: `/basket` for `/#/basket?x=1`. Empty without one, and for the app's first page."""
    try:
        fragment = urlsplit(address).fragment.removeprefix("!")
    except ValueError:
        return ""
    route = re.split(r"[?#]", fragment, maxsplit=1)[0]
    return route if route.startswith("/") and route.strip("/") else ""


def _bare_route(address: str) -> list[str]:
    """The fragment as a path, if it is written without a slash: `/basket` for `#basket` and `#!basket`."""
    try:
        fragment = urlsplit(address).fragment.removeprefix("!")
    except ValueError:
        return []
    return [_flat(f"/{re.split('[?#]', fragment)[0]}", 1)] if fragment and not fragment.startswith("/") else []


def _flat(path: str, layers: int) -> str:
    """The path with up to `layers` layers of percent-encoding removed, and then without dots and empty segments."""
    decoded = "/".join(part.partition(";")[0] for part in path.split("/"))
    for _ in range(layers):
        decoded = unquote(decoded)
    kept: list[str] = []
    for part in decoded.replace("\\", "/").split("/"):
        if part == "..":
            del kept[-1:]
        elif part not in ("", "."):
            kept.append(part)
    return "/" + "/".join(kept)
