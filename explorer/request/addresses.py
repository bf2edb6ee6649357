"""Parses the addresses of targets: checks a URL, finds its site, and makes a name for the run's folder."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from urllib.parse import urlsplit

from flows.session import Endpoint
from flows.site import registrable

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"})
"""The methods of HTTP (RFC 9110, section 9, and RFC 5789). A script may use any other word as a method."""
_BARE = re.compile(r"[\w.-]+\.[\w-]+(:\d+)?([/?#].*)?")
"""An address without a scheme: a host name with a dot, then perhaps a port, a path, a query or a fragment."""


def checked_url(text: str) -> str:
    """The target as a URL. A bare host name gets `https://`.

    Raises ValueError with a sentence if the text is no web address, or contains a login."""
    text = text.strip()
    if "://" not in text and _BARE.fullmatch(text):
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("https", "http") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable or re.search(r"[\s\x00-\x1f\x7f]", text):
        raise ValueError(f"«{_shown(text)}» is not a web address. Write it like https://support.example/.")
    if "@" in parts.netloc:
        raise ValueError(
            "Do not put a login into the address, because the address is written to disk. Use --login, TRUSTWALK_LOGIN "
            "or the login fields."
        )
    return text


def _shown(text: str) -> str:
    """The typed text, shortened, without the part before an @ and without terminal control characters."""
    text = re.sub(r"^([\w+.-]+://)?.*@", r"\1", text, flags=re.DOTALL)
    return "".join("�" if unicodedata.category(c) == "Cc" else c for c in text[:120])


def slug(target: str) -> str:
    """A target as part of a folder name: at most 40 letters, digits, single dots and hyphens, without a leading dot."""
    named = re.sub(r"[^a-z0-9.]+", "-", target.rsplit("://", maxsplit=1)[-1].lower())
    return re.sub(r"\.{2,}", ".", named).strip("-.")[:40].rstrip("-.")


def endpoint_of(url: str) -> Endpoint:
    """Host and port of a URL; the port defaults to that of the scheme."""
    parts = urlsplit(url)
    port = parts.port or {"https": 443, "wss": 443, "http": 80, "ws": 80}.get(parts.scheme, 0)
    return (parts.hostname or "", port)


def endpoint_named(text: str) -> Endpoint:
    """«host:port» as an endpoint."""
    host, _, port = text.rpartition(":")
    return host, int(port)


def same_site(target: str, allow_origins: Sequence[str] = ()) -> frozenset[str]:
    """The registrable domains on which a run of `target` may act."""
    hosts = [endpoint_of(target)[0], *(endpoint_of(o)[0] or o for o in allow_origins)]
    return frozenset(registrable(h) for h in hosts)


def on_site(url: str, sites: frozenset[str]) -> bool:
    """Whether a URL belongs to one of the sites (see `same_site`)."""
    return registrable(endpoint_of(url)[0]) in sites
