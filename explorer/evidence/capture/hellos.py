"""Reads ClientHello and ServerHello, as far as a capture holds them (RFC 8446 section 4.1, RFC 6066, RFC 7301). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
"""The random of a ServerHello that asks for another ClientHello (RFC 8446 section 4.1.3)."""
_NAME, _PROTOCOLS, _VERSIONS = 0, 16, 43
"""Extensions: server_name, application_layer_protocol_negotiation, supported_versions."""
_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252}[A-Za-z0-9_])?")
_NEWEST = 0x0304


@dataclass(frozen=True, slots=True)
class ClientHello:
    """What a client offers. `name` is the host that it names (SNI), or empty. `versions` and `suites` are numbers."""

    name: str = ""
    protocols: tuple[str, ...] = ()
    versions: tuple[int, ...] = ()
    suites: tuple[int, ...] = ()

    @property
    def newest(self) -> int:
        """The newest version that it offers; 0 if the capture lost it."""
        return max((v for v in self.versions if v <= _NEWEST), default=0)


@dataclass(frozen=True, slots=True)
class ServerHello:
    """What a server chose. `retry`: it asks for another ClientHello first."""

    version: int
    suite: int
    retry: bool = False


def client_hello(body: bytes, *, whole: bool = True) -> ClientHello:
    """The offer in a message. Of one that is not `whole`, what came through: its newest version may be unknown then."""
    if len(body) < 35:
        return ClientHello()
    legacy = int.from_bytes(body[:2], "big")
    at = 35 + body[34]
    size = int.from_bytes(body[at : at + 2], "big")
    suites = _numbers(body[at + 2 : at + 2 + size])
    at += 2 + size
    at += 1 + (body[at] if at < len(body) else 0)
    known: dict[int, bytes] = {}
    for kind, data in _extensions(body, at):
        known.setdefault(kind, data)  # of a message with a hole in it, what stands before the hole
    versions = _numbers(known[_VERSIONS][1:]) if known.get(_VERSIONS) else (legacy,) if whole else ()
    return ClientHello(_host(known.get(_NAME, b"")), _words(known.get(_PROTOCOLS, b"")), versions, suites)


def server_hello(body: bytes) -> ServerHello | None:
    """The choice in a message; None if the capture cut it off too early."""
    if len(body) < 38 or len(body) < 37 + body[34]:
        return None
    at = 35 + body[34]
    known = dict(_extensions(body, at + 3))
    told = known.get(_VERSIONS, b"")
    version = int.from_bytes(told[:2] if len(told) >= 2 else body[:2], "big")
    return ServerHello(version, int.from_bytes(body[at : at + 2], "big"), retry=body[2:34] == RETRY)


def _extensions(body: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The extensions, after the length of them all. GREASE (RFC 8701) is among them."""
    at += 2
    while at + 4 <= len(body):
        kind, size = int.from_bytes(body[at : at + 2], "big"), int.from_bytes(body[at + 2 : at + 4], "big")
        if at + 4 + size > len(body):
            return
        yield kind, body[at + 4 : at + 4 + size]
        at += 4 + size


def _numbers(data: bytes) -> tuple[int, ...]:
    return tuple(int.from_bytes(data[i : i + 2], "big") for i in range(0, len(data) - 1, 2))[:300]


def _host(data: bytes) -> str:
    """The name in server_name: a list with one entry of type host_name. Empty if it is no name of a host."""
    size = int.from_bytes(data[3:5], "big")
    name = data[5 : 5 + size].decode("ascii", "replace")
    return name.lower().rstrip(".") if data[2:3] == b"\0" and _HOST.fullmatch(name) else ""


def _words(data: bytes) -> tuple[str, ...]:
    found: list[str] = []
    at = 2
    while at < len(data) and len(found) < 10:
        found.append(data[at + 1 : at + 1 + data[at]].decode("ascii", "replace"))
        at += 1 + data[at]
    return tuple(word for word in found if word.isprintable())
