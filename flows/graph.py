"""The flow graph: screens are nodes, actions are edges, journeys are paths through it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx

from flows.recognise.fingerprint import fingerprint
from flows.screen import Screen, without_values
from flows.step import Action, ActionKind, Step

SCHEMA = "trustwalk.graph/1"
_LEADS = (ActionKind.TAP, ActionKind.HOVER)
"""Actions that may be repeated to reach a screen again.

«Back» is not among them, because its effect depends on the history. Nor are actions that type or send something,
because nothing may be typed or sent twice.
"""
Walkable = Callable[[str, str], bool]
"""Takes a journey and a stage. Returns whether taps of this stage may be repeated only to navigate."""


class FlowGraph:
    """The screens that were seen, and the actions that lead from one to another."""

    def __init__(self) -> None:
        self._graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()

    def join(self, written: Any) -> None:
        """Add a graph that was written with `as_json`. Visits are added. The actions themselves are not in the file, so
        the graph is only for drawings.

        Raises ValueError, and adds nothing, if the data has another form."""
        try:
            screens = [(str(one["id"]), _plain(one)) for one in written["screens"]]
            actions = [(str(one["from"]), str(one["to"]), _plain(one)) for one in written["actions"]]
        except (LookupError, TypeError, AttributeError) as error:
            raise ValueError(f"This is no flow graph ({type(error).__name__}).") from error
        for print_, facts in screens:
            visits = facts.pop("visits", 0)
            if print_ not in self._graph:
                self._graph.add_node(print_, **facts | {"order": self._graph.number_of_nodes(), "visits": 0})
            self._graph.nodes[print_]["visits"] += visits if isinstance(visits, int) else 0
        for before, after, facts in actions:
            key = ":".join(str(facts.get(name)) for name in ("kind", "label", "journey", "stage"))
            self._graph.add_edge(before, after, key=key, **{"step": 0} | facts)

    def saw(self, screen: Screen) -> str:
        """Add a screen, or count another visit to it. Returns its fingerprint."""
        print_ = fingerprint(screen)
        if print_ not in self._graph:
            self._graph.add_node(
                print_,
                address=without_values(screen.address),
                title=screen.title,
                order=self._graph.number_of_nodes(),
                visits=0,
            )
        self._graph.nodes[print_]["visits"] += 1
        return print_

    def moved(self, before: str, action: Action, after: str, step: Step | None = None) -> None:
        """Add an action that led from one screen to another, or back to the same one."""
        for print_ in (before, after):
            if print_ not in self._graph:
                self._graph.add_node(print_, address="", title="", order=self._graph.number_of_nodes(), visits=0)
        edge = f"{action.kind}:{action.key}:{'' if action.secret else action.text}"
        journey, stage = (step.decision.journey, step.decision.stage) if step else ("", "")
        failed = bool(step and any(c.outcome == "failure" for c in step.cues))
        self._graph.add_edge(
            before,
            after,
            key=edge,
            action=action,
            kind=str(action.kind),
            label=action.label,
            step=step.n if step else 0,
            journey=journey,
            stage=stage,
            failed=failed,
        )

    def path(self, start: str, goal: str, walkable: Walkable = lambda journey, stage: True) -> list[Action] | None:
        """Returns the shortest known path that consists of taps and hovers only; None if there is none."""

        def usable_edge(before: str, after: str, key: Any) -> bool:
            data = self._graph.edges[before, after, key]
            plain = before != after and data["kind"] in _LEADS and not data["failed"]
            return plain and walkable(data["journey"], data["stage"])

        usable = nx.subgraph_view(self._graph, filter_edge=usable_edge)
        try:
            nodes = nx.shortest_path(usable, start, goal)
        except (nx.NetworkXNoPath, nx.NodeNotFound):
            return None
        return [self._action(usable, a, b) for a, b in itertools.pairwise(nodes)]

    def ways_into(self, goal: str, walkable: Walkable = lambda journey, stage: True) -> list[Action]:
        """Returns the taps and hovers that led to `goal` from any other screen.

        They may also work on further screens: a navigation bar is on every page.
        """
        if goal not in self._graph:
            return []
        edges = [d for a, _, d in self._graph.in_edges(goal, data=True) if a != goal and d["kind"] in _LEADS]
        usable = [d for d in edges if not d["failed"] and walkable(d["journey"], d["stage"])]
        return [d["action"] for d in sorted(usable, key=lambda d: d["step"])]

    @staticmethod
    def _action(graph: Any, before: str, after: str) -> Action:
        edges = sorted(graph[before][after].values(), key=lambda d: d["step"])
        action: Action = edges[0]["action"]
        return action

    def mark(self, print_: str, **facts: str | float | bool) -> None:
        """Add attributes to a screen's node, for drawings of the graph."""
        if print_ in self._graph:
            self._graph.nodes[print_].update(facts)

    def __contains__(self, print_: object) -> bool:
        return print_ in self._graph

    def __len__(self) -> int:
        return int(self._graph.number_of_nodes())

    @property
    def screens(self) -> tuple[str, ...]:
        """The fingerprints, in the order in which the screens were first seen."""
        return tuple(self._graph.nodes)

    def as_json(self) -> dict[str, Any]:
        """Nodes and edges as plain data, in the order of their discovery."""
        nodes = [{"id": n, **data} for n, data in self._graph.nodes(data=True)]
        edges = [
            {"from": a, "to": b, **{k: v for k, v in data.items() if k != "action"}}
            for a, b, data in self._graph.edges(data=True)
        ]
        return {"schema": SCHEMA, "screens": nodes, "actions": sorted(edges, key=lambda e: e["step"])}

    def save_graphml(self, path: Path, clean: Callable[[Any, str], Any] = lambda value, _: value) -> None:
        """Write GraphML, which yEd, Gephi and networkx read, without characters that XML forbids.

        `clean(value, name)` returns the value without the parts that must not be written."""
        plain: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        for node, data in self._graph.nodes(data=True):
            plain.add_node(node, **{k: _xml(clean(v, k)) for k, v in data.items()})
        for before, after, data in self._graph.edges(data=True):
            plain.add_edge(before, after, **{k: _xml(clean(v, k)) for k, v in data.items() if k != "action"})
        nx.write_graphml(plain, path, encoding="utf-8", infer_numeric_types=False)


def _plain(written: Any) -> dict[str, Any]:
    """The attributes of a node or an edge that a drawing can hold: texts, numbers and truth values."""
    return {
        str(key): value
        for key, value in written.items()
        if key not in ("id", "from", "to", "key") and isinstance(value, (str, int, float))
    }


def _xml(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return "".join(
        c for c in value if c in "\t\n\r" or "\x20" <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )
