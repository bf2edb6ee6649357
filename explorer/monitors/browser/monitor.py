"""Turns a browser's records into exchanges (one per request), signals (one per failure) and effects."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from explorer.monitors.browser.effects import SOURCE, effect_of
from explorer.monitors.browser.folding import Folding
from explorer.monitors.browser.late_witnesses import LateWitnesses, is_insecure_form
from explorer.monitors.browser.net_errors import NetError, classify, net_error
from explorer.monitors.browser.requests import Pending, began
from explorer.monitors.browser.signalling import TWIN, Observations, Signaller
from explorer.monitors.browser.websockets import WebSockets
from flows.record import Record
from flows.signals import Family, Signal

_API = frozenset(
    {
        "document",
        "iframe",
        "form",
        "popup",
        "download",
        "fetch",
        "xhr",
        "script",
        "websocket",
        "eventsource",
        "worker",
        "service-worker",
        "shared-worker",
    }
)
_CONSEQUENCE = re.compile(
    r"failed to fetch|networkerror|network error|load failed|failed to load|importing a module|dynamically imported|err_network"
    r"|websocket|importscripts|the operation was aborted|timeout|xmlhttprequest",
    re.IGNORECASE,
)
"""Script errors that only say that a request failed: the request has a signal of its own."""


class BrowserMonitor:
    """Turns the records of one session into observations. Pure.

    Feed it the records in order. Its only clock is that of the records.
    """

    def __init__(self, session: str, meaning: Callable[[str], NetError] = classify) -> None:
        """`meaning` classifies the error of a failed request.

        A recording needs a function of its own, because its errors may be free text.
        """
        self.session = session
        self._meaning = meaning
        self._open: dict[str, Pending] = {}
        self._given_up: dict[str, Pending] = {}  # address → document that was answered and then aborted: a download?
        self._signaller = Signaller(session)
        self._sockets = WebSockets(self._signaller, self._open)
        self._late = LateWitnesses(self._signaller)
        self._folding = Folding()

    def feed(self, record: Record) -> Observations:
        """Handle the next record. Returns the observations that are now complete."""
        return self._folding.fold(self._read(record), record.time)

    def _read(self, record: Record) -> Observations:  # noqa: PLR0912 - one case for each event
        told = self._late.due(record.time - TWIN)
        if record.source == SOURCE:
            return [*told, effect_of(record, self.session)]
        if record.source != "cdp":
            return told
        data, kind = record.data, record.kind
        match kind:
            case "Network.requestWillBeSent":
                told += self._began(record, data)
            case "Network.responseReceived":
                told += self._answered(record, data)
            case "Network.loadingFinished":
                told += self._finished(record, data)
            case "Network.loadingFailed":
                told += self._failed(record, data)
            case "Network.webSocketCreated":
                self._sockets.created(record, data)
            case "Network.webSocketHandshakeResponseReceived":
                told += self._sockets.opened(record, data)
            case "Network.webSocketFrameError":
                told += self._sockets.failed(record, data)
            case "Network.webSocketClosed":
                told += self._sockets.closed(record, data)
            case "Log.entryAdded":
                self._late.log_line(record, data)
            case "Security.certificateError":
                self._late.hold(record, data)
            case "Audits.issueAdded":
                self._late.mixed_content(record, data)
            case "Runtime.exceptionThrown":
                told += self._thrown(record, data)
            case "Browser.downloadWillBegin":
                told += self._download(record, data)
            case "Inspector.targetCrashed":
                told.append(self._signaller.signal(record, Family.CRASH, "page-crash", "the page crashed", data=data))
        return told

    def finish(self, now: float) -> Observations:
        """The last observations of the session: unfinished requests, and failures that only a log line reported."""
        told = self._late.due(float("inf"))
        for request in self._open.values():
            if request.answered or request.opened:
                told.append(request.exchange(self.session, self._outcome(request), now))
            else:
                told.append(request.exchange(self.session, "pending", 0.0))
        self._open.clear()
        return [*self._folding.fold(told, now), *self._folding.rest()]

    def _began(self, record: Record, data: Mapping[str, Any]) -> Observations:
        told: Observations = []
        if data["url"].startswith(("data:", "blob:", "chrome", "about:", "javascript:")):
            return told
        request = began(data, record.time)
        before = self._open.get(request.id)
        if before is not None and data.get("redirect"):
            before.answered = data["redirect"]
            told.append(before.exchange(self.session, self._outcome(before), record.time, suffix=f"/{before.hops}"))
            request.hops, request.place = before.hops + 1, before.place
            request.initiator, request.document = before.initiator, before.document
        elif before is not None:
            return told  # told by two targets
        if request.kind == "Document":
            self._sockets.leaving(request, record.time)
        self._open[request.id] = request
        return told

    def _outcome(self, request: Pending) -> str:
        return "http-error" if int(request.answered.get("status", 0)) >= 400 else "ok"

    def _answered(self, record: Record, data: Mapping[str, Any]) -> Observations:
        request = self._open.get(str(data["request"]))
        if request is None or request.answered:
            return []
        request.answered = data
        told: Observations = []
        status = int(data.get("status", 0))
        if request.kind != "Preflight" and (status >= 500 or (status >= 400 and request.place in _API)):
            told.append(
                self._signaller.signal(
                    record,
                    Family.HTTP,
                    f"http-{status}",
                    f"HTTP {status}",
                    request=request,
                    text=f"the server answered with status {status}",
                )
            )
        if request.place == "eventsource" or data.get("mime") == "text/event-stream":
            told.append(request.exchange(self.session, self._outcome(request), record.time))
        return told

    def _finished(self, record: Record, data: Mapping[str, Any]) -> Observations:
        request = self._open.pop(str(data["request"]), None)
        return [request.exchange(self.session, self._outcome(request), record.time)] if request else []

    def _failed(self, record: Record, data: Mapping[str, Any]) -> Observations:
        request = self._open.pop(str(data["request"]), None)
        error = str(data.get("error", ""))
        if request is None:
            stopped = self._late.form_stopped(record, data, error)
            return [stopped] if stopped else []
        if request.kind == "Document" and request.answered and "ERR_ABORTED" in error:
            self._given_up[request.url] = request
        if request.answered and request.place == "eventsource":
            return [request.exchange(self.session, self._outcome(request), record.time)]
        signal = self._failure(record, request, data, error)
        aborted = signal is None and (bool(data.get("canceled")) or "ERR_ABORTED" in error)
        outcome = "aborted" if aborted else self._outcome(request) if request.answered and signal is None else "failed"
        told: Observations = [request.exchange(self.session, outcome, record.time)]
        return [*told, signal] if signal else told

    def _failure(self, record: Record, request: Pending, data: Mapping[str, Any], error: str) -> Signal | None:
        self._signaller.last_failure = record.time
        if request.kind == "Preflight":
            return None  # the request that it went ahead of fails as well, and with the same words
        blocked, cors = str(data.get("blocked", "")), str(data.get("cors", ""))
        if blocked == "mixed-content" or is_insecure_form(request, error):
            return self._signaller.insecure(record, request.url, request=request)
        if cors and not net_error(error).startswith("net::ERR_CERT"):
            return self._signaller.signal(
                record,
                Family.HTTP,
                "cors",
                f"CORS {cors}",
                request=request,
                text=f"the page is not allowed to read the answer: {cors}",
            )
        meaning = self._meaning(error)
        if meaning.family is None:
            return None
        name = net_error(error) or error
        return self._signaller.signal(
            record,
            meaning.family,
            meaning.signature,
            name,
            causes=meaning.causes,
            request=request,
            text=f"{request.method} {request.url} failed with {name}",
        )

    def _download(self, record: Record, data: Mapping[str, Any]) -> Observations:
        """The exchange of a document that became a download. Chromium had reported it as aborted, but it succeeded."""
        request = self._given_up.pop(str(data.get("url", "")), None)
        if request is None:
            return []
        request.place = "download"
        return [request.exchange(self.session, self._outcome(request), record.time)]

    def _thrown(self, record: Record, data: Mapping[str, Any]) -> Observations:
        text = str(data.get("text", ""))
        if _CONSEQUENCE.search(text) and record.time - self._signaller.last_failure < 30:
            return []
        return [
            self._signaller.signal(
                record,
                Family.SCRIPT,
                "exception",
                text.split(":", maxsplit=1)[0][:80],
                url=str(data.get("url", "")),
                data=data,
                text=text,
            )
        ]
