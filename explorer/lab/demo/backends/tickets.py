"""`tickets`: accepts a request and returns its number."""

from __future__ import annotations

from aiohttp import web

from explorer.lab.demo.backends.common import application, json_of, text_of
from explorer.lab.demo.desk import Desk
from explorer.lab.demo.state import Ticket

FIRST = 10412


def build(desk: Desk) -> web.Application:
    """`POST /v1/tickets` → 201 `{number}`, or 422 with the names of the missing or invalid fields."""
    app = application(desk, "tickets")

    async def create(request: web.Request) -> web.Response:
        data = await json_of(request)
        given = {key: text_of(data, key) for key in ("name", "email", "subject", "category", "message")}
        wrong = [key for key in ("name", "subject", "message") if not given[key]]
        if "@" not in given["email"]:
            wrong.append("email")
        if wrong:
            return web.json_response({"wrong": wrong}, status=422)
        ticket = Ticket(f"T-{FIRST + len(desk.state.tickets)}", **given)
        desk.state.tickets.append(ticket)
        return web.json_response({"number": ticket.number}, status=201)

    app.router.add_post("/v1/tickets", create)
    return app
