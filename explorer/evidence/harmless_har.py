"""Rules that remove from a HAR everything that is not known to be harmless.

They keep the members that `explorer.evidence.har` reads, and those that HAR 1.2 defines as numbers. Everything else is
left out or replaced by «…».
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from explorer.evidence.clean import GONE, clean_line
from explorer.evidence.harmless import (
    Rule,
    each,
    header,
    ip_address,
    masked,
    members,
    mime_type,
    moment,
    nothing,
    number,
    text,
    url,
    word,
)

_NAME = re.compile(r"[\w.\-\[\] ]{1,60}")
"""The name of a form field or of a query parameter."""
_ID = re.compile(r"\d{1,10}|page_\d{1,10}|(?:page|frame)@[0-9a-f]{32}|")
"""An id in the form that Chromium, Firefox or Playwright generates, or an empty text."""
_LETTERS = word(r"[A-Za-z-]{1,20}")
_TIMINGS = members(
    dict.fromkeys(
        ("blocked", "dns", "connect", "ssl", "send", "wait", "receive", "onContentLoad", "onLoad"), number
    )
)  # fmt: skip
_PROTOCOL = word(r"(?i)(?:https?/|h|hq-|quic/?|spdy/?)?\d[\d.]{0,5}(?:\+quic/\d+)?|h2c|unknown")
_MADE_BY = members({"name": text, "version": text})


def har_rules() -> Mapping[str, Rule]:
    """The rules for the members of a HAR's `log` object, by name.

    The rule «entries» applies to each entry. Each file needs rules of its own, because they number the ids of one file.
    """
    one_id = _Ids()
    entry: dict[str, Rule] = {
        "pageref": one_id,
        "_frameref": one_id,
        "connection": one_id,
        "startedDateTime": moment,
        "time": number,
        "request": members(_REQUEST),
        "response": members(_RESPONSE),
        "timings": _TIMINGS,
        "serverIPAddress": ip_address,
        "_resourceType": _LETTERS,
        "_securityState": _LETTERS,
        "_securityDetails": _SECURITY,
        "_initiator": members({"type": _LETTERS, "url": url}),
        **dict.fromkeys(("_error", "_errorText", "error", "comment"), text),
    }
    page: dict[str, Rule] = {"id": one_id, "title": text, "startedDateTime": moment, "pageTimings": _TIMINGS}
    return {
        "version": word(r"\d\.\d"),
        "creator": _MADE_BY,
        "browser": _MADE_BY,
        "pages": each(members(page)),
        "entries": members(entry),
    }


class _Ids:
    """A rule that keeps ids in the form that recorders generate, and replaces any other id by a number.

    The same id gets the same number everywhere in the file.
    """

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def __call__(self, value: Any) -> Any:
        if not isinstance(value, str):
            return number(value)
        return value if _ID.fullmatch(value) else self._known.setdefault(value, f"id-{len(self._known) + 1}")


def _headers(value: Any) -> Any:
    if isinstance(value, list):
        return [_header(one) for one in value]
    return dict(header(name, one) for name, one in value.items()) if isinstance(value, Mapping) else masked(value)


def _header(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return masked(value)
    name, kept = header(value.get("name"), value.get("value"))
    return {"name": name, "value": kept}


def _field(value: Any) -> Any:
    """A rule for a form field or a query parameter: it keeps the name, and masks the value.

    The name stays because it tells what the form is for.
    """
    if not isinstance(value, Mapping):
        return masked(value)
    name = value.get("name")
    return {"name": clean_line(name) if isinstance(name, str) and _NAME.fullmatch(name) else GONE, "value": GONE}


_SECURITY = members({"issuer": text, "validTo": number})
_BOTH: Mapping[str, Rule] = {
    "httpVersion": _PROTOCOL,
    "headers": _headers,
    "cookies": nothing,
    "headersSize": number,
    "bodySize": number,
}
_REQUEST: Mapping[str, Rule] = {
    **_BOTH,
    "method": word(r"[A-Z-]{1,20}"),
    "url": url,
    "queryString": each(_field),
    "postData": members(
        {"mimeType": mime_type, "size": number, "encoding": word("base64"), "text": masked, "params": each(_field)}
    ),
}
_RESPONSE: Mapping[str, Rule] = {
    **_BOTH,
    "status": number,
    "statusText": text,
    "redirectURL": url,
    "content": members({"mimeType": mime_type, "size": number, "encoding": word("base64"), "text": masked}),
    "_securityDetails": _SECURITY,
    **dict.fromkeys(("_error", "_failureText", "_errorMessage", "comment"), text),
}
