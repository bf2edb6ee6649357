"""The words of the generated portals: one file per language in `texts/`, and the demo's own texts where it has them."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from explorer.lab.demo.texts import LANGUAGES, load_texts

FOLDER = Path(__file__).with_name("texts")
DOORS = ("home", "chat", "ticket", "help", "files", "account", "billing", "login", "logout")
_DEMO: Mapping[str, tuple[str, str]] = {
    "write": ("chat_write", "widget_placeholder"),
    "send": ("chat_send", "widget_send"),
    "name": ("ticket_name", "ticket_name"),
    "email": ("ticket_email", "ticket_email"),
    "topic": ("ticket_category", "ticket_category"),
    "subject": ("ticket_subject", "ticket_subject"),
    "message": ("ticket_message", "ticket_message"),
    "submit": ("ticket_send", "ticket_send"),
    "thanks": ("ticket_thanks", "ticket_thanks"),
    "number": ("ticket_done", "ticket_done"),
    "upload": ("files_upload", "files_upload"),
    "choose": ("files_choose", "files_upload"),
    "download": ("files_download", "files_download"),
    "orders": ("account_orders", "account_orders"),
    "pay": ("billing_pay", "billing_pay"),
    "user": ("login_user", "login_user"),
    "password": ("login_password", "login_password"),
    "wrong": ("login_wrong", "login_wrong"),
    "plan": ("plan", "plan"),
    "holder": ("pay_holder", "pay_holder"),
    "card": ("pay_number", "pay_number"),
    "expiry": ("pay_expiry", "pay_expiry"),
    "code": ("pay_code", "pay_code"),
    "hello": ("chat_greeting", "chat_greeting"),
    "search": ("search", "search"),
}
"""Our key → the demo's key in its classic and its modern skin."""
_MODERN = ("consent", "accept", "reject", "menu", "back")
_MODERN_KEYS = ("consent_text", "consent_accept", "consent_reject", "menu_open", "kb_back")


@dataclass(frozen=True, slots=True)
class Words:
    """All texts of one portal. A missing key raises KeyError."""

    language: str
    words: Mapping[str, str]
    topics: tuple[str, ...]
    articles: tuple[tuple[str, str], ...]
    """Title and text."""

    def __getitem__(self, key: str) -> str:
        return self.words[key]

    @property
    def direction(self) -> str:
        """`rtl` where one writes from right to left."""
        return "rtl" if self.language == "ar" else "ltr"


def words(language: str, rng: random.Random) -> Words:
    """The texts in a language; where there are several wordings, `rng` draws one."""
    told: dict[str, Any] = yaml.safe_load((FOLDER / f"{language}.yml").read_text(encoding="utf-8"))
    if language in LANGUAGES:
        told = {**_of_the_demo(language, rng), **told}
    plain = {k: (rng.choice(v) if k in DOORS else v) for k, v in told.items() if k not in {"articles", "options"}}
    return Words(language, plain, tuple(told["options"]), tuple((a["title"], a["body"]) for a in told["articles"]))


def _of_the_demo(language: str, rng: random.Random) -> dict[str, Any]:
    skins = load_texts(language)
    classic, modern = skins["classic"], skins["modern"]
    told: dict[str, Any] = {}
    for key, (old, new) in _DEMO.items():
        choices = [skin.words[name] for skin, name in ((classic, old), (modern, new)) if name in skin.words]
        if choices:
            told[key] = rng.choice(choices)
    told["number"] = told["number"].replace("{number}", "{n}")
    for key, name in zip(_MODERN, _MODERN_KEYS, strict=True):
        told[key] = modern[name]
    for door in DOORS:
        found = (classic.words.get(f"nav_{door}"), modern.words.get(f"menu_{door}"))
        told[door] = [word for word in found if word]
    return {
        **told,
        "company": classic.company,
        "reply": classic.replies[0],
        "options": [classic[name] for name in ("cat_order", "cat_device", "cat_other")],
        "articles": [{"title": a.title, "body": " ".join(a.body)} for a in classic.articles],
    }
