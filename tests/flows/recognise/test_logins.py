"""A form that asks for a password is a login only if something says so, and nothing speaks of another purpose."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from flows.journey import choose, load_catalogue
from flows.recognise.forms import forms
from flows.recognise.languages import languages
from flows.screen import Element, Screen, Text

(LOGIN,) = choose(load_catalogue(), ["login"])


def box(name: str, kind: str = "", **facts: Any) -> Element:
    return Element(**{"ref": name, "key": name, "role": "textbox", "name": name, "kind": kind, "group": "f", **facts})


def button(name: str, **facts: Any) -> Element:
    told = {"ref": f"b {name}", "key": f"b {name}", "role": "button", "name": name, "kind": "submit", "group": "f"}
    return Element(**{**told, **facts})


def link(name: str) -> Element:
    return Element(name, name, "link", name, href="https://a.test/elsewhere", group="f")


def natures(
    *elements: Element, over: tuple[str, ...] = (), at: str = "/x", title: str = "", says: str = ""
) -> set[str]:
    """The natures of the forms on a page with these headings `over` them, and a sentence that it `says`."""
    made = tuple(e if e.role == "link" else replace(e, headings=over) for e in elements)
    texts = (Text(says),) if says else ()
    return {f.nature for f in forms(Screen(f"https://a.test{at}", title, made, texts))}


USER, MAIL, SECRET = box("User name"), box("E-mail", "email"), box("Password", "password")
TRUE: dict[str, tuple[tuple[Element, ...], dict[str, Any]]] = {
    "button": ((USER, SECRET, button("Log in")), {}),
    "bare": ((MAIL, SECRET, Element("r", "r", "checkbox", "Remember me", group="f"), button("Submit")), {}),
    "no button": ((USER, SECRET), {}),
    "second page, heading": ((SECRET, button("Continue")), {"over": ("Sign in",)}),
    "second page, title": ((SECRET, button("Next")), {"title": "Sign in - Accounts"}),
    "gate": ((SECRET, button("Go")), {"at": "/login"}),
    "route": ((SECRET, button("Go")), {"at": "/#/signin"}),
    "first page": ((MAIL, button("Continue")), {"title": "Sign in"}),
    "first page, button": ((MAIL, button("Sign in")), {}),
    "French": ((box("Identifiant"), box("Mot de passe", "password"), button("Valider")), {"title": "Connexion"}),
    "Spanish": ((box("Usuario"), box("Contraseña", "password"), button("Aceptar")), {"over": ("Iniciar sesión",)}),
    "Italian, in few words": ((box("Nome utente"), box("Password", "password"), button("Entra")), {"at": "/#/profile"}),
    "Dutch, second page": ((box("Wachtwoord", "password"), button("Meld je aan")), {}),
    "icon": ((USER, SECRET, button("", hints=("fa fa-right-to-bracket",))), {}),
    "beside others": ((USER, SECRET, button("Log in"), button("Register"), link("Forgot password?")), {}),
    "below an act": ((USER, SECRET, button("Log in")), {"over": ("Write a review", "Please log in")}),
    "or an account": ((USER, SECRET, button("Continue")), {"over": ("Log in or register",)}),
    "three fields": ((box("Company"), USER, SECRET, button("Log in")), {}),
    "manager kept off": ((MAIL, box("Password", "password", hints=("new-password",)), button("Sign in")), {}),
}
FALSE: dict[str, tuple[tuple[Element, ...], dict[str, Any]]] = {
    "Italian, under an act": ((SECRET, button("Entra")), {"over": ("Elimina il tuo account",)}),
    "Italian, known user": ((SECRET, button("Entra"), button("Esci", group="")), {}),
    "new address": ((box("Current password", "password"), box("New e-mail", "email"), button("Confirm")), {}),
    "new name, at a login's settings": ((box("New user name"), SECRET, button("OK")), {"at": "/settings/login"}),
    "heading": ((SECRET, button("Confirm")), {"over": ("Close your account",)}),
    "heading over a login's button": ((SECRET, button("Sign in")), {"over": ("Delete my account",)}),
    "sentence": ((MAIL, SECRET, button("Continue")), {"says": "Enter both to close your account."}),
    "again": ((SECRET, button("Continue")), {"says": "Confirm your password to continue"}),
    "access": ((SECRET, button("Continue")), {"over": ("Confirm access",)}),
    "guest": ((box("Name"), SECRET, box("Comment", "textarea"), button("Log in")), {}),
    "guest without a comment": ((box("Name"), SECRET, button("Submit")), {}),
    "paste": ((box("Title"), SECRET, button("Create")), {}),
    "money": ((box("Recipient"), box("Amount"), box("PIN", "password"), button("OK")), {"title": "Sign in"}),
    "unlock": ((SECRET, button("Unlock")), {"title": "Sign in"}),
    "second factor": ((SECRET, button("Disable two-factor")), {"title": "Sign in"}),
    "newsletter": ((MAIL, SECRET, button("Subscribe")), {}),
    "newsletter, heading": ((MAIL, SECRET, button("Go")), {"over": ("Newsletter",)}),
    "both": ((USER, SECRET, button("Log in and delete")), {}),
    "second button": ((SECRET, button("Confirm"), button("Delete everything")), {"title": "Sign in"}),
    "loose": (
        tuple(replace(e, group="") for e in (USER, SECRET, button("Confirm", kind=""), button("Delete account"))),
        {},
    ),
    "address": ((USER, SECRET, button("OK")), {"at": "/account/close"}),
    "logged in": ((USER, SECRET, button("Continue"), button("Log out", group="top")), {"title": "Sign in"}),
    "account": ((MAIL, SECRET, button("Create account")), {}),
    "forgotten": ((MAIL, button("Send link"), link("Log in")), {"over": ("Forgot password",)}),
    "first page of another": ((MAIL, button("Continue"), link("Log in")), {"over": ("Close your account",)}),
    "German": ((MAIL, box("Passwort", "password"), button("Weiter")), {"over": ("Konto löschen",)}),
    "Japanese": ((MAIL, box("現在のパスワード", "password"), button("次へ")), {}),
    "no word": ((SECRET, button("", hints=("fa fa-check",))), {}),
    "number in the open": ((box("User name"), box("PIN code"), button("OK")), {}),
}


@pytest.mark.parametrize("name", TRUE)
def test_a_login_is_known(name: str) -> None:
    elements, page = TRUE[name]
    assert "login" in natures(*elements, **page)


@pytest.mark.parametrize("name", FALSE)
def test_a_password_for_something_else_is_no_login(name: str) -> None:
    elements, page = FALSE[name]
    assert "login" not in natures(*elements, **page)


@pytest.mark.parametrize("tag", languages().spoken)
def test_each_language_has_a_login_and_a_change_of_one(tag: str) -> None:
    words = languages().spoken[tag]
    names = [e.picks.partition(": ")[2] for e in LOGIN.examples if e.language == tag and e.picks]
    assert names and all("login" in natures(USER, SECRET, button(name)) for name in names)
    ends = [w for w in words.acts["delete"] if w.replace(" ", "").isalpha()]
    assert ends and not any("login" in natures(USER, SECRET, button("OK"), over=(w,)) for w in ends)


def test_a_number_is_a_password_only_where_it_is_hidden() -> None:
    assert natures(USER, box("PIN", "password"), button("Log in")) == {"login"}
    assert "login" not in natures(USER, box("PIN"), button("OK"))
