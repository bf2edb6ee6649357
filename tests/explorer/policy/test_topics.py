"""A request for help may name what it is about: people, things and acts in a heading, and a bare word on its button."""

from __future__ import annotations

import pytest

from explorer.policy.permission import Permission
from flows.journey import Role
from tests.explorer.policy.test_beyond_support import asked
from tests.explorer.policy.test_named_acts import entered


@pytest.mark.parametrize(
    "heading",
    [
        "Customer questions",
        "Enquiries of existing customers",
        "Our customers",
        "Trouble with a payment",
        "Rechnung",
        "Für Kunden",
        "Nos clients",
        "Clientes",
        "Clienti",
        "Klanten",
        "Klienci i faktury",
        "Müşterilerimiz",
        "会員の皆さま",
        "회원",
        "会员",
    ],
)
def test_a_heading_may_name_people_and_things(heading: str) -> None:
    assert asked(heading, "OK")


@pytest.mark.parametrize(
    "heading",
    [
        "Message to members",
        "Nachricht an Mitglieder",
        "Message aux abonnés",
        "Mensaje a usuarios",
        "Mensagem para os membros",
        "Messaggio agli iscritti",
        "Bericht aan leden",
        "Wiadomość do klientów",
        "Müşterilere mesaj",
        "会員へのメッセージ",
        "회원에게 메시지",
        "给会员发消息",
        "Send the invoice to customers",
        "E-mail to Jane Doe",
        "New announcement",
    ],
)
def test_a_heading_that_says_to_whom_it_goes_needs_a_permission(heading: str) -> None:
    assert not asked(heading, "OK")


@pytest.mark.parametrize(
    "heading",
    [
        "Message to our team",
        "Nachricht an uns",
        "Écrire à notre service",
        "Mensaje al equipo de soporte",
        "Bericht aan ons",
    ],
)
def test_the_apps_own_people_may_be_written_to(heading: str) -> None:
    assert asked(heading, "OK") and not asked("Contact us", "Send message to bob")


@pytest.mark.parametrize(
    "heading",
    [
        "Change request",
        "Update case 42",
        "Anfrage ändern",
        "Modifier la demande",
        "Reset your password",
        "Passwort zurücksetzen",
    ],
)
def test_a_change_may_be_what_is_asked_for(heading: str) -> None:
    assert asked(heading, "OK")
    assert not asked("Change of address request", "OK") and not asked("Change your address", "OK")


@pytest.mark.parametrize(
    ("heading", "button"),
    [
        ("New ticket", "Create"),
        ("Support-Anfrage", "Speichern"),
        ("Nouvelle demande", "Valider"),
        ("Nueva solicitud", "Crear"),
        ("Kontakt", "Bestätigen und absenden"),
        ("Nuova richiesta", "Salva"),
        ("Nieuwe aanvraag", "Opslaan"),
        ("Nowe zgłoszenie", "Zapisz"),
        ("Yeni talep", "Kaydet"),
        ("お問い合わせ", "登録"),
        ("문의하기", "등록"),
        ("提交工单", "创建"),
    ],
)
def test_a_bare_word_on_the_button_of_a_request_only_sends_it(heading: str, button: str) -> None:
    assert asked(heading, button)


@pytest.mark.parametrize(
    ("heading", "button"),
    [
        ("Your profile", "Save"),
        ("", "Create"),
        ("New product", "Speichern"),
        ("New ticket", "Save and publish it"),
        ("New ticket", "Create user"),
    ],
)
def test_elsewhere_the_same_word_saves_something_else(heading: str, button: str) -> None:
    assert not asked(heading, button)


@pytest.mark.parametrize(
    ("heading", "button"),
    [
        ("Pay your invoice", "Log in"),
        ("Tarif wechseln", "Anmelden"),
        ("Rejoindre la communauté", "Se connecter"),
        ("Book a table", "Sign in"),
        ("会員登録がお済みのお客様", "ログイン"),
        ("Already registered?", "Continue"),
        ("Déjà client ?", "Continuer"),
    ],
)
def test_a_login_may_say_what_comes_after_it(heading: str, button: str) -> None:
    assert entered(heading, button)
    assert not entered("Close your account", button) and not entered("Deletion", button)


GOOD = [
    "Submit this request?",
    "Möchten Sie Ihre Anfrage jetzt absenden?",
    "Voulez-vous envoyer votre demande ?",
    "Deseja enviar a mensagem?",
    "Vuoi inviare la richiesta?",
    "Wilt u het formulier verzenden?",
    "Czy chcesz wysłać zgłoszenie?",
    "Mesajınız gönderilsin mi?",
    "この内容で送信しますか？",
    "문의를 보낼까요?",
    "现在提交工单吗？",
    "¿Quiere enviar su consulta?",
]
BAD = [
    "Your profile will be closed.",
    "Every file gets deleted.",
    "This wakes the engineer on duty.",
    "2 of 5 free requests are left.",
    "Send to everybody?",
    "Der Zugang wird gesperrt.",
    "Le compte sera clôturé.",
    "La cuenta será desactivada.",
    "A conta será encerrada.",
    "Il conto verrà chiuso.",
    "Het account wordt gesloten.",
    "Konto zostanie zamknięte.",
    "Hesabınız kapatılacak.",
    "アカウントは閉鎖されます。",
    "계정이 폐쇄됩니다.",
    "账户将被关闭。",
    "Submit and start the repair?",
]


@pytest.mark.parametrize("dialog", GOOD)
def test_a_question_whether_to_send_is_answered_with_yes(dialog: str) -> None:
    assert Permission(public=True).accepts(dialog, own=True)


@pytest.mark.parametrize("dialog", BAD)
def test_on_a_public_target_no_other_question_is(dialog: str) -> None:
    assert not Permission(public=True).accepts(dialog, own=True)


def test_a_question_about_an_act_that_is_allowed_is_accepted_and_a_test_system_stays_free() -> None:
    assert Permission(public=True, allow=frozenset({"end"})).accepts("Close the case now?", own=True)
    assert Permission().accepts("This wakes the engineer on duty.", own=True)


def test_a_chat_and_an_upload_are_ruled_alike() -> None:
    assert not asked("Message to members", "Send", role=Role.CHAT) and not asked(
        "Account closure", "Upload", role=Role.UPLOAD
    )
