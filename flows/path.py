"""Finds the path of a journey: the fewest recorded steps of a session that lead to the journey's outcome again. Pure.

Regression scripts and counter-proofs repeat such a path.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

import networkx as nx

from flows.step import ActionKind, Step

_WALKED = frozenset({ActionKind.TAP, ActionKind.HOVER, ActionKind.CHOOSE})
"""Actions that change the screen in a repeatable way."""
_REPLAYED = _WALKED | {ActionKind.TYPE, ActionKind.PRESS, ActionKind.UPLOAD, ActionKind.ACCEPT, ActionKind.DISMISS}
MOST_STEPS = 40


def path_of(steps: Sequence[Step], journey: str, numbers: Collection[int]) -> list[Step]:
    """The journey's steps up to its outcome, preceded by the login and the shortest recorded path to its first screen.

    `steps` are all steps of a session, the first of which opened the app. `numbers` are the numbers of the journey's
    steps.
    """
    own = [s for s in steps if s.n in numbers and s.decision.action.kind in _REPLAYED and s.settled_as != "refused"]
    own = own[: _end(own) + 1]
    if not own:
        return []
    before = [s for s in steps if s.n < own[0].n]
    logins = {s.decision.journey for s in steps if s.decision.action.secret}
    login = [] if journey in logins else _login(steps, before, logins)
    if login and any(s.after == own[0].before for s in before if s.n < login[0].n):
        login = []  # the journey's first screen was seen without a login
    start = (login or steps[:1])[-1].after
    found = [*login, *_reach(before, start, own[0].before)]
    for step, following in zip(own, [*own[1:], None], strict=True):
        found.append(step)
        if following is not None and following.before != step.after:
            found += _reach([s for s in steps if s.n < following.n], step.after, following.before)
    return found[:MOST_STEPS]


def _end(own: list[Step]) -> int:
    """Returns the index of the last step to repeat: the successful one, or else the first attempt of the last stage.

    Once the fault is fixed, the first attempt succeeds, so a second one would find nothing to press."""
    won = next((n for n, s in enumerate(own) if any(c.outcome == "success" for c in s.cues)), None)
    if won is not None:
        return won
    first: dict[str, int] = {}
    for n, step in enumerate(own):
        if step.decision.expects:
            first.setdefault(step.decision.stage, n)
    return max(first.values(), default=len(own) - 1)


def _login(steps: Sequence[Step], before: list[Step], logins: set[str]) -> list[Step]:
    """Returns the steps of an earlier successful login and the path to it; empty if there is none."""
    tried = [s for s in before if s.decision.journey in logins and s.decision.action.kind in _REPLAYED]
    end = next((n for n, s in enumerate(tried) if any(c.outcome == "success" for c in s.cues)), -1)
    if end < 0:
        return []
    mine = tried[: end + 1]
    earlier = [s for s in before if s.n < mine[0].n]
    return [*_reach(earlier, steps[0].after, mine[0].before), *mine]


def _reach(steps: list[Step], start: str, goal: str) -> list[Step]:
    """Returns the shortest path between two screens by recorded taps, hovers and choices. Empty if there is none."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    for step in steps:
        if (
            step.decision.action.kind in _WALKED
            and step.before
            and step.before != step.after
            and not graph.has_edge(step.before, step.after)
        ):
            graph.add_edge(step.before, step.after, step=step)
    if start == goal or start not in graph or goal not in graph or not nx.has_path(graph, start, goal):
        return []
    nodes = nx.shortest_path(graph, start, goal)
    return [graph.edges[a, b]["step"] for a, b in pairwise(nodes)]
