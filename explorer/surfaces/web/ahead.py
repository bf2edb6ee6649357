"""Patterns that block a prefetch (`<link rel=prefetch>`) if its address contains the password.

CDP `Fetch` cannot intercept prefetches. `Network.setBlockedURLs` can block them, but it compares only addresses. So
the patterns allow the places where the login may be used, and block every spelling of the password elsewhere.
"""

from __future__ import annotations

import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

from explorer.request.octets import coded
from explorer.request.scope import Scope
from explorer.request.ways import SHORT
from explorer.surfaces.web.cdp import Json

_NAME = re.compile(r"[a-z0-9._-]+")


def block_list(secrets: Iterable[str], scope: Scope) -> Json:
    """The parameters of `Network.setBlockedURLs` that block addresses that contain a secret and are not in `scope`.

    The first pattern that matches an address decides. A secret that is too short to be distinguished from other
    words is left out."""
    known = [s for s in secrets if len(s) >= SHORT]
    schemes = ("https",) if scope.encrypted else ("https", "http")
    hosts = [
        host for site in sorted(scope.sites) for host in (_written(site), *([f"*.{site}"] if _is_name(site) else []))
    ]
    open_ = [f"{scheme}://{host}:*/*" for host in hosts for scheme in schemes]
    open_ += [f"{o.scheme}://{_written(o.host)}:{o.port}/*" for o in sorted(scope.origins, key=str)]
    spelled = sorted({escaped(text) for secret in known for text in spellings(secret)})
    shut = [f"*://*:*/*{end}{text}*" for text in spelled for end in ("", "\\?*")]
    shut += [f"*://*{escaped(name)}*:*/*" for secret in known for name in sorted(host_spellings(secret))]
    patterns = [{"urlPattern": p, "block": False} for p in open_] + [{"urlPattern": p, "block": True} for p in shut]
    return {"urlPatterns": patterns if spelled else []}


def _is_name(host: str) -> bool:
    return any(c.isalpha() for c in host) and ":" not in host


def _written(host: str) -> str:
    """A host as a URL pattern spells it: an IPv6 address is put in brackets, and its colons are escaped."""
    return "[" + host.replace(":", "\\:") + "]" if ":" in host else host


def spellings(secret: str) -> set[str]:
    """The spellings in which scripts write a secret into addresses."""
    once = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), quote(secret, safe="!'()*~")}
    octets = coded(secret)
    once |= {quote(each, safe=safe) for each in octets for safe in ("", "@*_+-./")}  # the latter is `escape`
    written = {code(each).decode() for each in octets for code in (b64encode, urlsafe_b64encode)}
    written |= {quote(text, safe="") for text in written} | {text.rstrip("=") for text in written}
    hexed = {text for each in octets for text in (each.hex(), each.hex().upper())}
    return once | {quote(text, safe="") for text in once} | written | hexed


def host_spellings(secret: str) -> set[str]:
    """The spellings of a secret in a host name: in lower case, as a Punycode label, and in hexadecimal.

    Spellings that contain characters that no host name can contain are left out."""
    name = secret.lower()
    label = "xn--" + name.encode("punycode").decode() if not name.isascii() else name
    return {text for text in (name, label, *(each.hex() for each in coded(secret))) if _NAME.fullmatch(text)}


def escaped(text: str) -> str:
    """A URL pattern that matches exactly this text. Characters that browsers percent-encode are encoded first."""
    sent = re.sub(r"[\s\"<>`]|[^\x00-\x7f]", lambda found: quote(found.group()), text)
    return re.sub(r"([+*?:{}()\\.^$|\[\]/])", r"\\\1", sent)
