"""Takes secrets and personal data out of what a customer sent, before anything else sees it. Pure."""

from __future__ import annotations

import re

from explorer.monitors.logs.finding import redact
from explorer.surfaces.web.records import plain_url

GONE = "…"
_MAIL = re.compile(r"[\w.+~!#$&'*/=?^`{|}-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}", re.IGNORECASE)
_TOKEN_LIKE = re.compile(r"[\w=~.%+:-]{16,}")
_CHANGES = re.compile(r"[0-9][A-Za-z]|[A-Za-z][0-9]")
_ADDRESS = re.compile(r"(?:https?|wss?)://[^\s'\"<>()«»]+")
LONGEST = 300


def clean_url(url: str) -> str:
    """A URL without user info, fragment and the query's values, and without parts that may be tokens or e-mail addresses."""
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
    """A line without passwords, tokens, e-mail addresses and the values in addresses. The white space stays as it is."""
    line = _ADDRESS.sub(lambda found: clean_url(found[0]), line)
    line = _MAIL.sub(GONE, redact(line))
    return _TOKEN_LIKE.sub(lambda found: GONE if _is_token(found[0]) else found[0], line)


def _part(text: str) -> str:
    """One part of a path, or one name of a query."""
    return GONE if _is_token(text) or _MAIL.search(text) else text


def _is_token(text: str) -> bool:
    """Whether a word may be a secret: long, of letters and digits that change often. So are ids; nobody misses them."""
    return bool(_TOKEN_LIKE.fullmatch(text)) and len(_CHANGES.findall(text)) >= 3
