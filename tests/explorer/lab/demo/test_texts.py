"""The words of the demo: all there in every language, and another wording in each skin."""

from __future__ import annotations

import re

import pytest

from explorer.lab.demo.texts import LANGUAGES, SKINS, load_texts

NAMES_IN_BOTH = ("ticket_send", "login_button", "billing_pay", "files_upload", "files_download", "ticket_thanks")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("skin", SKINS)
def test_every_language_has_the_words_and_places_of_english(language: str, skin: str) -> None:
    english, texts = load_texts("en")[skin], load_texts(language)[skin]
    assert texts.words.keys() == english.words.keys()
    assert [a.slug for a in texts.articles] == [a.slug for a in english.articles]
    for key, text in texts.words.items():
        assert re.findall(r"\{\w+\}", text) == re.findall(r"\{\w+\}", english[key]), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_two_skins_name_the_same_things_differently(language: str) -> None:
    skins = load_texts(language)
    assert [key for key in NAMES_IN_BOTH if skins["classic"][key] == skins["modern"][key]] == []


def test_another_language_is_refused_with_the_list() -> None:
    with pytest.raises(ValueError, match=r"«tlh».*en, de, fr, es, pt, ja, zh"):
        load_texts("tlh")
