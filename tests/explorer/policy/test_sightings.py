"""Where journeys begin: what is remembered of a screen, and what a screen offers."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from explorer.policy.policy import Policy
from explorer.policy.sightings import Sightings, shows_already
from explorer.surfaces.scripted import screen_of
from flows.journey import choose
from flows.session import AttemptState
from personas.persona import neutral
from tests.explorer.policy.parts import CATALOGUE, attempts, mover

HOME = screen_of(["link: News", "link: Contact us @navigation"])


def test_the_entry_of_an_open_journey_is_remembered_for_each_screen() -> None:
    known = attempts("submit-ticket", "start-chat")
    sightings = Sightings(mover(*known))
    sightings.notice(known.values(), "home", HOME)
    ticket, chat = known["submit-ticket"], known["start-chat"]
    assert (ticket.state, chat.state) == ("seen", "not-seen")
    assert sightings.of(ticket) == {"home": HOME.elements[1].key} and sightings.of(chat) == {}


def test_nothing_on_a_foreign_site_is_an_entry() -> None:
    known = attempts("submit-ticket")
    sightings = Sightings(mover(*known))
    sightings.notice(known.values(), "away", screen_of(["link: Contact us"], address="https://elsewhere.test/"))
    assert known["submit-ticket"].state == "not-seen"


def test_an_entry_that_led_nowhere_begins_nothing_any_more() -> None:
    (ticket,) = attempts("submit-ticket").values()
    sightings = Sightings(mover("submit-ticket"))
    assert sightings.begins(ticket, HOME) and sightings.place(ticket, HOME) == 1
    ticket.useless.add(HOME.elements[1].key)
    assert not sightings.begins(ticket, HOME)
    assert not sightings.begins(ticket, screen_of(["link: News"]))


def test_an_account_that_stands_there_already_could_not_be_told_from_one_that_comes() -> None:
    (account,) = attempts("account-info").values()
    mine = screen_of([], ["cell: ada@desk.test", "cell: Order 1001", "cell: 2024-03-01"])
    assert shows_already(account, mine)
    assert not shows_already(account, HOME)


def test_a_journey_that_ended_at_a_wrong_door_is_taken_up_again_where_another_is_seen() -> None:
    cart, shelf = screen_of(["link: Cart @banner"]), screen_of(["link: Cart @banner", "link: Pay now"])
    (payment,) = attempts("payment").values()
    sightings = Sightings(mover("payment"))
    payment.state, payment.number = AttemptState.GAVE_UP, 1
    payment.useless.add(cart.elements[0].key)
    sightings.notice([payment], "home", cart)
    assert payment.state == "gave-up"
    sightings.notice([payment], "shelf", shelf)
    assert payment.state == "seen" and sightings.of(payment) == {"shelf": shelf.elements[1].key}
    payment.state, payment.number = AttemptState.GAVE_UP, 3
    sightings.notice([payment], "shelf", shelf)
    assert payment.state == "gave-up"  # not for ever


TICKET = screen_of(["textbox: Subject #f", "textbox: Message #f", "file: Attachment #f", "button: Send #f"])


def test_a_form_that_another_journey_came_before_is_remembered() -> None:
    known = attempts("submit-ticket")
    sightings = Sightings(mover(*known))
    sightings.notice(known.values(), "form", TICKET)
    assert sightings.of(known["submit-ticket"]) == {} and sightings.places(known["submit-ticket"]) == ("form",)


def test_a_request_that_takes_a_file_is_an_upload_of_last_resort_and_never_where_it_may_be_sent_once() -> None:
    for single, places in ((False, ("form",)), (True, ())):
        known = attempts("upload-attachment")
        (upload,) = known.values()
        one = replace(mover(*known), files={"png": Path("a.png")}, single=single)
        sightings = Sightings(one)
        sightings.notice(known.values(), "form", TICKET)
        assert sightings.places(upload) == ()
        assert sightings.release(known.values()) and sightings.places(upload) == places


def test_a_door_that_was_pressed_in_vain_sent_nothing_so_another_one_is_tried() -> None:
    policy = Policy(neutral(), choose(CATALOGUE, ["account-info"]), random.Random(1))
    home = screen_of(["link: My orders @main"])
    pressed = policy.decide(home)
    assert pressed is not None and pressed.expects
    assert policy.attempts["account-info"].submissions == 0
    policy.attempts["account-info"].state, policy.attempts["account-info"].useless = (
        AttemptState.GAVE_UP,
        {pressed.action.key},
    )
    policy.decide(screen_of(["link: My account @main"], address="https://desk.test/menu"))
    assert policy.attempts["account-info"].open
