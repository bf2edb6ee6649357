"""A site's own name is taken out of a text, unless it says what the site's forms do."""

from __future__ import annotations

import pytest

from flows.recognise.site_name import without_site


@pytest.mark.parametrize(
    ("text", "address", "left"),
    [
        ("Contact Acme", "https://www.acme.example/x", "Contact"),
        ("Contact Acme Health", "https://acme-health.example/", "Contact"),
        ("Log in to acme.com", "https://acme.com/", "Log in to"),
        ("Contact Acmes", "https://acme.example/", "Contact Acmes"),
        ("Donate", "https://donate.example/", "Donate"),
        ("Insurance", "https://insurance.example/", "Insurance"),
        ("Contact Acme", "com.acme.app/.Main", "Contact Acme"),
    ],
)
def test_the_name_is_that_of_the_host(text: str, address: str, left: str) -> None:
    assert without_site(text, address).strip() == left


def test_another_name_may_be_given() -> None:
    assert without_site("Contact Blue Lamps", "https://acme.example/", "Blue Lamps").strip() == "Contact"
    assert without_site("Loan", "https://acme.example/", "Loan").strip() == "Loan"
