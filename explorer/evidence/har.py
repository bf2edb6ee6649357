"""Reads HAR 1.2 (HTTP Archive) as browsers, Playwright and proxies write it.

Known programs are Chromium, Firefox, Safari, Charles, Fiddler and mitmproxy. The format has no field for the error of a
failed request, so each program uses a field of its own. Bodies, cookies, headers and values are dropped here.
Everything else is kept only after `clean` has removed secrets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from explorer.evidence.clean import clean_text, clean_url
from explorer.evidence.seen import Kept, Seen
from readers.json_stream import CutOff, NotJson, loaded, parts

BROKEN = "the browser called the connection broken (_securityState)"
"""The error of a request that Firefox marks as broken without a reason."""
MOST_FIELDS = 40
LATEST = 1e11
"""The latest time that is accepted, in seconds since the epoch. It is in about the year 5100."""
_TYPES = {
    name.lower(): name
    for name in (
        "Document", "Stylesheet", "Image", "Media", "Font", "Script", "TextTrack", "XHR", "Fetch", "Prefetch",
        "EventSource", "WebSocket", "Manifest", "SignedExchange", "Ping", "CSPViolationReport", "Preflight",
    )
}  # fmt: skip
_BY_DESTINATION = {
    "document": "Document", "iframe": "Document", "frame": "Document", "script": "Script", "style": "Stylesheet",
    "image": "Image", "font": "Font", "audio": "Media", "video": "Media", "track": "TextTrack", "manifest": "Manifest",
    "report": "CSPViolationReport", "empty": "Fetch", "worker": "Script", "sharedworker": "Script",
    "serviceworker": "Script",
}  # fmt: skip
"""Value of `Sec-Fetch-Dest` (W3C Fetch Metadata Request Headers) → resource type in CDP (`Network.ResourceType`)."""
_BY_SUFFIX = re.compile(
    r"\.(?:(?P<Script>m?js)|(?P<Stylesheet>css)|(?P<Image>png|jpe?g|gif|svg|ico|webp|avif)|(?P<Font>woff2?|ttf|otf|eot)|"
    r"(?P<Media>mp[34]|webm|ogg|m3u8|ts))$",
    re.IGNORECASE,
)
_METHOD = re.compile(r"[^A-Za-z]")
"""Characters that are removed from a method. The common methods consist of letters only (RFC 9110, section 9.3)."""
_CANCELED = re.compile(r"ERR_ABORTED|NS_BINDING_ABORTED|NSURLErrorDomain\D{0,20}-999\b|\bcancell?ed\b", re.IGNORECASE)
_PROXIES = re.compile(r"charles|fiddler|mitmproxy|proxyman|http ?toolkit|burp|zap", re.IGNORECASE)


@dataclass(slots=True)
class Har:
    """What a HAR holds.

    `tool` names the program that wrote the file, and `browser` the browser that was recorded. `cut_off` is true if the
    file ends early. `unread` counts the entries that could not be read.
    """

    tool: str = ""
    browser: str = ""
    kept: Kept = field(default_factory=Kept)
    titles: dict[str, str] = field(default_factory=dict)
    frames: dict[str, str] = field(default_factory=dict)
    """Page → its main frame, which is the frame of its first document."""
    cut_off: bool = False
    unread: int = 0

    @property
    def by_proxy(self) -> bool:
        """Whether a proxy recorded the HAR. Such a proxy replaces every certificate with one of its own."""
        return bool(_PROXIES.search(self.tool))


def read_har(blocks: Iterator[bytes]) -> Har:
    """Read the requests in a HAR, block by block. Raises NotJson if it is not JSON and no entry could be read."""
    har = Har()
    number = 0
    try:
        for name, text in parts(blocks, ("log", "entries")):
            if name != "entries":
                _head(har, name, text)
                continue
            number += 1
            take_entry(har, number, loaded(text))
    except CutOff:
        har.cut_off = True
    except NotJson:
        if not number:
            raise
        har.cut_off = True
    return har


def take_entry(har: Har, number: int, entry: Any) -> None:
    """Add the request in an entry, whose number is that in the file. Readers of other formats make entries, too."""
    seen = _seen(har, number, entry)
    if seen is None:
        har.unread += 1
    elif seen.url.startswith(("http:", "https:", "ws:", "wss:")):
        har.kept.add(seen)


def _head(har: Har, name: str, text: bytes | None) -> None:
    data = loaded(text)
    if name in ("creator", "browser") and isinstance(data, Mapping):
        words = clean_text(f"{_text(data.get('name'))} {_text(data.get('version'))}".strip())[:80]
        if name == "creator":
            har.tool = words
        else:
            har.browser = words
    elif name == "pages" and isinstance(data, list):
        for page in data:
            if isinstance(page, Mapping):
                title = _text(page.get("title"))
                shown = clean_url(title) if "://" in title else clean_text(title)
                har.titles[_text(page.get("id"))] = shown[:120]


def _seen(har: Har, number: int, entry: Any) -> Seen | None:
    """The request in an entry of the HAR. None if the entry holds no request that can be read."""
    if not isinstance(entry, Mapping):
        return None
    request, response = _map(entry.get("request")), _map(entry.get("response"))
    started = _moment(entry.get("startedDateTime"))
    raw = _text(request.get("url"))
    if not raw or started is None:
        return None
    asked, answered = _headers(request), _headers(response)
    status = _number(response.get("status"))
    kind = _kind(entry, raw, asked, response)
    initiator = _map(entry.get("_initiator"))
    page, frame = _text(entry.get("pageref")), _text(entry.get("_frameref"))
    security = _map(response.get("_securityDetails") or entry.get("_securityDetails"))
    told = _failure(entry, response) if status <= 0 or har.by_proxy else ""
    canceled = status <= 0 and bool(_CANCELED.search(told))
    return Seen(
        id=f"{number}",
        started=started,
        took=max(_number(entry.get("time")), 0) / 1000,
        method=_METHOD.sub("", _text(request.get("method")))[:20] or "GET",
        url=clean_url(raw),
        kind=kind,
        main=kind == "Document" and _is_main(har, page, frame, asked, initiator),
        page=page[:80],
        frame=frame[:80] if frame != har.frames.get(page) else "",
        title=har.titles.get(page, ""),
        initiator=_text(initiator.get("type"))[:20] or "other",
        initiator_url=clean_url(_text(initiator.get("url"))) if initiator.get("url") else "",
        status=max(int(status), 0) if not (har.by_proxy and told) else 0,
        address=_text(entry.get("serverIPAddress")).strip("[]")[:60],
        protocol=_text(response.get("httpVersion"))[:20],
        mime=_text(_map(response.get("content")).get("mimeType"))[:80],
        error="net::ERR_ABORTED" if canceled else told,
        canceled=canceled or (status <= 0 and not told),
        fields=_fields(request),
        server_date=server_date(answered.get("date", "")),
        issuer=clean_text(_text(security.get("issuer")))[:200],
        expires=float(_number(security.get("validTo"))),
    )


def _failure(entry: Mapping[str, Any], response: Mapping[str, Any]) -> str:
    """Why a request failed, in the client's or proxy's own words; empty if the entry does not say it."""
    places = (
        response.get("_error"),  # Chromium, Safari, Charles
        response.get("_failureText"),  # Playwright
        entry.get("_error"),
        entry.get("_errorText"),
        entry.get("error"),
        response.get("_errorMessage"),
        entry.get("comment"),  # Charles, Fiddler
        response.get("comment"),
    )
    told = next((clean_text(_text(p)) for p in places if _text(p).strip()), "")
    if told:
        return told
    if _text(entry.get("_securityState")) == "broken":
        return BROKEN
    return clean_text(_text(response.get("statusText"))) if _number(response.get("status")) <= 0 else ""


def _kind(entry: Mapping[str, Any], url: str, asked: Mapping[str, str], response: Mapping[str, Any]) -> str:
    """The resource type of a request, as CDP names it.

    It comes from the recorder, else from the request's headers, else from the file name in the URL, else from the
    response."""
    told = _TYPES.get(_text(entry.get("_resourceType")).lower(), "")
    if told:
        return told
    if url.startswith(("ws:", "wss:")) or asked.get("upgrade", "").lower() == "websocket":
        return "WebSocket"
    destination = asked.get("sec-fetch-dest", "")
    if destination in _BY_DESTINATION:
        return _BY_DESTINATION[destination]
    if asked.get("x-requested-with") == "XMLHttpRequest":
        return "XHR"
    accepted = asked.get("accept", "")
    if accepted.startswith("text/html") or asked.get("upgrade-insecure-requests") == "1":
        return "Document"
    if "text/event-stream" in accepted:
        return "EventSource"
    if accepted.startswith(("image/", "text/css")):
        return "Image" if accepted.startswith("image/") else "Stylesheet"
    named = _BY_SUFFIX.search(_path(url))
    if named and named.lastgroup:
        return named.lastgroup
    mime = _text(_map(response.get("content")).get("mimeType"))
    if mime.startswith("text/html"):
        return "Document"
    sends = _text(_map(entry.get("request")).get("method")).upper() not in ("", "GET", "HEAD")
    return "Fetch" if sends or "json" in mime or "origin" in asked or "json" in accepted else "Other"


def _is_main(har: Har, page: str, frame: str, asked: Mapping[str, str], initiator: Mapping[str, Any]) -> bool:
    """Whether a document is the main document of a tab, and not that of a frame.

    Playwright records the frame, and browsers send `Sec-Fetch-Dest`. Without these, a document belongs to a frame if
    the page's markup or a script requested it."""
    if frame:  # Playwright
        return har.frames.setdefault(page, frame) == frame
    destination = asked.get("sec-fetch-dest", "")
    if destination:
        return destination == "document"
    return _text(initiator.get("type")) not in ("parser", "script", "preload")


def _fields(request: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the fields that a request sends: those of a form, or those at the top level of a JSON object."""
    posted = _map(request.get("postData"))
    given = posted.get("params")
    names = [_text(p.get("name")) for p in given if isinstance(p, Mapping)] if isinstance(given, list) else []
    text = _text(posted.get("text"))
    if not names and "json" in _text(posted.get("mimeType")):
        data = loaded(text.encode("utf-8", "replace"))
        names = [str(name) for name in data] if isinstance(data, dict) else []
    elif not names and "multipart" in _text(posted.get("mimeType")):
        names = re.findall(r'\bname="([^"\r\n]{1,60})"', text[:100_000])
    elif not names and "urlencoded" in _text(posted.get("mimeType")):
        names = [pair.partition("=")[0] for pair in text[:20_000].split("&")]
    return tuple(
        name for n in names[:MOST_FIELDS] if (name := clean_text(n)[:60]) and re.fullmatch(r"[\w.\-\[\] ]+", name)
    )


def _headers(message: Mapping[str, Any]) -> dict[str, str]:
    listed = message.get("headers")
    if not isinstance(listed, list):
        return {}
    return {_text(h.get("name")).lower(): _text(h.get("value")) for h in listed[:200] if isinstance(h, Mapping)}


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""


def _number(value: Any) -> float:
    return value if isinstance(value, int | float) and abs(value) < 1e15 else 0


def _moment(value: Any) -> float | None:
    try:
        told = datetime.fromisoformat(_text(value))
        moment = (told if told.tzinfo else told.replace(tzinfo=UTC)).timestamp()
        return moment if 0 <= moment < LATEST else None
    except (ValueError, OverflowError, OSError):
        return None


def server_date(text: str) -> float:
    """The time in the value of a `Date` header, in seconds since the epoch; 0 if the value is not a time."""
    try:
        return parsedate_to_datetime(text).timestamp() if text else 0.0
    except (ValueError, TypeError, OverflowError, OSError):
        return 0.0


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
