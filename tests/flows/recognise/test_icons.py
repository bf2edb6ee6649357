"""What a control without a name is called by what its maker left on it."""

from __future__ import annotations

import pytest

from flows.journey import load_catalogue
from flows.recognise.entries import scored
from flows.recognise.icons import called, is_unreadable, words_for
from flows.screen import Element, Screen

CATALOGUE = {j.id: j for j in load_catalogue()}


def icon(*hints: str, name: str = "", role: str = "button", href: str = "") -> Element:
    return Element("1", f"{role}|{hints}", role, name, hints=hints, href=href)


@pytest.mark.parametrize(
    ("element", "journey"),
    [
        (icon("btn btn-icon", "fa fa-gear"), "account-info"),
        (icon("i-user"), "account-info"),
        (icon("Mon compte"), "account-info"),
        (icon("glyphicon glyphicon-question-sign", "Aide"), "knowledge-base"),
        (icon("icon-life-ring"), "knowledge-base"),
        (icon("mdi mdi-comment-dots"), "start-chat"),
        (icon("lucide lucide-paperclip", role="button"), "upload-attachment"),
        (icon("bi bi-cloud-download"), "download-attachment"),
        (icon("nav-link", role="link", href="https://a.test/app/faq"), "knowledge-base"),
        (icon("fa-bug", name="\ue001"), "submit-ticket"),
    ],
)
def test_an_icon_is_a_door_by_what_it_shows(element: Element, journey: str) -> None:
    screen = Screen("https://a.test/", "a", (element,))
    best = {name: s[0][0] for name, j in CATALOGUE.items() if (s := scored(j.entry, screen))}
    assert max(best, key=best.__getitem__) == journey


@pytest.mark.parametrize("look", ["fa fa-trash", "icon-leave", "fa-sign-out"])
def test_an_icon_that_ends_something_is_no_door(look: str) -> None:
    screen = Screen("https://a.test/", "a", (icon(look),))
    assert [name for name, j in CATALOGUE.items() if scored(j.entry, screen)] == []


def test_people_are_told_what_it_is_called() -> None:
    assert called(icon("fa fa-gear")) == "settings" and called(icon(name="Wiki")) == "Wiki"
    assert called(icon()) == "a button without a name" and words_for(icon("fa-gear", name="Wiki")) == ()


@pytest.mark.parametrize(
    ("name", "href", "journey"),
    [
        ("Υποστήριξη", "https://a.test/help", "knowledge-base"),
        ("הפרופיל שלי", "https://a.test/app/profile", "account-info"),
        ("Βοήθεια", "https://a.test/#/help", "knowledge-base"),
        ("כניסה", "https://a.test/#!/login", "login"),
    ],
)
def test_a_door_in_a_script_that_no_language_of_ours_uses_is_known_by_its_address(
    name: str, href: str, journey: str
) -> None:
    screen = Screen("https://a.test/", "a", (icon(name=name, role="link", href=href),))
    best = {name: s[0][0] for name, j in CATALOGUE.items() if (s := scored(j.entry, screen))}
    assert max(best, key=best.__getitem__) == journey


def test_the_way_out_in_such_a_script_is_no_door() -> None:
    screen = Screen("https://a.test/", "a", (icon(name="Αποσύνδεση", role="link", href="https://a.test/logout"),))
    assert [name for name, j in CATALOGUE.items() if scored(j.entry, screen)] == []


def test_names_in_the_scripts_of_our_languages_are_read() -> None:
    for name in ("Über uns", "ヘルプ", "お問い合わせ", "帮助", "도움말", "Yardım", "v2"):
        assert not is_unreadable(name)
    assert is_unreadable("Βοήθεια") and not is_unreadable("Chat Βοήθεια") and not is_unreadable("→ 2")
