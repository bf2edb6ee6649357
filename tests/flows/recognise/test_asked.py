"""A form with what stands over it, and the words of addresses."""

from __future__ import annotations

from flows.recognise.asked import Asked, address_words, parts_of
from flows.screen import Element, Frame, Screen, Text

BOX = Element("b", "b", "textbox", "E-mail")


def test_headings_are_those_of_the_form_or_of_its_part_of_the_screen() -> None:
    screen = Screen("https://a.test/x", "Acme", (BOX,), (Text("Acme", "heading"), Text("Welcome", "heading")))
    assert Asked([BOX], [], None, screen).headings == ("Welcome",)
    over = Element("b", "b", "textbox", "E-mail", headings=("Log in",))
    assert Asked([over], [], None, screen).headings == ("Log in",)


def test_a_frame_has_an_address_and_a_title_of_its_own() -> None:
    screen = Screen("https://a.test/x", "Acme", (BOX,), frames=(Frame("f", "https://id.test/in", "Sign in"),))
    framed = Asked([BOX], [], None, screen, "f")
    assert (framed.address, framed.title) == ("https://id.test/in", "Sign in")
    assert Asked([BOX], [], None, screen).title == "Acme"


def test_an_address_has_words_by_path_and_route() -> None:
    assert address_words("https://a.test/myAccount/9/#/sign-in?x") == ["my account", "9", "sign in"]
    assert parts_of("https://a.test/my/9") == ["my"] and address_words("https://[broken") == []
