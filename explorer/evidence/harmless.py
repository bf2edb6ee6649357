"""Rules that reduce JSON from a stranger to what is known to be harmless. Pure.

A value that no rule keeps is masked (replaced with «…») or left out. So a member that nobody has thought of gives
nothing away.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from explorer.evidence.clean import GONE, clean_line, clean_url

Rule = Callable[[Any], Any]
"""A function that returns what may be kept of a value. What may not be kept is masked."""
_KEPT_HEADERS = frozenset(
    {
        "accept", "cache-control", "connection", "content-length", "content-type", "date", "host", "retry-after", "server",
        "upgrade", "upgrade-insecure-requests", "user-agent", "via", "x-requested-with",
    }
)  # fmt: skip
_KEPT_PREFIXES = ("sec-fetch-", "access-control-", "strict-transport-", "alt-svc")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,80}")
"""A token, which the name of a header must be (RFC 9110, section 5.6.2)."""
_STATUS = re.compile(r"HTTP/[\d.]{1,4} \d{3}(?!\d)")
_MIME = re.compile(r"[\w.+-]{1,40}/[\w.+-]{1,80}|x-unknown|")
_CERTIFICATE = re.compile(r"\s*+-----BEGIN CERTIFICATE-----\s[A-Za-z0-9+/=\s]++-----END CERTIFICATE-----\s*+")


def masked(value: Any) -> Any:
    """Mask a value: return «…». An empty text, null, true and false stay, because they give nothing away."""
    return value if value is None or value == "" or isinstance(value, bool) else GONE


def nothing(_: Any) -> list[Any]:
    """Replace any value with an empty list."""
    return []


def number(value: Any) -> Any:
    """Keep a number. Mask anything else."""
    return value if isinstance(value, int | float) else masked(value)


def text(value: Any) -> Any:
    """Keep a text, without what `clean_line` removes from its lines. Mask anything else."""
    return "\n".join(map(clean_line, value.split("\n"))) if isinstance(value, str) else masked(value)


def url(value: Any) -> Any:
    """Keep a URL, without what `clean_url` removes from it. Mask anything else."""
    return clean_url(value) if isinstance(value, str) else masked(value)


def word(pattern: str) -> Rule:
    """A rule that keeps a text if all of it matches `pattern`, and masks anything else."""
    matching = re.compile(pattern)
    return lambda value: value if isinstance(value, str) and matching.fullmatch(value) else masked(value)


def moment(value: Any) -> Any:
    """Keep a time in ISO 8601. Mask anything else."""
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return masked(value)
    return value


def ip_address(value: Any) -> Any:
    """Keep an IP address, with or without brackets and a port. Mask anything else."""
    found = (
        re.fullmatch(r"\[([0-9A-Fa-f:.]+)\](?::\d{1,5})?|([\d.]+):\d{1,5}", value) if isinstance(value, str) else None
    )
    try:
        ipaddress.ip_address((found[1] or found[2]) if found else value if isinstance(value, str) else "")
    except ValueError:
        return masked(value)
    return value


def mime_type(value: Any) -> Any:
    """Keep a media type, without its parameters. Mask anything else."""
    plain = value.partition(";")[0].strip() if isinstance(value, str) else ""
    return plain if plain and _MIME.fullmatch(plain) else masked(value)


def certificate(value: Any) -> Any:
    """Keep a text that is one certificate in PEM and nothing else. Mask anything else."""
    return value if isinstance(value, str) and _CERTIFICATE.fullmatch(value) else masked(value)


def members(rules: Mapping[str, Rule]) -> Rule:
    """A rule for an object. It applies its rule to each member, in order, and leaves out members without a rule."""

    def kept(value: Any) -> Any:
        if not isinstance(value, Mapping):
            return masked(value)
        return {name: rules[name](each) for name, each in value.items() if name in rules}

    return kept


def each(rule: Rule) -> Rule:
    """A rule for a list. It applies `rule` to each element."""
    return lambda value: [rule(one) for one in value] if isinstance(value, list) else masked(value)


def header(name: Any, value: Any) -> tuple[str, Any]:
    """The name and the value of a header. The value is kept only if headers with this name hold no secret."""
    shown = clean_line(name) if isinstance(name, str) and _TOKEN.fullmatch(name.removeprefix(":")) else GONE
    key = shown.lower().removeprefix(":")
    if key == "content-type":
        return shown, mime_type(value)
    if key == "status":
        return shown, value if re.fullmatch(r"\d{3}", str(value)) else masked(value)
    return shown, text(value) if key in _KEPT_HEADERS or key.startswith(_KEPT_PREFIXES) else masked(value)


def header_lines(value: Any) -> list[str]:
    """The lines of headers that are given as a list of lines, as one text, or as an object.

    Of a status line, only the HTTP version and the status code are kept."""
    if isinstance(value, Mapping):
        return ["{}: {}".format(*header(name, one)) for name, one in value.items()]
    listed = value if isinstance(value, list) else [value]
    return [line for one in listed for line in (_lines(one) if isinstance(one, str) else [GONE])]


def _lines(given: str) -> Iterator[str]:
    for line in re.split(r"\r?\n", given):
        status = _STATUS.match(line)
        start = line.startswith(":")
        name, colon, value = line[start:].partition(":")
        if status:
            yield status[0]
        elif colon:
            yield "{}: {}".format(*header(line[:start] + name.strip(), value.strip()))
        elif line.strip():
            yield GONE
