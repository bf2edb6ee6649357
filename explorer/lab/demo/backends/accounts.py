"""`api`: profile, orders and past tickets of the user who is signed in."""

from __future__ import annotations

from aiohttp import web

from explorer.lab.demo.backends.common import application
from explorer.lab.demo.desk import Desk


def build(desk: Desk) -> web.Application:
    """`GET /v1/user/profile` and `DELETE /v1/user`, both with a bearer token."""
    app = application(desk, "api")

    def who(request: web.Request) -> str:
        user = desk.tokens.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
        if user is None:
            raise web.HTTPUnauthorized(text="Token expected.")
        return user

    async def profile(request: web.Request) -> web.Response:
        user = who(request)
        desk.state.profiles_read += 1
        texts = desk.texts(request.query.get("lang", ""))
        return web.json_response(
            {
                "name": "Mia Lindqvist",
                "email": user,
                "plan": texts["plan"],
                "since": "2021-04-18",
                "orders": [
                    {"number": "A-20417", "item": texts["order_1"], "date": "2026-05-02", "state": texts["order_sent"]},
                    {"number": "A-19863", "item": texts["order_2"], "date": "2026-01-27", "state": texts["order_sent"]},
                ],
                "tickets": [
                    {"number": "T-10388", "subject": texts["past_ticket"], "state": texts["ticket_closed"]},
                    *(
                        {"number": t.number, "subject": t.subject, "state": texts["ticket_open"]}
                        for t in desk.state.tickets
                    ),
                ],
            }
        )

    async def delete(request: web.Request) -> web.Response:
        who(request)
        desk.state.deletions += 1
        return web.json_response({"deleted": True})

    app.router.add_get("/v1/user/profile", profile)
    app.router.add_delete("/v1/user", delete)
    return app
