"""On a public target, a chat in which everybody reads is no chat with support."""

from __future__ import annotations

from typing import Any

import pytest

from explorer.policy.permission import Permission
from explorer.surfaces.scripted import screen_of
from flows.journey import Role, load_catalogue
from flows.recognise.forms import forms

CATALOGUE = load_catalogue()


def said(box: str = "Type a message", button: str = "Send", *over: str, **facts: Any) -> bool:
    """Whether the chat journey may write a line into such a box."""
    told = {"group": "g", "headings": list(over)}
    text = {"role": "textbox", "kind": "textarea", "name": box, "hints": facts.pop("hints", []), **told}
    send = {"role": "button", "kind": "submit", "name": button, "sends": facts.pop("sends", "script"), **told}
    screen = screen_of([text, send], ("log: Hello",), address="https://desk.test/x", title="Acme")
    one = Permission(**{"public": True, "journeys": CATALOGUE, **facts})
    return one.may_fill(forms(screen)[0], screen, Role.CHAT)


EVERYBODY = [
    *("Chat publicly as Jane…", "Message everyone in this meeting", "Send a message to all participants"),
    *("Nachricht an alle", "Message à tous", "Mensaje para todos", "Mensagem para todos", "Messaggio a tutti"),
    *("Bericht aan iedereen", "Wiadomość do wszystkich", "Herkese mesaj gönder", "全員にメッセージを送信"),
    *("모두에게 메시지 보내기", "向所有人发送消息", "Write a comment"),
]  # fmt: skip


@pytest.mark.parametrize("box", EVERYBODY)
def test_a_box_that_says_that_everybody_reads_it_is_not_written_into(box: str) -> None:
    assert not said(box) and said(box, public=False)
    assert said(box, allow=frozenset({"send", "publish"}))
    assert not said("Message", hints=[box]), "a placeholder says as much as a label"


@pytest.mark.parametrize("button", ["Broadcast", "Send SMS", "Send to all", "An alle senden"])
def test_a_button_that_does_more_than_send_a_line_is_not_pressed(button: str) -> None:
    assert not said("Type your message", button)


ROOMS = [
    *("Global chat", "Direct messages", "Live stream chat", "Chat with other fans", "Gruppenchat", "Messages privés"),
    *("Chat de grupo", "Chat pubblica", "Groepsgesprek", "Czat ogólny", "Genel sohbet", "グループチャット", "단체 대화", "世界频道"),
]  # fmt: skip


@pytest.mark.parametrize("heading", ROOMS)
def test_a_room_of_other_people_is_left_alone(heading: str) -> None:
    assert not said("Type a message", "Send", heading)


LINES = [
    *(("Type your message…", "Send message"), ("Write a reply…", "Reply"), ("Nachricht eingeben", "Absenden")),
    *(("Écrivez votre message", "Envoyer le message"), ("Escribe tu mensaje", "Enviar mensaje")),
    *(("Digite sua mensagem", "Enviar"), ("Scrivi un messaggio", "Invia"), ("Typ je bericht", "Verstuur")),
    *(("Napisz wiadomość", "Wyślij"), ("Mesajınızı yazın", "Gönder"), ("メッセージを入力", "送信")),
    *(("메시지를 입력하세요", "보내기"), ("请输入消息", "发送"), ("Ask me anything", "")),
]  # fmt: skip


@pytest.mark.parametrize(("box", "button"), LINES)
def test_a_line_to_support_is_sent(box: str, button: str) -> None:
    assert said(box, button, "Live chat") and said(box, button)
