"""What is typed: proper for the field, the same for the same seed, and open about being a test."""

from __future__ import annotations

import random

import pytest

from explorer.policy.data import Writer
from flows.recognise.languages import languages
from flows.screen import Element
from personas.persona import neutral


def box(name: str, **facts: object) -> Element:
    return Element(**{"ref": "1", "key": name, "role": "textbox", "name": name, **facts})  # type: ignore[arg-type]


def writer(seed: int = 1, **habits: object) -> Writer:
    return Writer(neutral().model_copy(update=habits), random.Random(seed))


@pytest.mark.parametrize("language", languages().spoken)
def test_tickets_and_chats_say_that_they_are_tests_in_every_language(language: str) -> None:
    one = writer()
    assert all(
        "trustwalk" in text.lower() for text in (one.subject(language), one.message(language), one.line(language))
    )


@pytest.mark.parametrize("language", languages().spoken)
def test_every_field_gets_a_value_in_every_language(language: str) -> None:
    one = writer()
    labels = ("Name", "First name", "Last name", "Phone", "Street", "City", "Postcode", "Country", "Company", "Search")
    values = [one.value(box(label), language) for label in (*labels, "Subject", "E-mail", "Order number", "Message")]
    assert all(value.strip() and "{" not in value for value in values)
    assert len(one.line(language)) > 20 and one.topic(language) in one.value(box("Search"), language)


def test_the_same_seed_writes_the_same() -> None:
    fields = [box("Name"), box("Subject"), box("Message", kind="textarea"), box("City")]
    once, again, other = ([w.value(f, "de") for f in fields] for w in (writer(1), writer(1), writer(2)))
    assert once == again != other


def test_addresses_and_cards_reach_nobody() -> None:
    assert writer().value(box("E-mail"), "en").endswith("@example.org")
    assert writer().value(box("Card number"), "en") == "4242424242424242"


def test_an_unknown_language_is_written_in_english() -> None:
    assert writer().language("tlh") == "en" and writer().language("pt-BR") == "pt"


def test_a_typo_changes_the_value() -> None:
    one = writer()
    assert all(one.mistyped(v) != v for v in ("order", "aaaa", "x", "", "ab") for _ in range(20))


def test_hostile_text_needs_the_persona_and_the_permission() -> None:
    field = box("E-mail")
    assert (
        writer(hostile=True).malformed(field, hostile=False)
        == writer(hostile=False).malformed(field, hostile=True)
        == "not-an-address@"
    )
    assert writer(hostile=True).malformed(field, hostile=True) != "not-an-address@"
