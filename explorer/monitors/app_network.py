"""A native app's log and the proxy's account of its connections, laid side by side. Pure.

A log often tells that TLS failed and not where; the proxy tells where, and not why. Set against each other by time they
give one signal for each failure. What the proxy alone saw fail is a signal of its own, without a cause of its own. What limits
the view (a gap in the log, connections past the proxy) or colours it (a device's wrong clock) is told as a note.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from explorer.monitors.browser.monitor import BrowserMonitor
from explorer.monitors.socket_table import peers
from flows.diagnosis import Cause
from flows.handshake import Handshake, handshake_of
from flows.record import Record
from flows.signals import Exchange, Family, Signal

BEFORE, AFTER = 3.0, 2.0
"""Seconds that the end of a connection may lie before or after the log's line about it."""
PATIENCE = 4.0
"""Seconds after which a failed connection is told although the log says nothing of it."""
SLOW = 5.0
"""Seconds of silence before which an app that hangs up may simply not want the answer any more."""

_REFUSES = (
    Cause.UNTRUSTED_CA,
    Cause.SELF_SIGNED,
    Cause.INCOMPLETE_CHAIN,
    Cause.EXPIRED,
    Cause.NOT_YET_VALID,
    Cause.HOSTNAME_MISMATCH,
    Cause.INVALID_CERTIFICATE,
    Cause.WEAK_SIGNATURE,
    Cause.WEAK_KEY,
    Cause.REVOKED,
)
_ALERTS = {
    "certificate_expired": (Cause.EXPIRED, Cause.NOT_YET_VALID, Cause.CLOCK_SKEW),
    "unknown_ca": (Cause.UNTRUSTED_CA, Cause.SELF_SIGNED, Cause.INCOMPLETE_CHAIN, Cause.INTERCEPTION),
    "certificate_required": (Cause.CLIENT_CERTIFICATE_REQUIRED,),
    "protocol_version": (Cause.WEAK_PROTOCOL,),
    "insufficient_security": (Cause.WEAK_CIPHER, Cause.WEAK_PROTOCOL),
    "handshake_failure": (Cause.WEAK_CIPHER, Cause.WEAK_PROTOCOL, Cause.CLIENT_CERTIFICATE_REQUIRED),
    "unrecognized_name": (Cause.UNKNOWN_TLS,),
}
_OUTCOMES = {
    "refused-by-client": _REFUSES,
    "abandoned-by-client": _REFUSES,
    "refused-by-server": (Cause.UNKNOWN_TLS,),
    "cut": (Cause.CONNECTION_CUT,),
    "silent": (Cause.HANDSHAKE_TIMEOUT, Cause.CONNECTION_CUT),
    "not-tls": (Cause.NOT_TLS,),
}
"""How a handshake failed → the causes that this alone allows; `finished`, `no-hello`, `unreachable` are no TLS failures."""


@dataclass(frozen=True, slots=True)
class Tunnel:
    """One connection as the proxy saw it; `alert` is the one that ended it, if it could be read."""

    host: str
    port: int
    outcome: str
    started: float
    finished: float
    alert: str = ""
    ended: str = ""
    id: str = ""
    """Of its exchange: it tells when the app asked, which may be long before the log says that it failed."""

    @property
    def failed(self) -> bool:
        return self.outcome in _OUTCOMES


def _given_up(tunnel: Tunnel) -> bool:
    """The app itself hung up before the server had time to answer: a user who went on, unless the log says otherwise."""
    early = tunnel.finished - tunnel.started < SLOW
    return tunnel.outcome == "silent" and tunnel.ended.endswith("client") and early


CLOCK_OFF = 60.0
"""Seconds by which a device's clock may be wrong without it being worth a word."""

Note = Callable[[str, str], None]
"""Hears the kind of a note («log-gap», «device-clock», «network-not-observable») and its sentence."""


class LogReader(Protocol):
    """What reads the device's log (`explorer.monitors.logs.logcat.LogMonitor`)."""

    def feed(self, record: Record) -> list[Signal]: ...

    def flush(self) -> list[Signal]: ...


class AppNetwork:
    """One session's log and connections. Give it every record in order; call `finish` at the end.

    `proxied` says whether the device was told to use the proxy. `note` hears what limits or colours the view."""

    def __init__(self, log: LogReader, session: str, *, proxied: bool = False, note: Note | None = None) -> None:
        self._log, self._session, self._proxied = log, session, proxied
        self._web = BrowserMonitor(session)
        self._of_web: list[Signal] = []
        self._note = note or (lambda _, __: None)
        self._open: list[Tunnel] = []
        self._named: set[tuple[str, int]] = set()
        self._tunnels = 0
        self.peers: set[tuple[str, int]] = set()
        """Addresses and ports that the device's socket table showed the app connected to."""
        self._logged: dict[str, None] = {}
        """Hosts that the log names as asked over TLS."""

    def feed(self, record: Record) -> Sequence[Signal | Exchange | Handshake]:
        """Take the next record; gives what is now known."""
        if record.source == "proxy":
            return self._connection(record)
        if record.source == "sockets":
            self.peers |= peers(str(record.data["table"]), int(record.data["user"]))
            return []
        if record.source == "cdp":
            return self._of_views(self._web.feed(record))
        if record.source == "logcat" and record.kind != "line":
            return self._aside(record)
        signals = self._of_log(self._log.feed(record))
        return [*signals, *self._overdue(record.time - PATIENCE)]

    def _of_views(self, told: Sequence[Signal | Exchange]) -> Sequence[Signal | Exchange]:
        """What a WebView's DevTools tell: it names the request, so neither the log's line nor the proxy adds to it."""
        for signal in told:
            if isinstance(signal, Signal) and signal.family is Family.TLS:
                self._of_web.append(signal)
                self._open = [t for t in self._open if (t.host, t.port) != (signal.host, signal.port)]
        return told

    def _of_log(self, signals: Sequence[Signal]) -> list[Signal]:
        return [self._named_by_proxy(s) for s in signals if not any(self._same(s, web) for web in self._of_web)]

    @staticmethod
    def _same(logged: Signal, web: Signal) -> bool:
        """Whether a line of the log tells of what DevTools have told with its address."""
        near = abs(logged.time - web.time) <= BEFORE
        return near and logged.host in ("", web.host) and bool(set(logged.causes) & set(web.causes))

    def _aside(self, record: Record) -> list[Signal]:
        """What the log's follower says beside the lines."""
        data = record.data
        offset = float(data.get("offset", 0.0))
        if record.kind == "gap":
            self._note(
                "log-gap", f"The device's log was interrupted ({data['why']}): failures of that time may be missing."
            )
        elif record.kind == "clock" and abs(offset) > CLOCK_OFF:
            way = "ahead of" if offset > 0 else "behind"
            told = f"{abs(offset) / 86_400:.1f} days" if abs(offset) > 86_400 else f"{abs(offset) / 60:.0f} minutes"
            self._note(
                "device-clock",
                f"The device's clock is {told} {way} ours: it judges the dates of certificates by a time that is not.",
            )
        elif record.kind in {"crash", "anr"}:
            return [
                Signal(
                    id=f"{record.kind}-{record.time:.3f}",
                    time=record.time,
                    session=self._session,
                    family=Family.CRASH,
                    signature=record.kind,
                    error=str(data.get("text", record.kind))[:200],
                    place="app",
                )
            ]
        return []

    def finish(self, _now: float = 0.0) -> Sequence[Signal | Exchange | Handshake]:
        """Whatever was held back."""
        web = self._of_views(self._web.finish(_now))
        signals = [*web, *self._of_log(self._log.flush())]
        told = [*signals, *self._overdue(float("inf"))]
        unseen = [host for host in self._logged if host not in {host for host, _ in self._named}]
        if self._proxied and (unseen or not self._tunnels):
            what = f"The connections to {', '.join(unseen)}" if self._tunnels else "The app's connections"
            self._note(
                "network-not-observable",
                f"{what} are not observable: they ignore the device's proxy, as Flutter and native code do. Their hosts are "
                "known only as far as the log, the package and the device's socket table name them.",
            )
        return told

    def _connection(self, record: Record) -> list[Signal | Exchange | Handshake]:
        seen = handshake_of(record, self._session)
        seen = seen if seen.id else replace(seen, id=f"tunnel-{self._tunnels + 1}")
        tunnel = Tunnel(
            seen.host, seen.port, seen.outcome, seen.started, seen.finished, seen.alert, seen.ended, seen.id
        )
        self._tunnels += 1
        self._named.add((tunnel.host, tunnel.port))
        if tunnel.failed:
            self._open.append(tunnel)
        if record.kind != "tunnel":
            return []
        if tunnel.outcome in {"unreachable", "no-hello"}:
            return [seen]
        outcome = "ok" if seen.answered else "failed"
        exchange = Exchange(
            id=tunnel.id,
            session=self._session,
            started=tunnel.started,
            finished=tunnel.finished,
            method="CONNECT",
            url=f"https://{tunnel.host}:{tunnel.port}/",
            host=tunnel.host,
            port=tunnel.port,
            place="app",
            outcome=outcome,
            protocol=seen.version,
        )
        return [seen, exchange]

    def _named_by_proxy(self, signal: Signal) -> Signal:
        """With the host of the connection that failed just then, if the log does not name one and only one failed."""
        near = [t for t in self._open if signal.time - BEFORE <= t.finished <= signal.time + AFTER]
        if signal.host:
            mine = [t for t in near if t.host == signal.host and signal.port in (0, t.port)]
            if Cause.CLEARTEXT_BLOCKED not in signal.causes:  # such a request never leaves the app
                self._logged[signal.host] = None
        else:
            mine = near if len({(t.host, t.port) for t in near}) == 1 else []
        if not mine:
            return signal
        tunnel = mine[-1]
        self._open.remove(tunnel)
        if signal.host and signal.port:
            return replace(signal, request=tunnel.id)
        return replace(
            signal,
            request=tunnel.id,
            host=tunnel.host,
            port=tunnel.port,
            url=signal.url or f"https://{tunnel.host}:{tunnel.port}/",
        )

    def _overdue(self, before: float) -> list[Signal]:
        late = [t for t in self._open if t.finished < before]
        self._open = [t for t in self._open if t.finished >= before]
        return [self._signal(tunnel) for tunnel in late if not _given_up(tunnel)]

    def _signal(self, tunnel: Tunnel) -> Signal:
        error = f"{tunnel.outcome} ({tunnel.alert})" if tunnel.alert else tunnel.outcome
        return Signal(
            id=f"tunnel-{tunnel.host}-{tunnel.port}-{tunnel.finished:.3f}",
            time=tunnel.finished,
            session=self._session,
            family=Family.TLS,
            signature=f"proxy-{tunnel.outcome}",
            error=error,
            causes=_ALERTS.get(tunnel.alert) or _OUTCOMES[tunnel.outcome],
            host=tunnel.host,
            port=tunnel.port,
            url=f"https://{tunnel.host}:{tunnel.port}/",
            place="app",
            request=tunnel.id,
            text=f"the handshake ended as {error}; {tunnel.ended}; the log says nothing of it",
        )
