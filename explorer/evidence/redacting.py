"""Writes a HAR, net log or log again without its secrets, so that a customer can share it. It streams: any size fits."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from explorer.evidence.clean import GONE, clean_line, clean_url
from explorer.evidence.sniff import Kind
from explorer.evidence.source import Source
from explorer.targets.error import TargetError
from explorer.targets.log_file import whole_lines
from readers.json_stream import CutOff, NotJson, loaded, parts

PATHS: Mapping[Kind, tuple[str, ...]] = {Kind.HAR: ("log", "entries"), Kind.NET_LOG: ("events",)}
_KEPT_HEADERS = frozenset(
    {
        "accept", "cache-control", "connection", "content-length", "content-type", "date", "host", "retry-after", "server",
        "upgrade", "upgrade-insecure-requests", "user-agent", "via", "x-requested-with",
    }
)  # fmt: skip
_KEPT_PREFIXES = ("sec-fetch-", "access-control-", "strict-transport-", "alt-svc")
_VALUES = frozenset({"text", "value", "data", "bytes", "hex_encoded_bytes", "command_line"})
"""Members that hold what was sent or typed, or the names of a user's folders."""
_ALERT = 8
"""Most characters of bytes that are kept: a TLS alert has two bytes, and tells why a handshake failed."""
_IDS = frozenset({"id", "pageref", "_frameref", "connection"})
"""Members that the recorder numbers by itself."""
_LISTS = frozenset({"cookies", "_webSocketMessages"})
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----")
_URL = re.compile(r"^(?:https?|wss?)://")


def redacted(source: Source) -> Iterator[bytes]:
    """The file without secrets, piece by piece. Raises TargetError for a kind that cannot be redacted, and if it is damaged."""
    if source.kind is Kind.LOG:
        return _log(source)
    if source.kind in PATHS:
        return _json(source, PATHS[source.kind])
    what = (
        "holds nothing secret but a private key, which nobody should send"
        if source.kind is Kind.CERTIFICATES
        else "is neither"
    )
    raise TargetError(f"{source.name}: {what}; a HAR, a net log or a log can be redacted.")


def _log(source: Source) -> Iterator[bytes]:
    for block in whole_lines(source.blocks):
        lines = block.decode("utf-8", "replace").split("\n")
        yield "\n".join(clean_line(line) for line in lines).encode()


def _json(source: Source, path: tuple[str, ...]) -> Iterator[bytes]:
    """The same members in the same order. A file that is cut off is closed where it ends."""
    *outer, last = path
    opened, before = False, b""
    yield b"{" + b"".join(json.dumps(name).encode() + b":{" for name in outer)
    try:
        for name, text in parts(source.blocks, path):
            data = _clean(loaded(text), name)
            piece = json.dumps(data, ensure_ascii=False).encode("utf-8", "replace")
            if name == last and not opened:
                yield before + json.dumps(last).encode() + b":["
                opened, before = True, b""
            elif name != last and opened:
                yield b"]"
                opened, before = False, b","
            yield before + b"\n" + (piece if opened else json.dumps(name).encode() + b":" + piece)
            before = b","
    except CutOff:
        pass
    except NotJson as error:
        raise TargetError(f"{source.name}: {error}; ask for it again.") from error
    yield (b"]" if opened else b"") + b"}" * (len(outer) + 1) + b"\n"


def _clean(value: Any, name: str) -> Any:
    """A value without secrets; `name` is the member that it stands in."""
    if isinstance(value, Mapping):
        if "name" in value and "value" in value:
            return _pair(value, name)
        return {key: _clean(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [] if name in _LISTS else [_clean(each, name) for each in value]
    if not isinstance(value, str):
        return value
    if name == "headers":
        return _header_line(value)
    if name in _IDS and re.fullmatch(r"[\w@-]{1,80}", value):
        return value
    if name in _VALUES and not _CERTIFICATE.match(value):
        return GONE if len(value) > (_ALERT if "bytes" in name else 0) else value
    if _URL.match(value):
        return clean_url(value)
    return value if _CERTIFICATE.match(value) else clean_line(value)


def _pair(pair: Mapping[str, Any], name: str) -> Any:
    """A header, a field of a form or a query, with its value only if it cannot be secret."""
    key = str(pair["name"])
    if name == "headers" and _is_kept(key):
        return {"name": key, "value": clean_line(str(pair["value"]))}
    return {"name": clean_line(key), "value": GONE}


def _header_line(line: str) -> str:
    """A header as net logs have it: «name: value», or the status line."""
    key, colon, _ = line.partition(": ")
    return line if not colon and "HTTP/" in line[:6] else clean_line(line) if _is_kept(key) else f"{key}: {GONE}"


def _is_kept(header: str) -> bool:
    key = header.lower().lstrip(":")
    return key in _KEPT_HEADERS or key.startswith(_KEPT_PREFIXES) or key == "status"
