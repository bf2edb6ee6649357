"""`kb`: the knowledge base, a separate site that the portal shows in a frame."""

from __future__ import annotations

from aiohttp import web

from explorer.lab.demo.backends.common import application, asset, page
from explorer.lab.demo.desk import Desk


def build(desk: Desk) -> web.Application:
    """`/` and `/a/<slug>` as pages, `/articles.json` as data; all with `?lang=`."""
    app = application(desk, "kb")

    async def index(request: web.Request) -> web.Response:
        texts = desk.texts(request.query.get("lang", ""))
        return page("kb/index.html", t=texts, skin=desk.skin, articles=texts.articles)

    async def article(request: web.Request) -> web.Response:
        texts = desk.texts(request.query.get("lang", ""))
        for found in texts.articles:
            if found.slug == request.match_info["slug"]:
                desk.state.articles_read.append(found.slug)
                broken = desk.misbehaviour.get("kb") == "script-error"
                body = () if broken else found.body
                return page("kb/article.html", t=texts, skin=desk.skin, article=found, body=body)
        raise web.HTTPNotFound

    async def listing(request: web.Request) -> web.Response:
        texts = desk.texts(request.query.get("lang", ""))
        return web.json_response([{"slug": a.slug, "title": a.title, "teaser": a.teaser} for a in texts.articles])

    async def static(request: web.Request) -> web.Response:
        return asset(desk, "kb", request.match_info["name"])

    app.router.add_get("/", index)
    app.router.add_get("/a/{slug}", article)
    app.router.add_get("/articles.json", listing)
    app.router.add_get("/static/{name}", static)
    return app
