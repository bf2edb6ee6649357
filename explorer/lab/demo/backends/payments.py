"""`payments`: the payment provider's page, which the portal redirects to or shows in a frame."""

from __future__ import annotations

from aiohttp import web

from explorer.lab.demo.backends.common import application, asset, page, text_of
from explorer.lab.demo.desk import Desk
from explorer.lab.demo.state import Payment


def build(desk: Desk) -> web.Application:
    """`GET /checkout?invoice=…&lang=…` shows the card form, `POST /checkout` accepts the payment."""
    app = application(desk, "payments")

    def form(request: web.Request, invoice: str, *, wrong: bool = False) -> web.Response:
        texts = desk.texts(request.query.get("lang", ""))
        return page("payments/checkout.html", t=texts, skin=desk.skin, invoice=invoice, wrong=wrong)

    async def checkout(request: web.Request) -> web.Response:
        desk.state.checkouts += 1
        return form(request, request.query.get("invoice", "")[:40])

    async def pay(request: web.Request) -> web.Response:
        data = await request.post()
        digits = "".join(d for d in text_of(data, "number") if d.isdecimal())
        invoice = text_of(data, "invoice", 40)
        if not (12 <= len(digits) <= 19 and text_of(data, "holder") and text_of(data, "code")):
            return form(request, invoice, wrong=True)
        desk.state.payments.append(Payment(invoice, text_of(data, "holder", 80), digits[-4:]))
        texts = desk.texts(request.query.get("lang", ""))
        return page("payments/done.html", t=texts, skin=desk.skin, portal=desk.origins["portal"], invoice=invoice)

    async def static(request: web.Request) -> web.Response:
        return asset(desk, "payments", request.match_info["name"])

    app.router.add_get("/checkout", checkout)
    app.router.add_post("/checkout", pay)
    app.router.add_get("/static/{name}", static)
    return app
