"""`auth`: checks a name and a password and issues a token."""

from __future__ import annotations

from aiohttp import web

from explorer.lab.demo.backends.common import application, json_of, text_of
from explorer.lab.demo.desk import Desk


def build(desk: Desk) -> web.Application:
    """`POST /token {user, password}` → 200 `{token}` or 401."""
    app = application(desk, "auth")

    async def token(request: web.Request) -> web.Response:
        data = await json_of(request)
        user = text_of(data, "user")
        right = (user.lower(), text_of(data, "password")) == (desk.login[0].lower(), desk.login[1])
        desk.state.logins.append((user, right))
        if not right:
            raise web.HTTPUnauthorized(text="Unknown user or wrong password.")
        issued = desk.secret()
        desk.tokens[issued] = desk.login[0]
        return web.json_response({"token": issued})

    app.router.add_post("/token", token)
    return app
