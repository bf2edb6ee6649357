"""The words by which a login is known."""

from __future__ import annotations

import pytest

from flows.recognise.login_words import greets, is_called_entry, is_door, says_so
from flows.screen import Element


def button(name: str, *hints: str) -> Element:
    return Element("b", "b", "button", name, hints=hints)


ONLY = [
    *("Log in", "Sign in to your account", "Log me in", "Continue to login", "Member login", "Sign in / Register"),
    *("Jetzt anmelden", "Bei Ihrem Konto anmelden", "Se connecter à mon compte", "Iniciar sesión ahora", "Fazer login"),
    *("Accedi al tuo account", "Inloggen bij mijn account", "Zaloguj się do konta", "Hesabınıza giriş yapın"),
    *("アカウントにログインする", "로그인하기", "立即登录"),
]  # fmt: skip


@pytest.mark.parametrize("name", ONLY)
def test_a_name_that_says_nothing_but_login_says_so(name: str) -> None:
    assert says_so(button(name))


@pytest.mark.parametrize(
    "name",
    ["Log in and pay", "Authenticate card", "Sign on behalf of Jane", "Log out", "Anmelden zum Kurs", "登录并转账"],
)
def test_a_name_that_says_more_does_not(name: str) -> None:
    assert not says_so(button(name)) and not is_called_entry(button(name))


def test_the_name_of_the_site_is_that_of_its_host() -> None:
    named = button("Log in to Acme")
    assert says_so(named, "https://id.acme.example/x") and not says_so(named, "https://id.other.example/x")
    assert not says_so(named) and not says_so(None)


def test_a_picture_is_read_by_what_developers_call_it() -> None:
    assert says_so(button("", "fa fa-sign-in")) and not says_so(button("", "fa fa-trash"))


def test_greetings_entries_and_doors() -> None:
    assert greets("Welcome back!") and greets("Kundenportal") and not greets("Welcome offer")
    assert is_called_entry(button("Mitgliederbereich")) and not is_called_entry(button("Bereich"))
    assert is_door("oauth2") and is_door("sign in") and not is_door("newsletter")
