"""A HAR (HTTP Archive 1.2) of the client's requests, made from the journal alone, so it exists even after `kill -9`.

It has no headers and no bodies, because the journal holds none. A session's own HAR in `evidence/` has headers.
Failed requests have status 0 and the client's error in `_error`, as in the HARs that browsers export.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from flows.signals import Exchange, Signal
from reports.summary import SessionView, Summary
from reports.text_display import iso, shown, without_values

LONGEST = 4000
"""Longest URL, in characters."""
_UNKNOWN = -1
"""The format's value for unknown sizes and times."""
_HTTP = {"h2": "HTTP/2", "h3": "HTTP/3", "http/1.1": "HTTP/1.1", "http/1.0": "HTTP/1.0"}


def render(summary: Summary) -> str:
    """The archive of all observed sessions, with a page for each. Counter-proofs are left out: no user sees them."""
    log = {
        "version": "1.2",
        "creator": {"name": "Trustwalk", "version": summary.run.version},
        "pages": [_page(view) for view in summary.sessions],
        "entries": sorted(
            (entry for view in summary.sessions for entry in _entries(view)),
            key=lambda entry: (str(entry["startedDateTime"]), str(entry["pageref"])),
        ),
    }
    return json.dumps({"log": log}, indent=2, ensure_ascii=False) + "\n"


def _page(view: SessionView) -> dict[str, Any]:
    return {
        "id": view.id,
        "title": f"{view.persona} on {view.device}",
        "startedDateTime": iso(view.started.started),
        "pageTimings": {"onContentLoad": _UNKNOWN, "onLoad": _UNKNOWN},
    }


def _entries(view: SessionView) -> Iterable[dict[str, Any]]:
    """An entry for each request of a session, and for each failure whose request is unknown."""
    failed = {s.request: s for s in view.signals.values() if s.request}
    for exchange in view.exchanges.values():
        if exchange.url.lower().startswith(("http:", "https:", "ws:", "wss:")):
            yield _exchange(view, exchange, failed.get(exchange.id))
    for signal in view.signals.values():
        if signal.request not in view.exchanges and signal.url:
            yield _entry(view, signal.time, 0, "GET", signal.url, error=signal.error)


def _exchange(view: SessionView, exchange: Exchange, signal: Signal | None) -> dict[str, Any]:
    took = max(0.0, exchange.finished - exchange.started) if exchange.finished else 0.0
    error = (
        signal.error
        if signal
        else exchange.outcome
        if exchange.outcome in ("failed", "aborted", "left-unasked", "pending")
        else ""
    )
    entry = _entry(
        view,
        exchange.started,
        round(took * 1000, 3),
        exchange.method or "GET",
        exchange.url,
        status=exchange.status,
        version=_HTTP.get(exchange.protocol, exchange.protocol),
        error=error,
    )
    if exchange.address:
        entry["serverIPAddress"] = exchange.address
    return entry


def _entry(
    view: SessionView,
    started: float,
    took: float,
    method: str,
    url: str,
    *,
    status: int = 0,
    version: str = "",
    error: str = "",
) -> dict[str, Any]:
    address = shown(without_values(url), LONGEST)
    names = [part.partition("=") for part in address.partition("?")[2].split("&") if part]
    common = {"httpVersion": version, "cookies": [], "headers": [], "headersSize": _UNKNOWN, "bodySize": _UNKNOWN}
    entry: dict[str, Any] = {
        "pageref": view.id,
        "startedDateTime": iso(started) or iso(view.started.started),
        "time": took,
        "request": {
            "method": method,
            "url": address,
            "queryString": [{"name": n, "value": v} for n, _, v in names],
            **common,
        },
        "response": {
            "status": status,
            "statusText": "",
            "content": {"size": _UNKNOWN, "mimeType": "x-unknown"},
            "redirectURL": "",
            **common,
        },
        "cache": {},
        "timings": {"send": 0, "wait": took, "receive": 0},
    }
    if error:
        entry["response"]["_error"] = shown(error)
    return entry
