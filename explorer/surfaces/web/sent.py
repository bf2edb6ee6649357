"""Reads from CDP's events what a request sends: its body, its headers, and the names that a script can choose. Pure."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from explorer.request.addresses import METHODS
from explorer.request.scope import Scope
from explorer.surfaces.web.cdp import Json


def payload(frame: Json) -> bytes:
    """The payload of a WebSocket frame. CDP encodes the payload of a binary frame (opcode 2) in Base64."""
    text = str(frame.get("payloadData", ""))
    try:
        return base64.b64decode(text) if frame.get("opcode") == 2 else text.encode()
    except binascii.Error:
        return b""


def address_lines(url: str) -> str:
    """The address, and its fragment once more on a line of its own."""
    return f"{url}\n{urlsplit(url).fragment}"


def authority(url: str) -> str:
    """The authority of a URL: user info, host and port."""
    try:
        return urlsplit(url).netloc
    except ValueError:
        return url


def header_values(request: Mapping[str, object], scope: Scope) -> Iterator[str]:
    """The values of all headers, each with a colon before it.

    A Referer or Origin header that names a place where the login belongs is reduced to path and query, because the user
    name may be a part of the host name there."""
    headers = request.get("headers")
    if not isinstance(headers, Mapping):
        return
    for name, value in headers.items():
        text = str(value)
        if str(name).lower() in ("referer", "origin") and scope.allows(text):
            parts = urlsplit(text)
            text = f"{parts.path}?{parts.query}"
        yield f":{text}"


def members(text: str) -> list[str]:
    """The members of a header that is a list (RFC 9110, section 5.6.1), each as a value of its own."""
    return [f":{member.strip()}" for member in text.lstrip(":").split(",")]


def chosen_names(request: Mapping[str, object]) -> list[str]:
    """The names in a request that a script can choose freely: the method, if it is unusual, and the header names."""
    headers = request.get("headers")
    method = str(request.get("method", ""))
    names = [str(name) for name in headers] if isinstance(headers, Mapping) else []
    return names if method in METHODS else [method, *names]


def body_parts(request: Json) -> tuple[list[bytes], bool]:
    """The parts of a body that the event includes, and whether they are complete."""
    entries = request.get("postDataEntries") or []
    parts = [base64.b64decode(entry["bytes"]) for entry in entries if entry.get("bytes")]
    if request.get("postData"):
        parts.append(str(request["postData"]).encode())
    whole = bool(parts) and all(entry.get("bytes") for entry in entries)
    return parts, whole or not request.get("hasPostData")
