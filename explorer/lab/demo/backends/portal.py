"""`portal`: the site that visitors open, with server-rendered pages in the classic skin and one shell in the modern skin."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from explorer.lab.demo.backends.common import application, asset, json_of, page, text_of
from explorer.lab.demo.desk import Desk
from explorer.lab.demo.texts import LANGUAGES, Texts, load_texts

INVOICE = "INV-2041"
PRICE = "49,00 €"

CLASSIC_PAGES = ("chat", "help", "files", "rules")
MODERN_PATHS = ("/", "/support", "/learn", "/me", "/documents", "/plans", "/signin")

Page = Callable[[web.Request], Awaitable[web.StreamResponse]]


def build(desk: Desk) -> web.Application:
    """The pages of the desk's skin, login and logout, the newsletter, and static files."""
    app = application(desk, "portal")
    site = Portal(desk)
    app.on_response_prepare.append(site.keep_language)
    if desk.blemished:
        app.on_response_prepare.append(_count_visits)
    app.router.add_get("/static/{name}", site.static)
    app.router.add_post("/session", site.sign_in)
    app.router.add_post("/newsletter", site.newsletter)
    if desk.skin == "classic":
        _add_classic(app, site)
    else:
        _add_modern(app, site)
    return app


class Portal:
    """The portal's handlers. Two cookies, session and language, hold all that it knows about a visitor."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def language(self, request: web.Request) -> str:
        """The visitor's language, else that of the demo."""
        wanted = request.query.get("lang") or request.cookies.get("desk_lang", "")
        return wanted if wanted in LANGUAGES else self.desk.language

    async def keep_language(self, request: web.Request, response: web.StreamResponse) -> None:
        if request.query.get("lang") in LANGUAGES:
            response.set_cookie("desk_lang", self.language(request), secure=True, samesite="Lax")

    def token(self, request: web.Request) -> str:
        """The visitor's token for the API. Empty if nobody is signed in."""
        return self.desk.sessions.get(request.cookies.get("desk_session", ""), "")

    def values(self, request: web.Request) -> dict[str, Any]:
        """The template variables of every page in both skins."""
        language = self.language(request)
        texts: Texts = self.desk.texts(language)
        return {
            "t": texts,
            "lang": language,
            "languages": [(tag, load_texts(tag)["classic"]["language_name"]) for tag in LANGUAGES],
            "origins": self.desk.origins,
            "chat_url": f"{self.desk.origins['chat'].replace('https', 'wss', 1)}/live?lang={language}",
            "token": self.token(request),
            "user": self.desk.tokens.get(self.token(request), ""),
            "path": request.path,
            "blemished": self.desk.blemished,
        }

    async def static(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        folder = "shared" if name in {"beacon.js", "logo.svg"} else self.desk.skin
        return asset(self.desk, folder, name)

    async def sign_in(self, request: web.Request) -> web.Response:
        """Exchange a token of the auth host for a session cookie of the portal."""
        token = text_of(await json_of(request), "token")
        if token not in self.desk.tokens:
            raise web.HTTPForbidden(text="Unknown token.")
        session = self.desk.secret()
        self.desk.sessions[session] = token
        response = web.json_response({"user": self.desk.tokens[token], "token": token})
        response.set_cookie("desk_session", session, secure=True, httponly=True, samesite="Lax")
        return response

    def signed_out(self, request: web.Request, response: web.Response) -> web.Response:
        if self.desk.sessions.pop(request.cookies.get("desk_session", ""), ""):
            self.desk.state.logouts += 1
        response.del_cookie("desk_session")
        return response

    async def newsletter(self, request: web.Request) -> web.Response:
        address = text_of(await request.post(), "email", 200)
        if "@" in address:
            self.desk.state.newsletter.append(address)
        if self.desk.skin == "modern":
            return web.json_response({"ok": "@" in address})
        return page("classic/newsletter.html", **self.values(request))

    def documents(self) -> list[dict[str, str]]:
        return [
            {"id": f.id, "name": f.name, "size": f.size, "href": f"{self.desk.origins['files']}/d/{f.id}"}
            for f in self.desk.state.files
        ]


async def _count_visits(request: web.Request, response: web.StreamResponse) -> None:
    """Set a visit cookie that is insecure, as careless frameworks do.

    The cookie is also sent unencrypted, and scripts can read it.
    """
    if request.path == "/":
        response.headers.add("Set-Cookie", "visit_session=demo; Path=/")


def _add_classic(app: web.Application, site: Portal) -> None:
    def plain(name: str) -> Page:
        async def show(request: web.Request) -> web.Response:
            return page(f"classic/{name}.html", documents=site.documents(), **site.values(request))

        return show

    def guarded(name: str) -> Page:
        async def show(request: web.Request) -> web.Response:
            if not site.token(request):
                raise web.HTTPFound(f"/login?next={request.path}")
            paid = any(p.invoice == INVOICE for p in site.desk.state.payments)
            return page(f"classic/{name}.html", paid=paid, price=PRICE, invoice=INVOICE, **site.values(request))

        return show

    async def login(request: web.Request) -> web.Response:
        target = request.query.get("next", "/account")
        target = target if target in {"/account", "/billing"} else "/account"
        return page("classic/login.html", target=target, **site.values(request))

    async def done(request: web.Request) -> web.Response:
        number = request.query.get("number", "")
        if number not in {ticket.number for ticket in site.desk.state.tickets}:
            raise web.HTTPFound("/tickets/new")
        return page("classic/ticket_done.html", number=number, **site.values(request))

    async def pay(request: web.Request) -> web.Response:
        if not site.token(request):
            raise web.HTTPFound("/login?next=/billing")
        raise web.HTTPSeeOther(
            f"{site.desk.origins['payments']}/checkout?invoice={INVOICE}&lang={site.language(request)}"
        )

    async def logout(request: web.Request) -> web.Response:
        return site.signed_out(request, web.Response(status=303, headers={"Location": "/"}))

    for name in CLASSIC_PAGES:
        app.router.add_get(f"/{name}", plain(name))
    app.router.add_get("/", plain("home"))
    app.router.add_get("/tickets/new", plain("ticket"))
    app.router.add_get("/tickets/done", done)
    app.router.add_get("/account", guarded("account"))
    app.router.add_get("/billing", guarded("billing"))
    app.router.add_post("/billing/pay", pay)
    app.router.add_get("/login", login)
    app.router.add_post("/logout", logout)


def _add_modern(app: web.Application, site: Portal) -> None:
    async def shell(request: web.Request) -> web.Response:
        values = site.values(request)
        texts: Texts = values["t"]
        settings = {
            "lang": values["lang"],
            "languages": values["languages"],
            "origins": site.desk.origins,
            "texts": {**texts.words, "company": texts.company},
            "user": values["user"],
            "token": values["token"],
            "invoice": INVOICE,
            "price": PRICE,
        }
        # Inside a script element only «<» can do harm: it could end the element.
        return page("modern/shell.html", settings=json.dumps(settings).replace("<", "\\u003c"), **values)

    async def sign_out(request: web.Request) -> web.Response:
        return site.signed_out(request, web.json_response({}))

    async def documents(_: web.Request) -> web.Response:
        return web.json_response(site.documents())

    async def terms(request: web.Request) -> web.Response:
        return page("modern/terms.html", **site.values(request))

    for path in MODERN_PATHS:
        app.router.add_get(path, shell)
    app.router.add_delete("/session", sign_out)
    app.router.add_get("/documents.json", documents)
    app.router.add_get("/terms", terms)
