"""What may be pressed to get somewhere, and what is left alone because it ends what the user has."""

from __future__ import annotations

import pytest

from flows.recognise.entries import ends_something, looks_harmful, may_press
from flows.screen import Element


def control(name: str, role: str = "button", **facts: object) -> Element:
    return Element(**{"ref": name, "key": f"{role}|{name}", "role": role, "name": name, **facts})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name",
    [
        "Leave", "Quit", "Leave this channel", "Close channel", "Close ticket", "Archive", "End call", "Unsubscribe",
        "Kanal verlassen", "Ticket schließen", "Archivieren", "Quitter", "Fermer le salon", "Archiver",
        "Salir del canal", "Cerrar ticket", "Sair do canal", "Fechar chamado", "Abbandona il canale", "Archivia",
        "Kanaal verlaten", "Opuść kanał", "Zamknij zgłoszenie", "Kanaldan ayrıl", "退室", "退出频道", "归档", "채널 나가기",
    ],
)  # fmt: skip
def test_what_ends_what_the_user_has_is_not_pressed_in_any_language(name: str) -> None:
    assert not may_press(control(name))


@pytest.mark.parametrize(
    "name",
    ["Leave a message", "Leave feedback", "Close", "Closed tickets", "Archives", "Kanäle", "Quittungen", "Exit guide"],
)
def test_what_only_sounds_alike_is_pressed(name: str) -> None:
    assert may_press(control(name))


def test_an_archive_is_a_place_and_to_archive_is_an_end() -> None:
    assert may_press(control("Archive", "link", href="https://a.test/blog/archive"))
    assert ends_something(control("Archive", "link", href="https://a.test/tickets/3/archive"))
    assert ends_something(control("Archive", "menuitem"))


@pytest.mark.parametrize("look", ["btn btn-danger", "fa fa-trash", "icon-leave", "glyphicon glyphicon-remove"])
def test_a_look_of_danger_keeps_the_curious_away(look: str) -> None:
    assert looks_harmful(control("", hints=(look,))) and not looks_harmful(control("", hints=("btn btn-primary",)))


@pytest.mark.parametrize("hint", ["Delete ticket", "Log out", "delete"])
def test_a_control_without_a_name_is_left_alone_if_its_tool_tip_says_harm(hint: str) -> None:
    assert not may_press(control("", hints=(hint,)))
    assert may_press(control("", hints=("Settings",)))
