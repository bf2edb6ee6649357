"""A portal as its parts see it: what was drawn, its words, its addresses, who is signed in, and what really reached it."""

from __future__ import annotations

import html
import json
import random
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from aiohttp import web
from playwright.async_api import FrameLocator, Page

from tests.wild.draw import Draw
from tests.wild.texts import Words, words

LOGIN = ("ann.quist@desk.test", "walk-the-desk")
HOSTS = {
    "www": "www.fernhill.test",
    "chat": "talk.fernhill.test",
    "desk": "desk.fernhill.test",
    "help": "guide.fernhill.test",
    "id": "id.fernhill.test",
    "me": "me.fernhill.test",
    "store": "store.fernhill.test",
    "pay": "pay.fernhill.test",
    "stat": "stat.fernhill.test",
}
DOMAIN = "fernhill.test"
COOKIE = "sid"


@dataclass(frozen=True, slots=True)
class View:
    """A part of a page; `script` is the body of a function of `root`, the part's own root."""

    html: str
    script: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that somebody sent, or that was there from the start."""

    name: str
    content: bytes
    seeded: bool = False


@dataclass(slots=True)
class State:
    """What really reached the servers: journey → how often."""

    done: Counter[str] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    files: list[Stored] = field(
        default_factory=lambda: [Stored("invoice-2041.txt", b"Invoice 2041\n49.00\n" * 40, seeded=True)]
    )
    sessions: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Site:
    """One portal that runs. `url` is the public address of each host."""

    draw: Draw
    t: Words
    url: Mapping[str, str]
    state: State = field(default_factory=State)

    def signed(self, request: web.Request) -> bool:
        """Whether this request comes with the session of the user."""
        return request.cookies.get(COOKIE, "") in self.state.sessions

    def sign_in(self, response: web.StreamResponse) -> None:
        """Begin a session, for all hosts of the portal."""
        session = secrets.token_hex(8)
        self.state.sessions.add(session)
        self.state.done["login"] += 1
        response.set_cookie(COOKIE, session, domain=DOMAIN, secure=True, httponly=True, samesite="Lax")

    def slug(self, area: str) -> str:
        """The last part of an area's address."""
        english = {"ticket": "tickets/new", "account": "profile", "login": "login", "home": ""}
        if self.draw.slugs == "english" or area == "home":
            return english.get(area, area)
        return f"p/{sum(area.encode()) % 89 + 11}"

    def failed(self) -> str:
        """What the page's script does when a call fails, in the scope of `say`."""
        return f"say({js(self.t['failed'])},1)" if self.draw.failing == "told" else "console.warn(e)"


Answer = Callable[[Site, web.Request], Awaitable[web.StreamResponse | None]]
Driver = Callable[["Hand"], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Hand:
    """The hand-written script's page: `at` is where an area's elements are, be it the page or a frame in it."""

    page: Page
    site: Site
    at: Page | FrameLocator


@dataclass(frozen=True, slots=True)
class Area:
    """One part of the portal, with the host that serves it.

    `drive` does its journeys with the generator's own knowledge of the markup, and so proves that they work."""

    name: str
    host: str
    journeys: tuple[str, ...]
    view: Callable[[Site], View]
    answer: Answer
    drive: Driver
    guarded: bool = False
    place: Callable[[Draw], str] = lambda _: "inline"


def site_of(draw: Draw, url: Mapping[str, str]) -> Site:
    """A fresh portal."""
    return Site(draw, words(draw.language, random.Random(f"words {draw.seed}")), url)


def esc(text: str) -> str:
    """Text for HTML."""
    return html.escape(text)


def js(value: object) -> str:
    """A value for a script inside a page: only «<» could end the element."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


def reply(data: object, status: int = 200) -> web.Response:
    """JSON."""
    return web.json_response(data, status=status)
