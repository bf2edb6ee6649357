"""The home screen of the demo's Android app, and the choice of the current screen."""

from __future__ import annotations

from explorer.lab.android.support_account import Account
from explorer.lab.android.support_articles import Articles
from explorer.lab.android.support_files import Files
from explorer.lab.android.support_pages import Desk, Page, Pages, button, label, spinner, title
from explorer.lab.android.support_payment import Payment
from explorer.lab.android.support_talks import Talks
from explorer.lab.android.widgets import Widget

_ACTIVITIES = {"chat": "ChatActivity", "pay": "CheckoutActivity", "article": "ArticleActivity"}


class Screens:
    """Draws the current screen. `pages` knows which one that is; `talks` holds the chat's messages."""

    def __init__(self, app: Desk) -> None:
        self._app = app
        self.pages = Pages(lambda: bool(app.token))
        self.talks = Talks(self.pages, app)
        self._account = Account(self.pages, app)
        self._articles = Articles(self.pages, app)
        self._payment = Payment(self.pages, app)
        self._files = Files(self.pages, app)
        self._drawn: dict[str, Page] = {
            "home": self._home,
            "login": self._account.login,
            "profile": self._account.profile,
            "chat": self.talks.chat,
            "contact": self.talks.contact,
            "help": self._articles.help,
            "article": self._articles.article,
            "invoices": self._payment.invoices,
            "pay": self._payment.pay,
            "upload": self._files.upload,
            "downloads": self._files.downloads,
        }

    @property
    def activity(self) -> str:
        return f"test.desk.support.{_ACTIVITIES.get(self.pages.name, 'MainActivity')}"

    def widgets(self) -> list[Widget]:
        return self._drawn[self.pages.name]()

    def _home(self) -> list[Widget]:
        app, to = self._app, self.pages.to
        ready = self.pages.state.get("ready")
        if ready != "yes":
            waiting = (
                [spinner()]
                if ready == "loading"
                else [
                    label("Desk Support is not available. Please try again later.", "unavailable"),
                    button("Try again", "retry", self._app.reload),
                ]
            )
            return [title("Desk Support"), *waiting]
        sign = (
            button("Sign out", "sign_out", self._sign_out) if app.token else button("Sign in", "sign_in", to("login"))
        )
        return [
            title("Desk Support"),
            button("Talk to an agent", "chat", to("chat", lambda: app.run(app.open_chat()))),
            button("Write to us", "contact", to("contact")),
            button("Help center", "help", to("help", lambda: app.run(self._articles.load_articles()))),
            button("My profile", "profile", to("profile", lambda: app.run(self._account.load_profile()), guarded=True)),
            button("Invoices", "invoices", to("invoices", guarded=True)),
            button("Send a screenshot", "screenshot", to("upload")),
            button("Downloads", "downloads", to("downloads", lambda: app.run(self._files.load_files()))),
            sign,
            *([Widget("ImageButton", rid="more", tap=lambda: None, height=100)] if app.blemished else []),
        ]

    def _sign_out(self) -> None:
        self._app.token = ""
