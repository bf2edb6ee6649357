"""Finds the host that a log record names. Pure."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class LoggedHost:
    """Host, port (0 if unknown) and URL of a failed connection, as far as the log names them."""

    host: str = ""
    port: int = 0
    url: str = ""


_URL = r"(?P<url>(?:https?|wss?|mqtts?|ssl|grpcs?)://[^\s'\"<>,;\\|)}\]]+)"
_HOST = r"(?P<host>(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{1,24}|\[[0-9a-f:]{3,45}\])"

_NAMED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"NSErrorFailingURL(?:String)?Key=\"?{_URL}",
        rf"\bon URL: ?{_URL}",
        rf"\bLoad failed for {_URL}",
        rf"\bSNI/hostname: {_HOST}",
        rf"while SSL handshaking to upstream.{{0,600}}?upstream: \"{_URL}",
        rf"HTTPS?ConnectionPool\(host='{_HOST}', port=(?P<port>\d{{1,5}})\)",
        rf"Cannot connect to host {_HOST}:(?P<port>\d{{1,5}})",
        r"peeraddr=(?P<host>\[?[\w.:-]{1,253}?\]?):(?P<port>\d{1,5}) ",
        rf"(?:failed to connect to|connecting to|in connection to|connection to|handshake with|(?<!by )peer) /?{_HOST}(?:/[0-9a-f.:]+)?(?::(?P<port>\d{{1,5}})| \(port (?P<port2>\d{{1,5}})\))?",
        rf"\b(?:address|host(?:name)?|server|peer)[=:] ?\"?{_HOST}(?:,? ?port ?[=:] ?(?P<port>\d{{1,5}})|:(?P<port2>\d{{1,5}}))?",
        rf"\bfrom {_HOST}:(?P<port>\d{{1,5}})\b",
        rf"{_HOST}(?::(?P<port>\d{{1,5}}))? uses an invalid security certificate",
        rf"pretending to be [“\"‘']{_HOST}[”\"’']",
        rf"[“\"‘']{_HOST}[”\"’'] (?:certificate (?:is|was|name)|requires a client)",
        rf"\[C[\d.]+ [0-9A-F-]*{_HOST}:(?P<port>\d{{1,5}}) ",
        rf"uri ?= ?{_URL}",
        rf"\b(?:GET|POST|PUT|HEAD|DELETE|PATCH) {_URL}",
    )
)
_REQUEST = re.compile(
    r"\b(?:GET|POST|PUT|HEAD|DELETE|PATCH)\b|(?i:fail|error|unable|could not|cannot|request|load|connect|fetch|download|upload|open)"
)
_CLIENT = re.compile(
    r"(?:handshake error from|accept(?:ed)?(?: connection)? from|connection from|client[:=]|remote(?:_addr)?[:=]|<->\"?) ?\"?"
    r"\[?[0-9a-f.:]{3,45}\]?(?::\d{1,5})?\b",
    re.IGNORECASE,
)
"""The address of a client in a server's log. It is not the host that failed, and must not be probed."""
_ANY_URL = re.compile(_URL, re.IGNORECASE)
_CONTEXT = re.compile(
    rf"(?:--> (?:GET|POST|PUT|HEAD|DELETE|PATCH)|Load failed for|Loading|Connecting to|Request(?:ing)?:?) {_URL}|SNI/hostname: {_HOST}",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(r"[a-z][A-Z]|[A-Z]{2}[a-z]|(?:Exception|Error)$")
"""What distinguishes names of classes, such as `SSLHandshakeException`, from names of hosts."""
_LITERATURE = re.compile(
    r"(?:^|\.)(?:developer\.(?:apple|android|chrome)\.com|developers\.google\.com|charlesproxy\.com|mitmproxy\.org|mitm\.it|curl\.(?:se|haxx\.se)"
    r"|go\.microsoft\.com|learn\.microsoft\.com|docs\.\S+|goo\.gle|aka\.ms|schemas\.\S+|www\.w3\.org|github\.com|stackoverflow\.com)$"
)
"""Hosts of help and product pages that error texts refer to."""


def is_literature(host: str) -> bool:
    """Whether this is the host of a help or product page, which error texts mention but apps do not connect to."""
    return _LITERATURE.search(host) is not None


def place_of(flat: str, patterns: Iterable[re.Pattern[str]] = (), before: Iterable[str] = ()) -> LoggedHost:
    """The host of the failed connection.

    It is found by the signature's patterns, by phrases that name a host, or by the only URL. `flat` is the text that
    begins with the failing line. `before` are earlier lines without headers. They may be about something else, so only
    those that mention a request are used.
    """
    asked = " ".join(line for line in before if _REQUEST.search(line))
    for text in (_CLIENT.sub(" ", part) for part in (flat, asked) if part):
        for pattern in (*patterns, *_NAMED):
            match = pattern.search(text)
            if match is not None:
                place = _from_match(match)
                if place.host:
                    return _with_url(place, text)
        if (place := _only_url(text)).host:
            return place
    return LoggedHost()


def context_of(text: str) -> LoggedHost:
    """The host of the request that this line names; empty if it names none.

    It can complete a nearby failure that names no host.
    """
    match = _CONTEXT.search(text)
    return _from_match(match) if match else LoggedHost()


def from_url(url: str) -> LoggedHost:
    """Host and explicit port of a URL. Empty if the text is no URL."""
    url = url.rstrip(".…:'\"")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 0
    except ValueError:
        return LoggedHost()
    return LoggedHost(host, port, url) if _plausible(host) else LoggedHost()


def _from_match(match: re.Match[str]) -> LoggedHost:
    groups = {k: v for k, v in match.groupdict().items() if v}
    if "url" in groups:
        return from_url(groups["url"])
    named = groups.get("host", "")
    host = named.strip("[].'\"<>").lower()
    if not _plausible(host) or named[:1] == "<" or _IDENTIFIER.search(named) or ("." not in host and ":" not in host):
        return LoggedHost()
    port = groups.get("port") or groups.get("port2") or "0"
    return LoggedHost(host, int(port) if int(port) < 65_536 else 0)


def _plausible(host: str) -> bool:
    if not host or len(host) > 253 or host.startswith("*") or host in ("null", "none", "undefined"):
        return False
    try:
        return not ipaddress.ip_address(host.partition("%")[0]).is_unspecified
    except ValueError:
        pass
    labels = host.rstrip(".").split(".")
    tail = labels[-1]
    java = re.search(
        r"\.(?:java|kt|cc|cpp|c|dart|js|so|apk|jar|txt|html|exception|error|internal|conscrypt)$", "." + tail
    )
    known = all(re.fullmatch(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", label, re.IGNORECASE) for label in labels)
    return known and not java and not tail.isdigit()


def _urls(flat: str) -> list[LoggedHost]:
    found = [from_url(m["url"]) for m in _ANY_URL.finditer(flat)]
    return [p for p in found if p.host and not _LITERATURE.search(p.host)]


def _only_url(flat: str) -> LoggedHost:
    """The first URL in the text, if all URLs in the text have the same host and port.

    Otherwise the result is empty, because any choice would be a guess.
    """
    places = _urls(flat)
    return places[0] if len({(p.host, p.port) for p in places}) == 1 else LoggedHost()


def _with_url(place: LoggedHost, flat: str) -> LoggedHost:
    if place.url:
        return place
    for other in _urls(flat):
        if other.host == place.host and (not place.port or other.port in (0, place.port)):
            return LoggedHost(place.host, place.port or other.port, other.url)
    return place
