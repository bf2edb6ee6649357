"""Reads sessions of Charles as JSON (`.chlsj`): a list of transactions; a zip of them is a `.chlz`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from explorer.evidence.proxies.entries import MOST_HEADERS, Entry, Headers, entry, request_part, response_part, tunnel
from explorer.targets.log_file import utf8
from readers.json_stream import CutOff, NotJson, elements, loaded


def entries(blocks: Iterator[bytes], *, cut_off: list[bool]) -> Iterator[Entry | None]:
    """The transactions in a list, or the one that stands alone. None for one that cannot be read. `cut_off` gets an item if the
    list ends early. Raises NotJson."""
    try:
        for text in elements(blocks):
            yield transaction(loaded(text))
    except CutOff:
        cut_off.append(True)


def entries_of_files(files: Iterable[tuple[str, Iterator[bytes]]]) -> Iterator[Entry | None]:
    """The transactions in the files of an archive, each of which is a list, a transaction, or something else, such as a body.

    None for what begins as JSON and cannot be read."""
    for _, blocks in files:
        text = utf8(blocks)
        first = next((block for block in text if block.strip()), b"")
        if first.lstrip()[:1] in (b"{", b"["):
            yield from _entries_of_file(chain([first], text))


def _entries_of_file(blocks: Iterator[bytes]) -> Iterator[Entry | None]:
    damaged = False
    try:
        for text in elements(blocks):
            found = loaded(text)
            if is_transaction(found):
                yield transaction(found)
            elif found is None and text != b"null":
                damaged = True
                yield None
    except NotJson:
        if not damaged:
            yield None


def is_transaction(data: Any) -> bool:
    """Whether it has what each transaction has."""
    return isinstance(data, Mapping) and {"status", "method", "host"} <= data.keys()


def transaction(data: Any) -> Entry | None:
    """The entry of a transaction; None if it is none."""
    if not is_transaction(data):
        return None
    request, response = _map(data.get("request")), _map(data.get("response"))
    times, lasted = _map(data.get("times")), _map(data.get("durations"))
    status, body = response.get("status"), _map(request.get("body"))
    return entry(
        str(times.get("start") or times.get("requestBegin") or ""),
        _number(lasted.get("total")),
        request_part(
            str(data["method"]),
            _url(data),
            _headers(request),
            _bytes(body.get("text")),
            str(data.get("protocolVersion", "")),
        ),
        response_part(status if isinstance(status, int) else 0, _headers(response)),
        error=_error(data),
        address=str(data.get("remoteAddress") or "").rpartition("/")[2],
    )


def _error(data: Mapping[str, Any]) -> str:
    """Why it failed, in Charles's words; empty if it did not."""
    if data["status"] in ("COMPLETE", "RECEIVING_RESPONSE_BODY"):
        return ""
    places = (data.get("errorMessage"), data.get("exceptionMessage"), data.get("error"))
    return next((text for text in places if isinstance(text, str) and text.strip()), f"status {data['status']}")


def _url(data: Mapping[str, Any]) -> str:
    host, port = str(data["host"]), data.get("actualPort") or data.get("port")
    scheme = str(data.get("scheme") or "https").lower()
    place = f"[{host}]" if ":" in host else host
    if isinstance(port, int) and port not in (0, 443 if scheme == "https" else 80):
        place = f"{place}:{port}"
    if data["method"] == "CONNECT":
        return tunnel(place)
    query = data.get("query")
    return f"{scheme}://{place}{data.get('path') or '/'}{f'?{query}' if query else ''}"


def _headers(part: Mapping[str, Any]) -> Headers:
    listed = _map(part.get("header")).get("headers")
    if not isinstance(listed, list):
        return ()
    return [(str(h.get("name")), str(h.get("value"))) for h in listed[:MOST_HEADERS] if isinstance(h, Mapping)]


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _number(value: Any) -> float:
    return value if isinstance(value, int | float) else 0.0


def _bytes(value: Any) -> bytes:
    return value.encode("utf-8", "replace") if isinstance(value, str) else b""
