"""The entries of a HAR as the readers of session files make them, and messages of HTTP as text. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Entry = dict[str, Any]
Headers = Sequence[tuple[str, str]]
MOST_HEADERS = 200
LONGEST = 8_000
"""The most characters of a header or an address that are kept."""
LONGEST_TIME = 1e15
"""Milliseconds, or seconds since the epoch: a larger number in the file of a stranger is no time."""
_REQUEST = re.compile(r"([A-Za-z-]{1,20}) (\S{1,8000})(?: (HTTP/[\d.]{1,4}))?")
_STATUS = re.compile(r"(HTTP/[\d.]{1,4}) (\d{3})(?: (.{0,200}))?")


@dataclass(frozen=True, slots=True)
class Message:
    """A request or an answer as text. `first` is its first line, `body` what was kept of its body."""

    first: str
    headers: Headers = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)

    def header(self, name: str) -> str:
        """The value of a header; empty if there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")


def message(data: bytes) -> Message:
    """The message in these bytes (RFC 9112 section 2.1); of a damaged one, what can be read."""
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("utf-8", "replace").split("\r\n")
    parted = (line.partition(":") for line in lines[:MOST_HEADERS])
    return Message(
        first[:LONGEST], tuple((name.strip(), value.strip()[:LONGEST]) for name, colon, value in parted if colon), body
    )


def request_line(first: str) -> tuple[str, str, str]:
    """Method, address and version in the first line of a request; empty if it is none."""
    found = _REQUEST.fullmatch(first.strip())
    return (found[1], found[2], found[3] or "") if found else ("", "", "")


def status_line(first: str) -> tuple[str, int, str]:
    """Version, status and reason in the first line of an answer; 0 if it is none."""
    found = _STATUS.fullmatch(first.strip())
    return (found[1], int(found[2]), found[3] or "") if found else ("", 0, "")


def iso(seconds: float) -> str:
    """A time in seconds since the epoch as HAR writes it; empty if it is none."""
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return ""


def entry(
    started: str,
    took: float,
    request: Mapping[str, Any],
    response: Mapping[str, Any],
    *,
    error: str = "",
    address: str = "",
) -> Entry:
    """An entry. `started` is in ISO 8601, `took` in milliseconds; 0 stands for what is no time, such as infinity."""
    made: Entry = {
        "startedDateTime": started,
        "time": took if 0 <= took < LONGEST_TIME else 0,
        "request": request,
        "response": response,
    }
    if error:
        made["_error"] = error[:2000]
    if address:
        made["serverIPAddress"] = address
    return made


def request_part(method: str, url: str, headers: Headers, body: bytes, version: str = "") -> dict[str, Any]:
    """A request. Of a body, only what the names of its fields are read from."""
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    made: dict[str, Any] = {"method": method, "url": url, "httpVersion": version, "headers": _listed(headers)}
    if body and any(word in kind for word in ("json", "urlencoded", "multipart")):
        made["postData"] = {"mimeType": kind, "text": body[: 256 << 10].decode("utf-8", "replace")}
    return made


def response_part(status: int, headers: Headers, version: str = "") -> dict[str, Any]:
    """An answer, without its body and its reason, which may say anything."""
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    return {
        "status": status,
        "statusText": "",
        "httpVersion": version,
        "headers": _listed(headers),
        "content": {"mimeType": kind},
    }


def tunnel(host: str) -> str:
    """The address that stands for a CONNECT to «host:port»."""
    return f"https://{host.removesuffix(':443')}/"


def _listed(headers: Headers) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]
