"""Turns a browser's records into one exchange for each request and one signal for each failure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from explorer.monitors.browser.net_errors import classify, net_error
from explorer.monitors.browser.requests import Pending, began, endpoint
from flows.diagnosis import Cause
from flows.record import Record
from flows.signals import Exchange, Family, Signal

Observations = list[Signal | Exchange]

TWIN = 2.0
"""Seconds within which two records about one address describe the same failure."""

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
"""Script errors that only say that a request failed. The request has its own signal."""


class BrowserMonitor:
    """Feed it the records of a session in order. Pure: the only clock is that of the records."""

    def __init__(self, session: str) -> None:
        self.session = session
        self._open: dict[str, Pending] = {}
        self._done: dict[str, Pending] = {}  # requests that failed recently, for later records about them
        self._failed_at: dict[str, float] = {}  # address → time of its last signal
        self._given_up: dict[
            str, Pending
        ] = {}  # address → document that got a response and was then aborted: possibly a download
        self._forms: dict[str, str] = {}  # secure document → unencrypted address to which its form sends
        self._left: dict[str, float] = {}  # page and frame → start of its navigation
        self._held: list[
            tuple[Record, Mapping[str, Any]]
        ] = []  # console lines held back in case a better record follows
        self._last_failure = float("-inf")
        self._count = 0

    def feed(self, record: Record) -> Observations:  # noqa: PLR0912 - one case for each event
        """Take the next record. Returns the observations that are now complete."""
        told = self._due(record.time - TWIN)
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
                sent = {**data, "type": "WebSocket", "method": "GET", "wall": record.time}
                self._open[str(data["request"])] = began(sent, record.time)
            case "Network.webSocketHandshakeResponseReceived":
                told += self._socket_open(record, data)
            case "Network.webSocketFrameError":
                told += self._socket_failed(record, data)
            case "Network.webSocketClosed":
                told += self._socket_closed(record, data)
            case "Log.entryAdded":
                if data.get("log") in ("network", "javascript", "other") and net_error(str(data.get("text", ""))):
                    self._held.append((record, data))
            case "Security.certificateError":
                self._held.append((record, data))
            case "Audits.issueAdded":
                told += self._mixed(record, data)
            case "Runtime.exceptionThrown":
                told += self._thrown(record, data)
            case "Browser.downloadWillBegin":
                told += self._download(record, data)
            case "Inspector.targetCrashed":
                told.append(self._signal(record, Family.CRASH, "page-crash", "the page crashed", data=data))
        return told

    def finish(self, now: float) -> Observations:
        """The observations at the end of the session: pending requests, and failures that only a console line reported."""
        told = self._due(float("inf"))
        for request in self._open.values():
            if request.answered or request.opened:
                told.append(request.exchange(self.session, self._outcome(request), now))
            else:
                told.append(request.exchange(self.session, "pending", 0.0))
        self._open.clear()
        return told

    # -- requests --------------------------------------------------------------------------------------------------

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
            return told  # two targets reported it
        if request.kind == "Document":
            self._left[f"{request.page} {request.frame}"] = record.time
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
                self._signal(
                    record,
                    Family.HTTP,
                    f"http-{status}",
                    f"HTTP {status}",
                    request=request,
                    text=f"the server responded with status {status}",
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
            return self._form_stopped(record, data, error)
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
        self._last_failure = record.time
        if request.kind == "Preflight":
            return None  # the request after this preflight fails too, with the same error
        blocked, cors = str(data.get("blocked", "")), str(data.get("cors", ""))
        if blocked == "mixed-content" or _insecure_form(request, error):
            return self._insecure(record, request.url, request=request)
        if cors and not net_error(error).startswith("net::ERR_CERT"):
            return self._signal(
                record,
                Family.HTTP,
                "cors",
                f"CORS {cors}",
                request=request,
                text=f"CORS forbids the page to read the response: {cors}",
            )
        meaning = classify(error)
        if meaning.family is None:
            return None
        return self._signal(
            record,
            meaning.family,
            meaning.signature,
            net_error(error),
            causes=meaning.causes,
            request=request,
            text=f"{request.method} {request.url} failed with {net_error(error)}",
        )

    def _download(self, record: Record, data: Mapping[str, Any]) -> Observations:
        """A document that became a download: Chromium reports it as aborted, although it arrives."""
        request = self._given_up.pop(str(data.get("url", "")), None)
        if request is None:
            return []
        request.place = "download"
        return [request.exchange(self.session, self._outcome(request), record.time)]

    def _form_stopped(self, record: Record, data: Mapping[str, Any], error: str) -> Observations:
        """«The form is not secure»: the only trace is the end of a document that never began."""
        url = self._forms.get(str(data.get("frame_url", "")))
        if url is None or data.get("type") != "Document" or "ERR_BLOCKED_BY_CLIENT" not in error:
            return []
        signal = self._insecure(record, url, place="form", data=data)
        return [signal] if signal else []

    # -- sockets ---------------------------------------------------------------------------------------------------

    def _socket_open(self, record: Record, data: Mapping[str, Any]) -> Observations:
        request = self._open.get(str(data["request"]))
        if request is None:
            return []
        request.opened = int(data.get("status", 0)) == 101
        request.answered = data
        return [request.exchange(self.session, "ok", record.time)] if request.opened else []

    def _socket_failed(self, record: Record, data: Mapping[str, Any]) -> Observations:
        request = self._open.get(str(data["request"]))
        if request is None or request.opened or request.failed:
            return []
        request.failed = True
        words = str(data.get("error", ""))
        code = re.search(r"response code:? (\d{3})", words)
        meaning = classify(words)
        signal: Signal | None = None
        if code is not None:
            request.answered = {"status": int(code.group(1))}
            signal = self._signal(
                record, Family.HTTP, f"http-{code.group(1)}", f"HTTP {code.group(1)}", request=request, text=words
            )
        elif meaning.family is not None:
            signal = self._signal(
                record,
                meaning.family,
                meaning.signature,
                net_error(words),
                causes=meaning.causes,
                request=request,
                text=words,
            )
        elif "cancel" in words.lower() and not self._going(request, record.time):
            signal = self._signal(record, Family.NETWORK, "websocket-cancelled", words, request=request, text=words)
        outcome = "http-error" if code else "failed" if signal else "aborted"
        told: Observations = [request.exchange(self.session, outcome, record.time)]
        return [*told, signal] if signal else told

    def _socket_closed(self, record: Record, data: Mapping[str, Any]) -> Observations:
        request = self._open.pop(str(data["request"]), None)
        if request is None or request.opened or request.failed:
            return []
        return [request.exchange(self.session, "aborted", record.time)]

    def _going(self, request: Pending, time: float) -> bool:
        return time - self._left.get(f"{request.page} {request.frame}", float("-inf")) < TWIN

    # -- other witnesses -------------------------------------------------------------------------------------------

    def _due(self, until: float) -> Observations:
        """Signals from console lines about failures that no better record has reported meanwhile."""
        told: Observations = []
        while self._held and self._held[0][0].time <= until:
            record, data = self._held.pop(0)
            if record.kind == "Audits.issueAdded":
                signal = self._insecure(record, str(data["url"]), place=_blocked_place(data), data=data)
                told += [signal] if signal else []
                continue
            url = _address(str(data.get("text", ""))) or str(data.get("url", ""))
            error = net_error(str(data.get("text") or data.get("error") or ""))
            meaning = classify(error)
            if meaning.family is not Family.TLS or self._told_of(url, record.time):
                continue
            if data.get("request") and str(data["request"]) in self._done:
                continue
            place = (
                "websocket"
                if url.startswith("wss:")
                else "shared-worker"
                if data.get("target") == "shared_worker"
                else "other"
            )
            told.append(
                self._signal(
                    record,
                    meaning.family,
                    meaning.signature,
                    error,
                    causes=meaning.causes,
                    url=url,
                    place=place,
                    data=data,
                    text=f"{url} failed with {error}",
                )
            )
        return told

    def _mixed(self, record: Record, data: Mapping[str, Any]) -> Observations:
        if data.get("resource") == "Form":
            self._forms[str(data.get("frame_url", ""))] = str(data["url"])
        if "Blocked" in str(data.get("status", "")):
            self._held.append((record, data))  # the failed request, if there was one, is the better record
        return []

    def _insecure(
        self,
        record: Record,
        url: str,
        *,
        request: Pending | None = None,
        place: str = "other",
        data: Mapping[str, Any] | None = None,
    ) -> Signal | None:
        if self._told_of(url, record.time):
            return None
        return self._signal(
            record,
            Family.TLS,
            "mixed-content",
            "mixed-content",
            causes=(Cause.MIXED_CONTENT,),
            request=request,
            url=url,
            place=place,
            data=data,
            text=f"the secure page may not load {url}, which is not encrypted",
        )

    def _thrown(self, record: Record, data: Mapping[str, Any]) -> Observations:
        text = str(data.get("text", ""))
        if _CONSEQUENCE.search(text) and record.time - self._last_failure < 30:
            return []
        return [
            self._signal(
                record,
                Family.SCRIPT,
                "exception",
                text.split(":", maxsplit=1)[0][:80],
                url=str(data.get("url", "")),
                data=data,
                text=text,
            )
        ]

    def _told_of(self, url: str, time: float) -> bool:
        return abs(time - self._failed_at.get(url, float("-inf"))) < TWIN * 2

    def _signal(
        self,
        record: Record,
        family: Family,
        signature: str,
        error: str,
        *,
        causes: tuple[Cause, ...] = (),
        request: Pending | None = None,
        url: str = "",
        place: str = "other",
        data: Mapping[str, Any] | None = None,
        text: str = "",
    ) -> Signal:
        self._count += 1
        data = data or record.data
        address = request.url if request else url
        host, port = endpoint(address)
        if family in (Family.TLS, Family.NETWORK, Family.HTTP):
            self._failed_at[address] = self._last_failure = record.time
        if request is not None:
            self._done[request.id] = request
        return Signal(
            id=f"{self.session}:{self._count}",
            time=record.time,
            session=self.session,
            family=family,
            signature=signature,
            error=error,
            causes=causes if family is Family.TLS else (),
            host=host,
            port=port,
            url=address,
            place=request.place if request else place,
            request=f"{self.session}:{request.id}" if request else "",
            frame=request.frame if request else str(data.get("frame", "")),
            document=request.document if request else str(data.get("frame_url", "")),
            text=text[:500],
            background=request.background if request else place in ("ping", "prefetch", "manifest"),
        )


def _insecure_form(request: Pending, error: str) -> bool:
    """Whether this is Chromium's «form is not secure» page, which looks like a document that the client blocked."""
    return (
        "ERR_BLOCKED_BY_CLIENT" in error
        and request.kind == "Document"
        and request.url.startswith("http:")
        and request.document.startswith("https:")
    )


def _address(text: str) -> str:
    found = re.search(r"(?:wss?|https?)://[^'\"\s]+", text)
    return found.group() if found else ""


def _blocked_place(data: Mapping[str, Any]) -> str:
    """The place of the blocked resource in the page, from a mixed-content issue."""
    if str(data["url"]).startswith("ws:"):
        return "websocket"
    return {
        "Frame": "iframe",
        "Form": "form",
        "Script": "script",
        "XMLHttpRequest": "xhr",
        "EventSource": "eventsource",
        "Beacon": "ping",
    }.get(str(data.get("resource")), "other")
