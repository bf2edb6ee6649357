"""Who gets a message by its address or its row; names that hold a word for a forum; banners; and files that are saved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from explorer.policy.manners import Manners
from explorer.policy.permission import Permission, Purpose
from explorer.surfaces.scripted import screen_of
from flows.journey import Role, load_catalogue
from flows.recognise.forms import forms
from flows.screen import Text

HOME = "https://desk.test"
CATALOGUE = load_catalogue()


def sent(heading: str = "", at: str = "/x", to: str = "", title: str = "") -> bool:
    """Whether a request is sent from such a page."""
    over = [heading] if heading else []
    fields = [{"role": "textbox", "name": name, "group": "g", "headings": over} for name in ("Subject", "Message")]
    send = {
        "role": "button",
        "name": "Send",
        "kind": "submit",
        "group": "g",
        "headings": over,
        "sends": f"post {to}".strip(),
    }
    screen = screen_of([*fields, send], (), address=HOME + at, title=title)
    return Permission(public=True, journeys=CATALOGUE).may_fill(forms(screen)[0], screen, Role.TICKET)


@pytest.mark.parametrize(
    "place", ["/members/ada/message", "/u/ada", "/users/77/contact", "/inbox/12", "/profile/ada-lovelace"]
)
def test_the_address_of_a_person_sends_to_that_person(place: str) -> None:
    assert not sent(at=place) and not sent(to=place)


@pytest.mark.parametrize(
    "place", ["/users/tickets/new", "/messages/new", "/profile/support", "/user/requests", "/help/contact"]
)
def test_a_place_of_the_users_own_is_no_person(place: str) -> None:
    assert sent(at=place) and sent(to=place)


@pytest.mark.parametrize(
    "heading",
    [
        "Contact Riverside Community Hospital",
        "Kontakt – Forum Steglitz",
        "Contacter la Communauté urbaine",
        "Contact us | Acme Forum Software",
    ],
)
def test_a_name_may_hold_a_word_for_a_forum(heading: str) -> None:
    assert sent(heading)


@pytest.mark.parametrize(
    "heading",
    ["Contact the community", "Our community", "Forum", "Kommentar schreiben", "Ask the forum", "Discussions"],
)
def test_a_forum_stays_one(heading: str) -> None:
    assert not sent(heading)


def test_a_community_s_page_for_support_publishes_nothing() -> None:
    assert sent("Contact support", at="/community/s/contactsupport")
    assert not sent("Ask", to="/community/s/ask") and not sent(at="/community/new")


def test_a_request_to_somebody_in_a_list_is_no_request_for_help() -> None:
    def may(row: str) -> bool:
        button = {"role": "button", "name": "Anfrage senden", "beside": [row], "region": "main"}
        screen = replace(screen_of([button], ()), texts=(Text(row, "listitem"),))
        return Permission(public=True, journeys=CATALOGUE).may(screen.elements[0], screen, Purpose.DOOR, Role.TICKET)

    assert not may("Ada Lovelace") and may("Sie brauchen Hilfe?")


def answered(*texts: str) -> bool:
    """Whether a banner with these texts is answered on a public target."""
    button = {"role": "button", "name": "Accept all", "region": "dialog", "beside": list(texts)}
    screen = replace(screen_of([button], ()), texts=tuple(Text(text, region="dialog") for text in texts))
    return Manners(lambda _: True, False, Permission(public=True, journeys=CATALOGUE)).consents(
        screen.elements[0], screen
    )


@pytest.mark.parametrize(
    "text",
    [
        "Ihre Wahl lässt sich jederzeit widerrufen.",
        "You may opt out at any time.",
        "Vous pouvez les retirer à tout moment.",
        "Puede revocar esta elección en cualquier momento.",
        "Some features may be lost.",
    ],
)
def test_a_banner_may_say_that_its_answer_can_be_taken_back(text: str) -> None:
    assert answered("This site uses cookies.", text)


@pytest.mark.parametrize(
    "text",
    [
        "You can cancel your contract at any time.",
        "Your card is charged then.",
        "It costs 3 €.",
        "Es fällt eine Gebühr an.",
        "Revoke the order.",
    ],
)
def test_a_banner_that_speaks_of_more_is_left(text: str) -> None:
    assert not answered("This site uses cookies.", text)


MORE = [
    "Yes, sign me up for the newsletter.",
    "Subscribe me to special offers.",
    "You also become a member of our loyalty club. Your membership begins today.",
    "Ja, ich möchte den Newsletter abonnieren.",
    "Damit melde ich mich zum Newsletter an.",
    "Je m’abonne à la newsletter.",
    "Quiero suscribirme al boletín.",
    "Iscrivimi alla newsletter.",
    "Ik abonneer me op de nieuwsbrief.",
    "Zapisz mnie do newslettera.",
    "Bültene abone ol.",
    "メルマガを購読する。",
    "뉴스레터 구독 신청",
    "同时订阅电子报。",
    "Your account will be closed if you decline.",
    "You agree to renew your subscription.",
]
LESS = [
    "They help us to show you offers that fit.",
    "We use them for marketing and to measure visits.",
    "Damit zeigen wir Ihnen passende Angebote und Werbung.",
    "Ils servent à vous proposer des offres adaptées.",
    "Nos permiten mostrarte publicidad y ofertas.",
    "Ci aiutano a mostrarti offerte e novità.",
    "We share data with partners who use it for ads.",
    "広告の表示に使用します。",
    "用于展示相关的优惠和广告。",
    "You can change your settings later.",
]


@pytest.mark.parametrize("text", MORE)
def test_a_banner_with_a_second_decision_is_left(text: str) -> None:
    assert not answered("This site uses cookies.", text)
    assert not answered(f"This site uses cookies. {text}")


@pytest.mark.parametrize("text", LESS)
def test_a_banner_may_say_what_cookies_are_good_for(text: str) -> None:
    assert answered("This site uses cookies.", text) and answered(f"This site uses cookies. {text}")


@pytest.mark.parametrize(
    "name", ["Guardar documento", "Save the manual", "Salva il file", "Bewaar als pdf opslaan", "파일 저장"]
)
def test_a_link_to_a_file_only_fetches_it(name: str) -> None:
    def may(**facts: Any) -> bool:
        screen = screen_of([{"role": "link", "name": name, **facts}], ())
        one = Permission(public=True, journeys=CATALOGUE, site=lambda _: True)
        return one.may(screen.elements[0], screen, Purpose.FETCH, Role.DOWNLOAD)

    assert may(href=f"{HOME}/f/manual.pdf") and may(href=f"{HOME}/f/9", download=True)
    assert not may(href=f"{HOME}/f/9") and not may(href=f"{HOME}/f/delete/manual.pdf", download=True)
