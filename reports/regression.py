"""A pytest script that walks each attempted journey again without Trustwalk: it fails while the fault is there.

Written for Playwright for Python. Elements are found by role and name, text fields by label, and by test id or id where
there is no name; nothing waits for a fixed time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import resources
from itertools import pairwise
from urllib.parse import urlsplit

import networkx as nx

from flows.incident import JourneyVerdict, Verdict
from flows.step import ActionKind, Step, Target
from reports.plain import minute, one_line, slug, without_values
from reports.summary import SessionView, Summary, is_tls

_TRIED = (Verdict.FAILED, Verdict.DEGRADED, Verdict.PASSED)
_WALKED = frozenset({ActionKind.TAP, ActionKind.CHOOSE})
"""Actions that lead from one screen to another in a way that can be repeated."""
_REPLAYED = _WALKED | {ActionKind.TYPE, ActionKind.PRESS, ActionKind.UPLOAD, ActionKind.ACCEPT, ActionKind.DISMISS}
_ROLES = frozenset(
    "button link textbox searchbox combobox listbox checkbox radio switch tab menuitem option slider spinbutton heading img"
    " menuitemcheckbox menuitemradio treeitem gridcell cell row listitem".split()
)
_ATTRIBUTES = ("data-testid", "id", "name", "placeholder", "aria-label", "title")
MOST_STEPS = 40


def render(summary: Summary) -> str:
    """The script's text. Strings of the app only ever stand in it as Python literals."""
    head = (resources.files("reports") / "templates" / "regression_head.py.txt").read_text(encoding="utf-8")
    told = [test for journey in summary.journeys if (test := _test(summary, journey))]
    run = summary.run
    origin = f"# Target: {_comment(without_values(run.target))}; run of {minute(run.started)}, seed {run.seed}."
    base = f"BASE_URL = os.environ.get('BASE_URL', {_quoted(run.target.split('#')[0])})"
    empty = "def test_nothing_was_attempted() -> None:\n    pytest.fail('The run attempted no journey: there is nothing to walk again.')\n"
    return head.replace("# ORIGIN", origin).replace("# BASE_URL", base) + "\n\n" + "\n\n".join(told or [empty])


def _test(summary: Summary, journey: str) -> str:
    """One journey as a test function; empty if nobody tried it."""
    verdicts = [v for v in summary.verdicts if v.journey == journey and v.verdict in _TRIED and v.steps]
    if not verdicts:
        return ""
    view, numbers = _walked(summary, journey, verdicts)
    steps = way(view, journey, numbers)
    name = slug(journey).replace("-", "_")
    lines = [
        f"def test_{name}(page: Page) -> None:",
        f"    {_quoted(summary.title(journey))}",
        "    page.goto(BASE_URL)",
    ]
    if any(s.decision.action.secret for s in steps):
        lines.insert(2, "    password = login()[1]")
    for step in steps:
        lines += [f"    {line}" for line in _lines(step)]
    last = view.step(max(numbers))
    lines += [f"    {line}" for line in _outcome(summary, verdicts, last)]
    return "\n".join(lines) + "\n"


def _walked(summary: Summary, journey: str, verdicts: list[JourneyVerdict]) -> tuple[SessionView, set[int]]:
    """The session to walk after, and the journey's steps in it.

    One that reached success, if there is one (a counter-proof, too): a journey that failed ends too early to be walked
    to its end once the fault is mended."""
    won: list[tuple[SessionView, set[int]]] = []
    for view in [*summary.sessions, *summary.proofs]:
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
    end = next((n for n, s in enumerate(own) if any(c.outcome == "success" for c in s.cues)), len(own) - 1)
    own = own[: end + 1]
    if not own:
        return []
    before = [s for s in view.steps if s.n < own[0].n]
    login = [] if journey == "login" else _login(view, before)
    if login and any(s.after == own[0].before for s in before if s.n < login[0].n):
        login = []  # where the journey begins was seen without a login
    start = (login or view.steps[:1])[-1].after
    found = [*login, *_reach(before, start, own[0].before)]
    for step, following in zip(own, [*own[1:], None], strict=True):
        found.append(step)
        if following is not None and following.before != step.after:
            found += _reach([s for s in view.steps if s.n < following.n], step.after, following.before)
    return found[:MOST_STEPS]


def _login(view: SessionView, before: list[Step]) -> list[Step]:
    """The steps of a login that worked before, with the way to it."""
    steps = [s for s in before if s.decision.journey == "login" and s.decision.action.kind in _REPLAYED]
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


def _lines(step: Step) -> Iterable[str]:
    """What the script does for one step."""
    action = step.decision.action
    match action.kind:
        case ActionKind.TAP:
            yield f"{locator(step)}.click()"
        case ActionKind.TYPE:
            yield f"{locator(step)}.fill({'password' if action.secret else _quoted(action.text)})"
        case ActionKind.CHOOSE:
            yield f"choose({locator(step)}, {_quoted(action.text)})"
        case ActionKind.UPLOAD:
            name = re.split(r"[/\\]", action.text)[-1] or "trustwalk.txt"
            yield f"upload(page, {locator(step)}, {_quoted(name)})"
        case ActionKind.PRESS if action.key:
            yield f"{locator(step)}.press({_quoted(action.text)})"
        case ActionKind.PRESS:
            yield f"page.keyboard.press({_quoted(action.text)})"
        case ActionKind.ACCEPT | ActionKind.DISMISS:
            # Playwright dismisses dialogs by itself as long as nobody listens.
            if action.kind is ActionKind.ACCEPT:
                yield "page.once('dialog', lambda dialog: dialog.accept())"


def _place(step: Step) -> Target:
    """What is known of the element that a step acted on; from its key where the surface gave no more."""
    action = step.decision.action
    if step.target is not None:
        return step.target
    parts = action.key.split("|")  # role|name|frame|…|place
    if len(parts) < 4:
        return Target("", action.label)
    place = max(0, int(parts[-1]) - 1) if parts[-1].isdigit() else 0
    named = action.label and action.key.startswith(f"{parts[0]}|{action.label}|")
    return Target(parts[0], action.label if named else parts[1], place=place)


def scope(step: Step) -> str:
    """The page, or the frame in it, that a step took place in."""
    target = _place(step)
    if target.frame_url:
        host = urlsplit(target.frame_url).hostname or target.frame_url
        return f"page.frame_locator({_quoted(f'iframe[src*={_css(host)}]')})"
    return "page.frame_locator('iframe')" if step.decision.action.frame else "page"


def locator(step: Step) -> str:
    """A Playwright locator for the element that a step acted on."""
    target, root = _place(step), scope(step)
    if target.role == "file" or target.kind == "file":
        return f"{root}.locator('input[type=file]').nth({target.place})"
    if target.name and target.role in _ROLES:
        return (
            f"{root}.get_by_role({_quoted(target.role)}, name={_quoted(target.name)}, exact=True).nth({target.place})"
        )
    words = [h for h in target.hints if 0 < len(h) < 80][:6]
    if words:
        found = ", ".join(f"[{a}={_css(w)}]" for w in words for a in _ATTRIBUTES)
        return f"{root}.locator({_quoted(found)}).nth({target.place})"
    if target.name:
        return f"{root}.get_by_text({_quoted(target.name)}, exact=True).nth({target.place})"
    return f"{root}.get_by_role({_quoted(target.role or 'button')}).nth({target.place})"


def _outcome(summary: Summary, verdicts: list[JourneyVerdict], last: Step | None) -> Iterable[str]:
    """What must hold at the end: each blamed host opens in this browser, and the journey says that it worked."""
    hosts = {(v.host, v.port) for v in verdicts if is_tls(v.cause) and v.host}
    hosts |= {(i.host, i.port) for v in verdicts for n in v.incidents if (i := summary.incidents.get(n))}
    for host, port in sorted(hosts):
        yield f"trusts(page, {_quoted(host)}, {port})"
    bad = next((v.quote for v in verdicts if v.verdict is Verdict.FAILED and v.quote), "")
    cue = (
        next((c for c in last.cues if c.outcome == "success" and c.kind == "words" and c.text), None) if last else None
    )
    # Only words can be looked for again; numbers in them differ each time.
    good = re.sub(r"\d+", r"\\d+", re.escape(" ".join(cue.text.split())[:60]).replace(r"\ ", r"\s+")) if cue else ""
    where = scope(last) if last is not None and cue is not None and cue.frame else "page"
    pattern = f"re.compile({_quoted(good)})" if good else "None"
    yield f"outcome({where}, good={pattern}, bad={_quoted(' '.join(bad.split())[:200])})"


def _css(text: str) -> str:
    """A CSS string (CSS Syntax 3, section 4.3.5)."""
    escaped = "".join(c if c.isprintable() and c not in '"\\' else f"\\{ord(c):x} " for c in text)
    return f'"{escaped}"'


def _quoted(text: str) -> str:
    """A Python literal in ASCII: nothing in it can end the string, the line or the comment it stands in."""
    return ascii(text[:2000])


def _comment(text: str) -> str:
    return ascii(one_line(text, 200))[1:-1]
