"""Guards the login on the wire: a request that would carry it to a wrong place is stopped before it leaves.

The guard costs a round trip for each request. So it starts just before the first part of a login is typed in a session,
and then stays on. `docs/safety.md` says what the guard does not see.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit

from explorer.request.account import Account
from explorer.request.scope import origin_of
from explorer.request.spelling import Spellings
from explorer.surfaces.surface import CREDENTIALS, SurfaceGone
from explorer.surfaces.web.ahead import block_list
from explorer.surfaces.web.bodies import DEEPEST, read
from explorer.surfaces.web.cdp import CdpError, Json
from explorer.surfaces.web.gate import Gate, Wait
from explorer.surfaces.web.inflate import Budget
from explorer.surfaces.web.records import posted
from explorer.surfaces.web.sent import (
    address_lines,
    authority,
    body_parts,
    chosen_names,
    header_values,
    members,
    payload,
)
from explorer.surfaces.web.state import FrameState
from explorer.surfaces.web.watch import ContextWatch
from flows.record import Record

_NETWORK = frozenset({"http", "https", "ws", "wss"})
_REMEMBERED = 500
LONG = 24
"""An address or header with fewer characters than this holds no packed login."""
LARGE = 4 << 10
"""A request with more octets than this is searched in a thread: a small one can unpack to megabytes."""
ASKED = 2.0
"""Seconds within which a page or worker must report what it sends, or whether its fields still contain the login."""


class _Searched(NamedTuple):
    """What was found in a request. `whole` is false if a part of it could not be read."""

    password: bool
    name: bool
    whole: bool


@dataclass(slots=True)
class CredentialGuard:
    """The guard of one session. Once it is armed, every request of the context's targets waits for its decision."""

    account: Account
    watch: ContextWatch
    gate: Gate
    armed: bool = False
    _carried: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Requests that carried the login to where it belongs: id → address, and which part of the login.

    A record is made when the request is answered."""
    _acts: int = 0
    """For how many more actions the login counts as under way: until the action after the submission begins."""
    _sockets: dict[str, str] = field(default_factory=dict)
    _abroad: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Requests to foreign addresses that contain the password: id → address of the request, and address of its page."""
    _passwords: Spellings = field(init=False)
    _names: Spellings = field(init=False)
    _given: dict[str, FrameState] = field(default_factory=dict)
    """Frames in which a part of the login was typed, by their ids."""
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _passed: dict[tuple[str, str], None] = field(default_factory=dict)
    """Id and address of requests that were allowed, the latest last."""

    def __post_init__(self) -> None:
        self.watch.guard = self
        self._passwords, self._names = self.account.passwords(), self.account.names()

    @property
    def under_way(self) -> bool:
        """Whether a login is being typed or sent: then user names and unreadable bodies are checked, too."""
        return self._acts > 0

    def shown(self, text: str) -> bool:
        """Whether a text that people can see contains the password."""
        return self._passwords.shown(text)

    async def arm(self) -> None:
        """Start to guard. Returns once the requests of every target wait for the guard's decision. Raises CdpError
        if a page does not allow it."""
        self._acts = 2
        if self.armed:
            return
        self.armed = True  # what comes meanwhile waits for us as well
        try:
            await self.gate.close(Wait.ALL, self.watch)
        except (CdpError, SurfaceGone):
            self.armed = False
            raise
        for session in list(self.watch.targets):
            self.attach(session)

    def attach(self, session: str) -> None:
        """Block a target's prefetches of addresses that contain the password. No effect before `arm`.

        The guard cannot hold prefetches, so they are blocked by their addresses."""
        if self.armed:
            _, password = self.account.login.reveal()
            self.watch.cdp.post(session, "Network.setBlockedURLs", block_list([password], self.account.scope))

    def acted(self) -> None:
        """Record the start of an action that types no part of the login."""
        self._acts = max(self._acts - 1, 0)

    def paused(self, session: str, p: Json, via: str) -> None:
        """Decide on a target's request (`Fetch.requestPaused`), which is paused at the CDP session `via`."""
        task = asyncio.get_running_loop().create_task(self._decide(session, p, via))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def event(self, method: str, p: Json) -> None:
        """Handle a `Network` event of one of the context's targets."""
        if method == "Network.responseReceived" or (method == "Network.requestWillBeSent" and "redirectResponse" in p):
            self._answered(str(p["requestId"]))
        if method == "Network.requestWillBeSent":
            self._begun(p)
        elif method == "Network.loadingFailed":
            self._failed(p)
        elif method == "Network.webSocketFrameSent":
            self._frame(str(p["requestId"]), p.get("response") or {})
        elif method == "Network.webSocketCreated":
            self._socket(str(p["requestId"]), str(p.get("url", "")))
        elif method == "Network.webSocketWillSendHandshakeRequest":
            self._shake(str(p["requestId"]), p.get("request") or {})

    def _begun(self, p: Json) -> None:
        """Remember a request to a foreign address that contains the password, in case it does not wait for us."""
        url = str(p["request"]["url"])
        if url.startswith(("data:", "blob:")):
            return  # such a request stays in the browser
        if self.armed and not self.account.scope.allows(url) and self._tells(url):
            self._abroad[str(p["requestId"])] = (url, str(p.get("documentURL", "")))

    def _tells(self, url: str) -> bool:
        """Whether an address contains the password, in its host or in what follows the host."""
        return self._passwords.found_in_host(authority(url)) or self._passwords.found(address_lines(url))

    def is_told_by_name(self, url: str) -> bool:
        """Whether the host name of this URL contains the password, and the login does not belong at this URL.

        While a login is under way, the user name counts as well."""
        named = self._passwords.found_in_host(authority(url)) or (
            self.under_way and self._names.found_in_host(authority(url))
        )
        return named and not self.account.scope.allows(url)

    def _failed(self, p: Json) -> None:
        url, at = self._abroad.pop(str(p["requestId"]), ("", ""))
        if url and p.get("blockedReason") == "inspector":
            self._tell("stopped", to=_place(url), at=str(origin_of(at) or ""), how="script", what="the password")

    def _answered(self, request: str) -> None:
        gone, at = self._abroad.pop(request, ("", ""))
        if gone:
            self._tell("leaked", to=_place(gone), at=str(origin_of(at) or ""), how="ahead", what="the password")
        url, what = self._carried.pop(request, ("", ""))
        if url:
            self._tell("answered", to=str(origin_of(url) or ""), what=what)

    # -- requests --------------------------------------------------------------------------------------------------

    async def _decide(self, session: str, p: Json, via: str) -> None:
        request = p["request"]
        url = str(request["url"])
        here = self.account.scope.allows(url)
        waited = (str(p.get("networkId", "")), url)  # a target that was there before waits at two sessions
        known = waited in self._passed and bool(waited[0]) and not p.get("redirectedRequestId")
        looked_at = urlsplit(url).scheme.lower() in _NETWORK and not known
        what = await self._carries(session, p, here=here) if looked_at else ""
        if what and here:
            self._carried[str(p.get("networkId") or p["requestId"])] = (url, what)
        if not what or here:
            self._passed[waited] = None
            if len(self._passed) > _REMEMBERED:
                del self._passed[next(iter(self._passed))]
            self.watch.cdp.post(via, "Fetch.continueRequest", {"requestId": p["requestId"]})
            return
        self.watch.cdp.post(via, "Fetch.failRequest", {"requestId": p["requestId"], "errorReason": "Aborted"})
        self._tell(
            "stopped",
            to=_place(url),
            at=self._page(session, p),
            how=_how(p),
            what=what,
        )
        target = self.watch.targets.get(session)
        if target is not None and target.kind == "page" and target.opener and self._is_empty(target.id):
            self.watch.cdp.post("", "Target.closeTarget", {"targetId": target.id})  # a window opened for this alone

    def _is_empty(self, page: str) -> bool:
        frame = self.watch.frames.get(page)
        return frame is not None and frame.url in ("", ":", "about:blank")

    async def _carries(self, session: str, p: Json, *, here: bool) -> str:
        """What part of the login a request carries, as a phrase for reports. Empty if it carries none.

        The phrases are «the password», «the user name» and «a body that cannot be read». `here` says that the request
        goes to a place where the login belongs. Then a body that the event does not include is not fetched from the
        browser, because that costs time."""
        request = p["request"]
        url = str(request["url"]) + str(request.get("urlFragment", ""))
        names = [] if here else chosen_names(request)
        texts = [address_lines(url), *header_values(request, self.account.scope), *(f":{name}" for name in names)]
        body, whole = body_parts(request)
        stands: bool | None = None
        if not whole and not here:  # a page that is being left for another process answers nothing: ask all at once
            (body, whole), stands = await asyncio.gather(self._asked_for(session, p, body), self._stands_somewhere())
        packed = [*([] if here else [text.encode() for text in texts if len(text) >= LONG]), *body]
        if sum(map(len, packed)) > LARGE:
            searched = await asyncio.to_thread(self._searched, texts, packed, here=here)
        else:
            searched = self._searched(texts, packed, here=here)
        whole = whole and searched.whole
        host = "" if here else authority(url)
        if searched.password or any(map(self._passwords.found_in_host, (host, *names))):
            return "the password"
        named = searched.name or self._names.found_in_host(host)
        if here:
            return "the user name" if named and self.under_way else ""
        if named or not whole:
            stands = self.under_way or (await self._stands_somewhere() if stands is None else stands)
        if (named or not whole) and stands:
            return "the user name" if named else "a body that cannot be read"
        return ""

    def _searched(self, texts: Sequence[str], packed: Sequence[bytes], *, here: bool) -> _Searched:
        """Look for the login in texts, and in everything that `packed` holds. It may run in a thread.

        One layer is enough for a place where the login belongs: there, only its sending is noted."""
        budget = Budget()
        bodies = [read(octets, 1 if here else DEEPEST, budget) for octets in packed]
        every = [*texts, *(text for body in bodies for text in body.texts)]
        return _Searched(
            any(map(self._passwords.found, every)),
            any(map(self._names.found, every)),
            all(body.whole for body in bodies),
        )

    async def _stands_somewhere(self) -> bool:
        """Whether a part of the login is still in a field, so that a stopped form could be sent again."""
        for frame in list(self._given.values()):
            if self.watch.frames.get(frame.id) is not frame or not self.watch.answers(frame):
                del self._given[frame.id]
        return any(await asyncio.gather(*map(self._stands_in, self._given.values())))

    async def _stands_in(self, frame: FrameState) -> bool:
        asked = {"expression": "__tw.holds()", "contextId": frame.context, "returnByValue": True, "silent": True}
        try:
            told = await self.watch.cdp.call(frame.session, "Runtime.evaluate", asked, ASKED)
        except (CdpError, SurfaceGone):
            return False  # the document is gone, and the field with it
        return bool((told.get("result") or {}).get("value"))

    def given(self, frame: FrameState) -> None:
        """Note that a part of the login was typed into this frame."""
        self._given[frame.id] = frame

    async def _asked_for(self, session: str, p: Json, known: list[bytes]) -> tuple[list[bytes], bool]:
        """Fetch the body of a request from the browser, because the event did not include it, or only a part of it.

        `known` are the parts that the event included. Returns these parts and the fetched body, and whether a body was
        fetched. Workers are asked, too, because a page does not know the bodies of their requests."""
        workers = [t.session for t in self.watch.targets.values() if t.kind.endswith("worker")]
        asked = {"requestId": p.get("networkId") or p["requestId"]}
        calls = [
            self.watch.cdp.call(one, "Network.getRequestPostData", asked, ASKED)
            for one in dict.fromkeys([session, *workers])
        ]
        answers = await asyncio.gather(*calls, return_exceptions=True)
        told = [posted(a) for a in answers if not isinstance(a, BaseException)]
        return [*known, *told], bool(told)

    def _page(self, session: str, p: Json) -> str:
        frame = self.watch.frames.get(str(p.get("frameId", "")))
        target = self.watch.targets.get(session)
        if target is not None and target.opener and self._is_empty(target.id):
            frame = self.watch.frames.get(target.opener)
        url = frame.url if frame is not None else target.url if target is not None else ""
        return str(origin_of(url) or "")

    # -- sockets ---------------------------------------------------------------------------------------------------

    def _socket(self, request: str, url: str) -> None:
        self._sockets[request] = url
        if self.armed and not self.account.scope.allows(url) and self._tells(url):
            self._tell("leaked", to=_place(url), at="", how="socket", what="the password")

    def _shake(self, request: str, handshake: Json) -> None:
        """Report a WebSocket handshake that carries the password to a place where the login does not belong.

        A header can contain it, because a page chooses the names of the subprotocols (RFC 6455, section 1.9)."""
        url = self._sockets.get(request, "")
        if not self.armed or not url or self.account.scope.allows(url):
            return
        texts = [part for text in header_values(handshake, self.account.scope) for part in (text, *members(text))]
        names = chosen_names(handshake)
        told = any(map(self._passwords.found, (*texts, *(f":{name}" for name in names))))
        if told or any(map(self._passwords.found_in_host, names)):
            self._tell("leaked", to=_place(url), at="", how="socket", what="the password")

    def _frame(self, request: str, frame: Json) -> None:
        url = self._sockets.get(request, "")
        if not self.armed or not url or self.account.scope.allows(url):
            return
        if any(map(self._passwords.found, read(payload(frame)).texts)):
            self._tell("leaked", to=_place(url), at="", how="socket", what="the password")

    # -- telling ---------------------------------------------------------------------------------------------------

    def _tell(self, kind: str, **data: str) -> None:
        self.watch.records.append(Record(time.time(), CREDENTIALS, kind, data))
        self.watch.touch()

    def refused(self, to: str, at: str = "") -> None:
        """Record that the login was not typed.

        Without `at`, `to` is the origin that asked for the login. With `at`, that is the origin that asked, and `to` is
        where its form posts to."""
        if at:
            data: dict[str, object] = {"to": to, "at": at, "how": "form", "what": "the login", "typed": False}
            self.watch.records.append(Record(time.time(), CREDENTIALS, "stopped", data))
        else:
            self._tell("asked", to=to)


def _place(url: str) -> str:
    """The origin of an address, or the address without its query if it has no origin."""
    return str(origin_of(url) or url.partition("?")[0])


def _how(p: Json) -> str:
    if p.get("redirectedRequestId"):
        return "redirect"
    if p.get("resourceType") == "Document":
        return "form" if p["request"].get("method") == "POST" else "document"
    return "script"
