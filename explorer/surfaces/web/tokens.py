"""Follows the tokens that a session sends through its traffic (see `flows.effects`).

Bodies are searched for tokens and never stored."""

from __future__ import annotations

import asyncio
import base64
import binascii
import mimetypes
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from urllib.parse import unquote_plus

from explorer.surfaces.surface import SurfaceGone
from explorer.surfaces.web.cdp import Cdp, CdpError, Json
from explorer.surfaces.web.records import plain_url, posted
from flows.effects import tokens_in
from flows.recognise.answers import refuses
from flows.record import Record

KEPT_BODIES = {"maxTotalBufferSize": 20_000_000, "maxResourceBufferSize": 2_000_000, "maxPostDataSize": 65_536}
"""How many bytes of bodies the browser keeps once there is a token to look for (parameters of `Network.enable`)."""
NO_BODIES = {"maxTotalBufferSize": 0, "maxResourceBufferSize": 0}
LONGEST_BODY = 2_000_000
"""The most characters of a body that are searched."""
WAIT = 2.0
"""Seconds within which the browser must return a body that it has already received."""

_BACKGROUND = frozenset({"Ping", "CSPViolationReport", "Prefetch", "Preflight"})
_READ = frozenset({"Document", "XHR", "Fetch"})
"""Resource types whose responses are searched for tokens that were sent."""


@dataclass(slots=True)
class _Carrier:
    """A request that carries tokens of the session."""

    tokens: set[str]
    url: str
    method: str
    status: int = 0
    frame: str = ""
    kind: str = ""
    """The content type of its body."""
    looking: bool = False
    """Whether its body is still being fetched."""
    ended: str = ""
    """How it ended while its body was being fetched: `finished`, `failed` or `redirected`."""


@dataclass(slots=True)
class TokenWatch:
    """Makes records (source `tokens`) of what happens to each token, and passes them to `tell`."""

    cdp: Cdp
    tell: Callable[[Record], None]
    wanted: set[str] = field(default_factory=set)
    """The tokens that were typed or attached so far."""
    _file: set[str] = field(default_factory=set)
    """The tokens in the name of the file that was attached last.

    A request body that is nothing but a file cannot be read, so it counts as this file."""
    _file_kind: str = ""
    _carriers: dict[str, _Carrier] = field(default_factory=dict)
    _types: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Request id → type and URL, for requests that began after a token was sent: their answers may contain it."""
    _sockets: dict[str, str] = field(default_factory=dict)
    """The URLs of sockets and event streams."""
    _sent: set[str] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def expect(self, text: str, *, file: bool) -> bool:
        """Follow the tokens of a text that is about to be typed, or of a file's name. True if no token was followed
        before."""
        found = tokens_in(text)
        first = bool(found) and not self.wanted
        self.wanted |= found
        if file and found:
            self._file, self._file_kind = set(found), mimetypes.guess_type(text)[0] or ""
        return first

    async def looked(self) -> None:
        """Wait until pending bodies have been searched, at most `WAIT` seconds."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=WAIT)

    # -- events ----------------------------------------------------------------------------------------------------

    def event(self, session: str, method: str, p: Json) -> None:
        """Handle an event of CDP's `Network` domain."""
        match method:
            case "Network.webSocketCreated":
                self._sockets[p["requestId"]] = p["url"]
            case "Network.requestWillBeSent" if p.get("type") == "EventSource":
                self._sockets[p["requestId"]] = p["request"]["url"]
            case _ if not self.wanted:
                return
            case "Network.requestWillBeSent":
                self._asked(session, p)
            case "Network.responseReceived" if p["requestId"] in self._carriers:
                self._carriers[p["requestId"]].status = int(p["response"].get("status", 0))
            case "Network.loadingFinished":
                self._finished(session, p["requestId"])
            case "Network.loadingFailed":
                self._types.pop(p["requestId"], None)
                if p["requestId"] in self._carriers:
                    self._end(session, p["requestId"], self._carriers.pop(p["requestId"]), "failed")
            case "Network.webSocketFrameSent" | "Network.webSocketFrameReceived":
                self._frame(p, sent=method.endswith("Sent"))
            case "Network.eventSourceMessageReceived":
                self._returned(p["requestId"], self._sockets.get(p["requestId"], ""), str(p.get("data", "")))

    def _asked(self, session: str, p: Json) -> None:
        request, kind, id_ = p["request"], p.get("type", "Other"), p["requestId"]
        before = self._carriers.pop(id_, None)
        if before is not None and p.get("redirectResponse"):
            before.status = int(p["redirectResponse"].get("status", 0))
            self._end(session, id_, before, "redirected")
        if kind in _BACKGROUND:
            return
        if kind == "Document":
            self._leaving(p.get("frameId", ""))
        asked = self._in(unquote_plus(request["url"]))
        if asked and request["method"] == "GET" and kind != "Document":
            return  # a lookup stores nothing, and its answer may repeat the token from the URL
        if self._sent:
            self._types[id_] = (kind, request["url"])
        found = asked | self._in(unquote_plus(request.get("postData") or ""))
        hidden = bool(request.get("hasPostData")) and "postData" not in request
        if not found and not hidden:
            return
        carrier = self._carriers[id_] = _Carrier(set(), request["url"], request["method"], looking=hidden)
        carrier.frame, carrier.kind = p.get("frameId", ""), str(request.get("headers", {}).get("Content-Type", ""))
        self._carry(id_, carrier, found)
        if hidden:
            self._start(self._look_into_post(session, id_, carrier))

    async def _look_into_post(self, session: str, id_: str, carrier: _Carrier) -> None:
        """Search a request body that the event does not include, such as a form with a file, a blob or a long text."""
        found = set[str]()
        try:
            told = await self.cdp.call(session, "Network.getRequestPostData", {"requestId": id_}, WAIT)
            found = self._in(unquote_plus(posted(told)[:LONGEST_BODY].decode("utf-8", "ignore")))
        except CdpError as error:
            if "No post data" in str(error) and carrier.kind in ("", "application/octet-stream", self._file_kind):
                found = set(self._file)  # nothing but the file; a form may be empty
        except SurfaceGone:
            return
        carrier.looking = False
        self._carry(id_, carrier, found - carrier.tokens)
        if not carrier.tokens and self._carriers.get(id_) is carrier:
            del self._carriers[id_]
        elif carrier.ended:
            self._end(session, id_, carrier, carrier.ended)

    def _carry(self, id_: str, carrier: _Carrier, found: set[str]) -> None:
        carrier.tokens |= found
        if found:
            self._say("sent", id_, found, carrier)

    def _finished(self, session: str, id_: str) -> None:
        kind, url = self._types.pop(id_, ("", ""))
        if id_ in self._carriers:
            self._end(session, id_, self._carriers.pop(id_), "finished")
        elif kind in _READ:
            self._start(self._look_for_return(session, id_, url, opened=kind == "Document"))

    def _end(self, session: str, id_: str, carrier: _Carrier, how: str) -> None:
        """Handle the end of a request that carries tokens.

        If its body is still being fetched, only note how the request ended."""
        if carrier.looking:
            carrier.ended = how
        elif how == "finished" and carrier.tokens:
            self._start(self._look_into_answer(session, id_, carrier))
        elif carrier.tokens:
            self._say("answered" if carrier.status else "lost", id_, carrier.tokens, carrier)

    def _leaving(self, frame: str) -> None:
        """End the answered requests of a document that is being left. The browser does not report how they end."""
        for id_ in [i for i, c in self._carriers.items() if c.status and c.frame == frame]:
            self._end("", id_, self._carriers.pop(id_), "failed")

    async def _look_into_answer(self, session: str, id_: str, carrier: _Carrier) -> None:
        """Record whether the text of a response says that the request was refused, whatever the HTTP status is."""
        body = await self._body(session, id_)
        self._say("refused" if refuses(body) else "answered", id_, carrier.tokens, carrier)

    async def _look_for_return(self, session: str, id_: str, url: str, *, opened: bool) -> None:
        self._returned(id_, url, await self._body(session, id_), opened=opened)

    async def _body(self, session: str, id_: str) -> str:
        try:
            answer = await self.cdp.call(session, "Network.getResponseBody", {"requestId": id_}, WAIT)
        except (CdpError, SurfaceGone):
            return ""
        return "" if answer.get("base64Encoded") else str(answer["body"])[:LONGEST_BODY]

    def _frame(self, p: Json, *, sent: bool) -> None:
        data = p["response"]
        text = str(data.get("payloadData", ""))
        if data.get("opcode") == 2:
            try:
                text = base64.b64decode(text).decode("utf-8", "ignore")
            except binascii.Error:
                return
        id_ = p["requestId"]
        found = self._in(text)
        if sent and found:
            self._say("sent", id_, found, _Carrier(found, self._sockets.get(id_, ""), ""))
        elif found:
            self._returned(id_, self._sockets.get(id_, ""), text)

    def _returned(self, id_: str, url: str, text: str, *, opened: bool = False) -> None:
        found = self._in(text) & self._sent
        if found:
            self._say("kept" if opened else "returned", id_, found, _Carrier(found, url, ""))

    # -- telling ---------------------------------------------------------------------------------------------------

    def _in(self, text: str) -> set[str]:
        return set(tokens_in(text)) & self.wanted

    def _say(self, kind: str, id_: str, found: set[str], carrier: _Carrier) -> None:
        if kind == "sent":
            self._sent |= found
        data = {
            "request": id_,
            "tokens": sorted(found),
            "url": plain_url(carrier.url),
            "method": carrier.method,
            "status": carrier.status,
        }
        self.tell(Record(time.time(), "tokens", kind, data))

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
