"""Findings of a saved log, with secrets redacted. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flows.diagnosis import Cause

MAX_EXCERPT = 600


@dataclass(frozen=True, slots=True)
class LogFinding:
    """One TLS failure in a log (see `as_json` for the fields in `trustwalk.logs/1`).

    `line` is the line that shows the failure, and `last_line` is the last line of the record; both count from 1. `time`
    is in ISO 8601 if the log gives the year: in UTC if the log also gives the time zone, else without an offset. If the
    log gives no year, `time` is the log's own text. `causes` are all that the text allows, likeliest first. `file` is
    the name of the file inside an archive. Unknown values are 0 or empty.
    """

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


_USER = re.compile(
    r"(?<=://)[^/\s@'\"<>]{1,256}@|(?<![\w:/@.-])[^\s:/@'\"<>=]{1,128}:[^\s:/@'\"<>]{1,128}@(?=[\w.-]+:\d)"
)
"""User and password before a host. Without `://`, a port must follow the host, as in the address of a proxy."""
_TOKEN_LIKE = re.compile(r"[\w=~.%+:-]{16,}")
_CHANGES = re.compile(r"[0-9][A-Za-z]|[A-Za-z][0-9]")
_ADDRESS = re.compile(r"(?i)\b[a-z][a-z0-9+.-]*://[^\s'\"<>()«»]+")
_MAIL = re.compile(r"[\w.+~-]{1,64}(?:@|%40|\\u0040)[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}", re.IGNORECASE)
_CURL = re.compile(r"(?<!\S)((?:-u|--user|--proxy-user|-U)[ =])\S+")
_PRIVATE_KEY = re.compile(r"(-----BEGIN [A-Z ]*PRIVATE KEY-----).*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL)
_QUERY = re.compile(r"([?&;][\w.\-\[\]%]{1,80}=)[^&\s;'\"<>#,)]+")
_IS = r"(?:\\?[\"'])?\s*[:=]\s*"
_QUOTED = r"\\\"(?:(?!\\\").)*(?:\\\")?|\"(?:\\.|[^\"\\])*\"?|'(?:\\.|[^'\\])*'?"
"""A value in quotation marks, which are escaped if the whole text is quoted."""
_COOKIE = re.compile(rf"(?i)\b((?:set-)?cookie{_IS})(?:(?>{_QUOTED})(?!;)|[^\r\n}}]+)")
_PARAMETER = r"[\w-]+\s*=\s*(?:\"[^\"]*\"?|[^\s,;\"']+)"
_HEADER = re.compile(
    rf"(?i)\b((?:proxy-)?authorization{_IS})"
    rf"(?:{_QUOTED}|(?:[a-z][\w-]*\s+)?(?:{_PARAMETER}(?:\s*,\s*{_PARAMETER})*|[^\s,;}}\"']+))"
)
"""A header with credentials (RFC 9110, section 11.4): a scheme, and either one token or parameters."""
_SECRET = (
    r"(?:access[_-]?|refresh[_-]?|id[_-]?|auth[_-]?)?token|password|passwd|pwd|passphrase|secret|api[_-]?key|otp"
    r"|session[_-]?id|jsessionid|phpsessid|sid|x-auth[\w-]*|x-api-key|pin(?!\s*[:=]\s*[\"']?sha\d)"
)
_NAMED = re.compile(
    rf"((?<![A-Za-z0-9])(?i:{_SECRET})|(?<=[a-z])(?:[A-Z][a-z]+)?(?:Token|Password|Passwd|Secret|ApiKey|SessionId))({_IS})"
    rf"(?:{_QUOTED}|[^\s&,;}}\"']+)"
)
_PAIR = re.compile(rf"(?i)(\"name\"\s*:\s*\"(?:{_SECRET})\"\s*,\s*\"value\"\s*:\s*)\"(?:\\.|[^\"\\])*\"?")
"""The name and the value of a secret in JSON, in the form that HARs and cookie stores use."""
_BEARER = re.compile(r"(?i)\bbearer\s+[\w.~+/=-]{8,}")
_JWT = re.compile(r"\beyJ[\w-]{8,}\.[\w-]{4,}\.?[\w-]*")


def redact(text: str) -> str:
    """Redact the secrets in a log's text.

    Passwords, tokens, keys, cookies and e-mail addresses are redacted. Of URLs, the credentials, the values of the
    query, tokens in the path and the fragment are redacted.
    """
    text = _PRIVATE_KEY.sub(r"\1…", text)
    text = _USER.sub("…@", text)
    text = _ADDRESS.sub(lambda found: _address(found[0]), text)
    text = _CURL.sub(r"\1…", text)
    text = _QUERY.sub(r"\1…", text)
    text = _COOKIE.sub(r"\1…", text)
    text = _HEADER.sub(r"\1…", text)
    text = _BEARER.sub("Bearer …", text)
    text = _JWT.sub("…", text)
    text = _PAIR.sub(r"\1…", text)
    return _MAIL.sub("…", _NAMED.sub(r"\1\2…", text))


def is_token(text: str) -> bool:
    """Whether a word may be a secret: it is long, and often changes between letters and digits.

    Ids may look like this, too. They are then redacted as well, which does no harm.
    """
    return bool(_TOKEN_LIKE.fullmatch(text)) and len(_CHANGES.findall(text)) >= 3


def without_tokens(text: str) -> str:
    """The text, with «…» in place of each word that may be a secret (see `is_token`)."""
    return _TOKEN_LIKE.sub(lambda found: "…" if is_token(found[0]) else found[0], text)


def _address(url: str) -> str:
    """An address without its fragment, and without words in its path that may be secrets."""
    whole, mark, _ = url.partition("#")
    scheme, _, rest = whole.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host}{slash}{without_tokens(path)}{'#…' if mark else ''}"


def excerpt_of(flat: str, start: int, end: int) -> str:
    """The part of a record around the match. It is redacted before it is shortened, so that no part of a secret remains."""
    begin = 0 if end <= MAX_EXCERPT * 3 // 4 else max(0, start - 120)
    before, after = redact(flat[:begin]), redact(flat)
    head = len(before) if after.startswith(before) else begin
    piece = after[head : head + MAX_EXCERPT]
    return f"{'…' if head else ''}{piece}{'…' if head + MAX_EXCERPT < len(after) else ''}"
