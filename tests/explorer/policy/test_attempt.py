"""How far a journey has got: rounds start clean, and good manners limit what is sent."""

from __future__ import annotations

from explorer.policy.attempt import Attempt
from flows.journey import choose, load_catalogue


def attempt(journey: str) -> Attempt:
    return Attempt(choose(load_catalogue(), (journey,))[0])


def test_a_new_round_forgets_what_was_done_but_not_what_led_nowhere() -> None:
    one = attempt("start-chat")
    one.begin_round()
    one.tapped.add("a")
    one.useless.add("b")
    one.sent = one.entered = True
    one.begin_round()
    assert (one.number, one.state, one.tapped, one.useless, one.sent, one.entered) == (
        2,
        "in-progress",
        set(),
        {"b"},
        False,
        False,
    )


def test_a_login_is_sent_twice_at_most_whatever_the_persona() -> None:
    one = attempt("login")
    allowed = []
    for one.submissions in range(4):
        allowed.append(one.may_submit(single=False))
    assert allowed == [True, True, False, False]


def test_a_run_that_allows_one_submission_gets_one() -> None:
    one = attempt("submit-ticket")
    assert one.may_submit(single=True)
    one.submissions = 1
    assert not one.may_submit(single=True) and one.may_submit(single=False)


def test_a_copy_can_be_tried_on_without_a_mark() -> None:
    one = attempt("start-chat")
    one.copy().tapped.add("a")
    assert one.tapped == set()
