"""The demo's words: one YAML file per language, with the wordings of both skins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

LANGUAGES: tuple[str, ...] = ("en", "de", "fr", "es", "pt", "ja", "zh")
SKINS: tuple[str, ...] = ("classic", "modern")


@dataclass(frozen=True, slots=True)
class Article:
    """One page of the knowledge base; `body` is paragraphs of plain text."""

    slug: str
    title: str
    teaser: str
    body: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Texts:
    """All texts of one skin in one language: `texts["ticket_send"]`. A missing key raises KeyError."""

    language: str
    skin: str
    company: str
    words: Mapping[str, str]
    articles: tuple[Article, ...]
    replies: tuple[str, ...]
    documents: tuple[str, ...]

    def __getitem__(self, key: str) -> str:
        return self.words[key]


@cache
def load_texts(language: str) -> dict[str, Texts]:
    """The texts of both skins in a language. Raises ValueError for a language that the demo does not have."""
    if language not in LANGUAGES:
        raise ValueError(f"The demo has no language «{language}»; it has {', '.join(LANGUAGES)}.")
    source = files("explorer.lab.demo").joinpath("texts", f"{language}.yml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(source)
    articles = tuple(Article(a["slug"], a["title"], a["teaser"], tuple(a["body"])) for a in data["articles"])
    return {
        skin: Texts(
            language,
            skin,
            data["company"],
            {"language_name": data["language_name"], **data["shared"], **data[skin]},
            articles,
            tuple(data["chat_replies"]),
            tuple(data["documents"]),
        )
        for skin in SKINS
    }
