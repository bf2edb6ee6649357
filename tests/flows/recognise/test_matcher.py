"""Lists of words: what is tried on a text is less than all words, and finds the same."""

from __future__ import annotations

import pickle

import pytest

from flows.journey import load_catalogue
from flows.recognise.languages import General, languages
from flows.recognise.letters import bare
from flows.recognise.matcher import Group, Matcher, WordList, matcher

GROUPS = [Group("general", name) for name in General.model_fields]
LABELS = sorted({line for j in load_catalogue() for e in j.examples for line in (*e.elements, *e.texts, *e.after)}) + [
    label for words in languages().spoken.values() for label in words.innocent
]


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.key)
def test_a_text_is_found_to_hold_what_all_words_together_find(group: Group) -> None:
    words = group.matcher
    wrong = [text for text in LABELS if words.found_in(text) != bool(words.full.search(bare(text)))]
    wrong += [text for text in map(bare, LABELS) if _all(words.for_text(text), text) != _all(words.full, text)]
    assert wrong == []


@pytest.mark.parametrize(
    ("word", "spelled"),
    [
        ("schließen", ["schliessen", "SCHLIESSEN", "Schließen"]),
        ("kündigen", ["kundigen", "Kuendigen", "KÜNDIGEN"]),
        ("résilie[rz]", ["RESILIER", "resiliez"]),
        ("usuń", ["usun", "USUŃ"]),
        ("l[öo]schen", ["loschen", "LÖSCHEN"]),
        ("ü?ber", ["ber", "uber", "ueber"]),
        ("iptal|sıfırla", ["sifirla", "SIFIRLA"]),
        ("ação", ["acao"]),
    ],
)
def test_a_word_matches_however_its_accents_are_spelled(word: str, spelled: list[str]) -> None:
    assert all(Matcher((("xx", (word,)),)).is_whole(text) for text in spelled)
    assert not Matcher((("ja", ("か",)),)).is_whole("が"), "marks of other scripts change the meaning"


def _all(pattern: object, text: str) -> list[str]:
    return [match.group() for match in pattern.finditer(text)]  # type: ignore[attr-defined]


def test_the_longest_word_is_measured_and_the_whole_told_from_a_part() -> None:
    words = matcher({"en": ("pay", "pay now"), "ja": ("支払い",)})
    assert [words.longest(t) for t in ("Pay now, please", "Pay", "repay", "お支払いへ", "")] == [7, 3, 0, 3, 0]
    assert words.is_whole("PAY NOW") and not words.is_whole("Pay now!")


def test_the_turkish_i_is_an_i_in_all_its_forms() -> None:
    words = matcher({"tr": ("giriş", "çıkış")})
    assert all(words.is_whole(text) for text in ("GİRİŞ", "giriş", "ÇIKIŞ", "Çıkış"))


def test_references_and_flags_inside_of_a_word_keep_their_meaning() -> None:
    words = matcher({"any": (r"(.)\1{3}", r"(?i)quux")})
    assert words.is_whole("aaaa") and words.is_whole("QUUX") and not words.is_whole("aaab")


def test_words_are_compiled_once_and_travel_without_what_they_compile_to() -> None:
    words = WordList({"en": ("help",)})
    assert matcher(words) is matcher(words) and isinstance(matcher(words), Matcher)
    there = pickle.loads(pickle.dumps(words))
    assert there == words and "matcher" not in vars(there) and there.matcher.found_in("Help!")
