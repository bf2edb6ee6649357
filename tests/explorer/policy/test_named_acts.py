"""Nouns and participles name an act over a form as a verb does: «Account closure» is no request for help."""

from __future__ import annotations

import pytest

from explorer.policy.permission import Permission, Purpose
from explorer.surfaces.scripted import screen_of
from flows.journey import Role, load_catalogue
from flows.recognise.forms import forms
from tests.explorer.policy.test_beyond_support import asked

GRAVE = [
    ("en", "Termination of service"),
    ("en", "Request for data deletion"),
    ("en", "Lost / stolen card"),
    ("en", "Bank transfer"),
    ("de", "Löschantrag"),
    ("de", "Vertragskündigung"),
    ("de", "SIM-Sperre"),
    ("fr", "Fermeture du compte"),
    ("fr", "Perte ou vol de carte"),
    ("es", "Supresión de datos"),
    ("es", "Tarjeta perdida"),
    ("pt", "Cancelamento do serviço"),
    ("pt", "Remoção de perfil"),
    ("it", "Chiusura del conto"),
    ("it", "Cancellazione dei dati"),
    ("nl", "Opzegging van uw contract"),
    ("nl", "Gestolen pas"),
    ("pl", "Usunięcie konta"),
    ("pl", "Blokada karty"),
    ("tr", "Hesap silme talebi"),
    ("tr", "Kart iptali"),
    ("ja", "口座閉鎖のお手続き"),
    ("ja", "カードの盗難"),
    ("ko", "카드 분실 신고"),
    ("zh", "银行卡挂失"),
]


@pytest.mark.parametrize(("tag", "heading"), GRAVE)
def test_a_form_under_the_name_of_an_act_needs_its_permission(tag: str, heading: str) -> None:
    assert not asked(heading, "OK")
    assert asked(heading, "OK", allow=frozenset({"payment", "end", "delete", "send"})), tag


@pytest.mark.parametrize(
    "heading",
    ["Change of address", "Namensänderung", "Modification de l’adresse", "Cambio de titular", "Adreswijziging"],
)
def test_so_does_one_that_changes_what_is_known_of_the_user(heading: str) -> None:
    assert not asked(heading, "OK") and asked(heading, "OK", allow=frozenset({"change"}))


@pytest.mark.parametrize(
    "heading",
    [
        "Questions about account deletion",
        "Fragen zur Kündigung",
        "Aide concernant la résiliation",
        "Dudas sobre la baja del servicio",
        "Domande sulla disdetta",
        "Pytania dotyczące wypowiedzenia",
        "Hesap silme hakkında",
    ],
)
def test_a_question_about_it_may_be_asked(heading: str) -> None:
    assert asked(heading, "OK")


@pytest.mark.parametrize(("page", "to"), [("/account-deletion", "/x"), ("/help/new", "/service/termination")])
def test_an_address_names_an_act_as_well(page: str, to: str) -> None:
    def may(at: str, sent: str) -> bool:
        fields = [{"role": "textbox", "name": name, "group": "g"} for name in ("Subject", "Message")]
        send = {"role": "button", "name": "Send", "kind": "submit", "group": "g", "sends": f"post {sent}"}
        screen = screen_of([*fields, send], (), address=f"https://desk.test{at}")
        return Permission(public=True, journeys=load_catalogue()).may_fill(forms(screen)[0], screen, Role.TICKET)

    assert not may(page, to)
    assert may("/help/new", "/x") and may("/articles/how-we-handle-account-deletion-requests", "/x")


@pytest.mark.parametrize(
    "name", ["Account closure", "Kontolöschung", "Remboursement", "Chiusura del conto", "카드 분실"]
)
def test_a_link_with_such_a_name_only_leads_to_a_page(name: str) -> None:
    link = {"role": "link", "name": name, "href": "https://desk.test/info"}
    screen = screen_of([link], (), address="https://desk.test/")
    assert Permission(public=True, site=lambda _: True).may(screen.elements[0], screen, Purpose.LOOK)


def test_a_test_system_is_as_free_as_before() -> None:
    assert asked("Account closure", "OK", public=False) and not asked("Close your account", "OK", public=False)


LOGIN = [
    {"role": "textbox", "name": "E-mail", "kind": "email", "group": "g"},
    {"role": "textbox", "name": "Password", "kind": "password", "group": "g"},
]


def entered(heading: str, button: str, title: str = "", *, public: bool = True) -> bool:
    """Whether the login is typed into such a form."""
    over = [heading] if heading else []
    send = {"role": "button", "name": button, "kind": "submit", "group": "g", "sends": "post /x", "headings": over}
    made = [*({**f, "headings": over} for f in LOGIN), send]
    screen = screen_of(made, (), address="https://desk.test/x", title=title)
    (form,) = forms(screen)
    return form.nature == "login" and Permission(public=public).may_fill(form, screen, Role.LOGIN)


@pytest.mark.parametrize(
    ("heading", "button"),
    [
        ("Data erasure", "Next"),
        ("Kontoschließung", "Weiter"),
        ("Résiliation", "Valider"),
        ("Baja de la cuenta", "Continuar"),
        ("Encerramento da conta", "Continuar"),
        ("Disdetta", "Continua"),
        ("Accountverwijdering", "Verder"),
        ("Zamknięcie konta", "Dalej"),
        ("Account closure", "Sign in"),
    ],
)
def test_no_login_is_typed_where_something_ends(heading: str, button: str) -> None:
    assert not entered(heading, button) and not entered(heading, button, public=False)


def test_on_a_public_target_a_heading_that_says_something_else_is_believed() -> None:
    assert not entered("Recovery codes", "Continue") and entered("Recovery codes", "Continue", public=False)
    assert entered("Recovery codes", "Sign in") and entered("Recovery codes", "Continue", title="Log in")


@pytest.mark.parametrize(("heading", "title"), [("", ""), ("Acme", "Acme – your desk"), ("Desk", ""), ("Welcome", "")])
def test_no_heading_or_the_name_of_the_site_says_nothing_else(heading: str, title: str) -> None:
    assert entered(heading, "Continue", title)
