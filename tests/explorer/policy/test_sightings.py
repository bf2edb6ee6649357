"""Where journeys begin: what is remembered of a screen, and what a screen offers."""

from __future__ import annotations

from explorer.policy.sightings import Sightings, shows_already
from explorer.surfaces.scripted import screen_of
from flows.session import AttemptState
from tests.explorer.policy.parts import attempts, mover

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
