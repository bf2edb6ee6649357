"""`widget`: the chat vendor's frame, from another registrable domain; it talks to the desk's chat host."""

from __future__ import annotations

from aiohttp import web

from explorer.lab.demo.backends.common import application, asset, page
from explorer.lab.demo.desk import Desk
from explorer.lab.demo.texts import load_texts


def build(desk: Desk) -> web.Application:
    """`GET /embed?lang=…` and its script and style sheet."""
    app = application(desk, "widget")

    async def embed(request: web.Request) -> web.Response:
        texts = load_texts(desk.texts(request.query.get("lang", "")).language)["modern"]
        live = f"{desk.origins['chat'].replace('https', 'wss', 1)}/live?lang={texts.language}"
        return page("widget/embed.html", t=texts, live=live)

    async def static(request: web.Request) -> web.Response:
        return asset(desk, "widget", request.match_info["name"])

    app.router.add_get("/embed", embed)
    app.router.add_get("/static/{name}", static)
    return app
