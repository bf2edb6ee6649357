"""Takes secrets and personal data out of what a customer sent, before anything else sees it. Pure."""

from __future__ import annotations

import re

from explorer.monitors.logs.finding import redact, without_tokens
from explorer.surfaces.web.records import plain_url

GONE = "…"
_MAIL = re.compile(r"[\w.+~!#$&'*/=?^`{|}-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}", re.IGNORECASE)
_ADDRESS = re.compile(r"(?i)\b[a-z][a-z0-9+.-]*://[^\s'\"<>()«»]+")
_NAMED_VALUE = re.compile(r"([\w.~$-]+=)[^;,&]+")
"""A named value in a segment of a path: `cart;jsessionid=…`, `reset,code=…` (RFC 3986, section 3.3)."""
LONGEST = 300


def clean_url(url: str) -> str:
    """A URL without user info, fragment and the values of its query.

    Tokens and e-mail addresses in path segments and in the names of query parameters are removed, too."""
    head, asked, query = plain_url(url).partition("?")
    scheme, slashes, rest = head.partition("://")
    if not slashes:
        return head if head.rstrip(":") in ("data", "blob", "javascript") or head.startswith("about:") else _part(head)
    host, *path = rest.split("/")
    names = "&".join(_part(name) for name in query.split("&"))
    return f"{scheme}://{'/'.join([host, *map(_part, path)])}{asked}{names}"


def clean_text(text: str) -> str:
    """A text as one short line, without secrets (see `clean_line`)."""
    return clean_line(" ".join(text[: LONGEST * 8].split()))[:LONGEST]


def clean_line(line: str) -> str:
    """A line without passwords, tokens, e-mail addresses and the values in URLs. The white space stays as it is."""
    line = _ADDRESS.sub(lambda found: clean_url(found[0]), line)
    return without_tokens(_MAIL.sub(GONE, redact(line)))


def _part(text: str) -> str:
    """Clean a segment of a path, or the name of a query parameter."""
    text = _NAMED_VALUE.sub(rf"\1{GONE}", text)
    return GONE if _MAIL.search(text) else without_tokens(text)
