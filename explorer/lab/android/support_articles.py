"""The help centre: the list of articles, and a screen for one article."""

from __future__ import annotations

import html
import re
from urllib.parse import quote

from explorer.lab.android.support_pages import Desk, Pages, Tap, label, spinner, title
from explorer.lab.android.widgets import Widget


class Articles:
    """The help screens. They show «Content unavailable» for every kind of failure."""

    def __init__(self, pages: Pages, desk: Desk) -> None:
        self._pages, self._desk = pages, desk
        self._listing: list[tuple[str, str]] = []
        self._paragraphs: list[str] = []

    def help(self) -> list[Widget]:
        if self._pages.state.get("kb") == "failed":
            return [title("Help center"), label("Content unavailable", "error")]
        if self._pages.state.get("kb") == "busy":
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

    def article(self) -> list[Widget]:
        if self._pages.state.get("article") == "busy":
            return [spinner()]
        if not self._paragraphs:
            return [label("Content unavailable", "error")]
        return [title(self._paragraphs[0]), *(label(text, "paragraph") for text in self._paragraphs[1:])]

    def _article_tap(self, slug: str) -> Tap:
        return self._pages.to("article", lambda: self._desk.run(self._load_article(slug)))

    async def load_articles(self) -> None:
        self._pages.state["kb"] = "busy"
        answer = await self._desk.request("kb", "/articles.json?lang=en")
        listing = answer.json() if answer is not None and answer.ok else None
        self._pages.state["kb"] = "failed" if listing is None else ""
        self._listing = [(str(a["slug"]), str(a["title"])) for a in listing or []]

    async def _load_article(self, slug: str) -> None:
        self._pages.state["article"], self._paragraphs = "busy", []
        answer = await self._desk.request("kb", f"/a/{quote(slug)}?lang=en")
        if answer is not None and answer.ok:
            text = answer.body.decode("utf-8", "replace")
            parts = re.findall(r"<(?:h1|p)[^>]*>(.*?)</(?:h1|p)>", text, re.DOTALL)
            plain = [html.unescape(re.sub(r"<[^>]+>", "", part)).strip() for part in parts]
            self._paragraphs = [part for part in plain if part]
        self._pages.state["article"] = ""
