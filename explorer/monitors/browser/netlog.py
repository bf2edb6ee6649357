"""Reads Chromium's net log after the browser has closed: the chain as served, alerts, and whether TCP connected.

The log is JSON with one event on each line, after one line of constants. If the browser was killed, the end of the log
is missing. The log may hold addresses with tokens, so queries are never kept. Only hosts that the run has seen are
read, which leaves out the browser's requests to its vendor.
"""

from __future__ import annotations

import base64
import ipaddress
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from explorer.tls.wire import alert_name
from readers import bounded

LONGEST_LINE = 4_000_000
MOST_SOURCES = 200_000


@dataclass(slots=True)
class HostLog:
    """The facts in the net log about one host and port, over all connections of the run.

    `chain` is as served, leaf first, in PEM; `alerts_received` and `alerts_sent` are names of RFC 8446 section 6.
    """

    host: str
    port: int
    address: str = ""
    tcp_connected: bool = False
    client_hello_sent: bool = False
    handshakes_done: int = 0
    chain: tuple[str, ...] = ()
    alerts_received: list[str] = field(default_factory=list)
    alerts_sent: list[str] = field(default_factory=list)
    path_errors: list[str] = field(default_factory=list)
    net_errors: list[int] = field(default_factory=list)
    protocol: str = ""
    """The TLS version of the last completed handshake, as Chromium names it."""
    anchor: str = ""
    """The root in PEM that the client's own verifier reached; empty if the client did not trust it."""
    asked_for_certificate: bool = False
    reasons: list[str] = field(default_factory=list)
    """The codes of handshake errors in BoringSSL, as `library:reason` with two numbers."""
    ended: str = ""
    """How the first handshake that failed ended, in the words of a probe, if a recording says so itself."""
    failed: bool = False
    named: bool = True
    """Whether the client named the host; else it is an address, or a name that only DNS told."""
    first_bytes: str = ""
    """What the server said instead of TLS."""
    chosen_version: str = ""
    chosen_suite: str = ""
    """What the server chose and the client did not offer, of a handshake that failed, as OpenSSL calls it."""


@dataclass(frozen=True, slots=True)
class Constants:
    """The constants of a net log: the names of its numbers, which differ between versions.

    `ticks` is the time at which the log's clock was 0, in milliseconds since the epoch. `client` is the browser with
    its version and operating system.
    """

    events: Mapping[int, str]
    phases: Mapping[int, str]
    errors: Mapping[int, str] = field(default_factory=dict)
    ticks: float = 0.0
    client: str = ""


def read_netlog(lines: Iterable[str], hosts: Iterable[tuple[str, int]] | None = None) -> dict[tuple[str, int], HostLog]:
    """The facts by host and port, only for `hosts` if given.

    Never raises an error for a truncated or invalid log.
    """
    wanted = set(hosts) if hosts is not None else None
    reader = NetLogReader(wanted)
    for event in _events(lines):
        reader.take(event)
    return reader.found


def _events(lines: Iterable[str]) -> Iterator[tuple[str, str, int, Mapping[str, Any]]]:
    """Event name, phase, source id and parameters of each complete event."""
    constants: Constants | None = None
    for line in lines:
        if len(line) > LONGEST_LINE:
            continue
        text = line.strip().rstrip(",")
        if constants is None:
            constants = _first_line(text)
            continue
        text = text.removeprefix('"events": [').strip()
        if not text.startswith("{"):
            continue
        try:
            event = json.loads(
                text.removesuffix("]}") if text.endswith("]}") and text.count("{") < text.count("}") else text
            )
            source = event["source"]["id"]
            name = constants.events.get(event["type"], "")
            phase = constants.phases.get(event.get("phase", 0), "")
            params = event.get("params") or {}
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
        if isinstance(params, dict) and isinstance(source, int):
            yield name, phase, source, params


def _first_line(text: str) -> Constants | None:
    start = text.find("{", 1)
    return constants_of(text[start:]) if '"constants"' in text and start >= 0 else None


def constants_of(text: str) -> Constants | None:
    """Parse the JSON text of the constants.

    Returns None if the text is damaged.
    """
    try:
        raw = json.loads(text)
        bounded.check(raw)
        about = raw.get("clientInfo") or {}
        return Constants(
            events={int(v): str(k) for k, v in raw["logEventTypes"].items()},
            phases={int(v): str(k) for k, v in raw.get("logEventPhase", {}).items()},
            errors={int(v): str(k) for k, v in raw.get("netError", {}).items()},
            ticks=float(raw.get("timeTickOffset") or 0),
            client=" ".join(str(about.get(key, "")).split(":")[0] for key in ("name", "version", "os_type")).strip(),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


class NetLogReader:
    """Collects the facts about each host from a net log's events.

    Each event belongs to a source, such as a job, a socket or a verifier. A job names its host. The sources that are
    linked with the job are assigned to the same host.

    `found` are the facts so far, by host and port. If `wanted` is given, only these hosts are collected.
    """

    def __init__(self, wanted: set[tuple[str, int]] | None = None) -> None:
        self.found: dict[tuple[str, int], HostLog] = {}
        self._wanted = wanted
        self._host: dict[int, tuple[str, int]] = {}
        self._above: dict[int, set[int]] = {}  # socket → the jobs that created it
        self._late: dict[int, list[tuple[str, str, Mapping[str, Any]]]] = {}

    def take(self, event: tuple[str, str, int, Mapping[str, Any]]) -> None:
        """Take the next event: its name, phase, source and parameters."""
        name, phase, source, params = event
        endpoint = _endpoint(params)
        if endpoint is not None and source not in self._host and len(self._host) < MOST_SOURCES:
            self._name(source, endpoint)
        below = (
            (params.get("source_dependency") or {}).get("id")
            if isinstance(params.get("source_dependency"), dict)
            else None
        )
        if isinstance(below, int) and len(self._above) < MOST_SOURCES:
            if source in self._host:
                self._name(below, self._host[source])
            elif below in self._host and "CONNECT_JOB" in name:
                self._name(source, self._host[below])
            else:
                self._above.setdefault(source, set()).add(below)
        if name in _TOLD:
            log = self._log(source)
            if log is not None:
                _note(log, name, phase, params)
            elif source not in self._host and len(self._late) < MOST_SOURCES:
                self._late.setdefault(source, []).append((name, phase, params))

    def _name(self, source: int, endpoint: tuple[str, int]) -> None:
        """Assign a source to a host, with all sources that it refers to, and with their earlier events."""
        todo = [source]
        while todo:
            one = todo.pop()
            if one in self._host:
                continue
            self._host[one] = endpoint
            log = self._log(one)
            for name, phase, params in self._late.pop(one, []):
                if log is not None:
                    _note(log, name, phase, params)
            todo += self._above.pop(one, set())

    def _log(self, source: int) -> HostLog | None:
        endpoint = self._host.get(source)
        if endpoint is None or (self._wanted is not None and endpoint not in self._wanted):
            return None
        return self.found.setdefault(endpoint, HostLog(*endpoint))


_TOLD = frozenset(
    {
        "TCP_CONNECT_ATTEMPT",
        "TCP_CONNECT",
        "SSL_CONNECT",
        "SSL_HANDSHAKE_MESSAGE_SENT",
        "SSL_HANDSHAKE_ERROR",
        "SSL_CERTIFICATES_RECEIVED",
        "SSL_ALERT_RECEIVED",
        "SSL_ALERT_SENT",
        "CERT_VERIFY_PROC_PATH_BUILT",
        "CERT_VERIFY_PROC",
        "CERT_VERIFIER_JOB",
        "SSL_CLIENT_CERT_REQUESTED",
    }
)


def _note(log: HostLog, name: str, phase: str, params: Mapping[str, Any]) -> None:  # noqa: PLR0912 - one case for each event
    match name:
        case "TCP_CONNECT_ATTEMPT":
            log.address = _host_of(str(params.get("address", ""))) or log.address
        case "TCP_CONNECT":
            if phase == "PHASE_END" and "net_error" not in params:
                log.tcp_connected = True
                log.address = _host_of(str(params.get("remote_address", ""))) or log.address
        case "SSL_CONNECT":
            log.tcp_connected = True
            if phase == "PHASE_END" and "net_error" not in params:
                log.handshakes_done += 1
                log.protocol = str(params.get("version", ""))[:20] or log.protocol
        case "SSL_HANDSHAKE_MESSAGE_SENT":
            log.client_hello_sent = log.client_hello_sent or params.get("type", 1) == 1
        case "SSL_HANDSHAKE_ERROR":
            code, reason = params.get("net_error"), f"{params.get('error_lib')}:{params.get('error_reason')}"
            if isinstance(code, int) and code not in log.net_errors:
                log.net_errors.append(code)
            if reason not in log.reasons and len(log.reasons) < 8:
                log.reasons.append(reason)
        case "SSL_CLIENT_CERT_REQUESTED":
            log.asked_for_certificate = True
        case "SSL_CERTIFICATES_RECEIVED":
            chain = params.get("certificates")
            if isinstance(chain, list) and not log.chain:
                log.chain = tuple(str(c)[:20_000] for c in chain[:12])
        case "SSL_ALERT_RECEIVED" | "SSL_ALERT_SENT":
            _alert(log.alerts_received if name.endswith("RECEIVED") else log.alerts_sent, params)
        case "CERT_VERIFIER_JOB":
            verified = params.get("verified_cert")
            path = verified.get("certificates") if isinstance(verified, dict) else None
            if isinstance(path, list) and path and not _is_distrusted(params):
                log.anchor = str(path[-1])[:20_000]
        case "CERT_VERIFY_PROC_PATH_BUILT":
            for line in str(params.get("errors", "")).splitlines():
                words = line.strip()[:300]
                if words and words not in log.path_errors and len(log.path_errors) < 40:
                    log.path_errors.append(words)


_AUTHORITY_INVALID = 1 << 2
"""CERT_STATUS_AUTHORITY_INVALID, a bit of `cert_status` (net/cert/cert_status_flags_list.h)."""


def _is_distrusted(params: Mapping[str, Any]) -> bool:
    status = params.get("cert_status")
    return not isinstance(status, int) or bool(status & _AUTHORITY_INVALID)


def _alert(into: list[str], params: Mapping[str, Any]) -> None:
    raw = params.get("bytes") or params.get("hex_encoded_bytes") or ""
    try:
        data = base64.b64decode(str(raw), validate=True) if params.get("bytes") else bytes.fromhex(str(raw))
    except ValueError:
        return
    if len(data) >= 2:
        name = alert_name(data[1])
        if name not in into:
            into.append(name)


def _endpoint(params: Mapping[str, Any]) -> tuple[str, int] | None:
    """Host and port from an event's parameters (`host_and_port`, `group_id` and others); None if they hold none."""
    for key in ("host_and_port", "host_port", "endpoint", "group_id", "destination"):
        value = params.get(key)
        if isinstance(value, str) and value:
            found = _split(value)
            if found is not None:
                return found
    return None


def _split(text: str) -> tuple[str, int] | None:
    """Host and port in `host:port`, or in a socket group's name such as `ssl/https://host:port <…>`.

    Returns None if there is no host or no port.
    """
    word = text.split(" ", maxsplit=1)[0]
    if "://" in word:
        word = word[word.rfind("/", 0, word.index("://")) + 1 :]
    elif "/" in word:
        word = word.rsplit("/", maxsplit=1)[-1]
    try:
        parts = urlsplit(word if "://" in word else f"//{word}")
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    port = port or {"https": 443, "wss": 443, "http": 80}.get(parts.scheme, 0)
    return (host, port) if host and port else None


def _host_of(address: str) -> str:
    """The IP address in «address:port»; empty if the text holds no IP address."""
    host = (address.rsplit(":", maxsplit=1)[0] if ":" in address else address).strip("[]")
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return ""
