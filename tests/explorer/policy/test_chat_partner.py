"""A chat in a page is with support if its words say so, or if anything else there does."""

from __future__ import annotations

from typing import Any

import pytest

from explorer.policy.chat_partner import is_chat_with_others
from explorer.policy.own_acts import OwnActs
from explorer.surfaces.scripted import screen_of
from flows.journey import load_catalogue

OWN = OwnActs(load_catalogue(), public=True, strict=True)


def with_others(
    *over: str, name: str = "Send", region: str = "main", texts: tuple[str, ...] = (), **facts: Any
) -> bool:
    screen = screen_of([{"role": "button", "name": name, "headings": list(over), "region": region}], texts, **facts)
    return is_chat_with_others(screen.elements[0], screen, OWN.names_door, OWN.names_chat)


@pytest.mark.parametrize(
    "heading", ["Message Ada", "Fan zone", "Ada Lovelace schreiben", "Stuur Ada een bericht", "Drill fans"]
)
def test_a_chat_under_a_name_is_with_somebody_else(heading: str) -> None:
    assert with_others(heading) and with_others("Chat", name="Message Ada")
    assert with_others(heading, title="Acme", address="https://acme.example/live"), "the site's name says nothing"
    assert not with_others(heading, title="Support – Acme") and not with_others("Contact us", heading)
    assert not with_others(heading, address="https://desk.test/support")
    assert not with_others(heading, texts=("log: Hello, this is Ada from the support team",))
    assert with_others(heading, region="dialog"), "marketplaces open it over the page"
    assert with_others("Chat", name="Text the landlord")
    assert not with_others(heading, region="complementary"), "a widget in the corner is the site's own"


@pytest.mark.parametrize(
    "heading",
    ["Live chat", "Chat with us", "How can we help?", "Message support", "Schreiben Sie uns", "Welcome back", ""],
)
def test_a_chat_under_words_for_chats_is_with_support(heading: str) -> None:
    assert not with_others(*filter(None, [heading])) and not with_others(heading, name="Send message")
