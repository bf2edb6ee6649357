"""The places where a secret may be used: the target's own site, and origins that somebody named. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from flows.host_name import wire_name
from flows.site import registrable

_PORTS = {"https": 443, "http": 80}
_SOCKETS = {"wss": "https", "ws": "http"}
_HOST = re.compile(r"[a-z0-9_.-]+|[0-9a-f:.]+(%[\w.]+)?")


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme (`https` or `http`), host in ASCII, and port, as browsers compare them."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if _PORTS[self.scheme] == self.port else f":{self.port}")


def origin_of(url: str) -> Origin | None:
    """The origin of an address.

    A `blob:` URL has the origin of the document that made it. A WebSocket URL has the http or https origin of its
    handshake. None for addresses without an origin of their own (`about:`, `data:`, «null»), and for texts that cannot
    be parsed."""
    try:
        parts = urlsplit(url.removeprefix("blob:"))
        scheme = _SOCKETS.get(parts.scheme, parts.scheme)
        host, port = wire_name(parts.hostname or ""), parts.port
    except ValueError:
        return None
    if scheme not in _PORTS or not _HOST.fullmatch(host):
        return None
    return Origin(scheme, host, _PORTS[scheme] if port is None else port)


def checked_origin(text: str) -> str:
    """Parse an origin that a person wrote, and return it in its usual form. A bare host stands for https.

    Raises ValueError, with a message for the user, if the text is not an origin.
    """
    written = text.strip()
    found = origin_of(written if "://" in written else f"https://{written}")
    bare = written.partition("://")[2] or written
    if found is None or "@" in bare or any(c.isspace() for c in bare) or bare.rstrip("/").count("/"):
        raise ValueError(f"«{text[:80]}» is not an origin. Write it like https://login.example.")
    return str(found)


@dataclass(frozen=True, slots=True)
class Scope:
    """The origins at which a secret may be used.

    `sites` are registrable domains. A host without a registrable domain (an IP address, a single label, a name whose
    suffix is not in the public suffix list) is a site of its own. If `encrypted` is set, the sites are in the scope
    only over https. `origins` must match exactly.
    """

    sites: frozenset[str] = frozenset()
    encrypted: bool = False
    origins: frozenset[Origin] = frozenset()

    def allows(self, url: str) -> bool:
        """Whether the secret may be used in a document at this URL or origin, or be sent to it."""
        origin = origin_of(url)
        if origin is None:
            return False
        if origin in self.origins:
            return True
        return (origin.scheme == "https" or not self.encrypted) and _site(origin.host) in self.sites


def _site(host: str) -> str:
    """The site of a host. A name with a trailing dot is returned unchanged.

    Browsers treat such a name as another host, with its own cookies."""
    return host if host.endswith(".") else registrable(host)


def scope_of(
    target: str, allow_origins: Sequence[str] = (), login_at: Sequence[str] = (), apps: Iterable[str] = ()
) -> Scope:
    """The scope of a run's credentials: the site of `target`, the origins of `--allow-origin` and `--login-at`, and the
    sites of `apps` (addresses that an Android package claims).

    If the target uses https or is an app, the sites are allowed only over https, because anybody on the network path
    can forge an http page. An `--allow-origin` without a scheme stands for https, and also for http if the target uses
    http.
    """
    own = origin_of(target)
    encrypted = own is None or own.scheme == "https"
    hosts = [origin.host for origin in (own, *map(origin_of, apps)) if origin is not None]
    named = [text if "://" in text else f"https://{text}" for text in (*allow_origins, *login_at)]
    if own is not None and not encrypted:
        named += [f"http://{text}" for text in allow_origins if "://" not in text]
    origins = frozenset(origin for origin in map(origin_of, named) if origin is not None)
    return Scope(frozenset(map(_site, hosts)), encrypted, origins)
