"""Paths as a server reads them, and the rows of an app."""

from __future__ import annotations

import pytest

from explorer.policy.ruling import YES, Ruling, asks, is_native_way, is_under, leads_home, path_of
from flows.refusal import Reason
from flows.screen import Element, Screen


def test_a_ruling_without_a_reason_allows() -> None:
    assert YES.allowed and not Ruling(Reason.ACT, "end").allowed


@pytest.mark.parametrize(
    ("address", "path"), [("https://a.test/b%20c;x=1/d?e", "/b c/d"), ("https://a.test", "/"), ("https://[broken", "/")]
)
def test_a_path_is_read_as_a_server_reads_it(address: str, path: str) -> None:
    assert path_of(address) == path


def test_a_place_holds_what_lies_below_it_alone() -> None:
    assert is_under("/help/a", "/help/") and is_under("/help", "/help") and not is_under("/helpless", "/help")


def test_a_link_without_a_path_leads_home() -> None:
    def link(address: str) -> Element:
        return Element("l", "l", "link", "Acme", href=address)

    assert leads_home(link("https://a.test/")) and not leads_home(link("https://a.test/?do=x"))


def test_a_question_has_several_words_or_no_blanks() -> None:
    assert asks("Where is my parcel?") and asks("注文はどこですか？") and not asks("Really?")


def test_a_row_is_wide_and_flat() -> None:
    def row(width: int, height: int, **facts: bool) -> bool:
        made = Element("r", "r", "clickable", "Orders", box=(0, 0, width, height))
        return is_native_way(made, Screen("app", "", (made,), viewport=(400, 800), native=facts.get("native", True)))

    assert row(400, 60) and not row(120, 60) and not row(400, 400) and not row(400, 60, native=False)
