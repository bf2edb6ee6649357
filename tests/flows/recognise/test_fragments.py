"""What an expression cannot match without: never more than is true, or words would be missed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from flows.recognise.fragments import fold, needed, pieces
from flows.recognise.languages import languages

EXPRESSIONS = sorted(
    {
        expression
        for words in languages().files.values()
        for group in (
            *words.fields.values(),
            *(getattr(words.general, name) for name in type(words.general).model_fields),
            *(part for j in words.journeys.values() for part in (j.entry, j.unless, j.failure)),
        )
        for expression in group
    }
)


@settings(max_examples=200, deadline=None)
@given(some.sampled_from(EXPRESSIONS).flatmap(lambda e: some.tuples(some.just(e), some.from_regex(e, fullmatch=True))))
def test_every_text_that_a_word_matches_has_a_piece_that_it_needs(both: tuple[str, str]) -> None:
    expression, text = both
    for variant in (text, text.upper(), text.title()):
        if needed(expression) and re.fullmatch(expression, variant, re.IGNORECASE):
            assert needed(expression) & pieces(variant)


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("certificate", {"cer"}),
        ("my account", {"acc"}),
        ("(log|sign)[ -]?(in|on)", {"log", "sig"}),
        ("登录", {"登录"}),
        ("^姓$", {"姓"}),
        ("(my )?help", {"hel"}),
        ("x?", set()),
        (r"\d+", set()),
        ("a|help", set()),
        ("[ab]c+d", set()),
        ("(?<!x)help", {"hel"}),
        ("(?!help)", set()),
        ("a{0,2}bcd", {"bcd"}),
        ("GİRİŞ", {"gir"}),
        (r"\(help\)", {"hel"}),
        ("Привет", set()),
        ("(help|hilfe)", {"hel", "hil"}),
        ("(help|.*)", set()),
    ],
)
def test_pieces_are_read_off_the_literal_characters(expression: str, found: set[str]) -> None:
    assert needed(expression) == found


@pytest.mark.parametrize("text", ["GİRİŞ", "giriş", "GIRIŞ", "gırış", "gi̇ri̇ş"])
def test_letters_that_match_without_case_fold_to_one(text: str) -> None:
    assert fold(text) == "giriş"
    assert re.fullmatch("giriş", text.replace("i̇", "i"), re.IGNORECASE)
