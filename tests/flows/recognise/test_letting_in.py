"""How a screen shows that a login succeeded."""

from __future__ import annotations

from flows.recognise.change import Change
from flows.recognise.letting_in import logged_in
from flows.screen import Element, Screen


def el(role: str, name: str, **facts: object) -> Element:
    return Element(**{"ref": name or role, "key": f"{role}|{name}", "role": role, "name": name, **facts})  # type: ignore[arg-type]


HOME = "https://desk.test/"
LOGIN = Screen(HOME, "Desk", (el("textbox", "User"), el("textbox", "Password", kind="password"), el("link", "Help")))


def told(*after: Element, typed: tuple[str, ...] = ("ann.quist@desk.test", "a secret")) -> str:
    return logged_in(Change("submit", LOGIN, Screen(HOME, "Desk", (el("link", "Help"), *after)), typed))


def test_a_menu_that_is_called_what_the_user_is_called_says_who_is_in() -> None:
    assert told(el("button", "ann.quist@desk.test")) == "ann.quist@desk.test"
    assert told(el("hover", "Ann.Quist")) == "Ann.Quist"
    assert told(el("button", "Ben")) == "" and told() == ""


def test_the_name_in_a_field_only_says_what_was_typed() -> None:
    assert told(el("textbox", "ann.quist@desk.test")) == ""


def test_the_way_out_may_be_a_picture() -> None:
    assert told(el("link", "", hints=("fa fa-sign-out",), href=HOME + "out")) == "sign out"
    assert told(el("link", "", hints=("fa fa-envelope",), href=HOME + "mail")) == ""
    assert told(el("link", "Log out")) == "Log out"
