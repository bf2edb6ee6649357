"""Patterns for requests that the browser lets nobody look at: pages and files that are fetched ahead (`<link rel=prefetch>`).

CDP `Fetch` is not asked for them. `Network.setBlockedURLs` is, in the page's own process, but knows addresses only: it gets
the places where the login may be used, and the spellings of the password in an address.
"""

from __future__ import annotations

import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

from explorer.request.scope import Scope
from explorer.request.spelling import SHORT
from explorer.surfaces.web.cdp import Json


def block_list(secrets: Iterable[str], scope: Scope) -> Json:
    """The parameters of `Network.setBlockedURLs`: everywhere but in the scope, an address with a secret is blocked. The first
    pattern that fits decides. A secret that is too short to be told from other words is left out."""
    known = [s for s in secrets if len(s) >= SHORT]
    schemes = ("https",) if scope.encrypted else ("https", "http")
    hosts = [
        host for site in sorted(scope.sites) for host in (_written(site), *([f"*.{site}"] if _is_name(site) else []))
    ]
    open_ = [f"{scheme}://{host}:*/*" for host in hosts for scheme in schemes]
    open_ += [f"{o.scheme}://{_written(o.host)}:{o.port}/*" for o in sorted(scope.origins, key=str)]
    spelled = sorted({escaped(text) for secret in known for text in spellings(secret)})
    shut = [f"*://*:*/*{end}{text}*" for text in spelled for end in ("", "\\?*")]
    patterns = [{"urlPattern": p, "block": False} for p in open_] + [{"urlPattern": p, "block": True} for p in shut]
    return {"urlPatterns": patterns if spelled else []}


def _is_name(host: str) -> bool:
    return any(c.isalpha() for c in host) and ":" not in host


def _written(host: str) -> str:
    """A host as it stands in an address; a pattern takes the colons of IPv6 for its own."""
    return "[" + host.replace(":", "\\:") + "]" if ":" in host else host


def spellings(secret: str) -> set[str]:
    """A secret as scripts write it into addresses."""
    once = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), quote(secret, safe="!'()*~")}
    octets = secret.encode()
    coded = {b64encode(octets).decode(), urlsafe_b64encode(octets).decode()}
    coded |= {quote(text, safe="") for text in coded} | {text.rstrip("=") for text in coded}
    return once | {quote(text, safe="") for text in once} | coded | {octets.hex(), octets.hex().upper()}


def escaped(text: str) -> str:
    """A text that a URLPattern takes as it is. What an address never holds unescaped is written as browsers send it."""
    sent = re.sub(r"[\s\"<>`]|[^\x00-\x7f]", lambda found: quote(found.group()), text)
    return re.sub(r"([+*?:{}()\\.^$|\[\]/])", r"\\\1", sent)
