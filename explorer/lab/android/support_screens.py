"""The screens of the demo's Android app: their contents in each state, and the effect of taps."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Coroutine
from typing import Any, Protocol
from urllib.parse import quote, unquote, urlencode

from explorer.lab.android.calls import HttpResponse
from explorer.lab.android.widgets import Widget

Tap = Callable[[], None]
_ACTIVITIES = {"chat": "ChatActivity", "pay": "CheckoutActivity", "article": "ArticleActivity"}


def title(text: str) -> Widget:
    return Widget("TextView", text, "title", height=170)


def label(text: str, rid: str = "") -> Widget:
    return Widget("TextView", text, rid, height=max(110, 60 * (1 + len(text) // 46)))


def spinner() -> Widget:
    return Widget("ProgressBar", rid="progress")


class Desk(Protocol):
    """The app as the screens see it (see `explorer.lab.android.support.Support`)."""

    blemished: bool

    @property
    def token(self) -> str: ...

    @token.setter
    def token(self, value: str) -> None: ...

    def run(self, work: Coroutine[Any, Any, None]) -> None: ...

    def reload(self) -> None: ...

    def say(self, text: str) -> None: ...

    def pick(self, done: Callable[[str, bytes], None]) -> None: ...

    def save(self, name: str, content: bytes) -> None: ...

    async def open_chat(self) -> None: ...

    async def request(self, host: str, path: str, **more: Any) -> HttpResponse | None: ...

    async def send_file(self, host: str, path: str, name: str, content: bytes) -> HttpResponse | None: ...

    async def documents(self) -> list[tuple[str, str]]: ...


class Screens:
    """`state` holds the outcome of each request, `values` the contents of the fields."""

    def __init__(self, app: Desk) -> None:
        self._app = app
        self.name = "home"
        self.state: dict[str, str] = {}
        self.values: dict[str, str] = {}
        self.messages: list[tuple[str, str]] = []
        self._listing: list[tuple[str, str]] = []
        self._paragraphs: list[str] = []
        self._details: list[str] = []
        self._files: list[tuple[str, str]] = []
        self._picked: tuple[str, bytes] | None = None
        self._stack: list[str] = []
        self._wanted: Tap | None = None

    @property
    def activity(self) -> str:
        return f"test.desk.support.{_ACTIVITIES.get(self.name, 'MainActivity')}"

    def go(self, name: str) -> None:
        if name != self.name:
            self._stack.append(self.name)
        self.name = name

    def back(self) -> bool:
        if not self._stack:
            return False
        self.name = self._stack.pop()
        return True

    def widgets(self) -> list[Widget]:
        content: list[Widget] = getattr(self, f"_{self.name}")()
        return content

    def hear(self, message: str) -> None:
        """Add a line of the agent."""
        data = json.loads(message)
        self.messages.append((str(data.get("from")), str(data.get("text"))))

    def _field(self, rid: str, hint: str, *, password: bool = False, tall: bool = False) -> Widget:
        def set_text(text: str) -> None:
            self.values[rid] = text

        return Widget(
            "EditText",
            self.values.get(rid, ""),
            rid,
            hint=hint,
            set_text=set_text,
            password=password,
            height=300 if tall else 150,
        )

    def _button(self, text: str, rid: str, tap: Tap) -> Widget:
        return Widget("Button", text, rid, tap=tap)

    def _to(self, name: str, load: Callable[[], None] | None = None, *, guarded: bool = False) -> Tap:
        """Go to a screen and load its contents. A `guarded` one requires a login first."""

        def arrive() -> None:
            self.go(name)
            if load is not None:
                load()

        def tap() -> None:
            self._wanted = arrive if guarded and not self._app.token else None
            if self._wanted is not None:
                self.go("login")
            else:
                arrive()

        return tap

    def _home(self) -> list[Widget]:
        ready = self.state.get("ready")
        if ready != "yes":
            waiting = (
                [spinner()]
                if ready == "loading"
                else [
                    label("Desk Support is not available. Please try again later.", "unavailable"),
                    self._button("Try again", "retry", self._app.reload),
                ]
            )
            return [title("Desk Support"), *waiting]
        app = self._app
        sign = (
            self._button("Sign out", "sign_out", self._sign_out)
            if app.token
            else self._button("Sign in", "sign_in", self._to("login"))
        )
        return [
            title("Desk Support"),
            self._button("Talk to an agent", "chat", self._to("chat", lambda: app.run(app.open_chat()))),
            self._button("Write to us", "contact", self._to("contact")),
            self._button("Help center", "help", self._to("help", lambda: app.run(self._load_articles()))),
            self._button(
                "My profile", "profile", self._to("profile", lambda: app.run(self._load_profile()), guarded=True)
            ),
            self._button("Invoices", "invoices", self._to("invoices", guarded=True)),
            self._button("Send a screenshot", "screenshot", self._to("upload")),
            self._button("Downloads", "downloads", self._to("downloads", lambda: app.run(self._load_files()))),
            sign,
            *([Widget("ImageButton", rid="more", tap=lambda: None, height=100)] if app.blemished else []),
        ]

    def _sign_out(self) -> None:
        self._app.token = ""

    def _login(self) -> list[Widget]:
        content = [
            title("Welcome back"),
            self._field("user", "E-mail"),
            self._field("password", "Password", password=True),
        ]
        content.append(self._button("Continue", "login_submit", lambda: self._app.run(self._sign_in())))
        if self.state.get("login") == "busy":
            content.append(spinner())
        if self.state.get("login") == "failed":
            content.append(label("Something went wrong. Please try again.", "error"))
        if self.state.get("login") == "wrong":
            content.append(label("Wrong e-mail or password.", "error"))
        return content

    async def _sign_in(self) -> None:
        self.state["login"] = "busy"
        body = {"user": self.values.get("user", ""), "password": self.values.get("password", "")}
        answer = await self._app.request("auth", "/token", method="POST", body=body)
        if answer is not None and answer.ok:
            self._app.token = str((answer.json() or {}).get("token", ""))
            self.state["login"] = ""
            self.values.pop("password", None)
            self.back()
            if self._wanted is not None:
                self._wanted()
        else:
            self.state["login"] = "wrong" if answer is not None and answer.status == 401 else "failed"

    def _chat(self) -> list[Widget]:
        state = self.state.get("chat")
        if state == "connecting":
            return [title("Conversation"), spinner(), label("Connecting…")]
        if state == "failed":
            return [title("Conversation"), label("Cannot connect to our agents.", "error")]
        rows = [Widget("TextView", text, "message_text", height=120) for _, text in self.messages[-6:]]
        log = Widget(
            "androidx.recyclerview.widget.RecyclerView",
            rid="message_list",
            children=rows,
            height=max(200, 120 * len(rows)),
        )
        return [
            title("Conversation"),
            log,
            self._field("message", "Your message"),
            self._button("Send", "send", self._say),
        ]

    def _say(self) -> None:
        self._app.say(self.values.pop("message", "").strip())

    def _contact(self) -> list[Widget]:
        state = self.state.get("contact", "")
        if state.startswith("T-"):
            return [title("Write to us"), label(f"Thank you! Your request {state} has been received.", "thanks")]
        content = [
            title("Write to us"),
            self._field("name", "Your name"),
            self._field("email", "E-mail address"),
            self._field("subject", "Subject"),
            self._field("body", "How can we help?", tall=True),
        ]
        if state == "busy":
            return [*content, spinner()]
        content.append(self._button("Send request", "contact_submit", lambda: self._app.run(self._send_request())))
        if state:
            content.append(label(state, "error"))
        return content

    async def _send_request(self) -> None:
        self.state["contact"] = "busy"
        values = self.values
        body = {
            "name": values.get("name", ""),
            "email": values.get("email", ""),
            "subject": values.get("subject", ""),
            "category": "app",
            "message": values.get("body", ""),
        }
        answer = await self._app.request("tickets", "/v1/tickets", method="POST", body=body)
        if answer is not None and answer.ok:
            self.state["contact"] = str((answer.json() or {}).get("number", ""))
        elif answer is not None and answer.status == 422:
            self.state["contact"] = "Please fill in all fields."
        else:
            self.state["contact"] = "Failed to send your request."

    def _help(self) -> list[Widget]:
        if self.state.get("kb") == "failed":
            return [title("Help center"), label("Content unavailable", "error")]
        if self.state.get("kb") == "busy":
            return [title("Help center"), spinner()]
        rows = [
            Widget(
                "LinearLayout",
                rid="article_row",
                tap=self._article_tap(slug),
                children=[Widget("TextView", name, "article_title")],
            )
            for slug, name in self._listing
        ]
        return [title("Help center"), *rows]

    def _article_tap(self, slug: str) -> Tap:
        return self._to("article", lambda: self._app.run(self._load_article(slug)))

    async def _load_articles(self) -> None:
        self.state["kb"] = "busy"
        answer = await self._app.request("kb", "/articles.json?lang=en")
        listing = answer.json() if answer is not None and answer.ok else None
        self.state["kb"] = "failed" if listing is None else ""
        self._listing = [(str(a["slug"]), str(a["title"])) for a in listing or []]

    def _article(self) -> list[Widget]:
        if self.state.get("article") == "busy":
            return [spinner()]
        if not self._paragraphs:
            return [label("Content unavailable", "error")]
        return [title(self._paragraphs[0]), *(label(text, "paragraph") for text in self._paragraphs[1:])]

    async def _load_article(self, slug: str) -> None:
        self.state["article"], self._paragraphs = "busy", []
        answer = await self._app.request("kb", f"/a/{quote(slug)}?lang=en")
        if answer is not None and answer.ok:
            text = answer.body.decode("utf-8", "replace")
            parts = re.findall(r"<(?:h1|p)[^>]*>(.*?)</(?:h1|p)>", text, re.DOTALL)
            plain = [html.unescape(re.sub(r"<[^>]+>", "", part)).strip() for part in parts]
            self._paragraphs = [part for part in plain if part]
        self.state["article"] = ""

    def _profile(self) -> list[Widget]:
        if self.state.get("profile") != "shown":
            return [title("My profile"), spinner()]  # after a failure, the spinner never ends
        return [title("My profile"), *(label(text, "detail") for text in self._details)]

    async def _load_profile(self) -> None:
        self.state["profile"] = "busy"
        answer = await self._app.request("api", "/v1/user/profile?lang=en")
        data = answer.json() if answer is not None and answer.ok else None
        if data:
            orders = [f"{o['number']} · {o['item']} · {o['date']}" for o in data.get("orders", [])]
            self._details = [data["name"], data["email"], f"{data['plan']}, since {data['since']}", *orders]
            self.state["profile"] = "shown"

    def _invoices(self) -> list[Widget]:
        pay = self._button("Pay now", "pay_now", lambda: self._app.run(self._open_checkout()))
        content = [title("Invoices"), label("R-2041 · Extended support · 49.00 €"), pay]
        if self.state.get("checkout") == "busy":
            content.append(spinner())
        elif self.state.get("checkout"):
            content.append(label(self.state["checkout"], "error"))
        return content

    async def _open_checkout(self) -> None:
        self.state["checkout"] = "busy"
        answer = await self._app.request("payments", "/checkout?invoice=R-2041&lang=en")
        if answer is not None and answer.ok:
            self.state["checkout"] = self.state["pay"] = ""
            self.go("pay")
        else:
            self.state["checkout"] = "Payment is currently unavailable."

    def _pay(self) -> list[Widget]:
        if self.state.get("pay") == "done":
            return [title("Payment"), label("Thank you, your payment has been received.", "thanks")]
        content = [
            title("Payment"),
            self._field("holder", "Name on card"),
            self._field("card_number", "Card number"),
            self._field("expiry", "MM/YY"),
            self._field("cvc", "Security code"),
            self._button("Pay 49.00 €", "pay", lambda: self._app.run(self._pay_invoice())),
        ]
        return [*content, label(self.state["pay"], "error")] if self.state.get("pay") else content

    async def _pay_invoice(self) -> None:
        form = {
            "invoice": "R-2041",
            "holder": self.values.get("holder", ""),
            "number": self.values.get("card_number", ""),
            "code": self.values.get("cvc", ""),
            "expiry": self.values.get("expiry", ""),
        }
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await self._app.request(
            "payments", "/checkout", method="POST", body=urlencode(form).encode(), headers=kind
        )
        good = answer is not None and answer.ok and b"<form" not in answer.body
        self.state["pay"] = "done" if good else "The payment failed."

    def _upload(self) -> list[Widget]:
        content = [
            title("Send a screenshot"),
            self._button("Choose a file", "choose_file", lambda: self._app.pick(self._chosen)),
        ]
        if self._picked is not None:
            content += [
                label(self._picked[0], "chosen"),
                self._button("Upload", "upload", lambda: self._app.run(self._send_file())),
            ]
        if self.state.get("upload") == "busy":
            content.append(spinner())
        elif self.state.get("upload"):
            content.append(label(self.state["upload"], "result"))
        return content

    def _chosen(self, name: str, content: bytes) -> None:
        self._picked, self.state["upload"] = (name, content), ""

    async def _send_file(self) -> None:
        if self._picked is None:
            return
        (name, content), self.state["upload"] = self._picked, "busy"
        answer = await self._app.send_file("files", "/upload", name, content)
        if answer is not None and answer.ok:
            self._picked, self.state["upload"] = None, f"Thank you, {name} has been received."
        else:
            self.state["upload"] = "An error occurred."

    def _downloads(self) -> list[Widget]:
        if self.state.get("files") == "busy":
            return [title("Downloads"), spinner()]
        rows = [
            self._button(f"Download {name}", "download_file", self._file_tap(path, name)) for path, name in self._files
        ]
        return [title("Downloads"), *(rows or [label("No documents.")])]

    def _file_tap(self, path: str, name: str) -> Tap:
        return lambda: self._app.run(self._fetch(path, name))

    async def _load_files(self) -> None:
        """The portal lists the documents; the files host stores them."""
        self.state["files"] = "busy"
        self._files = await self._app.documents()
        self.state["files"] = ""

    async def _fetch(self, path: str, name: str) -> None:
        """Download a document. A failure shows nothing: the file is missing silently."""
        answer = await self._app.request("files", path)
        if answer is not None and answer.ok:
            self._app.save(unquote(name), answer.body)
