"""What a ruling says, questions, and the rows of an app."""

from __future__ import annotations

from explorer.policy.ruling import YES, Ruling, asks, is_native_way
from flows.refusal import Reason
from flows.screen import Element, Screen


def test_a_ruling_without_a_reason_allows() -> None:
    assert YES.allowed and not Ruling(Reason.ACT, "end").allowed


def test_a_question_has_several_words_or_no_blanks() -> None:
    assert asks("Where is my parcel?") and asks("注文はどこですか？") and not asks("Really?")


def test_a_row_is_wide_and_flat() -> None:
    def row(width: int, height: int, **facts: bool) -> bool:
        made = Element("r", "r", "clickable", "Orders", box=(0, 0, width, height))
        return is_native_way(made, Screen("app", "", (made,), viewport=(400, 800), native=facts.get("native", True)))

    assert row(400, 60) and not row(120, 60) and not row(400, 400) and not row(400, 60, native=False)
