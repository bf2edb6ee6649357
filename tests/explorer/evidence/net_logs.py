"""Net logs as Chromium writes them, with the events that a test needs; a live test reads whole ones of a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

_EVENTS = (
    "REQUEST_ALIVE",
    "URL_REQUEST_START_JOB",
    "HTTP_TRANSACTION_READ_RESPONSE_HEADERS",
    "HTTP_STREAM_JOB_CONTROLLER",
    "SSL_CONNECT_JOB",
    "SOCKET_POOL_CONNECT_JOB_CREATED",
    "SSL_CERTIFICATES_RECEIVED",
    "SSL_ALERT_RECEIVED",
    "SSL_HANDSHAKE_MESSAGE_SENT",
    "SSL_HANDSHAKE_ERROR",
    "TCP_CONNECT",
    "PROXY_RESOLUTION_SERVICE_RESOLVED_PROXY_LIST",
    "CREATED_BY",
)
TYPES = {name: number for number, name in enumerate(_EVENTS, 100)}
PHASES = {"PHASE_NONE": 0, "PHASE_BEGIN": 1, "PHASE_END": 2}
ERRORS = {"net::OK": 0, "ERR_CERT_DATE_INVALID": -201, "ERR_SSL_VERSION_OR_CIPHER_MISMATCH": -113, "ERR_ABORTED": -3}
CONSTANTS = {
    "logEventTypes": TYPES,
    "logEventPhase": PHASES,
    "netError": ERRORS,
    "timeTickOffset": 1_796_000_000_000,
    "clientInfo": {"name": "Chrome", "version": "156.0.1.2", "os_type": "Windows NT: 10.0"},
}

Event = dict[str, Any]


def event(name: str, source: int, phase: str = "PHASE_NONE", at: int = 0, **params: Any) -> Event:
    """One event. `at` is in milliseconds."""
    where = {"id": source, "type": 1}
    return {"type": TYPES[name], "source": where, "phase": PHASES[phase], "time": str(1000 + at), "params": params}


def url_request(
    source: int, url: str, *, at: int = 0, method: str = "GET", kind: str = "other", error: int = 0, **more: Any
) -> list[Event]:
    """A request from its first event to its last. With `status`, it was answered."""
    begin, end = "PHASE_BEGIN", "PHASE_END"
    failed = {"net_error": error} if error else {}
    headers = (
        [f"HTTP/1.1 {more['status']} OK", *more.get("headers", [])] if "status" in more else more.get("headers", [])
    )
    return [
        event("REQUEST_ALIVE", source, begin, at, url=url),
        event("URL_REQUEST_START_JOB", source, begin, at, url=url, method=method, request_type=kind),
        *([event("HTTP_TRANSACTION_READ_RESPONSE_HEADERS", source, at=at + 5, headers=headers)] if headers else []),
        event("URL_REQUEST_START_JOB", source, end, at + 9, **failed),
        event("REQUEST_ALIVE", source, end, at + 9, **failed),
    ]


def connection(source: int, host: str, port: int = 443, **told: Any) -> list[Event]:
    """What a connection to a host showed: `certificates` (PEM), `alert` (Base64 of its two bytes), `error`."""
    found = [
        event(
            "SSL_CONNECT_JOB",
            source,
            "PHASE_BEGIN",
            group_id=f"https://{host}:{port}",
            source_dependency={"id": source + 1},
        ),
        event("TCP_CONNECT", source + 1, "PHASE_END", remote_address=f"192.0.2.1:{port}"),
        event("SSL_HANDSHAKE_MESSAGE_SENT", source + 1, type=1),
    ]
    if "certificates" in told:
        found.append(event("SSL_CERTIFICATES_RECEIVED", source + 1, certificates=told["certificates"]))
    if "alert" in told:
        found.append(event("SSL_ALERT_RECEIVED", source + 1, bytes=told["alert"]))
    if "error" in told:
        found.append(event("SSL_HANDSHAKE_ERROR", source + 1, net_error=told["error"]))
    return found


def net_log(*events: Iterable[Event]) -> bytes:
    """The file, a line for each event, as Chromium writes it."""
    lines = ",\n".join(json.dumps(each) for group in events for each in group)
    return f'{{"constants":{json.dumps(CONSTANTS)},\n"events": [\n{lines}]}}\n'.encode()
