"""What a person reads of a target that did not open."""

from __future__ import annotations

import pytest

from flows.reached import not_reached


@pytest.mark.parametrize(
    ("problem", "seen", "words"),
    [
        ("net::ERR_CONNECTION_REFUSED", "browser-warning", "nothing listens there"),
        ("net::ERR_NAME_NOT_RESOLVED", "browser-warning", "no address is known for its name"),
        ("net::ERR_SOMETHING_NEW", "browser-warning", "net::ERR_SOMETHING_NEW"),
        ("", "endless-spinner", "a spinner turned without end"),
        ("", "blank", "the page stayed empty"),
    ],
)
def test_one_sentence_says_what_did_not_open_and_why(problem: str, seen: str, words: str) -> None:
    told = not_reached("https://desk.test/", problem, seen)
    assert told.startswith("https://desk.test/ did not open: ")
    assert words in told
