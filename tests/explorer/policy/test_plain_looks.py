"""What looks like navigation, a title or a place for files, and acts."""

from __future__ import annotations

from typing import Any

import pytest

from explorer.policy.permission import Permission, Purpose
from explorer.surfaces.scripted import screen_of
from flows.journey import Role, load_catalogue
from flows.recognise.forms import forms

HOME = "https://desk.test"


def may(purpose: Purpose, *elements: str | dict[str, Any], journey: Role = Role.NONE, **facts: Any) -> bool:
    """Whether the first of the elements may be pressed on a public target."""
    screen = screen_of(list(elements), (), **{"address": f"{HOME}/x", **facts})
    one = Permission(public=True, journeys=load_catalogue(), site=lambda at: at.startswith(HOME))
    return one.may(screen.elements[0], screen, purpose, journey)


def link(name: str, path: str, **more: Any) -> dict[str, Any]:
    return {"role": "link", "name": name, "href": HOME + path, **more}


QUESTIONS = [
    "Do you really want to cancel the order?",
    "Möchten Sie sich vom Newsletter abmelden lassen und ihn abbestellen?",
    "配信を停止しますか？",
]


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("purpose", [Purpose.LOOK, Purpose.READ])
def test_a_question_that_stands_alone_may_be_one_that_acts(name: str, purpose: Purpose) -> None:
    assert not may(purpose, link(name, "/o/77"))
    assert may(purpose, link(name, "/help/o-77"))
    assert may(
        purpose,
        link(name, "/o/77"),
        link("Where is my parcel today?", "/o/78"),
        link("How long does it take?", "/o/79"),
    )


@pytest.mark.parametrize(
    ("path", "followed"),
    [
        ("/cases/7/state/done", False),
        ("/cases/7?state=done", False),
        ("/kb/12/rating/5x", False),
        ("/posts/9/vote/down", False),
        ("/cases?state=done", True),
        ("/cases/state/done", True),
        ("/cases/7/status", True),
        ("/cases/7/status/details", True),
        ("/rating/9", True),
    ],
)
def test_an_address_that_gives_something_a_state_changes_it(path: str, followed: bool) -> None:
    assert may(Purpose.LOOK, link("Done", path)) is followed


def test_a_number_below_a_question_for_a_rating_turns_no_page() -> None:
    number = {"role": "button", "name": "4", "region": "navigation"}
    assert not may(Purpose.LOOK, {**number, "headings": ["Rate this article"]})
    assert not may(Purpose.LOOK, {**number, "headings": ["Bewertung"]})
    assert may(Purpose.LOOK, number) and may(Purpose.LOOK, {**number, "headings": ["Results"]})


def test_a_button_in_a_header_that_could_start_something_is_no_place() -> None:
    assert not may(Purpose.LOOK, {"role": "button", "name": "Start", "region": "banner"})
    assert may(Purpose.LOOK, {"role": "link", "name": "Start", "href": f"{HOME}/s", "region": "banner"})
    assert may(Purpose.LOOK, {"role": "button", "name": "Services", "region": "banner"})


@pytest.mark.parametrize(
    "name", ["SOS", "Call a driver", "Tor öffnen", "Taxi rufen", "Clock out", "Spin", "Yes", "緊急"]
)
def test_a_button_of_an_app_that_nothing_explains_is_left_alone(name: str) -> None:
    button = {"role": "button", "name": name}
    assert not may(Purpose.LOOK, button, native=True) and not may(Purpose.DOOR, button, native=True, journey=Role.CHAT)
    square = {"role": "clickable", "name": name, "box": [300, 500, 400, 400]}
    assert not may(Purpose.LOOK, square, native=True)
    screen = screen_of([button], (), native=True)
    assert Permission().may(screen.elements[0], screen, Purpose.LOOK)


def test_rows_tabs_menus_and_doors_of_an_app_are_pressed() -> None:
    row = {"role": "clickable", "name": "Opening hours", "box": [0, 500, 1280, 120]}
    for made in (
        row,
        {"role": "tab", "name": "Orders"},
        {"role": "menuitem", "name": "Settings"},
        {"role": "button", "name": "Menu"},
    ):
        assert may(Purpose.LOOK, made, native=True), made
    assert may(Purpose.DOOR, {"role": "button", "name": "Live chat"}, native=True, journey=Role.CHAT)


@pytest.mark.parametrize(
    ("name", "path", "language"),
    [
        ("パスワードを変更する方法", "/a/1", "ja"),
        ("如何修改密码的步骤", "/a/1", "zh"),
        ("Reset password", "/hc/articles/9", "en"),
        ("Adresse ändern", "/hilfe/9", "de"),
        ("Save", "/kb/77", "en"),
    ],
)
def test_a_title_may_be_short_or_without_blanks(name: str, path: str, language: str) -> None:
    assert may(Purpose.READ, link(name, path), language=language)
    assert not may(Purpose.READ, link(name, "/hc/articles/9/delete"), language=language)
    assert not may(Purpose.READ, link("Reset password", "/a/1"))


def handed_in(label: str, button: str, *over: str, title: str = "", at: str = "/x", public: bool = True) -> bool:
    file = {"role": "file", "name": label, "group": "g", "headings": list(over)}
    send = {
        "role": "button",
        "name": button,
        "kind": "submit",
        "sends": "post /x",
        "group": "g",
        "headings": list(over),
    }
    screen = screen_of([file, send], (), address=HOME + at, title=title)
    return Permission(public=public, journeys=load_catalogue()).may_fill(forms(screen)[0], screen, Role.UPLOAD)


@pytest.mark.parametrize(
    ("label", "button", "heading"),
    [
        ("Photo", "Save", "About you"),
        ("Unterschrift", "Speichern", "Profil"),
        ("Tarif", "Enregistrer", "Boutique"),
        ("Firmware", "Guardar", "Router"),
    ],
)
def test_a_file_that_is_saved_replaces_something_of_the_users(label: str, button: str, heading: str) -> None:
    assert not handed_in(label, button, heading) and handed_in(label, button, heading, public=False)


def test_a_file_is_saved_where_files_are_handed_in() -> None:
    assert handed_in("Scan", "Save", "Attach a file") and handed_in("Scan", "Speichern", "Ticket 42", at="/tickets/42")
    assert handed_in("Scan", "Enregistrer", title="Mes documents")


SCRIPTED_OFFERS = [
    "Do you need an ambulance now?",
    "Shall we page somebody right away?",
    "Are you ready to place your bet?",
]
SCRIPTED_OFFERS += [
    "Möchten Sie jetzt einen Techniker?",
    "Voulez-vous jouer tout de suite ?",
    "今すぐ始めますか？",
    "지금 시작하시겠습니까?",
]


@pytest.mark.parametrize("name", SCRIPTED_OFFERS)
def test_a_scripted_question_that_offers_something_is_no_article(name: str) -> None:
    assert not may(Purpose.READ, {"role": "button", "name": name}, journey=Role.KNOWLEDGE)


FOR_INFORMATION = [
    "Where is my parcel now?",
    "How do I track my parcel?",
    "Wo finde ich meine Rechnung?",
    "Où est ma facture actuelle ?",
]
FOR_INFORMATION += [
    "¿Cómo puedo seguir mi paquete?",
    "注文はどこですか？",
    "请问如何查询我的订单？",
    "제 주문은 어디에 있나요?",
]


@pytest.mark.parametrize("name", FOR_INFORMATION)
def test_a_scripted_question_for_information_is_one(name: str) -> None:
    assert may(Purpose.READ, {"role": "button", "name": name}, journey=Role.KNOWLEDGE)


def test_several_questions_side_by_side_are_a_list_of_articles() -> None:
    names = ("Is my parcel insured by you?", "Do you deliver on Saturdays too?", "Can I track my own parcel?")
    made = [{"role": "button", "name": name, "region": "main"} for name in names]
    assert may(Purpose.READ, *made, journey=Role.KNOWLEDGE) and not may(Purpose.LOOK, *made)
