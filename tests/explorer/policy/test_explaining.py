"""A heading explains a form sentence by sentence, and a deal only as what is asked about."""

from __future__ import annotations

import pytest

from explorer.policy.explaining import asks_for_person, is_explained, names_deal, nothing_left
from explorer.policy.own_acts import OwnActs
from explorer.policy.told_headings import is_question
from flows.journey import load_catalogue
from flows.screen import Screen

OWN = OwnActs(load_catalogue(), public=True, strict=True)
SCREEN = Screen("https://acme.example/x", "")


def explained(heading: str) -> bool:
    return is_explained(heading, SCREEN, OWN.names_door)


@pytest.mark.parametrize(
    "heading",
    [
        *(
            "Contact us",
            "Question about your loan",
            "Membership enquiry",
            "My donation did not arrive",
            "Une question ? Écrivez-nous",
        ),
        *(
            "Problem: lamp flickers",
            "Frage zu meiner Spende",
            "寄付についての質問",
            "Support – Acme",
            "Lost something? Tell us",
        ),
    ],
)
def test_what_asks_support_for_something_is_explained(heading: str) -> None:
    assert explained(heading)


@pytest.mark.parametrize(
    "heading",
    [
        *(
            "Battery defective? Get a new one",
            "Trouble sleeping? Try our mattress",
            "We’ll come to you",
            "Loan without problems",
        ),
        *(
            "Kredit ohne Probleme",
            "Prêt sans souci",
            "ご寄付について",
            "Insurance against failures",
            "水漏れですか?すぐに駆けつけます",
            "手机坏了吗?换新手机",
            "Help us",
            "Membership",
        ),
    ],
)
def test_what_sells_with_trouble_is_not(heading: str) -> None:
    assert not explained(heading)


def test_questions_are_known_with_what_they_ask_for() -> None:
    assert is_question("Which product is it about?") and not is_question("Contact us") and not is_question("Problem?")
    assert asks_for_person("What is your e-mail address?") and not asks_for_person("Which plan do you want?")
    assert names_deal("Reisekreditversicherung") and names_deal("Voting") and not names_deal("Invoice")
    assert nothing_left("Acme", SCREEN) and not nothing_left("Acme loans", SCREEN)


@pytest.mark.parametrize(
    "heading",
    [
        "Report graffiti",
        "Loch in der Straße? Schlagloch melden",
        "Signaler un lampadaire en panne",
        "Informar de un bache",
        "Segnala rifiuti abbandonati",
        "Reportar buraco na via",
        "Zwerfvuil melden",
        "Zgłoś dziurę w drodze",
        "Çukur bildir",
        "不法投棄の報告",
        "가로등 고장 신고",
    ],
)
def test_what_is_reported_to_an_office_is_explained(heading: str) -> None:
    assert explained(heading)


@pytest.mark.parametrize(
    "heading",
    [
        "Graffiti workshop supplies",
        "Buy a street lamp",
        "Name a pothole after your ex",
        "Lärmschutzfenster kaufen",
        "Ampelparty am Freitag",
        "Poubelles et graffitis : la collection",
        "Farolas solares para tu jardín",
        "Semafori da collezione",
        "Verkeerslichten voor je feest",
        "Latarnie ogrodowe",
        "Security holes: the board game",
    ],
)
def test_a_thing_that_is_reported_elsewhere_explains_nothing_by_its_name(heading: str) -> None:
    assert not explained(heading)
