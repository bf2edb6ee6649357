"""`analytics`: accepts beacons, whose response nobody needs."""

from __future__ import annotations

from aiohttp import web

from explorer.lab.demo.backends.common import application
from explorer.lab.demo.desk import Desk


def build(desk: Desk) -> web.Application:
    """`POST /b?e=<event>` → 204."""
    app = application(desk, "analytics")

    async def beacon(request: web.Request) -> web.Response:
        desk.state.beacons[request.query.get("e", "")[:40]] += 1
        return web.Response(status=204)

    app.router.add_post("/b", beacon)
    return app
