"""Whose a request is that waits at the browser, and who decides if nobody knows."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from explorer.surfaces.web import gate as module
from explorer.surfaces.web.cdp import Cdp, CdpError, Json
from explorer.surfaces.web.gate import ALL, PAGES, Gate, Wait
from explorer.surfaces.web.state import Target


class Told(Cdp):
    """A connection that writes down what is said; a session called `deaf` refuses."""

    def __init__(self) -> None:
        super().__init__(lambda *_: None)
        self.said: list[tuple[str, str, Json | None]] = []

    async def call(self, session: str, method: str, params: Json | None = None, limit: float = 1.0) -> Json:
        self.said.append((session, method, params))
        if session == "deaf":
            raise CdpError("no")
        return {}

    def post(self, session: str, method: str, params: Json | None = None) -> None:
        self.said.append((session, method, params))


@dataclass
class Somebody:
    """A session that knows some frames."""

    frames: set[str] = field(default_factory=set)
    looks: bool = True
    guards_login: bool = False
    targets: dict[str, Target] = field(default_factory=dict)
    got: list[tuple[str, str]] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    def session_at(self, frame: str) -> str | None:
        return "target" if frame in self.frames else None

    def paused(self, session: str, p: dict[str, Any], via: str) -> None:
        self.got.append((session, p["requestId"]))
        self.asked.set()


def waiting(frame: str) -> Json:
    return {"requestId": f"of {frame}", "frameId": frame}


async def test_a_request_goes_to_the_session_whose_frame_it_is_also_if_that_is_told_of_later() -> None:
    one, other = Somebody({"a"}), Somebody()
    gate = Gate(Told(), lambda: [one, other])
    gate.paused(waiting("a"))
    gate.paused(waiting("b"))
    assert (one.got, other.got) == ([("target", "of a")], [])
    other.frames.add("b")
    gate.look()
    gate.look()
    assert other.got == [("target", "of b")]


async def test_one_that_is_nobodys_is_decided_by_whoever_watches_over_a_login(monkeypatch: Any) -> None:
    monkeypatch.setattr(module, "OWNER", 0.0)
    one, guarding = Somebody(), Somebody(guards_login=True)
    gate = Gate(Told(), lambda: [one, guarding])
    gate.paused(waiting("worker"))
    async with asyncio.timeout(10):
        await guarding.asked.wait()
    assert (one.got, guarding.got) == ([], [("", "of worker")])


async def test_where_nobody_looks_it_goes_on_at_once() -> None:
    cdp = Told()
    Gate(cdp, lambda: [Somebody(looks=False)]).paused(waiting("a"))
    assert cdp.said == [("", "Fetch.continueRequest", {"requestId": "of a"})]


async def test_it_is_closed_at_the_browser_first_and_never_opened_again_by_one_who_wants_less() -> None:
    cdp = Told()
    gate = Gate(cdp, list)
    there = Somebody(targets={"page": Target("page", "1", "page", ""), "deaf": Target("deaf", "2", "worker", "")})
    await gate.close(Wait.ALL, there)
    assert cdp.said[0] == ("", "Fetch.enable", ALL)
    await gate.close(Wait.PAGES, there)
    assert [p for s, _, p in cdp.said if not s] == [ALL, ALL]
    assert [p for s, _, p in cdp.said if s == "page"] == [ALL, PAGES]


async def test_a_page_that_cannot_be_asked_is_an_error_and_a_worker_that_is_gone_is_none() -> None:
    gate = Gate(Told(), list)
    try:
        await gate.close(Wait.ALL, Somebody(targets={"deaf": Target("deaf", "1", "page", "")}))
    except CdpError:
        return
    raise AssertionError("a page that does not ask was taken for one that does")
