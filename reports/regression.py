"""A pytest script that walks each attempted journey again without Trustwalk: it fails while the fault is there.

Written for Playwright for Python. Elements are found by role and name, text fields by label, and by test id or id where
there is no name; nothing waits for a fixed time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import resources
from urllib.parse import urlsplit

import networkx as nx

from flows.incident import JourneyVerdict, Verdict
from flows.step import ActionKind, Step
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
    """One journey as a test function, told by the session that shows most; empty if nobody tried it."""
    tried = [
        (view, v) for view in summary.sessions for v in view.verdicts.values()
        if v.journey == journey and v.verdict in _TRIED and v.steps
    ]  # fmt: skip
    if not tried:
        return ""
    view, verdict = min(tried, key=lambda t: (_TRIED.index(t[1].verdict), len(t[1].steps)))
    steps = way(view, verdict)
    name = slug(journey).replace("-", "_")
    lines = [f"def test_{name}(page: Page) -> None:", f"    {_quoted(summary.title(journey))}", "    page.goto(BASE_URL)"]
    if any(s.decision.action.secret for s in steps):
        lines.insert(2, "    password = login()[1]")
    for step in steps:
        lines += [f"    {line}" for line in _lines(step)]
    lines += [f"    {line}" for line in _outcome(summary, verdict)]
    return "\n".join(lines) + "\n"


def way(view: SessionView, verdict: JourneyVerdict) -> list[Step]:
    """The journey's own steps up to its outcome, with the shortest walked way to where it begins, and the login before."""
    wanted = set(verdict.steps)
    own = [s for s in view.steps if s.n in wanted and s.decision.action.kind in _REPLAYED and s.settled_as != "refused"]
    end = next((n for n, s in enumerate(own) if s.cues or (s.decision.expects and s.seen)), len(own) - 1)
    own = own[: end + 1]
    if not own:
        return []
    before = [s for s in view.steps if s.n < own[0].n]
    login = [] if verdict.journey == "login" else _login(view, before)
    start = (login or view.steps[:1])[-1].after
    reach = _reach(before, start, own[0].before)
    found = [*login, *reach]
    for step, following in zip(own, [*own[1:], None], strict=True):
        found.append(step)
        if following is not None and following.before != step.after:
            found += _reach(view.steps[: following.n], step.after, following.before)
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
        if step.decision.action.kind in _WALKED and step.before and step.before != step.after and not graph.has_edge(step.before, step.after):
            graph.add_edge(step.before, step.after, step=step)
    if start == goal or start not in graph or goal not in graph or not nx.has_path(graph, start, goal):
        return []
    nodes = nx.shortest_path(graph, start, goal)
    return [graph.edges[a, b]["step"] for a, b in zip(nodes, nodes[1:], strict=False)]


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


def locator(step: Step) -> str:
    """A Playwright locator for the element that a step acted on."""
    action, target = step.decision.action, step.target
    role, name, place, hints, frame = "", action.label, 0, (), ""
    if target is not None:
        role, name, place, hints, frame = target.role, target.name, target.place, target.hints, target.frame_url
    elif "|" in action.key:  # role|name|frame|place, the form of keys on surfaces that fill no target
        parts = action.key.split("|")
        role, name = parts[0], "|".join(parts[1:-2]) or name
        place = max(0, int(parts[-1]) - 1) if parts[-1].isdigit() else 0
    root = "page"
    if frame:
        parts_ = urlsplit(frame)
        root = f"page.frame_locator({_quoted(f'iframe[src*={_css(parts_.hostname or frame)}]')})"
    elif action.frame:
        root = "page.frame_locator('iframe')"
    if name and role in _ROLES:
        return f"{root}.get_by_role({_quoted(role)}, name={_quoted(name)}, exact=True).nth({place})"
    if name and role == "file":
        return f"{root}.locator('input[type=file]').nth({place})"
    words = [h for h in hints if h and len(h) < 80][:6]
    if words:
        attributes = ("data-testid", "id", "name", "placeholder", "aria-label", "title")
        return f"{root}.locator({_quoted(', '.join(f'[{a}={_css(w)}]' for w in words for a in attributes))}).nth({place})"
    if role == "file":
        return f"{root}.locator('input[type=file]').nth({place})"
    return f"{root}.get_by_text({_quoted(name)}, exact=True).nth({place})" if name else f"{root}.get_by_role({_quoted(role or 'button')}).nth({place})"


def _outcome(summary: Summary, verdict: JourneyVerdict) -> Iterable[str]:
    """What must hold at the end: each blamed host opens in this browser, and the journey says that it worked."""
    hosts = {(verdict.host, verdict.port)} if is_tls(verdict.cause) and verdict.host else set()
    hosts |= {(i.host, i.port) for n in verdict.incidents if (i := summary.incidents.get(n))}
    for host, port in sorted(hosts):
        yield f"trusts(page, {_quoted(host)}, {port})"
    good = _success(summary, verdict.journey)
    bad = verdict.quote if verdict.verdict is Verdict.FAILED else ""
    pattern = f"re.compile({_quoted(good)})" if good else "None"
    yield f"outcome(page, good={pattern}, bad={_quoted(one_line(bad, 200))})"


def _success(summary: Summary, journey: str) -> str:
    """An expression for what the screen says on success, from whoever got there (a counter-proof, too); empty if unknown."""
    for view in [*summary.sessions, *summary.proofs]:
        for step in view.steps:
            for cue in step.cues:
                # Only words can be looked for again; numbers in them differ each time.
                if cue.journey == journey and cue.outcome == "success" and cue.kind == "words" and cue.text:
                    text = " ".join(cue.text.split())[:60]
                    return re.sub(r"(?:\\?[\d])+", r"\\d+", re.escape(text).replace(r"\ ", r"\s+"))
    return ""


def _css(text: str) -> str:
    """A CSS string (CSS Syntax 3, section 4.3.5)."""
    escaped = "".join(c if c.isprintable() and c not in '"\\' else f"\\{ord(c):x} " for c in text)
    return f'"{escaped}"'


def _quoted(text: str) -> str:
    """A Python literal in ASCII: nothing in it can end the string, the line or the comment it stands in."""
    return ascii(text[:2000])


def _comment(text: str) -> str:
    return ascii(one_line(text, 200))[1:-1]
