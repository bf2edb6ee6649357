"""What stands around a control, and whether it can only close that."""

from __future__ import annotations

import pytest

from explorer.policy.boxes import decides, dismisses, is_cross, only_shuts, words_around
from flows.screen import Element, Screen, Text


def el(name: str, **facts: object) -> Element:
    return Element(**{"ref": name, "key": name, "role": "button", "name": name, "region": "dialog", **facts})  # type: ignore[arg-type]


def page(*elements: Element, texts: tuple[Text, ...] = ()) -> Screen:
    return Screen("https://desk.test/", "", elements, texts)


@pytest.mark.parametrize(
    "cross", [el("×"), el("✕"), el("Close", box=(9, 9, 32, 32)), el("Schließen", box=(0, 0, 40, 44))]
)
def test_a_cross_is_known_by_its_shape(cross: Element) -> None:
    assert is_cross(cross) and only_shuts(cross, page(cross))


@pytest.mark.parametrize("word", [el("Close", box=(9, 9, 90, 32)), el("Cancel"), el("Skip", box=(0, 0, 38, 21))])
def test_a_word_is_none_and_may_end_what_is_shown(word: Element) -> None:
    assert not is_cross(word) and not only_shuts(word, page(word, el("Track it")))


@pytest.mark.parametrize("beside", [el("Send"), el("Accept"), el("Subject", role="textbox")])
def test_beside_a_field_or_a_control_that_sends_it_says_not_to(beside: Element) -> None:
    assert only_shuts(el("Cancel"), page(el("Cancel"), beside))
    elsewhere = el("Send", region="main")
    assert not only_shuts(el("Cancel"), page(el("Cancel"), elsewhere))


@pytest.mark.parametrize("text", ["Cancel appointment", "Do you want to cancel order 42?"])
def test_a_word_that_the_dialog_itself_says_does_what_it_says(text: str) -> None:
    one = page(el("Cancel"), el("Reason", role="textbox"), el("Continue"), texts=(Text(text, region="dialog"),))
    assert not only_shuts(el("Cancel"), one)
    assert not only_shuts(el("Cancel", headings=(text,)), page(el("Cancel"), el("Continue")))
    assert only_shuts(el("Not now"), one)


def test_names_that_agree_dismiss_nothing_and_names_that_decide_are_known() -> None:
    assert dismisses(el("Not now")) and not dismisses(el("OK")) and not dismisses(el("Send"))
    assert decides(el("Approve all")) and not decides(el("Got it"))


def test_the_words_around_are_those_of_the_block_the_dialog_or_the_frame() -> None:
    texts = (Text("We use cookies.", region="dialog"), Text("Offers", region="main"))
    assert words_around(el("OK", beside=("This site.",)), page(texts=texts)) == ("This site.", "We use cookies.")
    assert words_around(el("OK"), page(texts=texts)) == ("We use cookies.",)
    assert words_around(el("OK", region="main"), page(texts=texts)) == ()
