"""The login screen and the profile screen."""

from __future__ import annotations

from explorer.lab.android.support_pages import Desk, Pages, button, label, spinner, title
from explorer.lab.android.widgets import Widget


class Account:
    """The account screens. If the profile cannot be loaded, the spinner never ends and no error is shown."""

    def __init__(self, pages: Pages, desk: Desk) -> None:
        self._pages, self._desk = pages, desk
        self._details: list[str] = []

    def login(self) -> list[Widget]:
        content = [
            title("Welcome back"),
            self._pages.field("user", "E-mail"),
            self._pages.field("password", "Password", password=True),
        ]
        content.append(button("Continue", "login_submit", lambda: self._desk.run(self._sign_in())))
        if self._pages.state.get("login") == "busy":
            content.append(spinner())
        if self._pages.state.get("login") == "failed":
            content.append(label("Something went wrong. Please try again.", "error"))
        if self._pages.state.get("login") == "wrong":
            content.append(label("Wrong e-mail or password.", "error"))
        return content

    def profile(self) -> list[Widget]:
        if self._pages.state.get("profile") != "shown":
            return [title("My profile"), spinner()]  # a failure leaves it turning for ever
        return [title("My profile"), *(label(text, "detail") for text in self._details)]

    async def _sign_in(self) -> None:
        self._pages.state["login"] = "busy"
        body = {"user": self._pages.values.get("user", ""), "password": self._pages.values.get("password", "")}
        answer = await self._desk.request("auth", "/token", method="POST", body=body)
        if answer is not None and answer.ok:
            self._desk.token = str((answer.json() or {}).get("token", ""))
            self._pages.state["login"] = ""
            self._pages.values.pop("password", None)
            self._pages.back()
            self._pages.go_where_wanted()
        else:
            self._pages.state["login"] = "wrong" if answer is not None and answer.status == 401 else "failed"

    async def load_profile(self) -> None:
        self._pages.state["profile"] = "busy"
        answer = await self._desk.request("api", "/v1/user/profile?lang=en")
        data = answer.json() if answer is not None and answer.ok else None
        if data:
            orders = [f"{o['number']} · {o['item']} · {o['date']}" for o in data.get("orders", [])]
            self._details = [data["name"], data["email"], f"{data['plan']}, since {data['since']}", *orders]
            self._pages.state["profile"] = "shown"
