"""Joins a native app's log with the proxy's records of its connections. Pure.

A log often says that TLS failed but not for which host; the proxy knows the host but not the reason. Matched by time,
they give one signal for each failure. A failure that only the proxy saw becomes a signal with every cause that fits its
alert or outcome. A note reports what limits the observation: a gap in the log, connections that bypass the proxy, a
wrong clock of the device.

A device's proxy carries the connections of all its apps. Only those of the explored app count: the socket table shows
their owner, or the package or the log names their host. Those of which neither is known blame nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from explorer.monitors.browser.monitor import BrowserMonitor
from explorer.monitors.socket_table import is_loopback, peers
from flows.diagnosis import Cause
from flows.effects import Effect
from flows.handshake import Handshake, handshake_of
from flows.judge.unobserved import NETWORK
from flows.record import Record
from flows.signals import Exchange, Family, Signal

BEFORE, AFTER = 3.0, 2.0
"""How many seconds a connection may end before, or after, the log line about it."""
PATIENCE = 4.0
"""Seconds to wait for a log line about a failed connection before it is reported without one."""
SLOW = 5.0
"""Seconds. If an app hangs up on a silent server earlier than this, it may simply no longer want the response."""

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
"""How a handshake failed → its possible causes. `finished`, `left-unasked`, `no-hello` and `unreachable` are no TLS
failures by themselves."""
UNASKED = "left-unasked"
"""Outcome of a handshake that finished, and of the exchange that stands for it, if the app then sent nothing."""
SILENT = (
    "The app's network was not observable: its log told of no request, and the device did not use the observing proxy "
    "(--proxy). A TLS failure would not have been seen."
)
_BYPASS = "they bypass the device's proxy, as is usual for Flutter and native code"
_KNOWN = "Their hosts are known only if the log, the package or the device's socket table names them."
MOST_LISTED = 8


@dataclass(frozen=True, slots=True)
class Tunnel:
    """One connection as the proxy saw it.

    `alert` is the TLS alert that ended the connection; it is empty if the proxy could not read one.
    """

    host: str
    port: int
    outcome: str
    started: float
    finished: float
    alert: str = ""
    ended: str = ""
    id: str = ""
    """Id of the exchange that stands for this connection.

    The exchange holds the time of the request; the log may report the failure much later.
    """

    @property
    def failed(self) -> bool:
        return self.outcome in _OUTCOMES


def _given_up(tunnel: Tunnel) -> bool:
    """Whether the app hung up before the server had time to respond.

    Unless a log line reports a failure, such a connection is not counted as a failure.
    """
    early = tunnel.finished - tunnel.started < SLOW
    return tunnel.outcome == "silent" and tunnel.ended.endswith("client") and early


def _on_device(host: str) -> bool:
    """Whether a host is the device itself, as apps name it."""
    if host == "localhost":
        return True
    try:
        return is_loopback(host)
    except ValueError:
        return False


CLOCK_OFF = 60.0
"""Seconds. A smaller error of the device's clock is not reported."""

Note = Callable[[str, str], None]
"""Called with the kind of a note («log-gap», «device-clock», «network-not-observable») and its sentence."""


class LogReader(Protocol):
    """A reader of the device's log (`explorer.monitors.logs.logcat.LogMonitor`)."""

    def feed(self, record: Record) -> list[Signal]: ...

    def flush(self) -> list[Signal]: ...


class AppNetwork:
    """Joins the log and the connections of one session.

    Feed it every record in order, and call `finish` at the end. `proxied` says whether the device uses the proxy.
    `note` is called with what limits the observation. `hosts` are those that the app's package names.
    """

    def __init__(
        self,
        log: LogReader,
        session: str,
        *,
        proxied: bool = False,
        note: Note | None = None,
        hosts: Collection[tuple[str, int]] = (),
    ) -> None:
        self._log, self._session, self._proxied = log, session, proxied
        self._web = BrowserMonitor(session)
        self._of_web: list[Signal] = []
        self._note = note or (lambda _, __: None)
        self._open: list[Tunnel] = []
        self._named: set[tuple[str, int]] = set()
        self._hosts = frozenset(hosts)
        self._strange: list[Tunnel] = []
        """Failed connections that may be those of another app."""
        self._connections = 0
        self._mine = self._unknown = False
        """Whether a connection of the app, or one of an unknown owner, was seen."""
        self._heard = False
        """Whether anything at all was told: a session that could not begin has nothing to observe."""
        self._spoken = False
        """Whether the log or a WebView told of the app's requests."""
        self.peers: set[tuple[str, int]] = set()
        """Addresses and ports to which the app was connected, according to the device's socket table."""
        self._logged: dict[str, None] = {}
        """Hosts that the app contacted over TLS, according to the log."""

    def feed(self, record: Record) -> Sequence[Signal | Exchange | Effect | Handshake]:
        """Handle the next record. Returns the observations that are now complete."""
        self._heard = True
        if record.source == "proxy":
            return self._connection(record)
        if record.source == "sockets":
            self.peers |= peers(str(record.data["table"]), int(record.data["user"]))
            return []
        if record.source == "cdp":
            self._spoken = True
            return self._of_views(self._web.feed(record))
        if record.source == "logcat" and record.kind != "line":
            return self._aside(record)
        signals = self._of_log(self._log.feed(record))
        return [*signals, *self._overdue(record.time - PATIENCE)]

    def _of_views(self, told: Sequence[Signal | Exchange | Effect]) -> Sequence[Signal | Exchange | Effect]:
        """Remember the TLS failures among the observations from a WebView's DevTools.

        These failures are then not reported again from the log or the proxy. Returns all the observations.
        """
        for signal in told:
            if isinstance(signal, Signal) and signal.family is Family.TLS:
                self._of_web.append(signal)
                self._open = [t for t in self._open if (t.host, t.port) != (signal.host, signal.port)]
        return told

    def _of_log(self, signals: Sequence[Signal]) -> list[Signal]:
        self._spoken = self._spoken or bool(signals)
        return [self._named_by_proxy(s) for s in signals if not any(self._same(s, web) for web in self._of_web)]

    @staticmethod
    def _same(logged: Signal, web: Signal) -> bool:
        """Whether `logged`, a signal from the log, repeats the failure of `web`, a signal from a WebView's DevTools."""
        near = abs(logged.time - web.time) <= BEFORE
        return near and logged.host in ("", web.host) and bool(set(logged.causes) & set(web.causes))

    def _aside(self, record: Record) -> list[Signal]:
        """Handle a record of the log that is not a line.

        A gap, a wrong clock and dialogs about other apps are noted. A crash or a hang (ANR) is returned as a signal.
        """
        data = record.data
        offset = float(data.get("offset", 0.0))
        if record.kind == "gap":
            self._note(
                "log-gap",
                f"The device's log was interrupted ({data['why']}). Failures during that time may be missing.",
            )
        elif record.kind == "clock" and abs(offset) > CLOCK_OFF:
            way = "ahead of" if offset > 0 else "behind"
            told = f"{abs(offset) / 86_400:.1f} days" if abs(offset) > 86_400 else f"{abs(offset) / 60:.0f} minutes"
            self._note(
                "device-clock",
                f"The device's clock is {told} {way} ours, so the device checks certificates against a wrong time.",
            )
        elif record.kind == "foreign-dialog":
            self._note(
                "foreign-dialog", f"The system showed a dialog about another app, which was closed: «{data['text']}»."
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

    def finish(self, _now: float = 0.0) -> Sequence[Signal | Exchange | Effect | Handshake]:
        """The observations that were still held back."""
        web = self._of_views(self._web.finish(_now))
        signals = [*web, *self._of_log(self._log.flush())]
        told = [*signals, *self._overdue(float("inf"))]
        if limit := self._limit():
            self._note(NETWORK, limit)
        return told

    def _limit(self) -> str:
        """What of the app's network was not observable, in sentences; empty if nothing shows a limit."""
        unseen = [host for host in self._logged if host not in {host for host, _ in self._named}]
        outside = sorted(f"{address}:{port}" for address, port in self.peers if not is_loopback(address))
        if not self._proxied:
            return "" if self._spoken or not self._heard else SILENT
        if self._unknown and not self._mine:
            return (
                "The app's connections are not observable: the device does not show which connections are those of the app, "
                f"and which are those of others. {_KNOWN}"
            )
        if not self._mine:
            return f"The app's connections are not observable: {_BYPASS}. {_KNOWN}"
        if unseen or outside:
            what = ", ".join((unseen or outside)[:MOST_LISTED])
            return f"The connections to {what} are not observable: {_BYPASS}. {_KNOWN}"
        return ""

    def _connection(self, record: Record) -> list[Signal | Exchange | Handshake]:
        self._connections += 1
        seen = handshake_of(record, self._session)
        seen = seen if seen.id else replace(seen, id=f"tunnel-{self._connections}")
        of = str(record.data.get("of", ""))
        named = (seen.host, seen.port) in self._hosts
        if (of == "other" and not named) or _on_device(seen.host):
            return []  # another app's, or to a server inside the app, which nobody else can reach
        tunnel = Tunnel(
            seen.host, seen.port, seen.outcome, seen.started, seen.finished, seen.alert, seen.ended, seen.id
        )
        if of == "other" or (of != "app" and not named):  # the download manager connects for an app as another user
            self._unknown = True
            self._strange += [tunnel] if tunnel.failed else []
            return []
        self._mine = True
        if record.kind != "tunnel" or tunnel.outcome == "no-hello":
            return [seen] if record.kind == "tunnel" else []
        self._named.add((tunnel.host, tunnel.port))
        if tunnel.failed:
            self._open.append(tunnel)
        if tunnel.outcome == "unreachable":
            return [seen]
        outcome = "ok" if seen.answered else UNASKED if tunnel.outcome == UNASKED else "failed"
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
            address=seen.address,
            protocol=seen.version,
        )
        return [seen, exchange]

    def _named_by_proxy(self, signal: Signal) -> Signal:
        """The signal, linked to the connection that failed at about the same time.

        If the log names a host, the connection must be to that host. Otherwise, all connections that failed at that
        time must be to one host. Without such a connection, the signal is returned unchanged.
        """
        near = [t for t in self._open if signal.time - BEFORE <= t.finished <= signal.time + AFTER]
        if signal.host:
            mine = [t for t in near if t.host == signal.host and signal.port in (0, t.port)]
            if Cause.CLEARTEXT_BLOCKED not in signal.causes:  # such a request never leaves the app
                self._logged[signal.host] = None
        else:
            mine = near if len({(t.host, t.port) for t in near}) == 1 else []
        if not mine:
            return self._with_port(signal)
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

    def _with_port(self, signal: Signal) -> Signal:
        """The signal with the port of a connection to its host whose owner is unknown: the log says that it is the app's."""
        near = [t for t in self._strange if signal.time - BEFORE <= t.finished <= signal.time + AFTER]
        ports = {t.port for t in near if t.host == signal.host}
        return replace(signal, port=ports.pop()) if len(ports) == 1 and not signal.port else signal

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
            text=f"handshake: {error}; connection: {tunnel.ended}; the log does not mention it",
        )
