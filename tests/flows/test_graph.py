"""The flow graph: what is planned with, and what is written down."""

from __future__ import annotations

import json
from pathlib import Path

import networkx as nx

from flows.graph import FlowGraph
from flows.screen import Screen
from flows.step import Action, ActionKind, Cue, Decision, Step


def tap(name: str) -> Action:
    return Action(ActionKind.TAP, key=name, label=name)


def step(n: int, action: Action, *, journey: str = "", stage: str = "", failed: bool = False) -> Step:
    cues = (Cue(journey, "failure", "words", "no"),) if failed else ()
    return Step(n, "s", Decision(action, journey, stage), 0, 1, "quiet", "", "", changed=True, cues=cues)


def walked() -> FlowGraph:
    graph = FlowGraph()
    graph.moved("home", tap("help"), "help", step(1, tap("help")))
    graph.moved("help", tap("article"), "article", step(2, tap("article")))
    graph.moved("home", tap("news"), "article", step(3, tap("news"), journey="j", stage="submit"))
    back = Action(ActionKind.BACK)
    graph.moved("article", back, "home", step(4, back))
    return graph


def test_the_shortest_way_is_planned_with_taps_alone() -> None:
    graph = walked()
    assert [a.key for a in graph.path("home", "article") or []] == ["news"]
    assert graph.path("article", "home") is None
    assert graph.path("home", "nowhere") is None
    assert graph.path("home", "home") == []


def test_what_was_sent_is_not_sent_again_to_get_somewhere() -> None:
    path = walked().path("home", "article", lambda journey, stage: stage != "submit")
    assert [a.key for a in path or []] == ["help", "article"]


def test_a_way_that_failed_is_no_way() -> None:
    graph = FlowGraph()
    graph.moved("a", tap("x"), "b", step(1, tap("x"), journey="j", failed=True))
    assert graph.path("a", "b") is None and graph.ways_into("b") == []


def test_links_that_lead_there_from_anywhere_are_known() -> None:
    assert [a.key for a in walked().ways_into("article")] == ["article", "news"]


def test_it_is_saved_as_graphml_and_json_whatever_a_page_is_called(tmp_path: Path) -> None:
    graph = FlowGraph()
    odd = "A\x00\x1b\ud800 <title> & 題"
    start = graph.saw(Screen("https://a.test/", odd))
    graph.moved(start, tap(odd), "other", step(1, tap(odd)))
    graph.mark(start, entry=True)
    graph.save_graphml(tmp_path / "g.graphml")
    read = nx.read_graphml(tmp_path / "g.graphml")
    assert set(read.nodes) == {start, "other"} and read.number_of_edges() == 1
    told = graph.as_json()
    assert json.loads(json.dumps(told))["actions"][0]["from"] == start
    assert told["screens"][0]["entry"] is True and len(graph) == 2


def test_a_rest_of_the_pointer_is_a_way_too() -> None:
    graph, rest = walked(), Action(ActionKind.HOVER, key="menu", label="menu")
    graph.moved("home", rest, "open", step(5, rest))
    assert graph.path("home", "open") == graph.ways_into("open") == [rest]
