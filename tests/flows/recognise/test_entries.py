"""What may be pressed to get somewhere, and what is left alone because it ends what the user has."""

from __future__ import annotations

import pytest

from flows.journey import load_catalogue
from flows.recognise.entries import ends_something, entries, fit, jumps_over, looks_harmful, may_press
from flows.screen import Element, Screen


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


@pytest.mark.parametrize(
    "name",
    [
        "Log in or register", "Sign in / Sign up", "Anmelden oder registrieren", "Se connecter ou s’inscrire",
        "Inicio de sesión o registro", "Entrar ou registar", "ログインまたは新規登録", "登录或注册", "Accedi o registrati",
        "Inloggen of registreren", "Zaloguj się lub zarejestruj", "Giriş yap veya kaydol", "로그인 또는 회원가입",
    ],
)  # fmt: skip
def test_one_door_may_have_two_names(name: str) -> None:
    (login,) = (j for j in load_catalogue() if j.id == "login")
    assert entries(login, Screen("", "", (control(name, "link", region="banner"),)))


@pytest.mark.parametrize("name", ["Register or leave", "Sign up / Forgot password", "Log out or lock"])
def test_a_door_with_two_names_must_have_the_right_one(name: str) -> None:
    (login,) = (j for j in load_catalogue() if j.id == "login")
    assert not entries(login, Screen("", "", (control(name, "link", region="banner"),)))


@pytest.mark.parametrize(
    "name",
    [
        "Update profile", "Edit my profile", "Profil bearbeiten", "Mettre à jour le profil", "Editar mi perfil", "Atualizar perfil",
        "Modifica il profilo", "Profiel bewerken", "Edytuj profil", "Profili düzenle", "プロフィールを編集", "修改资料", "프로필 수정",
    ],
)  # fmt: skip
def test_a_profile_is_a_door_whatever_is_to_be_done_with_it(name: str) -> None:
    (account,) = (j for j in load_catalogue() if j.id == "account-info")
    assert entries(account, Screen("", "", (control(name, "link", region="banner"),)))


@pytest.mark.parametrize(
    "name", ["Pomoc: wymiana baterii", "Yardım: Pil değişimi", "ヘルプ：電池の交換", "FAQ: opening hours"]
)
def test_a_title_that_begins_with_a_journey_s_word_leads_to_it_and_less_surely_than_the_word_alone(name: str) -> None:
    (library,) = (j for j in load_catalogue() if j.id == "knowledge-base")
    title, alone = control(name, "link", region="main"), control("FAQ", "link", region="main")
    assert entries(library, Screen("", "", (title, alone))) == [alone, title]
    assert max(fit(r, title) for r in library.entry) < 0.5  # no door for `explorer.policy.permission`


def test_a_word_before_a_colon_is_not_enough_for_what_does_more_than_lead_somewhere() -> None:
    (library,) = (j for j in load_catalogue() if j.id == "knowledge-base")
    others = (
        control("Help: reset everything", "button", region="main"),
        control("Help: reset everything", "link", region="main", sends="post /reset"),
        control("Help:", "link", region="main", href="https://a.test/x"),
        control("Changes to the page on help: 3", "link", region="main"),
    )
    assert [e for e in others if any(0.4 < fit(r, e) < 0.5 for r in library.entry)] == []


def test_a_title_of_the_help_may_speak_of_what_ends_something() -> None:
    page = {"region": "main", "href": "https://a.test/12"}
    assert may_press(control("Help: restart a lamp", "link", **page))
    assert may_press(control("Hilfe: Konto löschen", "link", **page))
    assert not may_press(control("Help: delete account", "link", **page, sends="post /account"))
    assert not may_press(control("Help: delete account", "button"))
    assert not may_press(control("Account: delete", "link", **page))


def test_an_invitation_to_have_a_look_is_no_way_to_pay() -> None:
    (payment,) = (j for j in load_catalogue() if j.id == "payment")
    names = ("Check out the user forum", "Check out", "Proceed to check out")
    found = entries(payment, Screen("", "", tuple(control(name, "link", region="main") for name in names)))
    assert {e.name for e in found} == set(names[1:])


def test_a_link_that_only_jumps_over_the_menus_is_seen_by_nobody() -> None:
    place = "https://a.test/#content"
    assert jumps_over(control("Skip to content", "link", href=place, covered=True, box=(0, 0, 1, 1)))
    assert not jumps_over(control("Prices", "link", href=place, box=(0, 0, 80, 20)))


def test_an_address_written_out_is_content_and_no_door() -> None:
    (upload,) = (j for j in load_catalogue() if j.id == "upload-attachment")
    address = "https://elsewhere.test/images/light.gif"
    assert not entries(upload, Screen("", "", (control(address, "link", region="main", href="https://a.test/fetch"),)))


@pytest.mark.parametrize("name", ["Terms of payment", "Proof of purchase", "Form of payment"])
def test_a_word_that_joins_names_in_another_language_joins_none_here(name: str) -> None:
    door = control(name, "link", region="contentinfo")
    assert max(fit(recogniser, door) for journey in load_catalogue() for recogniser in journey.entry) < 0.5


def test_a_question_is_a_door_to_reading_where_nothing_better_is() -> None:
    (library,) = (j for j in load_catalogue() if j.id == "knowledge-base")
    page = {"region": "main", "href": "https://a.test/t/7"}
    question = control("Warum blinkt meine Heizung rot?", "link", **page)
    better = control("Hilfe", "link", **page)
    assert entries(library, Screen("", "", (question, better))) == [better, question]
    others = (
        control("Did you forget your own password?", "link", **page),
        control("Warum blinkt meine Heizung rot?", "button", region="main"),
        control("Warum blinkt meine Heizung rot?", "link", region="contentinfo", href="https://a.test/t/7"),
    )
    assert entries(library, Screen("", "", others)) == []


def test_a_tool_tip_says_what_a_short_name_leaves_out() -> None:
    (fetch,) = (j for j in load_catalogue() if j.id == "download-attachment")
    plain_file = control("Documents", "link", region="main")
    maker = control("Documents", "button", region="main", hints=("Create empty documents",))
    assert entries(fetch, Screen("", "", (maker, plain_file))) == [plain_file]
