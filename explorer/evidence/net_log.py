"""Reads the net log of a Chromium-based browser such as Chrome or Edge: its requests and its TLS facts.

A net log holds what a HAR lacks: the chain as served, TLS alerts, and the certificate verifier's own messages.
`explorer.monitors.browser.netlog` reads these. This module adds the requests, so that the report can also tell what the
user did.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from explorer.evidence.clean import clean_text, clean_url
from explorer.evidence.har import server_date
from explorer.evidence.seen import Kept, Seen
from explorer.monitors.browser.netlog import Constants, HostLog, NetLogReader, constants_of
from flows.session import Endpoint
from readers.json_stream import CutOff, NotJson, loaded, parts

MOST_OPEN = 100_000
"""The maximum number of unfinished requests that are tracked at one time."""
_STATUS = re.compile(r"HTTP/[\d.]+ (\d{3})|:status: (\d{3})")
_KINDS = {"main frame": "Document", "subframe": "Document"}


@dataclass(slots=True)
class _Open:
    """A request that has not finished yet."""

    url: str
    started: float
    method: str = "GET"
    kind: str = "Fetch"
    main: bool = False
    page: str = ""
    initiator: str = ""
    status: int = 0
    date: float = 0.0
    error: int = 0


@dataclass(slots=True)
class NetLog:
    """The contents of a net log.

    `client` is the browser that wrote it. `kept` are the requests, `hosts` the TLS facts by host and port. `proxies`
    are the proxy settings that requests used, without «DIRECT». `cut_off` tells whether the file ends too early.
    """

    client: str = ""
    kept: Kept = field(default_factory=Kept)
    hosts: Mapping[Endpoint, HostLog] = field(default_factory=dict)
    proxies: tuple[str, ...] = ()
    cut_off: bool = False


def read_net_log(blocks: Iterator[bytes]) -> NetLog:
    """Read the requests and the TLS facts from a net log that arrives in blocks.

    Raises NotJson if the blocks are not a net log, or if its constants are missing or damaged.
    """
    log, reader, requests = NetLog(), NetLogReader(), None
    proxies: dict[str, None] = {}
    try:
        for name, text in parts(blocks, ("events",)):
            if name == "constants":
                constants = constants_of((text or b"").decode("utf-8", "replace"))
                if constants is None:
                    raise NotJson("the net log is damaged: the constants at its beginning cannot be read")
                log.client = clean_text(constants.client)[:80]
                requests = _Requests(constants, log.kept)
            elif name == "events" and requests is not None:
                _take(text, requests, reader, proxies)
    except CutOff:
        log.cut_off = True
    except NotJson:
        if requests is None or not requests.events:
            raise
        log.cut_off = True
    if requests is None:
        raise NotJson("is cut off before its first event")
    requests.finish()
    for found in reader.found.values():
        found.path_errors[:] = map(clean_text, found.path_errors)
    log.hosts, log.proxies = reader.found, tuple(proxies)
    return log


def _take(text: bytes | None, requests: _Requests, reader: NetLogReader, proxies: dict[str, None]) -> None:
    try:
        event = loaded(text)
        source, params = event["source"]["id"], event.get("params") or {}
        name = requests.constants.events.get(event["type"], "")
        phase = requests.constants.phases.get(event.get("phase", 0), "")
        time = (float(event.get("time", 0)) + requests.constants.ticks) / 1000
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return
    if not isinstance(source, int) or not isinstance(params, dict) or not 0 <= time < 1e11:
        return
    reader.take((name, phase, source, params))
    requests.take(name, phase, source, params, time)
    if name == "PROXY_RESOLUTION_SERVICE_RESOLVED_PROXY_LIST" and len(proxies) < 10:
        used = clean_text(str(params.get("proxy_info") or params.get("pac_string") or ""))
        if used and used != "DIRECT":
            proxies.setdefault(used)


class _Requests:
    """Follows the requests of a log from their first event to their last."""

    def __init__(self, constants: Constants, kept: Kept) -> None:
        self.constants, self.events = constants, 0
        self._kept = kept
        self._open: dict[int, _Open] = {}
        self._asked: dict[int, str] = {}  # CORS request → its method, for the preflight that it sends first
        self._last = 0.0

    def take(self, name: str, phase: str, source: int, params: Mapping[str, Any], time: float) -> None:
        self.events += 1
        self._last = max(self._last, time)
        begins, ends = phase == "PHASE_BEGIN", phase == "PHASE_END"
        if name == "CORS_REQUEST" and begins and len(self._asked) < MOST_OPEN:
            asked = params.get("request_headers")
            line = str(asked.get("line", "")) if isinstance(asked, dict) else ""
            self._asked[source] = line.partition(" ")[0][:20]
        elif name == "REQUEST_ALIVE" and begins and len(self._open) < MOST_OPEN:
            self._open[source] = _Open(clean_url(str(params.get("url", ""))), time)
        elif source in self._open:
            self._note(self._open[source], name, params, time, begins=begins)
            if name == "REQUEST_ALIVE" and ends:
                self._close(source, self._open.pop(source), time)

    def _note(self, one: _Open, name: str, params: Mapping[str, Any], time: float, *, begins: bool) -> None:
        error = params.get("net_error")
        if isinstance(error, int) and error != _IO_PENDING:
            one.error = one.error or error
        if name == "CREATED_BY":
            below = params.get("source_dependency")
            cause = below.get("id") if isinstance(below, dict) else None
            one.method = self._asked.get(cause, "") if isinstance(cause, int) else one.method
        elif name == "URL_REQUEST_START_JOB" and begins:
            told = str(params.get("method", "GET"))[:20]
            one.method = one.method if told == "OPTIONS" and one.method else told
            one.kind = "WebSocket" if one.url.startswith("ws") else _KINDS.get(str(params.get("request_type")), "Fetch")
            one.main = params.get("request_type") == "main frame"
            one.page = str(params.get("network_isolation_key", "")).split(" ")[0][:120]
            one.initiator = clean_url(str(params.get("initiator", ""))) if "://" in str(params.get("initiator")) else ""
        elif name == "HTTP_TRANSACTION_READ_RESPONSE_HEADERS":
            headers = params.get("headers")
            listed = [line for line in headers if isinstance(line, str)][:100] if isinstance(headers, list) else []
            status = _STATUS.match(listed[0]) if listed else None
            one.status = int(status[1] or status[2]) if status else one.status
            one.date = next((server_date(x[5:].strip()) for x in listed if x.lower().startswith("date:")), 0.0)

    def _close(self, source: int, one: _Open, time: float, *, pending: bool = False) -> None:
        if not one.url.startswith(("http:", "https:", "ws:", "wss:")):
            return
        name = self.constants.errors.get(one.error, "") if one.error else ""  # 0 has a name, too
        failed = bool(name) and not (one.status and name == "ERR_ABORTED")
        self._kept.add(
            Seen(
                id=str(source),
                started=one.started,
                took=time - one.started,
                method=one.method or "GET",
                url=one.url,
                kind=one.kind,
                main=one.main,
                page=one.page,
                initiator="script" if one.initiator else "other",
                initiator_url=one.initiator,
                status=0 if failed else one.status,
                error=f"net::{name}" if failed else "",
                canceled=name == "ERR_ABORTED" or (not failed and not one.status and not pending),
                pending=pending,
                server_date=one.date,
            )
        )

    def finish(self) -> None:
        """Keep the requests that were unfinished when the log ended.

        They count as pending if the log holds neither a status nor an error for them.
        """
        for source, one in self._open.items():
            self._close(source, one, self._last, pending=not one.error and not one.status)
        self._open.clear()


_IO_PENDING = -1
