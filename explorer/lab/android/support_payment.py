"""The payment screens: the invoice, and the checkout with the card form."""

from __future__ import annotations

from urllib.parse import urlencode

from explorer.lab.android.support_pages import Desk, Pages, button, label, spinner, title
from explorer.lab.android.widgets import Widget


class Payment:
    """The payment screens. The checkout opens only if the payment host responds; otherwise an error is shown."""

    def __init__(self, pages: Pages, desk: Desk) -> None:
        self._pages, self._desk = pages, desk

    def invoices(self) -> list[Widget]:
        pay = button("Pay now", "pay_now", lambda: self._desk.run(self._open_checkout()))
        content = [title("Invoices"), label("R-2041 · Extended support · 49.00 €"), pay]
        if self._pages.state.get("checkout") == "busy":
            content.append(spinner())
        elif self._pages.state.get("checkout"):
            content.append(label(self._pages.state["checkout"], "error"))
        return content

    def pay(self) -> list[Widget]:
        if self._pages.state.get("pay") == "done":
            return [title("Payment"), label("Thank you, your payment has been received.", "thanks")]
        content = [
            title("Payment"),
            self._pages.field("holder", "Name on card"),
            self._pages.field("card_number", "Card number"),
            self._pages.field("expiry", "MM/YY"),
            self._pages.field("cvc", "Security code"),
            button("Pay 49.00 €", "pay", lambda: self._desk.run(self._pay_invoice())),
        ]
        return [*content, label(self._pages.state["pay"], "error")] if self._pages.state.get("pay") else content

    async def _open_checkout(self) -> None:
        self._pages.state["checkout"] = "busy"
        answer = await self._desk.request("payments", "/checkout?invoice=R-2041&lang=en")
        if answer is not None and answer.ok:
            self._pages.state["checkout"] = self._pages.state["pay"] = ""
            self._pages.go("pay")
        else:
            self._pages.state["checkout"] = "Payment is currently unavailable."

    async def _pay_invoice(self) -> None:
        form = {
            "invoice": "R-2041",
            "holder": self._pages.values.get("holder", ""),
            "number": self._pages.values.get("card_number", ""),
            "code": self._pages.values.get("cvc", ""),
            "expiry": self._pages.values.get("expiry", ""),
        }
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await self._desk.request(
            "payments", "/checkout", method="POST", body=urlencode(form).encode(), headers=kind
        )
        good = answer is not None and answer.ok and b"<form" not in answer.body
        self._pages.state["pay"] = "done" if good else "The payment failed."
