"""HAR files as the programs write them, built from a line for each request."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

START = "2026-11-30T08:50:%06.3fZ"
SITE = "https://portal.shop.example"

Entry = dict[str, Any]


def entry(url: str, status: int = 200, *, at: float = 0, method: str = "GET", took: float = 20, **more: Any) -> Entry:
    """A request as every recorder writes it. `at` is in seconds; `response` and `request` add to these objects."""
    headers = more.pop("headers", [])
    return {
        "startedDateTime": START % at,
        "time": took,
        "pageref": "page_1",
        "request": {"method": method, "url": url, "headers": headers, "cookies": [], **more.pop("request", {})},
        "response": {"status": status, "statusText": "", "headers": [], "content": {}, **more.pop("response", {})},
        **more,
    }


def page(url: str = f"{SITE}/", at: float = 0, **more: Any) -> Entry:
    """The document of a page, as Chromium's DevTools write it."""
    return entry(url, at=at, _resourceType="document", _initiator={"type": "other"}, **more)


def har(
    entries: Iterable[Entry],
    creator: str = "WebInspector",
    titles: Iterable[str] = (SITE,),
    **log: Any,
) -> bytes:
    """The file."""
    pages = [{"id": f"page_{n}", "title": title, "startedDateTime": START % 0} for n, title in enumerate(titles, 1)]
    head = {"version": "1.2", "creator": {"name": creator, "version": "1"}, "pages": pages, **log}
    return json.dumps({"log": {**head, "entries": list(entries)}}).encode()
