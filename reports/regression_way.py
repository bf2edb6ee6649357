"""Which steps a regression script takes and what it must see at the end, whatever it is driven with. Pure."""

from __future__ import annotations

import re
from importlib import resources
from itertools import pairwise

import networkx as nx

from flows.incident import JourneyVerdict, Verdict
from flows.step import ActionKind, Cue, Step
from reports.summary import SessionView, Summary

_TRIED = (Verdict.FAILED, Verdict.DEGRADED, Verdict.PASSED)
_WALKED = frozenset({ActionKind.TAP, ActionKind.CHOOSE})
"""Actions that lead from one screen to another in a way that can be repeated."""
_REPLAYED = _WALKED | {ActionKind.TYPE, ActionKind.PRESS, ActionKind.UPLOAD, ActionKind.ACCEPT, ActionKind.DISMISS}
_NOT_SHOWN = frozenset({"download", "error-page", "blank"})
"""Kinds of cues whose text is ours, not the app's."""
MOST_STEPS = 40


def source(name: str) -> str:
    """A template of a script."""
    return (resources.files("reports") / "templates" / name).read_text(encoding="utf-8")


def is_native(view: SessionView) -> bool:
    """Whether a session was an app's on a device: its screens are activities, not addresses."""
    return any(s.native for s in view.steps)


def tried(summary: Summary, journey: str, *, native: bool) -> list[JourneyVerdict]:
    """The verdicts of those who walked the journey in a browser, or (`native`) on a device."""
    mine = {v.id for v in summary.sessions if is_native(v) is native}
    return [
        v for v in summary.verdicts if v.journey == journey and v.verdict in _TRIED and v.steps and v.session in mine
    ]


def walked(
    summary: Summary, journey: str, verdicts: list[JourneyVerdict], *, native: bool
) -> tuple[SessionView, set[int]]:
    """The session to walk after, and the journey's steps in it.

    One that reached success, if there is one (a counter-proof, too): a journey that failed ends too early to be walked
    to its end once the fault is mended."""
    won: list[tuple[SessionView, set[int]]] = []
    for view in filter(lambda v: is_native(v) is native, [*summary.sessions, *summary.proofs]):
        end = next(
            (s.n for s in view.steps if any(c.journey == journey and c.outcome == "success" for c in s.cues)), None
        )
        if end is not None:
            won.append((view, {s.n for s in view.steps if s.decision.journey == journey and s.n <= end}))
    if won:
        return min(won, key=lambda w: len(w[1]))
    first = min(verdicts, key=lambda v: (_TRIED.index(v.verdict), len(v.steps)))
    failed = summary.session(first.session)
    return failed or summary.sessions[0], set(first.steps)


def way(view: SessionView, journey: str, numbers: set[int]) -> list[Step]:
    """The journey's own steps up to its outcome, with the shortest walked way to where it begins, and the login before."""
    own = [
        s for s in view.steps if s.n in numbers and s.decision.action.kind in _REPLAYED and s.settled_as != "refused"
    ]
    own = own[: _end(own) + 1]
    if not own:
        return []
    before = [s for s in view.steps if s.n < own[0].n]
    logins = {s.decision.journey for s in view.steps if s.decision.action.secret}
    login = [] if journey in logins else _login(view, before, logins)
    if login and any(s.after == own[0].before for s in before if s.n < login[0].n):
        login = []  # where the journey begins was seen without a login
    start = (login or view.steps[:1])[-1].after
    found = [*login, *_reach(before, start, own[0].before)]
    for step, following in zip(own, [*own[1:], None], strict=True):
        found.append(step)
        if following is not None and following.before != step.after:
            found += _reach([s for s in view.steps if s.n < following.n], step.after, following.before)
    return found[:MOST_STEPS]


def _end(own: list[Step]) -> int:
    """Where the walk ends: at the success; without one where the furthest stage was first tried, as a second try of
    the persona's would find nothing to press once the fault is mended."""
    won = next((n for n, s in enumerate(own) if any(c.outcome == "success" for c in s.cues)), None)
    if won is not None:
        return won
    first: dict[str, int] = {}
    for n, step in enumerate(own):
        if step.decision.expects:
            first.setdefault(step.decision.stage, n)
    return max(first.values(), default=len(own) - 1)


def _login(view: SessionView, before: list[Step], logins: set[str]) -> list[Step]:
    """The steps of a login that worked before, with the way to it. A login is where a password was typed."""
    steps = [s for s in before if s.decision.journey in logins and s.decision.action.kind in _REPLAYED]
    end = next((n for n, s in enumerate(steps) if any(c.outcome == "success" for c in s.cues)), -1)
    if end < 0:
        return []
    mine = steps[: end + 1]
    earlier = [s for s in before if s.n < mine[0].n]
    return [*_reach(earlier, view.steps[0].after, mine[0].before), *mine]


def _reach(steps: list[Step], start: str, goal: str) -> list[Step]:
    """The shortest way from screen to screen by taps that were seen to lead there; empty if none was."""
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


def told(step: Step | None) -> Cue | None:
    """The cue of a step that can be looked for on the screen again: words that the app itself said."""
    cues = [c for c in step.cues if c.outcome == "success" and c.kind not in _NOT_SHOWN and c.text] if step else []
    return next((c for c in cues if not re.search(r"\d", c.text)), cues[0] if cues else None)


def pattern(cue: Cue | None) -> str:
    """Python for a pattern of a cue's words; numbers in them differ each time, and spaces may be markup."""
    if cue is None:
        return "None"
    words = re.escape(" ".join(cue.text.split())[:60]).replace(r"\ ", r"\s*")
    numberless = re.sub(r"\d+", r"\\d+", words)
    return f"re.compile({quoted(numberless)})"


def complaint(verdicts: list[JourneyVerdict]) -> str:
    """What the app said where the journey failed; what the browser said of it is no text of the app."""
    said = (" ".join(v.quote.split())[:200] for v in verdicts if v.verdict is Verdict.FAILED and v.quote)
    return next((quote for quote in said if not quote.startswith("net::")), "")


def quoted(text: str) -> str:
    """A Python literal in ASCII: nothing in it can end the string, the line or the comment it stands in."""
    return ascii(text[:2000])
