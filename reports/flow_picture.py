"""Lays out the flow graph as a picture: screens in columns from the entry, with failing paths marked. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import networkx as nx

from flows.incident import JourneyVerdict, Verdict
from reports.summary import Summary
from reports.text_display import one_line

MOST = 26
"""How many screens the picture shows; more would be unreadable."""
TALL = 7
"""How many screens a column holds."""
WIDE, HIGH, GAP_X, GAP_Y = 176, 46, 64, 18


@dataclass(slots=True)
class Node:
    """A screen in the picture. `x`, `y` are its top left corner in SVG units."""

    id: str
    title: str
    path: str
    x: int = 0
    y: int = 0
    failing: bool = False
    entry: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    curve: str
    label: str
    failing: bool
    back: bool


@dataclass(slots=True)
class Picture:
    width: int
    height: int
    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    left_out: int = 0


def draw(summary: Summary) -> Picture | None:
    """The picture, or None if no screen was seen."""
    graph, failing = _graph(summary)
    if not graph:
        return None
    entry = next(iter(graph))
    depth: dict[str, int] = dict(nx.single_source_shortest_path_length(graph, entry))
    chosen = _choose(graph, entry, failing)
    columns = _columns(graph, chosen, depth)
    picture = Picture(0, 0, left_out=len(graph) - len(chosen))
    nodes: dict[str, Node] = {}
    suffix = _suffix([graph.nodes[n]["title"] for n in chosen])
    tallest = max(len(c) for c in columns)
    for number, column in enumerate(columns):
        top = (tallest - len(column)) * (HIGH + GAP_Y) // 2
        for row, name in enumerate(column):
            data = graph.nodes[name]
            nodes[name] = Node(
                name,
                data["title"].removesuffix(suffix),
                data["path"],
                12 + number * (WIDE + GAP_X),
                12 + top + row * (HIGH + GAP_Y),
                name in failing,
                name == entry,
            )
    picture.nodes = list(nodes.values())
    picture.edges = [
        _edge(nodes[a], nodes[b], data["label"], failing=data["failing"])
        for a, b, data in graph.edges(data=True)
        if a in nodes and b in nodes and (data["failing"] or depth.get(b, 0) > depth.get(a, 0) or data["first"])
    ]
    picture.edges.sort(key=lambda e: (e.failing, not e.back))
    picture.width = 24 + len(columns) * (WIDE + GAP_X) - GAP_X
    picture.height = 24 + tallest * (HIGH + GAP_Y) - GAP_Y
    return picture


def _graph(summary: Summary) -> tuple[nx.DiGraph[str], set[str]]:
    """The graph of screens and transitions, in the order seen, and the ids of the screens on failing paths."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    failing: set[str] = set()
    for view in summary.sessions:
        for screen in view.screens:
            _add(graph, screen.fingerprint, screen.title, screen.address)
        bad = _failing_steps(view.verdicts.values())
        for step in view.steps:
            _add(graph, step.after, step.title, step.address)
            if step.before:
                _add(graph, step.before, "", "")
            on_path = step.n in bad and bool(step.seen or any(c.outcome == "failure" for c in step.cues))
            if on_path:
                failing |= {step.before, step.after} - {""}
            if step.before and step.before != step.after:
                old = graph.get_edge_data(step.before, step.after) or {"label": "", "failing": False, "first": False}
                graph.add_edge(
                    step.before,
                    step.after,
                    label=old["label"] or step.decision.action.label,
                    failing=old["failing"] or (on_path or step.n in bad),
                    first=old["first"] or graph.in_degree(step.after) == 0,
                )
    return graph, failing


def _failing_steps(verdicts: Iterable[JourneyVerdict]) -> set[int]:
    return {n for v in verdicts if v.verdict is Verdict.FAILED for n in v.steps}


def _add(graph: nx.DiGraph[str], name: str, title: str, address: str) -> None:
    if name not in graph:
        graph.add_node(name, title=title, path=_path(address))
    elif title and not graph.nodes[name]["title"]:
        graph.nodes[name].update(title=title, path=_path(address))


def _path(address: str) -> str:
    try:
        return urlsplit(address).path or address
    except ValueError:
        return address


def _choose(graph: nx.DiGraph[str], entry: str, failing: set[str]) -> list[str]:
    """The screens to draw: the entry, the paths to failures, then the screens seen first."""
    first: dict[str, None] = {entry: None}
    for name in graph:
        if name in failing and nx.has_path(graph, entry, name):
            first |= dict.fromkeys(nx.shortest_path(graph, entry, name))
    kept = [*first, *(n for n in graph if n not in first)][:MOST]
    return [n for n in graph if n in set(kept)]


def _suffix(titles: list[str]) -> str:
    """The suffix that most titles share, usually the app's name. Empty if there is none."""
    ends = Counter(m[0] for t in titles if (m := re.search(r"\s[–—|·-]\s[^–—|·]{1,80}$", t[:300])))
    end, times = ends.most_common(1)[0] if ends else ("", 0)
    return end if times > 1 and 2 * times >= len(titles) else ""


def _columns(graph: nx.DiGraph[str], chosen: list[str], depth: dict[str, int]) -> list[list[str]]:
    """The screens in columns by distance from the entry, sorted to reduce crossing lines. Tall columns are split."""
    layers: dict[int, list[str]] = {}
    for name in chosen:
        layers.setdefault(depth.get(name, 0), []).append(name)
    order = {name: n for n, name in enumerate(chosen)}
    place: dict[str, float] = {}
    columns = []
    for level in sorted(layers):

        def middle(name: str) -> tuple[float, int]:
            above = [place[p] for p in graph.predecessors(name) if p in place]
            return (sum(above) / len(above) if above else float(order[name]), order[name])

        layer = sorted(layers[level], key=middle)
        for position, name in enumerate(layer):
            place[name] = position / len(layer)
        columns += [layer[i : i + TALL] for i in range(0, len(layer), TALL)]
    return columns


def _edge(a: Node, b: Node, label: str, *, failing: bool) -> Edge:
    if b.x > a.x:
        x1, y1, x2, y2 = a.x + WIDE, a.y + HIGH // 2, b.x - 5, b.y + HIGH // 2
        bend = max(28, (x2 - x1) // 2)
        return Edge(f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}", one_line(label, 40), failing, back=False)
    x1, y1, x2, y2 = a.x + WIDE // 2, a.y + HIGH, b.x + WIDE // 2, b.y + HIGH + 4
    low = max(y1, y2) + 26
    return Edge(f"M{x1} {y1}C{x1} {low} {x2} {low} {x2} {y2}", one_line(label, 40), failing, back=True)
