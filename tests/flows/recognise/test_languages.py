"""One file a language: whole, right in itself, and no false friend of another one. A new file needs no test code."""

from __future__ import annotations

import re
from importlib import resources
from typing import get_args

import pytest

from flows.journey import Journey, load_catalogue
from flows.recognise.entries import fit, may_press, scored
from flows.recognise.fields import field_kind
from flows.recognise.languages import Common, FieldNature, Forms, General, Language, LanguageError, languages, read
from flows.recognise.lexicon import LANGUAGE, LOGIN, LOGOUT, acts_in, says
from flows.screen import Element, Screen

ALL = languages()
CATALOGUE = load_catalogue()
FILES = {tag: resources.files("flows").joinpath("recognise", "words", f"{tag}.yml") for tag in ALL.files}
PICKS = [
    pytest.param(journey, e.picks, id=f"{journey.id}-{e.language}-{n}")
    for journey in CATALOGUE
    for n, e in enumerate(journey.examples)
    if e.picks
]
FIELDS = [
    pytest.param(nature, word, id=f"{tag}-{nature}-{n}")
    for tag, words in ALL.files.items()
    for nature, expressions in words.fields.items()
    for n, word in enumerate(expressions)
    if re.fullmatch(r"[\w '’/-]+", word)
]
"""Words of labels that are no more than words."""
GOOD = """
name: Klingon
typed: {locale: en_US, note: a, subject: b, hello: c, topic: d}
"""


def control(text: str) -> Element:
    role, _, name = text.rpartition(": ")
    return Element(text, text, role or "link", name)


def how_well(journey: Journey, element: Element) -> float:
    return max(fit(recogniser, element) for recogniser in journey.entry)


@pytest.mark.parametrize("tag", ALL.files)
def test_every_expression_is_one(tag: str) -> None:
    read(
        f"{tag}.yml",
        FILES[tag].read_text(encoding="utf-8"),
        Language if tag in ALL.spoken else Common,
        compile_all=True,
    )


@pytest.mark.parametrize("tag", ALL.spoken)
def test_a_language_has_words_for_everything(tag: str) -> None:
    words = ALL.spoken[tag]
    assert [name for name in General.model_fields if not getattr(words.general, name)] == []
    assert [name for name in Forms.model_fields if not getattr(words.forms, name)] == []
    assert {*words.nouns} == {"payment", "publish", "end", "delete", "change"}
    assert {*get_args(FieldNature)} == {*words.fields, *ALL.common.fields}
    assert {*words.journeys} == {j.id for j in CATALOGUE if j.id in ALL.spoken[ALL.common.fallback].journeys}
    assert words.around_messages and words.innocent
    stages = {j.id: {s.id for s in j.stages} for j in CATALOGUE}
    for name, journey in words.journeys.items():
        assert (
            journey.entry
            and journey.failure
            and {*journey.stages, *(e.stage for e in journey.examples)} <= stages[name]
        )


@pytest.mark.parametrize("tag", ALL.spoken)
def test_menus_lead_astray_in_no_language(tag: str) -> None:
    screen = Screen("https://a.test/", "a", tuple(map(control, ALL.spoken[tag].innocent)), language=tag)
    assert {j.id: names for j in CATALOGUE if (names := [e.name for _, e in scored(j.entry, screen)])} == {}
    groups = {"login": LOGIN, "logout": LOGOUT, "language": LANGUAGE}
    assert [(name, e.name) for name, group in groups.items() for e in screen.elements if says(group, e.name)] == []
    assert [(e.name, acts_in(e.name)) for e in screen.elements if acts_in(e.name)] == []


@pytest.mark.parametrize(("journey", "picks"), PICKS)
def test_what_leads_to_a_journey_leads_to_no_other_in_any_language(journey: Journey, picks: str) -> None:
    element = control(picks)
    own = how_well(journey, element)
    assert may_press(element)
    assert [other.id for other in CATALOGUE if other is not journey and how_well(other, element) >= own] == []


@pytest.mark.parametrize(("nature", "word"), FIELDS)
def test_the_label_of_a_field_means_the_same_beside_all_other_languages(nature: str, word: str) -> None:
    same = {n for words in ALL.files.values() for n, expressions in words.fields.items() if word in expressions}
    assert field_kind(Element("1", word, "textbox", word)) in {nature} | same


def test_the_language_to_fall_back_on_comes_first_and_no_boundary_is_looked_for_where_there_is_none() -> None:
    assert next(iter(ALL.spoken)) == ALL.common.fallback
    assert ALL.unspaced > {"any", "ja", "th"} and ALL.common.fallback not in ALL.unspaced


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GOOD.replace("name: Klingon", ""), "name: field required"),
        (GOOD + "general: {eror: [x]}", "general.eror: extra inputs"),
        (GOOD + "fields: {shoe-size: [x]}", "fields.shoe-size"),
        (GOOD + "general: {error: ['(']}", "general.error: value error, «(» is not a regular expression"),
        (GOOD + "fields: {email: ['(']}", "fields.email: value error, «(» is not a regular expression"),
        (GOOD + "journeys: {login: {entry: '('}}", "journeys.login.entry"),
        (GOOD + "journeys: {login: {entry: ['(']}}", "journeys.login.entry: value error, «(» is not"),
        ("name: [", "cannot be read as YAML"),
        ("", "the whole file"),
    ],
)
def test_a_wrong_file_is_named_with_its_key(text: str, told: str) -> None:
    assert read("tlh.yml", GOOD, Language, compile_all=True).name == "Klingon"
    with pytest.raises(LanguageError) as caught:
        read("tlh.yml", text, Language, compile_all=True)
    assert str(caught.value).startswith("tlh.yml: ") and told in str(caught.value)
