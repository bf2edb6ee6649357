"""Removes from a recording what must not be kept: cookies, credentials, tokens in addresses, and bodies. Pure.

A browser's recording contains everything that was sent. Somebody who attaches it to a ticket must not give away a login
session with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from explorer.request.spelling import GONE, Spellings

_HEADER = re.compile(
    r"auth|bearer|cookie|dpop|token|session|secret|passw|api-?key|jwt|oidc|saml|csrf|xsrf|signature|(^|-)(key|sid)$",
    re.IGNORECASE,
)
"""Names of headers whose values may give access to somebody's session."""
_QUERY = re.compile(
    r"([?&#;][\w.-]*(?:assertion|auth|code|credential|hint|jwt|key|magic|nonce|otp|ott|pass|saml|secret|session|sid|sig|sso"
    r"|state|ticket|token)[\w.-]*=)[^&#\"'\\\s<>]+",
    re.IGNORECASE,
)
_PAINTED = ("text/css", "image/", "font/", "application/font", "application/x-font")
"""Content types of the bodies that a snapshot of the page needs. All others may hold somebody's data."""


def without_secrets(text: str, secrets: Spellings) -> str:
    """`text` without the values of sensitive query parameters, and without the secrets in any spelling."""
    text = secrets.masked(text)
    return _QUERY.sub(rf"\1{GONE}", text)


def entry(har: Mapping[str, Any]) -> dict[str, Any]:
    """A HAR entry without cookies, credentials, and the bodies of the request and the response."""
    made = dict(har)
    for side in ("request", "response"):
        part = dict(har.get(side) or {})
        part["cookies"] = []
        part["headers"] = [
            {**h, "value": GONE} if _HEADER.search(str(h.get("name", ""))) else h for h in part.get("headers", ())
        ]
        if "queryString" in part:
            part["queryString"] = [
                {**q, "value": GONE} for q in part["queryString"]
            ]  # the address has what may be told
        if "postData" in part:
            part["postData"] = {"mimeType": str(part["postData"].get("mimeType", "")), "text": GONE, "params": []}
        made[side] = part
    content = dict(made["response"].get("content") or {})
    content.pop("text", None)
    made["response"]["content"] = content
    made.pop("_webSocketMessages", None)
    return made


def har(document: Mapping[str, Any], secrets: Spellings) -> str:
    """A whole HAR file as text, fit to be attached to a ticket."""
    log = dict(document["log"])
    log["entries"] = [entry(e) for e in log["entries"]]
    return without_secrets(json.dumps({"log": log}, indent=1, ensure_ascii=False), secrets) + "\n"


def body(octets: bytes, secrets: Spellings) -> bytes:
    """A body that a trace keeps to paint the page, without the secrets. Bodies may be text (style sheets, SVG) or
    pictures."""
    try:
        return without_secrets(octets.decode("utf-8"), secrets).encode("utf-8")
    except UnicodeDecodeError:
        text = octets.decode("latin-1")
    return secrets.masked(text).encode("latin-1", "replace") if secrets.shown(text) else octets


def trace_line(line: str, secrets: Spellings) -> tuple[str, str]:
    """One line of a trace without secrets, and the name of the file that the trace needs in order to paint the page.

    The file contains a body, such as a style sheet or an image. Its name is empty if none is needed. The stack of our
    own code is removed from the line, because it names folders of this machine."""
    event = json.loads(line)
    event.pop("stack", None)
    wanted = ""
    if event.get("type") == "resource-snapshot":
        snapshot = entry(event["snapshot"])
        content = snapshot["response"]["content"]
        if str(content.get("mimeType", "")).startswith(_PAINTED):
            wanted = str(content.get("_file") or content.get("_sha1") or "")
        else:
            content.pop("_file", None)
            content.pop("_sha1", None)
        event["snapshot"] = snapshot
    return without_secrets(json.dumps(event, ensure_ascii=False), secrets), wanted
