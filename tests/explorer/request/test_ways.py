"""A way to spell a text begins as it says that it begins: a search that skips to the beginnings misses nothing."""

from __future__ import annotations

import re

import pytest

from explorer.request.ways import Way, base64_within, ways_of, ways_of_token


@pytest.mark.parametrize("secret", ["Tr0ub4dor & 3/ü", "пароль-длинный", "p+/q", "\\\"'&%\\"])
def test_each_beginning_is_one_of_the_whole_and_starts_with_a_certain_character(secret: str) -> None:
    for way in ways_of(secret, ("", "")):
        first = [part[0] for part in way.parts]
        for pattern in (way.pattern, *way.begins):
            re.compile(pattern)
        assert all(p[0] not in "([.?*" for p in way.parts[0]), first


def test_letters_of_a_token_stand_for_themselves() -> None:
    assert next(iter(ways_of_token("abcd.efg"))).pattern.startswith("abcd(?:")
    assert Way((("a", "b"), ("c",))).pattern == "(?:a|b)c"


def test_base64_keeps_what_the_secret_alone_decides() -> None:
    assert base64_within(b"horse!", 0) == "aG9yc2Uh" and base64_within(b"horse!", 1) in "eGhvcnNlIXh4"


@pytest.mark.parametrize("secret", ["Tr0ub4dor & 3/ü", "\\\"'&%\\", " x+/=", "秘密の言葉です"])
def test_a_way_knows_the_characters_that_it_may_begin_with(secret: str) -> None:
    for way in [*ways_of(secret, ("", "")), *ways_of_token(secret)]:
        firsts = set(way.firsts)
        for spelled in (secret, *(f"{mark}{code}" for mark in ("%", "\\u00", "&#", "&#x") for code in ("5c;", "92;"))):
            met = re.match("|".join(way.parts[0]), spelled)
            assert met is None or spelled[0] in firsts
