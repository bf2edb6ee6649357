"""Looking around: what promises something new, and the way back to it."""

from __future__ import annotations

from dataclasses import replace

from explorer.policy.wander import Wanderer
from flows.graph import FlowGraph
from flows.screen import HOVER, Element, Screen
from flows.step import Action, ActionKind
from tests.explorer.policy.parts import mover


def el(name: str, role: str = "link", **facts: object) -> Element:
    return Element(**{"ref": name, "key": f"{role}|{name}", "role": role, "name": name, **facts})  # type: ignore[arg-type]


def page(*elements: Element, address: str = "https://desk.test/") -> Screen:
    return Screen(address=address, title="", elements=elements)


def wanderer(graph: FlowGraph | None = None) -> Wanderer:
    return Wanderer(lambda url: url.startswith("https://desk.test/"), graph or FlowGraph(), lambda journey, stage: True)


def test_the_menu_comes_before_the_small_print_and_nothing_twice() -> None:
    one = wanderer()
    screen = page(el("Imprint", region="contentinfo"), el("Support", region="navigation"))
    one.notice("home", screen)
    order = []
    while (found := one.best_here("home", screen)) is not None:
        order.append(found.name)
        one.pressed.add(found.key)
    assert order == ["Support", "Imprint"] and one.untried == []


def test_foreign_links_files_and_dangers_promise_nothing() -> None:
    one = wanderer()
    screen = page(
        el("Elsewhere", href="https://elsewhere.test/"),
        el("Manual", download=True),
        el("Log out", "button"),
        el("Delete account", "button"),
        el("Send", "button", kind="submit", group="f"),
    )
    one.notice("home", screen)
    assert one.best_here("home", screen) is None


def test_the_way_back_to_what_is_untried_is_the_way_that_was_walked() -> None:
    graph = FlowGraph()
    home, help_ = page(el("Help"), el("News")), page(el("Home"), address="https://desk.test/help")
    start, there = graph.saw(home), graph.saw(help_)
    graph.moved(there, Action(ActionKind.TAP, "Home", "link|Home", label="Home"), start)
    one = wanderer(graph)
    one.notice(start, home)
    one.notice(there, help_)
    one.pressed |= {"link|Help", "link|Home"}
    way = one.way_to_more(there)
    assert way is not None and way.label == "Home" and one.untried == ["News"]
    one.pressed.add("link|News")
    assert one.way_to_more(there) is None


def test_more_of_a_kind_is_no_new_door_and_each_of_a_menu_is_one() -> None:
    one = wanderer()
    rows = [el(f"Row {n}", region="main", href=f"https://desk.test/rows/{n}?from=list&n={n}") for n in range(9)]
    folds = [el(f"Line {n}", "clickable", region="main") for n in range(9)]
    menu = [el(f"Menu {n}", region="navigation", href=f"https://desk.test/{n}") for n in range(3)]
    one.notice("home", page(*rows, *folds, *menu))
    assert one.doors == 1 + 1 + 3
    one.notice(
        "more",
        page(*(el(f"Row {n}", region="main", href=f"https://desk.test/rows/{n}?from=a&n=0") for n in range(20, 30))),
    )
    assert one.doors == 5


def test_what_opens_under_the_pointer_is_looked_into_unless_there_is_no_pointer() -> None:
    menu = page(el("ann@desk.test", HOVER, region="banner"), el("Imprint", region="contentinfo"))
    one, keys = wanderer(), replace(wanderer(), keyboard=True)
    for each, first in ((one, "ann@desk.test"), (keys, "Imprint")):
        each.notice("home", menu)
        found = each.best_here("home", menu)
        assert found is not None and found.name == first
    action = mover("login").tap(menu.elements[0])
    assert (action.kind, action.key) == (ActionKind.HOVER, menu.elements[0].key)
