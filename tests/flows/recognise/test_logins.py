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


def aside(name: str) -> Element:
    """A control of the form that does not send it."""
    return button(name, kind="button")


def tick(name: str) -> Element:
    return Element(name, name, "checkbox", name, "checkbox", group="f")


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
    "first page, under the site's name": ((MAIL, button("Anmelden")), {"over": ("Acme",), "title": "Acme"}),
    "first page, told by its address": ((MAIL, button("Anmelden")), {"over": ("Hallo",), "at": "/login"}),
    "first page, a user name": (
        (box("E-mail", "email", hints=("username",)), button("Accedi")),
        {"over": ("Ciao",)},
    ),
    "first page, by phone": ((box("Mobile number or e-mail"), button("Next")), {"over": ("Sign in",)}),
    "first page, by phone, German": ((box("Telefonnummer"), button("Weiter")), {"title": "Anmelden – Acme"}),
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
    "fields cleared": (
        (USER, SECRET, button("Log in"), aside("Empty the fields"), aside("Delete all")),
        {"at": "/login"},
    ),
    "reset of the fields": (
        (USER, SECRET, button("OK"), button("Delete all entries", kind="reset")),
        {"title": "Sign in"},
    ),
    "offers": ((USER, SECRET, button("Sign in"), aside("Buy a ticket"), aside("Book a table")), {}),
    "terms": ((USER, SECRET, tick("I accept the terms and conditions"), button("Sign in")), {}),
    "Dutch terms": ((USER, SECRET, tick("Ik accepteer de gebruiksvoorwaarden"), button("Inloggen")), {}),
    "French terms": ((USER, SECRET, tick("J’accepte les conditions"), button("Se connecter")), {}),
    "class": ((box("User name", hints=("new-field", "new_user")), SECRET, button("Sign in")), {}),
    "id": ((USER, box("Password", "password", hints=("currentPassword",)), button("OK")), {"over": ("Sign in",)}),
    "id, title": ((USER, box("Password", "password", hints=("current_password",)), button("OK")), {"title": "Sign in"}),
    "class of no login's field": ((box("User name", hints=("new-control",)), SECRET, button("OK")), {}),
    "id of an address": ((box("E-mail", "email", hints=("user_new",)), SECRET, button("OK")), {"over": ("Sign in",)}),
    "mild beside": ((USER, SECRET, button("Sign in"), button("Change language")), {}),
    "slogan": ((MAIL, SECRET, button("Next")), {"over": ("Log in",), "title": "Parcello – Send parcels abroad"}),
    "outer heading": ((MAIL, SECRET, button("Next")), {"over": ("Sell your car", "Log in"), "at": "/login"}),
    "own word": ((USER, SECRET, button("Enter")), {}),
    "word of a language without words": ((USER, SECRET, button("Logga in")), {"at": "/login"}),
    "French, alone": ((box("Identifiant"), box("Mot de passe", "password"), button("Valider")), {}),
    "manager kept off": ((MAIL, box("Password", "password", hints=("new-password",)), button("Sign in")), {}),
}
FALSE: dict[str, tuple[tuple[Element, ...], dict[str, Any]]] = {
    "Italian, under an act": ((SECRET, button("Entra")), {"over": ("Elimina il tuo account",)}),
    "word of a language without words": ((USER, SECRET, button("Radera konto")), {}),
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
    "costly beside": ((USER, SECRET, button("Sign in"), button("Place order")), {"at": "/login"}),
    "picture beside": ((USER, SECRET, button("Sign in"), button("Delete my account", kind="image")), {}),
    "terms of an end": ((USER, SECRET, tick("I agree: delete my account"), button("Sign in")), {}),
    "terms of a payment": ((USER, SECRET, tick("I accept, charge my card"), button("Sign in")), {}),
    "decision": ((USER, SECRET, button("Approve")), {}),
    "new address by id": ((box("E-mail", "email", hints=("newEmail",)), SECRET, button("Confirm")), {}),
    "change by id": ((MAIL, box("Password", "password", hints=("current_password",)), button("Confirm")), {}),
    "end by title": ((MAIL, SECRET, button("Next")), {"over": ("Log in",), "title": "Delete your account"}),
    "end by outer heading": ((MAIL, SECRET, button("Next")), {"over": ("Close your account", "Log in")}),
    "act by title alone": ((MAIL, SECRET, button("Next")), {"title": "Send money abroad"}),
    "account, neutral to us": ((USER, SECRET, button("Register")), {}),
    "newsletter, a login's word": ((MAIL, button("Anmelden")), {"over": ("Unser Newsletter",)}),
    "newsletter, Dutch": ((MAIL, button("Meld je aan")), {"over": ("Nieuwsbrief",)}),
    "webinar": ((MAIL, button("Anmelden")), {"over": ("Acme", "Webinar: Technik im Alltag")}),
    "draw, French": ((MAIL, button("Connexion")), {"over": ("Gagnez un vélo",)}),
    "download, Japanese": ((MAIL, button("ログイン")), {"over": ("資料ダウンロード",)}),
    "news by another name": ((MAIL, button("Accedi")), {"over": ("Restiamo amici",), "title": "Acme"}),
    "webinar, by phone": ((box("Telefon", "tel"), button("Anmelden")), {"over": ("Webinar: Technik im Alltag",)}),
    "call back": ((box("Phone number"), button("Continue")), {"over": ("We call you back",)}),
    "prize": ((MAIL, button("Enter")), {"over": ("Win a car",)}),
    "new password": ((MAIL, SECRET, button("Passwort zurücksetzen")), {}),
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


PROVIDERS = [
    "/common/oauth2/v2.0/authorize",
    "/oauth2/default/v1/authorize",
    "/connect/authorize",
    "/openid/connect/v1/authorize",
    "/signin/v2/confirm",
    "/cas/confirm",
    "/realms/desk/login-actions/process",
]


@pytest.mark.parametrize("at", PROVIDERS)
def test_a_verb_in_the_address_of_an_identity_provider_speaks_of_no_act(at: str) -> None:
    told: dict[str, Any] = {"at": at, "title": "Sign in to your account"}
    assert natures(MAIL, button("Next"), over=("Sign in",), **told) == {"login"}
    assert natures(SECRET, button("Next"), over=("Sign in",), **told) == {"login"}


@pytest.mark.parametrize("at", ["/auth/account/close", "/login/email/change", "/oauth2/payments/confirm-payment"])
def test_an_act_in_an_address_counts_below_a_place_for_logins_too(at: str) -> None:
    assert "login" not in natures(SECRET, button("Next"), over=("Enter your password",), at=at, title="Desk")


GREETED = [
    ("Log in", "Welcome back"),
    ("Log in", "Customer portal"),
    ("Einloggen", "Willkommen zurück"),
    ("Se connecter", "Bienvenue"),
    ("Iniciar sesión", "Bienvenida"),
    ("Entrar", "Área do cliente"),
    ("Accedi", "Area riservata"),
    ("Inloggen", "Welkom terug"),
    ("Zaloguj się", "Witamy ponownie"),
    ("Giriş yap", "Tekrar hoş geldiniz"),
    ("ログイン", "会員ページ"),
    ("로그인", "마이페이지"),
    ("登录", "欢迎回来"),
]


@pytest.mark.parametrize(("name", "heading"), GREETED)
def test_an_address_alone_is_asked_for_by_a_login_that_greets(name: str, heading: str) -> None:
    assert natures(MAIL, button(name), over=("Acme", heading), title="Acme") == {"login"}


@pytest.mark.parametrize("heading", ["Identifiez-vous", "Identifícate", "Acesse sua conta", "Melden Sie sich an"])
def test_a_heading_that_says_login_is_enough_over_a_neutral_button(heading: str) -> None:
    assert natures(MAIL, button("OK"), over=(heading,)) == {"login"}


def test_a_user_name_is_asked_for_by_the_first_page_of_a_login_where_the_address_says_so() -> None:
    over = ("Good to have you here",)
    assert natures(USER, button("Next"), over=over, at="/login") == {"login"}
    hinted = box("E-mail", "email", hints=("username",))
    assert natures(hinted, button("Next"), over=over, at="/login") == {"login"}
    assert "login" not in natures(MAIL, button("Next"), over=over, at="/login"), "a newsletter below the login"
    assert "login" not in natures(USER, button("Next"), over=over)


ELSE = [
    *("Authenticate payment", "Authenticate transaction", "Sign on behalf of Acme Ltd", "Sign in ink", "Log in to vote"),
    *("Log in & authorise", "Log in complaint", "Log in to spend points", "Login history", "Returning customer discount"),
    *("Anmelden und überweisen", "Connexion au distributeur de billets", "Entrar al sorteo", "ログイン履歴を送る"),
]  # fmt: skip


@pytest.mark.parametrize("name", ELSE)
def test_a_button_that_does_more_than_log_in_is_no_evidence(name: str) -> None:
    for fields in ((SECRET,), (USER, SECRET)):
        assert "login" not in natures(*fields, button(name), over=("Contract",))


SITES = ["Log in to Acme", "Sign in to your Acme account", "Bei Acme anmelden", "Se connecter à Acme", "Acmeにログイン"]


@pytest.mark.parametrize("name", SITES)
def test_the_name_of_the_site_may_stand_in_that_of_the_button(name: str) -> None:
    made = tuple(replace(e, headings=("Hello",)) for e in (SECRET, button(name)))
    for host, nature in (("id.acme.example", "login"), ("acme-x.example", "password")):
        assert [f.nature for f in forms(Screen(f"https://{host}/x", "", made))] == [nature]


RELEASES = [
    ("Sign in", "Authorise payment"),
    ("Authenticate", "Confirm transfer"),
    ("Anmelden", "Überweisung freigeben"),
    ("Connexion", "Valider le virement"),
    ("Entrar", "Confirmar transferencia"),
    ("Accedi", "Conferma bonifico"),
    ("Inloggen", "Overboeking bevestigen"),
    ("Zaloguj się", "Potwierdź przelew"),
    ("Giriş yap", "Havale onayı"),
    ("ログイン", "振込の承認"),
    ("로그인", "이체 승인"),
    ("登录", "确认转账"),
]


@pytest.mark.parametrize(("name", "heading"), RELEASES)
def test_a_decision_over_the_button_rules_a_login_out_unless_something_else_says_login(name: str, heading: str) -> None:
    assert "login" not in natures(USER, SECRET, button(name), over=(heading,))
    assert natures(USER, SECRET, button(name), over=(heading,), title="Sign in – Bank") == {"login"}
    assert natures(USER, SECRET, button(name), over=(heading,), at="/login") == {"login"}


RESETS = [
    *("Reset password", "Kennwort zurücksetzen", "Réinitialiser mon mot de passe", "Restablecer la contraseña", "Reimposta la password"),
    *("Redefinir a senha", "Wachtwoord resetten", "Zresetuj hasło", "Parolamı sıfırla", "重设密码", "パスワードを再設定", "비밀번호 초기화"),
]  # fmt: skip


@pytest.mark.parametrize("name", RESETS)
def test_a_forgotten_password_is_offered_beside_a_login(name: str) -> None:
    assert natures(USER, SECRET, button("Continue"), aside(name), over=("Sign in",)) == {"login"}
    assert natures(USER, SECRET, button("Sign in"), button(name)) == {"login"}


WORDS = [
    "Log me in",
    "Access your account",
    "Je me connecte",
    "Ingresar",
    "Conectarse",
    "Entra",
    "Meld u aan",
    "Oturumu aç",
]
APART = ["登 录", "로 그 인", "ロ グ イ ン"]


@pytest.mark.parametrize("name", WORDS + APART)
def test_a_button_that_says_login_needs_nothing_else(name: str) -> None:
    assert natures(SECRET, button(name)) == {"login"}


@pytest.mark.parametrize("name", ["删 除", "삭 제", "削 除"])
def test_an_act_is_read_with_its_letters_apart(name: str) -> None:
    assert "login" not in natures(USER, SECRET, button(name))


def test_a_number_is_a_password_only_where_it_is_hidden() -> None:
    assert natures(USER, box("PIN", "password"), button("Log in")) == {"login"}
    assert "login" not in natures(USER, box("PIN"), button("OK"))
