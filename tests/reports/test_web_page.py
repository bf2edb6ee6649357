from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from reports.summary import load
from reports.web_page import render
from tests.reports.runs import CORPUS, SMALLER, write_run

Written = Callable[[str], str]


class Page(HTMLParser):
    """Tags, attributes and text of a page, as a browser would parse them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def values(self, attribute: str) -> list[str]:
        return [attrs[attribute] or "" for _, attrs in self.tags if attribute in attrs]


@pytest.fixture(scope="module")
def written(folder: Callable[[str], Path]) -> Written:
    """The page of a run, by the run's name. Each is written once."""
    return cache(lambda name: render(load(folder(name))))


@pytest.mark.parametrize("name", CORPUS)
def test_the_page_needs_nothing_from_elsewhere(written: Written, name: str) -> None:
    page = Page(written(name))
    assert [v for v in page.values("src") if not v.startswith("data:image/")] == []
    kept = re.compile(
        r"(#|(evidence|screens)/[\w.%-]+\Z)"
    )  # a place in the page, or a file that the run kept beside it
    assert [v for v in page.values("href") if not kept.match(v)] == []
    policy = next(a["content"] or "" for t, a in page.tags if t == "meta" and "http-equiv" in a)
    assert "default-src 'none'" in policy and "unsafe" not in policy


@pytest.mark.parametrize("name", SMALLER)
def test_links_within_the_page_lead_somewhere_and_ids_are_unique(written: Written, name: str) -> None:
    page = Page(written(name))
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert {v[1:] for v in page.values("href") if v.startswith("#")} <= set(ids)


@pytest.mark.parametrize("name", SMALLER)
def test_nothing_of_the_app_becomes_markup(written: Written, name: str) -> None:
    page = Page(written(name))
    assert [t for t, _ in page.tags].count("script") == 1
    assert [a for _, attrs in page.tags for a in attrs if a.startswith("on") or a == "style"] == []


def test_hostile_strings_are_visible_and_cut(written: Written) -> None:
    text = written("hostile")
    assert "\u202e" not in text and "⟦U+202E⟧" in text
    assert "A" * 700 not in text
    assert len(text) < 400_000


def test_the_first_screen_says_what_fails_for_whom_why_and_what_to_type(written: Written) -> None:
    first = re.split(r'<section aria-labelledby="matrix">', written("failed"))[0]
    words = " ".join(Page(first).words.split())
    for said in (
        "4 of 8 journeys fail because TLS fails",
        "«Start a chat» fails for all 3 personas",
        "chat.desk.test: certificate has expired",
        "Cannot connect to an agent",
        "Renew the certificate and reload (nginx)",
        "certbot renew --cert-name chat.desk.test",
        "trustwalk probe chat.desk.test",
        "«Read a help article» fails for curious and novice",
    ):
        assert said in words


def test_a_shared_unknown_root_is_the_first_thing_said(written: Written) -> None:
    text = written("private-ca")
    assert text.index("A private CA?") < text.index('class="fixes"')
    assert "A private CA?" not in written("failed")


def test_a_cut_off_run_says_so_at_the_top(written: Written) -> None:
    text = written("cut-off")
    assert text.index("This run was cut off") < text.index("<h1>")


def test_pictures_are_inside_the_page(tmp_path: Path) -> None:
    page = Page(render(load(write_run("small", tmp_path, pictures=True))))
    assert len([v for v in page.values("src") if v.startswith("data:image/jpeg;base64,")]) >= 2


def test_two_hundred_sessions_keep_the_page_small_and_can_be_filtered(written: Written) -> None:
    text = written("two-hundred")
    assert len(text) < 3_000_000
    assert text.count("<tr data-verdict=") == 200 * 8
    assert 'role="search"' in text and 'role="search"' not in written("small")


def test_what_changed_against_a_baseline_is_at_the_head_and_marked_in_the_matrix(written: Written) -> None:
    page = written("compared")
    head = page[page.index("<header") : page.index("</header>")]
    assert "Against 20261120-090000-desk" in head and ">1 new</a>" in head and ">1 fixed</a>" in head
    assert page.count('<span class="tag failed">new</span>') == 1
    assert "Against" not in written("failed")
