"""Which journey comes next, and the way to it."""

from __future__ import annotations

from explorer.policy.agenda import Agenda
from explorer.policy.choosing import Chooser
from explorer.policy.course import Course
from explorer.surfaces.scripted import screen_of
from flows.graph import FlowGraph
from flows.screen import Screen
from flows.step import Action, ActionKind
from tests.explorer.policy.parts import agenda

HOME = screen_of(["link: Help centre @navigation", "link: Contact us @navigation"])
EMPTY = screen_of(["link: Home"], address="https://desk.test/empty")


def chooser(one: Agenda, *seen: Screen, as_seen: bool = False) -> Chooser:
    """One that has been on the screens `seen`, and is on the last of them."""
    course = Course(FlowGraph())
    for screen in seen:
        course.arrive(screen)
        one.sightings.notice(one.attempts.values(), course.mark, screen)
    return Chooser(one, one.sightings, course, as_seen)


def test_a_journey_that_begins_here_is_taken_up() -> None:
    one = agenda("submit-ticket", "start-chat")
    choice = chooser(one, HOME)
    assert choice.choose(choice.todo(), HOME) is None
    assert one.active is one.attempts["submit-ticket"] and one.active.number == 1


def test_who_goes_by_what_it_sees_takes_the_first_on_the_screen() -> None:
    for as_seen, first in ((False, "submit-ticket"), (True, "knowledge-base")):
        one = agenda("submit-ticket", "knowledge-base")
        choice = chooser(one, HOME, as_seen=as_seen)
        choice.choose(choice.todo(), HOME)
        assert one.active is one.attempts[first]


def test_a_known_way_is_walked_and_without_one_the_app_is_opened_anew() -> None:
    one = agenda("submit-ticket")
    choice = chooser(one, EMPTY, HOME, EMPTY, HOME, screen_of(["link: Home"], address="https://desk.test/far"))
    far = screen_of(["link: Home"], address="https://desk.test/far")
    lost = choice.choose(choice.todo(), far)
    assert lost is not None and lost.action.kind is ActionKind.OPEN
    graph, link = choice.course.graph, far.elements[0]
    graph.moved(choice.course.mark, Action(ActionKind.TAP, link.ref, link.key, label="Home"), graph.saw(HOME))
    way = choice.choose(choice.todo(), far)
    assert way is not None and (way.action.label, way.why) == ("Home", "on the way to a journey")


def test_a_login_without_credentials_is_nothing_to_do() -> None:
    one = agenda("login", login=False)
    choice = chooser(one, screen_of(["link: Sign in @navigation"]))
    assert choice.todo() == [] and one.attempts["login"].state == "needs-login"


def test_where_success_stands_on_the_screen_already_the_persona_leaves_first_to_see_it_come() -> None:
    one = agenda("account-info")
    mine = ["cell: ada@desk.test", "cell: Order 1001", "cell: 2024-03-01"]
    done = screen_of(["link: My account @navigation"], mine)
    choice = chooser(one, EMPTY, done)
    leave = choice.choose(choice.todo(), done)
    assert leave is not None and leave.why == "leave, to see the result appear" and one.active is None
    assert choice.choose(choice.todo(), done) is None and one.active is not None  # leaving again would show the same


def test_a_way_that_led_elsewhere_from_here_is_not_tried_again() -> None:
    """A menu's button opens it on one page, and closes it on the next one."""
    one = agenda("submit-ticket")
    far = screen_of(["button: Menu @banner"], address="https://desk.test/far")
    choice = chooser(one, EMPTY, HOME, EMPTY, far)
    graph, button = choice.course.graph, far.elements[0]
    graph.moved(graph.saw(EMPTY), Action(ActionKind.TAP, button.ref, button.key, label="Menu"), graph.saw(HOME))
    way = choice.choose(choice.todo(), far)
    assert way is not None and way.action.label == "Menu"
    choice.course.count(way.action)
    other = choice.choose(choice.todo(), far)
    assert other is not None and other.action.kind is ActionKind.OPEN
