"""What an address says of a target: whether it is one, whose site it is, whether it is private, what its run is called."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Sequence
from urllib.parse import urlsplit

from flows.session import Endpoint
from flows.site import registrable

_BARE = re.compile(r"[\w.-]+\.[\w-]+(:\d+)?([/?#].*)?")
"""A host name with a dot, and what may follow it in an address."""


def checked_url(text: str) -> str:
    """The target as a URL; `https://` is added to a bare host name. Raises ValueError with a sentence for what is none."""
    text = text.strip()
    if "://" not in text and _BARE.fullmatch(text):
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("https", "http") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable or re.search(r"[\s\x00-\x1f\x7f]", text):
        raise ValueError(f"«{_shown(text)}» is no web address. Write it like https://support.example/.")
    if "@" in parts.netloc:
        raise ValueError(
            "A login does not belong in the address, which is written down. Give it with --login, in TRUSTWALK_LOGIN or in "
            "the login fields."
        )
    return text


def _shown(text: str) -> str:
    """What was typed, cut short, without what stands before an @, and without characters that steer a terminal."""
    text = re.sub(r"^([\w+.-]+://)?[^/?#\s]*@", r"\1", text)
    return "".join("�" if unicodedata.category(c) == "Cc" else c for c in text[:120])


def is_private(host: str) -> bool:
    """Whether a host *as written* is this machine or one of a private network: an IP address that is not public, or a
    name for this machine.

    Any other name is public, whatever it leads to: a name is decided by its addresses, each asked in turn.
    """
    host = host.strip().rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        ip = ipaddress.ip_address(host.removeprefix("[").removesuffix("]").partition("%")[0])
    except ValueError:
        return False
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return not ip.is_global or ip.is_multicast


def slug(target: str) -> str:
    """A target as a part of a folder's name: letters, digits, single dots and hyphens, at most 40, never a dot in front."""
    named = re.sub(r"[^a-z0-9.]+", "-", target.rsplit("://", maxsplit=1)[-1].lower())
    return re.sub(r"\.{2,}", ".", named).strip("-.")[:40].rstrip("-.")


def endpoint_of(url: str) -> Endpoint:
    """Host and port of a URL, with the scheme's own port where none is named."""
    parts = urlsplit(url)
    port = parts.port or {"https": 443, "wss": 443, "http": 80, "ws": 80}.get(parts.scheme, 0)
    return (parts.hostname or "", port)


def endpoint_named(text: str) -> Endpoint:
    """«host:port» as an endpoint."""
    host, _, port = text.rpartition(":")
    return host, int(port)


def same_site(target: str, allow_origins: Sequence[str] = ()) -> frozenset[str]:
    """The registrable domains that an explorer of `target` may act on."""
    hosts = [endpoint_of(target)[0], *(endpoint_of(o)[0] or o for o in allow_origins)]
    return frozenset(registrable(h) for h in hosts)


def on_site(url: str, sites: frozenset[str]) -> bool:
    """Whether a URL belongs to one of the sites (see `same_site`)."""
    return registrable(endpoint_of(url)[0]) in sites
