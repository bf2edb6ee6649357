"""Words that mean the same in every app: found in seven languages, and not inside other words."""

from __future__ import annotations

import pytest

from flows.recognise.lexicon import (
    CLEAR,
    ERROR,
    THANKS,
    developer_words,
    first_saying,
    harms,
    plain,
    reports_error,
    says,
    without,
)


@pytest.mark.parametrize(
    "text",
    [
        "Failed to send request",
        "Anfrage konnte nicht gesendet werden",
        "L’envoi a échoué",
        "No se pudo enviar",
        "Não foi possível enviar",
        "送信に失敗しました",
        "无法发送",
    ],
)
def test_trouble_is_heard_in_every_language(text: str) -> None:
    assert says(ERROR, text)


@pytest.mark.parametrize(
    "text",
    [
        "403 Forbidden",
        "Access denied",
        "Zugriff verweigert",
        "Accès refusé",
        "Acceso denegado",
        "Acesso negado",
        "アクセスが拒否されました",
        "访问被拒绝",
    ],
)
def test_to_be_turned_away_is_trouble_in_every_language(text: str) -> None:
    assert says(ERROR, text)


@pytest.mark.parametrize(
    "text", ["Your ticket has been created", "Welcome back", "Vielen Dank", "Merci", "Gracias", ""]
)
def test_good_news_is_no_trouble(text: str) -> None:
    assert not says(ERROR, text)


@pytest.mark.parametrize(
    "text", ["Thank you", "Vielen Dank", "Merci", "Gracias", "Obrigado", "ありがとうございます", "谢谢"]
)
def test_thanks_are_heard_in_every_language(text: str) -> None:
    assert says(THANKS, text)


def test_a_word_counts_only_as_a_word_where_words_are_spaced() -> None:
    words = {"en": ("pin",), "ja": ("名",)}
    assert says(words, "Your PIN") and not says(words, "shopping") and says(words, "氏名欄")
    assert without({}, "anything") == "anything" and not says({}, "anything")


def test_names_of_developers_are_split_into_words() -> None:
    assert developer_words("openLiveChat") == "open live chat"
    assert developer_words("/kb/live-chat_box") == "kb live chat box"
    assert plain("  ｆｕｌｌ \n width ") == "full width"


def test_the_first_string_that_says_it_is_given() -> None:
    assert first_saying(THANKS, ["Hello", "Thank you, Ann", "Thanks"]) == "Thank you, Ann"
    assert first_saying(THANKS, ["Hello"]) == ""


def test_danger_is_told_from_dismissal() -> None:
    assert harms("Delete my account") and not harms("Send request") and not says(CLEAR, "Send request")


def test_letters_set_apart_are_read_as_a_word() -> None:
    assert plain("登 录") == "登录"
    assert plain("삭\u00a0 제") == "삭제"
    assert plain("할 수 있습니다") == "할 수 있습니다"
    assert plain("a b") == "a b"


@pytest.mark.parametrize(
    "text",
    [
        "No problems were found",
        "Der Assistent kann gelegentlich Fehler machen.",
        "Aucun problème détecté",
        "Las traducciones pueden contener errores.",
        "As respostas podem conter erros",
        "Il riassunto potrebbe contenere errori",
        "Geen fouten gevonden",
        "Wyniki mogą zawierać błędy",
        "回答には誤りが含まれる場合があります",
        "翻译可能存在错误",
        "오류가 없습니다",
        "Hata bulunamadı",
    ],
)
def test_what_speaks_of_errors_and_reports_none_is_no_trouble(text: str) -> None:
    assert not reports_error(text)
    assert reports_error(f"{text} Error 502.")


def test_characters_that_nobody_sees_hide_no_word() -> None:
    assert plain("Kün\u00addi\u00adgen") == "Kündigen"
    assert plain("Un\u200bsub\u2060scribe\ufeff") == "Unsubscribe"
