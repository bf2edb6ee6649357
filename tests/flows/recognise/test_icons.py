"""What a control without a name is called by what its maker left on it."""

from __future__ import annotations

import pytest

from flows.journey import load_catalogue
from flows.recognise.entries import scored
from flows.recognise.icons import called, words_for
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
