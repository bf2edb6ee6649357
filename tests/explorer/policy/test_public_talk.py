"""What everybody will read is not sent as a request for help, whatever the button of its form says."""

from __future__ import annotations

from typing import Any

import pytest

from explorer.policy.permission import Purpose
from flows.journey import Role
from flows.recognise.languages import languages
from tests.explorer.policy.test_permission import on, permission


def asked(label: str = "Message", to: str = "/x", *over: str, role: Role = Role.TICKET, **page: Any) -> str:
    """The act that sending such a form needs a permission for; empty if it may be sent."""
    told = {"group": "f", "headings": list(over)}
    name = {"role": "textbox", "name": "Name", **told}
    text = {"role": "textbox", "kind": "textarea", "name": label, **told}
    send = {"role": "button", "name": "Submit", "kind": "submit", "sends": f"post {to}", **told}
    screen, made = on(name, text, send, **page)
    sender = next(e for e in screen.elements if e.name == "Submit")
    assert made in screen.elements
    return permission().rule(sender, screen, Purpose.SEND, role).kind


TALK = [
    "Write a review",
    "Leave a reply",
    "3 comments",
    "Comments (2)",
    "Join the discussion",
    "Community",
    "New thread",
]
TALK += [
    "Kommentar schreiben",
    "Donner un avis",
    "Tu comentario",
    "Scrivi una recensione",
    "口コミ",
    "댓글",
    "Reacties",
]
TALK += ["Komentarze", "Escreva uma avaliação", "Yorum yaz", "评论"]


@pytest.mark.parametrize("heading", TALK)
@pytest.mark.parametrize("role", [Role.TICKET, Role.CHAT, Role.UPLOAD])
def test_a_heading_that_speaks_to_everybody_needs_a_permission(heading: str, role: Role) -> None:
    assert asked("Message", "/x", "Desk", heading, role=role) == "publish"


@pytest.mark.parametrize("to", ["/articles/9/comments", "/forum/4/reply", "/shop/lamp/reviews"])
def test_so_does_the_address_that_it_is_sent_to(to: str) -> None:
    assert asked("Message", to) == "publish"


@pytest.mark.parametrize("label", ["Your review", "Reply", "Deine Bewertung", "Votre avis"])
def test_so_does_the_label_of_the_text(label: str) -> None:
    assert asked(label) == "publish"


def test_a_request_for_help_stays_one() -> None:
    assert asked("Message", "/x", "Contact us") == ""
    assert asked("Comments", "/x", "Contact us") == "", "a usual label of such forms"
    assert asked("Message", "/x", "We reply within a day") == ""
    assert asked("Reply", "/tickets/4/reply", address="https://desk.test/tickets/4") == "", "support alone reads it"


def test_a_test_system_is_not_public() -> None:
    told = {"group": "f", "headings": ["Write a review"]}
    screen, made = on({"role": "button", "name": "Submit", "kind": "submit", "sends": "post /x", **told})
    assert permission(public=False).may(made, screen, Purpose.SEND, Role.TICKET)


@pytest.mark.parametrize("tag", languages().spoken)
def test_no_language_takes_a_menu_for_talk(tag: str) -> None:
    innocent = languages().spoken[tag].innocent
    assert [name for name in innocent if asked("Message", "/x", name) == "publish"] == []
