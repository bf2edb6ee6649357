"""Shared by the backends: cross-origin headers, misbehaviour on demand, and pages and scripts from package files."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib.resources import files as package_files
from typing import Any

import jinja2
from aiohttp import web

from explorer.lab.demo.desk import Desk

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

SCRIPT_HOSTS = {
    "chat.js": "chat",
    "widget.js": "chat",
    "ticket.js": "tickets",
    "help.js": "kb",
    "articles.js": "kb",
    "account.js": "api",
    "login.js": "auth",
    "billing.js": "payments",
    "checkout.js": "payments",
    "files.js": "files",
}
"""Script of the front end → its host. With that host's misbehaviour `script-error`, the script throws an error."""

BUG = "window.deskFeatures.rollout.start();\n"
"""A line of a broken release: it throws a TypeError before the page is initialised."""

TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}

_pages = jinja2.Environment(
    loader=jinja2.PackageLoader("explorer.lab.demo", "web"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(template: str, **values: Any) -> web.Response:
    """A rendered template from `explorer/lab/demo/web`."""
    return web.Response(text=_pages.get_template(template).render(**values), content_type="text/html")


def asset(desk: Desk, folder: str, name: str) -> web.Response:
    """A script or style sheet from `explorer/lab/demo/web/<folder>`, or 404."""
    suffix = name.rpartition(".")[2]
    source = package_files("explorer.lab.demo").joinpath("web", folder, name)
    if suffix not in TYPES or not source.is_file():
        raise web.HTTPNotFound
    text = source.read_text(encoding="utf-8")
    if desk.misbehaviour.get(SCRIPT_HOSTS.get(name, "")) == "script-error":
        text = BUG + text
    return web.Response(text=text, content_type=TYPES[suffix])


def application(desk: Desk, host: str) -> web.Application:
    """An empty application that counts requests, misbehaves on demand and allows the portal's pages to call it (CORS)."""

    @web.middleware
    async def behave(request: web.Request, handler: Handler) -> web.StreamResponse:
        desk.state.requests[host] += 1
        how = desk.misbehaviour.get(host)
        if how == "slow":
            await desk.dawdle(host)
        if how == "http-500":
            response: web.StreamResponse = web.Response(status=500, text="Internal Server Error")
        elif request.method == "OPTIONS":
            response = web.Response(status=204)
        else:
            response = await _answer(request, handler)
        if not response.prepared:
            _allow(desk, request, response, cors=how != "cors")
        return response

    return web.Application(middlewares=[behave], client_max_size=16 * 1024 * 1024)


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException as error:
        # A normal response, so that it gets the same headers as every other one.
        answer = web.Response(status=error.status, text=error.text, content_type="text/plain")
        if "Location" in error.headers:
            answer.headers["Location"] = error.headers["Location"]
        return answer


def _allow(desk: Desk, request: web.Request, response: web.StreamResponse, *, cors: bool) -> None:
    response.headers["Cache-Control"] = "no-store"
    origin = desk.origins.get("portal", "")
    if cors:
        if request.headers.get("Origin") == origin:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Allow-Headers"] = "authorization, content-type"
            response.headers["Access-Control-Allow-Methods"] = "GET, POST, DELETE"
    else:
        # The same mistake for frames: only pages of the same origin may show them.
        response.headers["X-Frame-Options"] = "SAMEORIGIN"


def text_of(data: object, key: str, limit: int = 4000) -> str:
    """The string at `key` in JSON or a form, stripped and cut to `limit` characters.

    Returns an empty string for anything that is not a string.
    """
    value = data.get(key) if hasattr(data, "get") else None
    return value.strip()[:limit] if isinstance(value, str) else ""


async def json_of(request: web.Request) -> dict[str, Any]:
    """The JSON object of a request. Anything else is refused with 400."""
    try:
        data = await request.json()
    except ValueError as error:
        raise web.HTTPBadRequest(text="Not JSON.") from error
    if not isinstance(data, dict):
        raise web.HTTPBadRequest(text="Not an object.")
    return data
