"""Turns the records of `explorer.surfaces.web.tokens` into effects. Pure."""

from __future__ import annotations

from explorer.monitors.browser.requests import endpoint
from flows.effects import Effect, EffectKind
from flows.record import Record

SOURCE = "tokens"
_SENT_ON = (307, 308)
"""Statuses of redirects that repeat the request, body and all, at another address."""


def effect_of(record: Record, session: str) -> Effect:
    """The effect in a record. A response with an error status counts as `REFUSED`; one that sends the body on to
    another address took nothing (RFC 9110, 15.4.8 and 15.4.9)."""
    data, kind = record.data, record.kind
    status = int(data.get("status", 0))
    if kind == "answered":
        kind = EffectKind.REFUSED if status >= 400 else EffectKind.SENT if status in _SENT_ON else EffectKind.TAKEN
    host, port = endpoint(str(data["url"]))
    return Effect(
        record.time,
        session,
        EffectKind(kind),
        tuple(data["tokens"]),
        f"{session}:{data['request']}",
        host,
        port,
        str(data["url"]),
        str(data.get("method", "")),
        status,
    )
