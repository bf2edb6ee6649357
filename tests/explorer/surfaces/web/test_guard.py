"""What the watch over the login asks of a page before it lets a request go, and when."""

from __future__ import annotations

import asyncio
import gzip
from base64 import b64encode
from dataclasses import dataclass, field
from urllib.parse import quote

import pytest

from explorer.request.account import Account
from explorer.request.credential import Login
from explorer.request.scope import scope_of
from explorer.surfaces.web.cdp import Cdp, CdpError, Json
from explorer.surfaces.web.gate import Gate
from explorer.surfaces.web.guard import CredentialGuard
from explorer.surfaces.web.watch import ContextWatch

ACCOUNT = Account(Login.of("annabel", "right-horse"), scope_of("https://site.test/"))


@dataclass
class Leaving:
    """A page that answers nothing until everything was asked that can be asked of it; then, with a failure or a value."""

    wanted: set[str]
    holds: bool = False
    asked: set[str] = field(default_factory=set)
    all_: asyncio.Event = field(default_factory=asyncio.Event)
    sent: list[str] = field(default_factory=list)
    decided: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, session: str, method: str) -> Json:
        self.asked.add(f"{method} of {session}")
        if self.asked >= self.wanted:
            self.all_.set()
        await self.all_.wait()
        if method == "Runtime.evaluate" and self.holds:
            return {"result": {"value": True}}
        raise CdpError("it was not answered")


class Page(Cdp):
    def __init__(self, leaving: Leaving) -> None:
        super().__init__(lambda *_: None)
        self._leaving = leaving

    async def call(self, session: str, method: str, params: Json | None = None, limit: float = 5.0) -> Json:
        return await self._leaving.answer(session, method)

    def post(self, session: str, method: str, params: Json | None = None) -> None:
        if method.startswith("Fetch."):
            self._leaving.sent.append(method)
            self._leaving.decided.set()


@pytest.mark.parametrize(("holds", "sent"), [(False, "Fetch.continueRequest"), (True, "Fetch.failRequest")])
async def test_an_upload_elsewhere_waits_for_one_round_of_questions_only(holds: bool, sent: str) -> None:
    everything = {
        "Network.getRequestPostData of page",
        "Network.getRequestPostData of worker",
        "Runtime.evaluate of page",
    }
    leaving = Leaving(everything, holds)
    cdp = Page(leaving)
    watch = ContextWatch(cdp, "")
    guard = CredentialGuard(ACCOUNT, watch, Gate(cdp, lambda: (watch,)), armed=True)
    watch.attach("page", {"type": "page", "targetId": "main"}, "")
    watch.attach("worker", {"type": "worker", "targetId": "w"}, "page")
    guard.given(watch.frames["main"])
    readable = {"bytes": b64encode(b"--x name=note").decode()}
    request = {"url": "https://other.test/take", "method": "POST", "headers": {}, "hasPostData": True}
    paused = {
        "requestId": "1",
        "networkId": "1",
        "frameId": "main",
        "resourceType": "Document",
        "request": {**request, "postDataEntries": [readable, {}]},
    }
    guard.paused("page", paused, "")
    async with asyncio.timeout(10):
        await leaving.decided.wait()
    assert leaving.sent == [sent] and leaving.asked == everything


PACKED = b64encode(gzip.compress(b'{"user":"annabel","password":"right-horse"}')).decode()


@pytest.mark.parametrize(
    ("request_", "sent"),
    [
        ({"url": f"https://other.test/c.gif?d={quote(PACKED)}", "method": "GET"}, "Fetch.failRequest"),
        ({"url": "https://other.test/", "method": "GET", "headers": {"X-Batch": PACKED}}, "Fetch.failRequest"),
        ({"url": "https://other.test/", "method": "POST", "postData": "x" * 9_000 + f" {PACKED}"}, "Fetch.failRequest"),
        ({"url": "https://other.test/", "method": "POST", "postData": "x" * 9_000}, "Fetch.continueRequest"),
    ],
    ids=["address", "header", "large body", "large body without it"],
)
async def test_a_packed_login_is_stopped_wherever_it_stands_in_a_request(request_: Json, sent: str) -> None:
    leaving = Leaving(set())
    cdp = Page(leaving)
    watch = ContextWatch(cdp, "")
    guard = CredentialGuard(ACCOUNT, watch, Gate(cdp, lambda: (watch,)), armed=True)
    guard.paused("page", {"requestId": "1", "request": {"headers": {}, **request_}}, "")
    async with asyncio.timeout(10):
        await leaving.decided.wait()
    assert leaving.sent == [sent]
