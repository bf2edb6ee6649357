"""What holds for every sign of success: it is told by its name, it says when it is seen, and nothing new is no sign."""

from __future__ import annotations

import re

import pytest

from explorer.surfaces.scripted import screen_of
from flows.recognise.change import Change
from flows.recognise.signs import SIGNS, WORDS, Sign, Trust, data_shown, file_listed, is_echo, sign_named, trust_of

DESK = screen_of(
    ["textbox: Message #f", "button: Send #f"], ["heading: Help", "listitem: Ticket 1041", "cell: 2026-11-01"]
)


@pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: sign.name)
def test_a_sign_is_found_by_its_name_and_sees_nothing_where_nothing_changed(sign: Sign) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", sign.name)
    assert sign.find.__doc__ and sign.find.__doc__.strip().endswith(".")
    assert sign_named(sign.name) is sign
    for stage in ("open", "say", "submit", "choose"):
        assert sign.find(Change(stage, DESK, DESK, ("Hello, is anybody there?",))) == ""


@pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: sign.name)
def test_what_shows_the_user_s_own_input_again_is_never_beyond_doubt(sign: Sign) -> None:
    assert trust_of(sign.name) is sign.trust
    if is_echo(sign.name):
        assert sign.trust is Trust.SHOWN


def test_words_of_a_journey_are_the_app_s_own_and_a_stop_is_ours() -> None:
    assert (trust_of(WORDS), trust_of("stopped-before:pay")) == (Trust.TOLD, Trust.SEEN)
    assert sign_named(WORDS) is None and not is_echo(WORDS)


@pytest.mark.parametrize("role", ["clickable", "button"])
def test_a_notice_that_names_the_file_and_an_error_is_no_row_of_it(role: str) -> None:
    def shown(name: str) -> str:
        after = screen_of([f"{role}: {name}"], ["heading: Files"])
        return file_listed(Change("choose", screen_of([], ["heading: Files"]), after, ("/tmp/photo.png",)))

    assert shown("photo.png 3 KB") == "photo.png 3 KB"
    assert shown("Envoi échoué photo.png: erreur") == ""


@pytest.mark.parametrize(("address", "shown"), [("https://desk.test/", ""), ("https://desk.test/me", "vor 9 Min.")])
def test_ages_that_count_on_while_a_menu_opens_are_no_data(address: str, shown: str) -> None:
    ages = ("vor 8 Min.", "vor 3 Std.", "vor 2 Std.")
    before = screen_of([], [f"listitem: {age}" for age in ages])
    after = screen_of([], ["listitem: vor 9 Min.", "listitem: vor 4 Std.", "listitem: vor 5 Std."], address=address)
    assert data_shown(Change("open", before, after, ())) == shown
