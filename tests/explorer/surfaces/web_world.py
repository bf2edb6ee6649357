"""A small site over real TLS on loopback, with one bad host beside it, and a browser that watches it."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from base64 import b64encode
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from explorer.devices.devices import BrowserDevice
from explorer.monitors.browser.monitor import BrowserMonitor
from explorer.request.account import Account
from explorer.request.reach import Reach
from explorer.surfaces.web.browser import Browser
from explorer.surfaces.web.surface import WebSurface
from explorer.tls.faults.front import Front, serve
from explorer.tls.faults.mint import Authority
from flows.effects import Effect
from flows.record import Record
from flows.screen import Element, Screen
from flows.session import Endpoint
from flows.signals import Exchange, Family, Signal
from flows.step import Action, ActionKind

GOOD, BAD, OTHER = "site.test", "bad.test", "other.test"


@dataclass
class World:
    """`pages` maps a path to HTML (or a content type and text); `{bad}`, `{other}` and `{plain}` become origins."""

    browser: Browser
    good: Front
    bad: Front
    other: Front
    plain: int
    pages: dict[str, str] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """Path → content type and bytes."""
    heads: dict[str, dict[str, str]] = field(default_factory=dict)
    """Path of a file → headers that come with it."""
    resolve: list[tuple[Endpoint, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """The paths that were asked for."""
    hung: asyncio.Event = field(default_factory=asyncio.Event)

    def origin(self, name: str) -> str:
        if name == "plain":
            return f"http://{OTHER}:{self.plain}"
        front = {"good": self.good, "bad": self.bad, "other": self.other}[name]
        return f"https://{front.names[0]}:{front.port}"

    def filled(self, text: str) -> str:
        for name in ("good", "bad", "other", "plain"):
            text = text.replace("{" + name + "}", self.origin(name)).replace(
                "{ws-" + name + "}", self.origin(name).replace("http", "ws")
            )
        return text

    @asynccontextmanager
    async def surface(
        self,
        html: str,
        *,
        path: str = "/",
        let_past: frozenset[Endpoint] = frozenset(),
        device: BrowserDevice | None = None,
        account: Account | None = None,
        reach: Reach | None = None,
    ) -> AsyncIterator[WebSurface]:
        """A session that has opened a page."""
        self.pages[path] = html
        surface = await self.browser.surface(
            "t", self.origin("good") + path, device, let_past=let_past, account=account, reach=reach
        )
        try:
            await surface.open()
            await surface.settle(10)
            yield surface
        finally:
            await surface.close()


async def _answer(world: World, request: web.Request) -> web.StreamResponse:
    path = request.path
    world.asked.append(path)
    if path == "/hang":
        await world.hung.wait()
    if path == "/go":
        raise web.HTTPFound(world.filled(request.query_string))
    if path.startswith("/status/"):
        return web.Response(status=int(path.rsplit("/", 1)[1]), text="no")
    if path == "/guarded":
        if request.headers.get("Authorization") != f"Basic {b64encode(b'ann:right').decode()}":
            return web.Response(status=401, text="denied", headers={"WWW-Authenticate": 'Basic realm="desk"'})
        return web.Response(text="<title>Desk</title><h1>Your desk</h1>", content_type="text/html")
    if path in ("/ws", "/echo"):
        return await _socket(request)
    if path == "/file":
        return web.Response(body=b"x" * 2000, headers={"Content-Disposition": "attachment; filename=report.bin"})
    if path == "/endless":
        return await _endless(request)
    if path in ("/told", "/events"):
        return await _stream(world, request)
    if path in world.files:
        return web.Response(body=world.files[path][1], content_type=world.files[path][0], headers=world.heads.get(path))
    if path not in world.pages:
        return web.Response(status=404, text="nothing here")
    text = world.filled(world.pages[path])
    kind = {"js": "text/javascript", "css": "text/css", "json": "application/json"}.get(
        path.rsplit(".", 1)[-1], "text/html"
    )
    headers = {} if path.startswith("/nocors") else {"Access-Control-Allow-Origin": "*"}
    if request.method == "POST" and kind == "text/html":
        text += (
            f"<p>{await request.text()}</p>"
            if "multipart" not in request.content_type
            else f"<p>{sorted(await request.post())}</p>"
        )
    return web.Response(text=text, content_type=kind, headers=headers)


async def _socket(request: web.Request) -> web.StreamResponse:
    """A socket that greets and says nothing more, or one that gives back what it gets."""
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    if request.path == "/ws":
        await socket.send_str("hello")
    async for message in socket:
        if request.path == "/echo":
            await (socket.send_bytes if isinstance(message.data, bytes) else socket.send_str)(message.data)
    return socket


async def _endless(request: web.Request) -> web.StreamResponse:
    """A file that does not end, for as long as anybody wants it."""
    stream = web.StreamResponse(headers={"Content-Disposition": "attachment; filename=manual.pdf"})
    await stream.prepare(request)
    while True:
        await stream.write(bytes(1 << 16))


async def _stream(world: World, request: web.Request) -> web.StreamResponse:
    """One event, which repeats the question if there is one; then nothing until the test is over."""
    stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Access-Control-Allow-Origin": "*"})
    await stream.prepare(request)
    await stream.write(f"data: {request.query_string or 'hi'}\n\n".encode())
    await world.hung.wait()
    return stream


@asynccontextmanager
async def a_world() -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        app = web.Application()
        made: list[World] = []

        async def answer(request: web.Request) -> web.StreamResponse:
            return await _answer(made[0], request)

        app.router.add_route("*", "/{path:.*}", answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port: int = runner.addresses[0][1]
        backend = ("127.0.0.1", port)
        authority = Authority.create()
        good = await stack.enter_async_context(await serve(authority, [GOOD], backend))
        bad = await stack.enter_async_context(await serve(authority, [BAD], backend, "expired"))
        other = await stack.enter_async_context(await serve(authority, [OTHER], backend))
        root = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "root.pem"
        root.write_bytes(authority.root_pem)
        resolve = [((f.names[0], f.port), "127.0.0.1") for f in (good, bad, other)]
        resolve += [((OTHER, port), "127.0.0.1"), (("refused.test", 1234), "127.0.0.1")]
        browser = await stack.enter_async_context(
            Browser(ca=[root], resolve=[*resolve, (("localhost", port), "127.0.0.1")], only_resolved=True)
        )
        world = World(browser, good, bad, other, port, resolve=resolve)
        made.append(world)
        try:
            yield world
        finally:
            world.hung.set()


def named(screen: Screen, name: str) -> Element:
    return next(e for e in screen.elements if e.name == name)


def tap(element: Element, **more: object) -> Action:
    return Action(ActionKind.TAP, ref=element.ref, key=element.key, label=element.name, **more)  # type: ignore[arg-type]


async def told(surface: WebSurface, *families: Family, until: int = 1) -> tuple[list[Signal], list[Exchange]]:
    """Signals and exchanges of all that was recorded, once `until` signals of these families are there."""
    wanted = families or tuple(Family)
    records: list[Record] = []

    def signals() -> list[Signal]:
        return [s for s in _seen(records) if isinstance(s, Signal) and s.family in wanted]

    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(30):
            while True:
                records += surface.drain()
                if len(signals()) >= until:
                    break
                await surface.settle(1, change=True)
    await surface.settle(2)
    records += surface.drain()
    return signals(), [x for x in _seen(records) if isinstance(x, Exchange)]


def _seen(records: Sequence[Record]) -> list[Signal | Exchange | Effect]:
    """What a monitor tells of the records if nothing more comes; its late witnesses speak at the end."""
    monitor = BrowserMonitor("t")
    seen: list[Signal | Exchange | Effect] = []
    for record in records:
        seen += monitor.feed(record)
    return seen + list(monitor.finish(0))


def brief(signals: Sequence[Signal]) -> list[tuple[str, str, str]]:
    return [(s.host, s.place, s.error) for s in signals]
