"""Reads the plaintext of a TLS connection: the requested name, the protocols, and how the handshake ended. Pure.

Sources: RFC 8446 (TLS 1.3) sections 4 and 5, RFC 5246 (TLS 1.2), RFC 6066 (SNI), RFC 7301 (ALPN).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from explorer.tls.wire import alert_name, version_name

HANDSHAKE, ALERT, CHANGE_CIPHER, DATA = 22, 21, 20, 23
CLIENT_HELLO, SERVER_HELLO, CERTIFICATE = 1, 2, 11
_SEALED_ALERT = 19
"""Bytes of an encrypted alert in TLS 1.3: level, description, inner type and tag. No other first record is as short."""
MAX_HELD = 1 << 17


@dataclass(frozen=True, slots=True)
class Hello:
    """The contents of a ClientHello."""

    sni: str = ""
    alpn: tuple[str, ...] = ()


def read_hello(body: bytes) -> Hello:
    """Parse the body of a ClientHello (RFC 8446, 4.1.2). Returns an empty Hello if it cannot be read."""
    try:
        at = 34
        at += 1 + body[at]
        at += 2 + struct.unpack_from(">H", body, at)[0]
        at += 1 + body[at]
        end = at + 2 + struct.unpack_from(">H", body, at)[0]
        at += 2
        sni, alpn = "", list[str]()
        while at + 4 <= min(end, len(body)):
            kind, size = struct.unpack_from(">HH", body, at)
            data = body[at + 4 : at + 4 + size]
            at += 4 + size
            if kind == 0 and len(data) > 5:
                sni = data[5 : 5 + struct.unpack_from(">H", data, 3)[0]].decode("ascii", "replace")
            elif kind == 16:
                place = 2
                while place < len(data):
                    alpn.append(data[place + 1 : place + 1 + data[place]].decode("ascii", "replace"))
                    place += 1 + data[place]
        return Hello(sni, tuple(alpn))
    except (struct.error, IndexError):
        return Hello()


@dataclass(slots=True)
class Side:
    """The state of one direction: its unread bytes, counts of records, and what its plaintext said."""

    held: bytearray = field(default_factory=bytearray)
    messages: bytearray = field(default_factory=bytearray)
    sealed: bool = False
    records: int = 0
    data_records: int = 0
    spoken: int = 0
    """How many encrypted records were longer than an alert."""
    alert: str = ""
    parted: bool = False
    """Whether an encrypted alert followed the handshake. With nothing else, it is a close_notify."""
    tls: bool | None = None
    seen: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Watch:
    """Follows one connection. `feed` receives the bytes of both sides, and `outcome` is how the handshake ended."""

    client: Side = field(default_factory=Side)
    server: Side = field(default_factory=Side)
    hello: Hello = field(default_factory=Hello)
    version: str = ""
    client_ended_first: bool = False
    answered: bool = False
    """Whether the server sent application data after the client did, so that a request got a response."""

    def feed(self, from_client: bool, data: bytes) -> None:
        side = self.client if from_client else self.server
        if side.tls is False or self.answered:
            return
        side.held += data
        if len(side.held) > MAX_HELD:
            side.held.clear()
            side.tls = bool(side.records)
            return
        while len(side.held) >= 5:
            kind, major, size = side.held[0], side.held[1], struct.unpack_from(">H", side.held, 3)[0]
            if kind not in {HANDSHAKE, ALERT, CHANGE_CIPHER, DATA} or major != 3:
                side.tls = False if side.records == 0 else side.tls
                return
            if len(side.held) < 5 + size:
                return
            body = bytes(side.held[5 : 5 + size])
            del side.held[: 5 + size]
            side.tls = True
            side.records += 1
            self._record(side, kind, body)

    def _record(self, side: Side, kind: int, body: bytes) -> None:
        if kind == CHANGE_CIPHER:
            side.sealed = side.sealed or self.version != "TLSv1.3"
        elif kind == ALERT and len(body) == 2 and not side.sealed:
            side.alert = alert_name(body[1])
        elif kind == ALERT:
            side.parted = True
        elif kind == DATA:
            side.data_records += 1
            side.parted = side.parted or (side.data_records > 1 and len(body) == _SEALED_ALERT)
            if len(body) > _SEALED_ALERT:
                side.spoken += 1
                self.answered |= side is self.server and self._asked()
            if side.data_records == 1 and len(body) == _SEALED_ALERT:
                side.alert = side.alert or "encrypted alert"
        elif kind == HANDSHAKE and not side.sealed:
            side.messages += body
            self._messages(side)

    def _messages(self, side: Side) -> None:
        while len(side.messages) >= 4:
            kind, size = side.messages[0], int.from_bytes(side.messages[1:4], "big")
            if len(side.messages) < 4 + size:
                return
            body = bytes(side.messages[4 : 4 + size])
            del side.messages[: 4 + size]
            side.seen.add(kind)
            if kind == CLIENT_HELLO:
                self.hello = read_hello(body)
            elif kind == SERVER_HELLO:
                self.version = _version(body)

    @property
    def outcome(self) -> str:
        """How the handshake ended, in one word.

        `finished`, `left-unasked` (the client closed the connection after the handshake and sent nothing on it, as OkHttp
        does if it then refuses the name or the pins), `refused-by-client` or `refused-by-server` (by an alert), `abandoned-by-client` (the client closed
        the connection after a reply, without an alert), `cut` (the server did so), `silent` (no reply), `not-tls`, or
        `no-hello` (no ClientHello)."""
        if CLIENT_HELLO not in self.client.seen:
            return "not-tls" if self.client.tls is False else "no-hello"
        if self.server.tls is False:
            return "not-tls"
        if self.server.alert and self.server.alert != "close_notify" and not self._both_sealed():
            return "refused-by-server"
        if self.client.alert and self.client.alert != "close_notify":
            return "refused-by-client"
        if self._both_sealed():
            left = self.client_ended_first or self.client.parted
            return "left-unasked" if left and not self._asked() else "finished"
        if not self.server.records:
            return "silent"
        return "abandoned-by-client" if self.client_ended_first else "cut"

    def _asked(self) -> bool:
        """Whether the client sent application data.

        In TLS 1.3, the client's first encrypted record does not count, because it ends the handshake."""
        return self.client.spoken > (1 if self.version == "TLSv1.3" else 0)

    def _both_sealed(self) -> bool:
        """Whether both sides sent encrypted records, and the client's first one was no alert."""
        if self.version == "TLSv1.3":
            return self.client.data_records > 0 and self.server.data_records > 0 and not self.client.alert
        return self.client.sealed and self.server.sealed


def _version(body: bytes) -> str:
    """The version that a ServerHello chose. supported_versions (RFC 8446, 4.2.1) overrides the legacy field."""
    chosen = struct.unpack_from(">H", body, 0)[0] if len(body) >= 2 else 0
    at = 35 + body[34] + 3 if len(body) > 34 else len(body)
    end = len(body)
    at += 2
    while at + 4 <= end:
        kind, size = struct.unpack_from(">HH", body, at)
        if kind == 43 and size == 2:
            chosen = struct.unpack_from(">H", body, at + 4)[0]
        at += 4 + size
    return version_name(chosen)
