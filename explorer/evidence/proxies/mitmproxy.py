"""Reads flow files of mitmproxy (`mitmdump -w FILE`), as its versions since 7 write them: one tagged netstring for each flow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from explorer.evidence.proxies.entries import (
    LONGEST_TIME,
    MOST_HEADERS,
    Entry,
    Headers,
    entry,
    iso,
    request_part,
    response_part,
)
from readers.tnetstring import NotTnetstring, items


def entries(blocks: Iterator[bytes], *, cut_off: list[bool]) -> Iterator[Entry | None]:
    """The flows of HTTP. None for one that cannot be read. `cut_off` gets an item if the file ends early. Raises NotTnetstring."""
    number = 0
    try:
        for item in items(blocks):
            number += 1
            if not isinstance(item, Mapping):
                yield None
            elif _text(item.get("type")) == "http":
                yield flow(item)
    except NotTnetstring:
        if not number:
            raise
        cut_off.append(True)


def flow(data: Mapping[str, Any]) -> Entry | None:
    """The entry of a flow; None if it holds no request."""
    request, response, error = _map(data.get("request")), _map(data.get("response")), _map(data.get("error"))
    host, method = _host(request), _text(request.get("method"))
    if not host or not method:
        return None
    started = _number(request.get("timestamp_start"))
    ended = _number(response.get("timestamp_end")) or _number(error.get("timestamp")) or started
    status = response.get("status_code")
    return entry(
        iso(started),
        max(ended - started, 0) * 1000 if started else 0.0,
        request_part(
            method,
            _url(request, host),
            _headers(request),
            _bytes(request.get("content")),
            _text(request.get("http_version")),
        ),
        response_part(
            status if isinstance(status, int) else 0,
            _headers(response),
            _text(response.get("http_version")),
        ),
        error=_text(error.get("msg")),
        address=_address(_map(data.get("server_conn"))),
    )


def _host(request: Mapping[str, Any]) -> str:
    """The host that was asked. A proxy that clients do not know of sees its address, and its name in a header."""
    told = _text(request.get("host"))
    named = next((value for name, value in _headers(request) if name.lower() == "host"), "") or _text(
        request.get("authority")
    )
    name = named.rpartition(":")[0] if re.search(r":\d{1,5}$", named) else named
    return name if name and _ADDRESS.fullmatch(told) else told


_ADDRESS = re.compile(r"[\d.]{7,15}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")


def _url(request: Mapping[str, Any], host: str) -> str:
    scheme, port = _text(request.get("scheme")) or "https", request.get("port")
    place = f"[{host}]" if ":" in host else host
    if isinstance(port, int) and port != (80 if scheme == "http" else 443):
        place = f"{place}:{port}"
    return f"{scheme}://{place}{_text(request.get('path')) or '/'}"


def _address(connection: Mapping[str, Any]) -> str:
    peer = connection.get("peername") or connection.get("ip_address")
    return _text(peer[0]) if isinstance(peer, list) and peer else ""


def _headers(part: Mapping[str, Any]) -> Headers:
    listed = part.get("headers")
    pairs = listed[:MOST_HEADERS] if isinstance(listed, list) else []
    return [(_text(pair[0]), _text(pair[1])) for pair in pairs if isinstance(pair, list) and len(pair) == 2]


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value if isinstance(value, str) else ""


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else b""


def _number(value: Any) -> float:
    """A time in seconds; 0 if it is none."""
    return value if isinstance(value, int | float) and abs(value) < LONGEST_TIME else 0.0
