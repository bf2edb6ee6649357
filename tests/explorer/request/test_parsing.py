"""Times and lists of words as people write them."""

from __future__ import annotations

import pytest

from explorer.request.parsing import seconds, split


@pytest.mark.parametrize(
    ("text", "value"), [("90", 90), ("90s", 90), ("5m", 300), ("1.5h", 5400), (90, 90), (12.5, 12.5), (" 2m ", 120)]
)
def test_times_are_read_as_people_write_them(text: object, value: float) -> None:
    assert seconds(text) == value


@pytest.mark.parametrize("text", ["soon", "-3", "0", "5 weeks", "", -3, 0, True, None, "inf", "1e5"])
def test_a_time_that_is_none_is_refused_with_a_sentence(text: object) -> None:
    with pytest.raises(ValueError, match="is not a time"):
        seconds(text)


def test_words_are_separated_by_commas_and_count_once() -> None:
    assert split(("novice, elderly", "novice", ",")) == ("novice", "elderly")
