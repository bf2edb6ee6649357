"""Findings of a saved log, with secrets redacted. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flows.diagnosis import Cause

MAX_EXCERPT = 600


@dataclass(frozen=True, slots=True)
class LogFinding:
    """One TLS failure in a log (see `as_json` for the fields in `trustwalk.logs/1`).

    `line` and `last_line` count from 1; `last_line` is the last line of the record. `time` is ISO 8601 if the log has
    the year (in UTC if it has the zone, else without an offset), else the log's own text. `causes` are all that the
    text allows, likeliest first. Unknown values are 0 or empty. `file` names the entry of an archive."""

    line: int
    last_line: int
    time: str
    pid: str
    tag: str
    package: str
    signature: str
    causes: tuple[Cause, ...]
    host: str
    port: int
    url: str
    excerpt: str
    level: int = 0
    echoes: frozenset[str] = frozenset()
    file: str = ""

    def as_json(self) -> dict[str, object]:
        """The finding as an object of `trustwalk.logs/1`. A value that the log does not contain is null."""
        return {
            "line": self.line,
            "last_line": self.last_line,
            "time": self.time or None,
            "pid": int(self.pid) if self.pid.isdigit() else None,
            "tag": self.tag or None,
            "package": self.package or None,
            "signature": self.signature,
            "causes": [str(cause) for cause in self.causes],
            "host": self.host or None,
            "port": self.port or None,
            "url": self.url or None,
            "excerpt": self.excerpt,
            **({"file": self.file} if self.file else {}),
        }


_USER = re.compile(r"(?<=://)[^/\s@'\"<>]{1,256}@")
_QUERY = re.compile(r"([?&;][\w.\-\[\]%]{1,80}=)[^&\s;'\"<>#,)]+")
_IS = r"(?:\\?[\"'])?\s*[:=]\s*"
_QUOTED = r"\\\"(?:(?!\\\").)*(?:\\\")?|\"(?:\\.|[^\"\\])*\"?|'(?:\\.|[^'\\])*'?"
"""A value in quotation marks. They are escaped if the whole text is quoted."""
_COOKIE = re.compile(rf"(?i)\b((?:set-)?cookie{_IS})(?:(?>{_QUOTED})(?!;)|[^\r\n}}]+)")
_HEADER = re.compile(
    rf"(?i)\b((?:authorization|x-api-key){_IS})(?:{_QUOTED}|(?:(?:bearer|basic|digest)\s+)?[^\s,;}}\"']+)"
)
_SECRET = r"(?:access[_-]?|refresh[_-]?|id[_-]?|auth[_-]?)?token|password|passwd|pwd|secret|api[_-]?key|session[_-]?id"
_NAMED = re.compile(
    rf"((?<![A-Za-z0-9])(?i:{_SECRET})|(?<=[a-z])(?:[A-Z][a-z]+)?(?:Token|Password|Passwd|Secret|ApiKey|SessionId))({_IS})"
    rf"(?:{_QUOTED}|[^\s&,;}}\"']+)"
)
_BEARER = re.compile(r"(?i)\bbearer\s+[\w.~+/=-]{8,}")
_JWT = re.compile(r"\beyJ[\w-]{8,}\.[\w-]{4,}\.?[\w-]*")


def redact(text: str) -> str:
    """Redact passwords, tokens and the values of query parameters in a log's text."""
    text = _USER.sub("…@", text)
    text = _QUERY.sub(r"\1…", text)
    text = _COOKIE.sub(r"\1…", text)
    text = _HEADER.sub(r"\1…", text)
    text = _BEARER.sub("Bearer …", text)
    text = _JWT.sub("…", text)
    return _NAMED.sub(r"\1\2…", text)


def excerpt_of(flat: str, start: int, end: int) -> str:
    """The part of a record around the match. It is redacted before it is shortened, so that no part of a secret remains."""
    begin = 0 if end <= MAX_EXCERPT * 3 // 4 else max(0, start - 120)
    before, after = redact(flat[:begin]), redact(flat)
    head = len(before) if after.startswith(before) else begin
    piece = after[head : head + MAX_EXCERPT]
    return f"{'…' if head else ''}{piece}{'…' if head + MAX_EXCERPT < len(after) else ''}"
