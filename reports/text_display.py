"""Makes untrusted text from the app, its servers and files safe to show: no hidden characters, no endless text.

Each format (HTML, XML, Markdown) must still escape the result.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from urllib.parse import urlsplit, urlunsplit

LIMIT = 600
"""Longest text that is shown to a person, in characters. Machine formats allow more."""

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u115f\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Control, bidi control, zero-width and tag characters, and characters that XML does not allow."""


PASTED = 60_000
"""Longest text to paste, in characters. Such texts (configuration with certificates) are useless if shortened."""


def shown(text: str, limit: int = LIMIT) -> str:
    """`text` with control and bidi characters made visible (⟦U+202E⟧).

    A text longer than `limit` characters is cut, and a note tells how many are missing."""
    cut = len(text) - limit
    if cut > 0:
        text = text[:limit]
    text = _HIDDEN.sub(lambda m: f"⟦U+{ord(m[0]):04X}⟧", text.replace("\r\n", "\n"))
    return f"{text}… ({cut:,} more characters)" if cut > 0 else text


def one_line(text: str, limit: int = LIMIT) -> str:
    """As `shown`, with all white space collapsed."""
    return shown(" ".join(text.split()), limit)


def without_values(url: str) -> str:
    """A URL without user info, fragment and values of the query, because these may hold secrets."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0]
    host = parts.netloc.rpartition("@")[2]
    query = (
        "&".join(p.partition("=")[0] + ("=…" if "=" in p else "") for p in parts.query.split("&")[:20])
        if parts.query
        else ""
    )
    return urlunsplit((parts.scheme, host, parts.path, query, ""))


def iso(seconds: float) -> str:
    """Seconds since the epoch as ISO 8601 in UTC, to the millisecond; empty for 0."""
    if not seconds:
        return ""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def day(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d")


def minute(seconds: float) -> str:
    """A time for people: `2026-11-24 02:34 UTC`; empty for 0."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC") if seconds else ""


def listed(words: list[str] | tuple[str, ...], most: int = 6) -> str:
    """The words as a list, «a, b and c». After `most` words, it ends: «a, b and 5 more»."""
    words = list(words)
    if len(words) > most:
        return f"{', '.join(words[:most])} and {len(words) - most} more"
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun in singular or plural: «1 journey», «3 journeys»."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def slug(text: str) -> str:
    """A name of lower-case letters, digits and dashes, safe as an anchor or a file name."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:60] or "x"


def host_of(host: str, port: int) -> str:
    """`host:port`, without the port if it is 443 or unknown."""
    if ":" in host and not host.startswith("["):
        host = f"[{host}]"
    return host if port in (0, 443) else f"{host}:{port}"


def fitted(text: str, limit: int) -> str:
    """One line of at most `limit` characters. It ends in «…» if it was shortened."""
    line = shown(" ".join(text[: limit * 4].split()), limit * 4)
    return line if len(line) <= limit else line[: limit - 1] + "…"
