"""One connection as the observing proxy saw it: destination, unencrypted part of the handshake, and end."""

from __future__ import annotations

from dataclasses import dataclass

from flows.record import Record


@dataclass(frozen=True, slots=True)
class Handshake:
    """One TLS handshake that the proxy observed.

    `outcome` is `finished`, `left-unasked` (the client closed the connection after the handshake, and sent nothing),
    `refused-by-client` or `refused-by-server` (by an alert), `abandoned-by-client`, `cut` (by
    the server), `silent`, `not-tls`, `no-hello` or `unreachable`. `address` is the address that the proxy connected to.
    `client_alert` and `server_alert` are names of RFC 8446 section 6, or «encrypted alert». `ended` says which side
    closed first, or «open». `answered` says whether the server sent data after the client's request.
    """

    id: str
    session: str
    started: float
    finished: float
    host: str
    port: int
    outcome: str
    address: str = ""
    sni: str = ""
    alpn: tuple[str, ...] = ()
    version: str = ""
    client_alert: str = ""
    server_alert: str = ""
    ended: str = ""
    answered: bool = False

    @property
    def alert(self) -> str:
        """The alert that ended the handshake, or an empty string."""
        return self.client_alert or self.server_alert


def handshake_of(record: Record, session: str) -> Handshake:
    """Builds a handshake from the proxy's record of a tunnel."""
    data = record.data
    return Handshake(
        id=str(data.get("id", "")),
        session=session,
        started=record.time,
        finished=float(data["finished"]),
        host=str(data["host"]),
        port=int(data["port"]),
        outcome=str(data["outcome"]),
        address=str(data.get("address", "")),
        sni=str(data.get("sni", "")),
        alpn=tuple(str(name) for name in data.get("alpn", ())),
        version=str(data.get("version", "")),
        client_alert=str(data.get("client_alert", "")),
        server_alert=str(data.get("server_alert", "")),
        ended=str(data.get("ended", "")),
        answered=bool(data.get("answered")),
    )
