from __future__ import annotations

import pytest

from reports.text_display import count, fitted, host_of, iso, listed, shown, slug, without_values


@pytest.mark.parametrize("hidden", ["\u202e", "\u2066", "\u200b", "\x1b", "\x00", "\ufeff", "\U000e0041"])
def test_hidden_characters_are_made_visible(hidden: str) -> None:
    assert shown(f"a{hidden}b") == f"a⟦U+{ord(hidden):04X}⟧b"


def test_ordinary_text_of_any_language_is_left_alone() -> None:
    for text in ("Straße – «ça» 你好 こんにちは", "two\nlines\tand a tab", "👋"):
        assert shown(text) == text


def test_endless_text_is_cut_with_a_word_on_it() -> None:
    assert shown("x" * 1_000_000, 10) == "xxxxxxxxxx… (999,990 more characters)"
    assert fitted("one  two\nthree", 9) == "one two …"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://u:p@host/a?token=1&flag#frag", "https://host/a?token=…&flag"),
        ("https://[bad/?x=1", "https://[bad/"),
        ("https://host/", "https://host/"),
    ],
)
def test_urls_lose_what_may_be_secret(url: str, told: str) -> None:
    assert without_values(url) == told


def test_small_words() -> None:
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(list("abcdefgh"), 3) == "a, b, c and 5 more"
    assert listed([]) == ""
    assert count(1, "host") == "1 host" and count(1234, "host") == "1,234 hosts"
    assert host_of("a.test", 443) == "a.test" and host_of("::1", 8443) == "[::1]:8443"
    assert iso(0) == "" and iso(1.5) == "1970-01-01T00:00:01.500Z"
    assert slug("Über «Chat» 1") == "uber-chat-1" and slug("你好") == "x"
