"""Which journey an address, a title or the names of fields belong to, where no screen can be seen."""

from __future__ import annotations

import pytest

from flows.journey import Journey, load_catalogue
from flows.recognise.addresses import journey_of_address, journey_of_fields, journey_of_title


@pytest.fixture(scope="module")
def journeys() -> tuple[Journey, ...]:
    return load_catalogue()


@pytest.mark.parametrize(
    ("address", "journey"),
    [
        ("https://shop.example/", ""),
        ("https://shop.example/products/chair", ""),
        ("https://tickets.shop.example/", "submit-ticket"),
        ("https://api.shop.example/v1/tickets", "submit-ticket"),
        ("https://auth.shop.example/api/tickets", "submit-ticket"),
        ("https://shop.example/tickets/42/upload", "upload-attachment"),
        ("wss://chat.shop.example/live", "start-chat"),
        ("https://shop.example/help-center/articles", "knowledge-base"),
        ("https://shop.example/login", "login"),
        ("https://shop.example/account", "account-info"),
        ("https://shop.example/checkout", "payment"),
        ("https://shop.example/files", ""),  # up or down? nothing tells
        ("https://tickets.example/", ""),  # a shop for tickets, not a place to submit one
        ("https://[broken", ""),
    ],
)
def test_the_parts_of_an_address_name_a_journey(address: str, journey: str, journeys: tuple[Journey, ...]) -> None:
    assert journey_of_address(journeys, address)[0] == journey


@pytest.mark.parametrize(
    ("title", "journey"),
    [
        ("Log in – Fernhill Instruments", "login"),
        ("Fernhill Instruments | Anfrage stellen", "submit-ticket"),
        ("Fernhill Instruments", ""),
        ("", ""),
    ],
)
def test_a_title_names_a_journey_in_any_language(title: str, journey: str, journeys: tuple[Journey, ...]) -> None:
    assert journey_of_title(journeys, title) == journey


@pytest.mark.parametrize(
    ("names", "journey"),
    [
        (["email", "password"], "login"),
        (["name", "email", "password", "password_confirm"], ""),  # somebody signs up
        (["subject", "message"], "submit-ticket"),
        (["cardNumber", "cvc"], "payment"),
        (["q", "page"], ""),
        ([], ""),
    ],
)
def test_the_names_of_fields_name_a_journey(names: list[str], journey: str, journeys: tuple[Journey, ...]) -> None:
    assert journey_of_fields(journeys, names) == journey
