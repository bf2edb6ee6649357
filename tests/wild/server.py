"""Serves a portal: all of its hosts on one plain port, told apart by the name that the browser asks for."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator

from aiohttp import web

from tests.wild import account, billing, chat, files, guide, login, ticket
from tests.wild.menus import GUARDED, place
from tests.wild.page import framed, login_href, many, one, standing
from tests.wild.site import COOKIE, HOSTS, Area, Site, View, esc

AREAS: tuple[Area, ...] = (
    chat.AREA,
    ticket.AREA,
    guide.AREA,
    files.AREA,
    login.AREA,
    account.AREA,
    billing.AREA,
)
"""One more part of the portal is a module and a line here."""
_LABEL = {name: label for label, name in HOSTS.items()}


def present(site: Site) -> list[Area]:
    """The areas that this portal has."""
    return [area for area in AREAS if area.name not in site.draw.absent]


def _extras(site: Site) -> dict[str, View]:
    """What stands on every page of the portal's own host."""
    told = {}
    if site.draw.login_place in {"sidebar", "dialog"}:
        told["login"] = login.view(site)
    if site.draw.chat_place == "bubble" and "chat" not in site.draw.absent:
        told["chat"] = chat.view(site)
    return told


def _views(site: Site) -> dict[str, View]:
    """The views that the portal's own host shows."""
    told = {}
    for area in present(site):
        where = place(site.draw, area.name)
        if where == "frame":
            told[area.name] = framed(site, area.name, area.host)
        elif where == "inline":
            told[area.name] = area.view(site)
    return told


async def respond(site: Site, request: web.Request) -> web.StreamResponse:
    """The answer of whichever host is asked."""
    label = _LABEL.get(request.host.partition(":")[0], "")
    if request.method == "OPTIONS":
        return web.Response(status=204)
    if label == "www":
        return await _portal(site, request)
    for area in present(site):
        if area.host != label:
            continue
        found = await area.answer(site, request)
        if found is not None:
            return found
        if request.path == "/" and place(site.draw, area.name) in {"host", "frame"}:
            return _own_host(site, area, request)
    return web.Response(status=204 if label == "stat" else 404)


def _own_host(site: Site, area: Area, request: web.Request) -> web.StreamResponse:
    signed = site.signed(request)
    if (area.guarded or (site.draw.wall and area.name != "login")) and not signed:
        raise web.HTTPFound(login_href(site))
    bare = place(site.draw, area.name) == "frame"
    return standing(site, area.name, area.view(site), signed=signed, bare=bare)


async def _portal(site: Site, request: web.Request) -> web.StreamResponse:
    signed, path = site.signed(request), request.path.strip("/")
    if path == "out":
        site.state.sessions.discard(request.cookies.get(COOKIE, ""))
        raise web.HTTPFound("/")
    if path == "pay" and signed:
        raise web.HTTPSeeOther(site.url["pay"] + "/checkout")
    if path == "find":
        return many(site, "home", View(""), signed=signed, extras=_extras(site))
    views = _views(site)
    name = next((n for n in ("home", *views) if site.slug(n) == path), "")
    if not name:
        return web.Response(status=404, text=esc(path))
    if site.draw.router != "pages":
        return one(site, views, signed=signed, extras=_extras(site))
    guarded = name in GUARDED or (site.draw.wall and name not in {"home", "login"})
    if guarded and not signed:
        raise web.HTTPFound(login_href(site))
    return many(site, name, views.get(name, View("")), signed=signed, extras=_extras(site))


def application(site: Site) -> web.Application:
    """All hosts as one application. The portal's pages may call every host (CORS)."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            response = await respond(site, request)
        except web.HTTPException as moved:
            response = web.Response(status=moved.status, headers={"Location": moved.headers.get("Location", "/")})
        origin = request.headers.get("Origin", "")
        if origin in site.url.values() and not response.prepared:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Allow-Credentials"] = "true"
            response.headers["Access-Control-Allow-Headers"] = "content-type"
        return response

    app = web.Application(client_max_size=16 * 1024 * 1024)
    app.router.add_route("*", "/{path:.*}", handle)
    return app


@contextlib.contextmanager
def serving(site: Site) -> Iterator[int]:
    """The portal on a plain port of loopback, in a thread of its own, so that a runner of apps can treat it as one of others."""
    ready, ports = threading.Event(), []
    loop = asyncio.new_event_loop()

    async def begin() -> web.AppRunner:
        runner = web.AppRunner(application(site), access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        ports.append(int(runner.addresses[0][1]))
        return runner

    def work() -> None:
        asyncio.set_event_loop(loop)
        runner = loop.run_until_complete(begin())
        ready.set()
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        loop.close()

    thread = threading.Thread(target=work, name="wild portal", daemon=True)
    thread.start()
    ready.wait()
    try:
        yield ports[0]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
