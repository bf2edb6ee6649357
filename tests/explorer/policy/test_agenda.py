"""How the rounds of journeys end: what passes, what is tried again, and what waits for a login."""

from __future__ import annotations

from dataclasses import replace

import pytest

from explorer.policy.agenda import LOGIN_LOST, Agenda
from explorer.policy.attempt import Attempt
from explorer.surfaces.scripted import screen_of
from flows.session import AttemptState
from flows.step import Action, ActionKind, Cue, Decision
from tests.explorer.policy.parts import agenda, step

BARE = screen_of(["link: About us"])
LOGIN_PARTS = [
    {"role": "textbox", "name": "User", "group": "who"},
    {"role": "textbox", "name": "Password", "kind": "password", "group": "who"},
    {"role": "button", "name": "Sign in", "group": "who"},
]
LOGIN = screen_of(LOGIN_PARTS)


def sent(one: Attempt) -> Decision:
    """The decision that sends what the journey has to send."""
    one.sent = True
    last = one.journey.stages[-1]
    return Decision(
        Action(ActionKind.TAP, "e1", "button|Send", label="Send"), one.id, last.id, one.number, expects=True
    )


def begun(one: Agenda, journey: str) -> Attempt:
    attempt = one.attempts[journey]
    one.begin(attempt)
    attempt.entered = True
    return attempt


def under_way(one: Agenda) -> str:
    return one.active.id if one.active else ""


def test_a_success_passes_the_journey_and_ends_it() -> None:
    one = agenda("submit-ticket")
    ticket = begun(one, "submit-ticket")
    one.learn(ticket, step(sent(ticket), Cue("submit-ticket", "success", "words", "Thank you")), BARE)
    assert (ticket.state, under_way(one)) == ("passed", "")


def test_a_failure_is_tried_again_as_often_as_the_persona_does() -> None:
    one = agenda("submit-ticket", retries=1)
    ticket = begun(one, "submit-ticket")
    failure = Cue("submit-ticket", "failure", "words", "Not sent")
    one.learn(ticket, step(sent(ticket), failure), BARE)
    assert (ticket.state, ticket.number, under_way(one)) == ("in-progress", 2, "submit-ticket")
    one.learn(ticket, step(sent(ticket), failure), BARE)
    assert (ticket.state, under_way(one)) == ("failed", "")


def test_an_element_that_cannot_be_acted_on_twice_is_useless() -> None:
    one = agenda("submit-ticket")
    ticket = begun(one, "submit-ticket")
    for _ in range(2):
        assert ticket.useless == set()
        one.learn(ticket, step(sent(ticket), problem="It is gone."), BARE)
    assert ticket.useless == {"button|Send"} and ticket.open


def test_a_journey_without_a_move_waits_once_and_is_given_up() -> None:
    one = agenda("submit-ticket")
    ticket = begun(one, "submit-ticket")
    wait = one.go_on(ticket, BARE)
    assert wait is not None and wait.action.kind is ActionKind.WAIT
    assert one.go_on(ticket, BARE) is None and ticket.state == "gave-up"


@pytest.mark.parametrize(("passed", "state"), [(True, "seen"), (False, "needs-login")])
def test_what_meets_a_login_waits_for_it_and_shares_its_lot(state: str, *, passed: bool) -> None:
    one = agenda("account-info", "login")
    account = begun(one, "account-info")
    assert one.go_on(account, LOGIN) is None
    login = one.attempts["login"]
    assert under_way(one) == "login" and login.entered
    one.end(login, AttemptState.PASSED if passed else AttemptState.FAILED)
    assert (account.state, under_way(one)) == (state, "")


@pytest.mark.parametrize(
    ("address", "again"),
    [("https://desk.test/in", True), ("https://desk.test/in?next=/orders", True), ("https://desk.test/x", False)],
)
def test_a_login_that_passed_is_repeated_only_where_it_was_sent(address: str, *, again: bool) -> None:
    one = agenda("account-info", "login")
    login = begun(one, "login")
    home = replace(LOGIN, address="https://desk.test/in")
    while not login.sent:
        assert one.go_on(login, home) is not None
    one.end(login, AttemptState.PASSED)
    account = begun(one, "account-info")
    assert one.go_on(account, replace(LOGIN, address=address)) is None
    assert (under_way(one) == "login") is again and (account.state == "needs-login") is not again


def test_without_credentials_what_meets_a_login_is_left() -> None:
    one = agenda("account-info", "login", login=False)
    account = begun(one, "account-info")
    assert one.go_on(account, LOGIN) is None and account.state == "needs-login"


def test_where_the_page_says_to_log_in_a_lost_round_waits_for_the_login() -> None:
    one = agenda("account-info", "login")
    account = begun(one, "account-info")
    told = screen_of(["link: About us"], ["text: Please sign in to go on"])
    account.waits = 1
    assert one.go_on(account, told) is None
    assert (account.state, one.attempts["login"].state, under_way(one)) == ("in-progress", "seen", "")


def test_a_way_may_go_over_taps_and_never_over_what_sends() -> None:
    one = agenda("submit-ticket")
    stages = {s.do: s.id for s in one.attempts["submit-ticket"].journey.stages}
    assert one.walkable("submit-ticket", stages["tap"]) and one.walkable("", "")
    assert not one.walkable("submit-ticket", stages["submit"])


def test_a_file_field_that_is_empty_again_gets_a_file_before_the_next_press() -> None:
    one = agenda("upload-attachment")
    upload = begun(one, "upload-attachment")
    emptied = screen_of(
        [
            {"role": "file", "name": "Attachment", "group": "up", "required": True},
            {"role": "button", "name": "Upload", "kind": "submit", "group": "up"},
        ]
    )
    key = emptied.elements[0].key
    upload.chosen.add(key)
    upload.done.add(key)
    one.learn(upload, step(sent(upload)), emptied)
    assert not upload.sent and upload.open
    assert upload.chosen == set() and upload.done == set()


def test_a_journey_that_lacked_a_given_login_says_so_and_not_that_none_was_given() -> None:
    one = agenda("account-info", "login")
    account = begun(one, "account-info")
    one.go_on(account, LOGIN)
    one.end(one.attempts["login"], AttemptState.FAILED)
    assert account.why_withheld == LOGIN_LOST
    without = agenda("account-info", "login", login=False)
    other = begun(without, "account-info")
    without.go_on(other, LOGIN)
    assert other.state == "needs-login" and other.why_withheld == ""


def test_a_login_form_that_stood_in_the_side_bar_before_keeps_nobody_from_reading() -> None:
    article = {"role": "button", "name": "How do I reset my device?", "region": "main", "hints": ["expands"]}
    both = screen_of([*LOGIN_PARTS, article])
    for known, waits in ((both, False), (BARE, True)):
        one = agenda("knowledge-base", "login")
        reading = begun(one, "knowledge-base")
        reading.known = {e.key for e in known.elements}
        move = one.go_on(reading, both)
        assert (under_way(one) == "login") is waits
        assert waits or (move is not None and move.action.label == "How do I reset my device?")


def test_a_door_that_led_nowhere_before_the_login_is_tried_once_more_behind_it() -> None:
    door = screen_of(["link: My account @navigation"])
    for passed, state in ((True, "seen"), (False, "gave-up")):
        one = agenda("account-info", "login")
        account = begun(one, "account-info")
        one.sightings.notice(one.attempts.values(), "home", door)
        account.useless.add(door.elements[0].key)
        one.end(account, AttemptState.GAVE_UP)
        one.end(begun(one, "login"), AttemptState.PASSED if passed else AttemptState.FAILED)
        assert account.state == state and (account.useless == set()) is passed
