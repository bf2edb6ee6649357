"""Generates a pytest script that repeats each attempted journey without Trustwalk.

Each test fails as long as the fault of its journey exists. The script uses Playwright for Python. It finds elements
by role and name, text fields by label, and elements without a name by test id or id. It never waits for a fixed time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from flows.incident import JourneyVerdict
from flows.path import path_of
from flows.step import ActionKind, Step, Target
from reports.regression_app import APP_IMPORTS, app_body, app_head, app_test
from reports.regression_way import complaint, login_lines, pattern, quoted, source, told, tried, typed, walked
from reports.summary import Summary, is_tls
from reports.text_display import minute, one_line, slug, without_values

_ROLES = frozenset(
    "button link textbox searchbox combobox listbox checkbox radio switch tab menuitem option slider spinbutton heading img"
    " menuitemcheckbox menuitemradio treeitem gridcell cell row listitem".split()
)
_ATTRIBUTES = ("data-testid", "id", "name", "placeholder", "aria-label", "title")


def render(summary: Summary) -> str:
    """The script's text. Strings from the app appear in its code only as Python literals."""
    run = summary.run
    web = [test for journey in summary.journeys if (test := _test(summary, journey))]
    app = [test for journey in summary.journeys if (test := app_test(summary, journey))]
    origin = f"# Target: {_comment(without_values(run.target))}; run of {minute(run.started)}, seed {run.seed}."
    empty = "def test_nothing_was_attempted() -> None:\n    pytest.fail('The run attempted no journey, so there is nothing to repeat.')\n"
    if app and not web:
        return "\n\n".join([app_head(summary, origin), *app])
    address = next((s.address for v in summary.sessions for s in v.steps[:1] if "://" in s.address), run.target)
    start = run.target if "://" in run.target and " " not in run.target else address
    base = f"BASE_URL = os.environ.get('BASE_URL', {quoted(start.split('#')[0])})"
    head = source("regression_head.py.txt").replace("# ORIGIN", origin).replace("# BASE_URL", base)
    both = ["\n".join([*APP_IMPORTS, "", app_body(summary)]), *app] if app else []
    return "\n\n".join([head.rstrip() + "\n", *(web or ([] if both else [empty])), *both])


def _test(summary: Summary, journey: str) -> str:
    """One journey as a test function for the browser. Empty if no session tried it there."""
    verdicts = tried(summary, journey, native=False)
    if not verdicts:
        return ""
    view, numbers = walked(summary, journey, verdicts, native=False)
    steps = path_of(view.steps, journey, numbers)
    name = slug(journey).replace("-", "_")
    lines = [
        f"def test_{name}(page: Page) -> None:",
        f"    {quoted(summary.title(journey))}",
        "    page.goto(BASE_URL)",
    ]
    lines[2:2] = login_lines(steps)
    file = steps and any(c.kind == "download" and c.outcome == "success" for c in steps[-1].cues)
    for step in steps[:-1] if file else steps:
        lines += [f"    {line}" for line in _lines(step)]
        if step is not steps[-1] and any(c.outcome == "success" for c in step.cues):
            lines.append(f"    {_waited(step, '')}")  # a login in progress would navigate away from the next click
    if file:
        lines += [
            "    with page.expect_download(timeout=PATIENCE):",
            *(f"        {line}" for line in _lines(steps[-1])),
        ]
    last = next((s for s in reversed(steps) if any(c.outcome == "success" for c in s.cues)), view.step(max(numbers)))
    lines += [f"    {line}" for line in _outcome(summary, verdicts, last, received=bool(file))]
    return "\n".join(lines) + "\n"


def _lines(step: Step) -> Iterable[str]:
    """The script's lines for one step."""
    action = step.decision.action
    match action.kind:
        case ActionKind.TAP:
            yield f"{locator(step)}.click()"
        case ActionKind.HOVER:
            yield f"{locator(step)}.hover()"
        case ActionKind.TYPE:
            yield f"{locator(step)}.fill({typed(action)})"
        case ActionKind.CHOOSE:
            yield f"choose({locator(step)}, {quoted(action.text)})"
        case ActionKind.UPLOAD:
            name = re.split(r"[/\\]", action.text)[-1] or "trustwalk.txt"
            yield f"upload(page, {locator(step)}, {quoted(name)})"
        case ActionKind.PRESS if action.key:
            yield f"{locator(step)}.press({quoted(action.text)})"
        case ActionKind.PRESS:
            yield f"page.keyboard.press({quoted(action.text)})"
        case ActionKind.ACCEPT | ActionKind.DISMISS:
            # Playwright dismisses dialogs unless there is a listener.
            if action.kind is ActionKind.ACCEPT:
                yield "page.once('dialog', lambda dialog: dialog.accept())"


def _place(step: Step) -> Target:
    """The element of a step, taken from the action's key if no target was recorded."""
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
    """Python code for the page or the frame in which a step acts."""
    target = _place(step)
    if target.frame_url:
        host = urlsplit(target.frame_url).hostname or target.frame_url
        return f"page.frame_locator({quoted(f'iframe[src*={_css(host)}]')})"
    return "page.frame_locator('iframe')" if step.decision.action.frame else "page"


def locator(step: Step) -> str:
    """Python code of a Playwright locator for the element of a step."""
    target, root = _place(step), scope(step)
    if target.role == "file" or target.kind == "file":
        return f"{root}.locator('input[type=file]').nth({target.place})"
    if target.name and target.role in _ROLES:
        return f"{root}.get_by_role({quoted(target.role)}, name={quoted(target.name)}, exact=True).nth({target.place})"
    words = [h for h in target.hints if 0 < len(h) < 80][:6]
    if words and not (target.name and target.role == "hover"):  # its hints are classes, its name is what one sees
        found = ", ".join(f"[{a}={_css(w)}]" for w in words for a in _ATTRIBUTES)
        return f"{root}.locator({quoted(found)}).nth({target.place})"
    if target.name:
        return f"{root}.get_by_text({quoted(target.name)}, exact=True).nth({target.place})"
    return f"{root}.get_by_role({quoted(target.role or 'button')}).nth({target.place})"


def _outcome(summary: Summary, verdicts: list[JourneyVerdict], last: Step | None, *, received: bool) -> Iterable[str]:
    """The script's final checks: TLS works at each blamed host, and the app shows that the journey worked."""
    hosts = {(v.host, v.port) for v in verdicts if is_tls(v.cause) and v.host}
    hosts |= {(i.host, i.port) for v in verdicts for n in v.incidents if (i := summary.incidents.get(n))}
    for host, port in sorted(hosts):
        yield f"trusts(page, {quoted(host)}, {port})"
    if not received or told(last) is not None:
        yield _waited(last, complaint(verdicts))


def _waited(step: Step | None, bad: str) -> str:
    """The script's line that waits for the app's message after a step."""
    cue = told(step)
    where = scope(step) if step is not None and cue is not None and cue.frame else "page"
    return f"outcome({where}, good={pattern(cue)}, bad={quoted(bad)})"


def _css(text: str) -> str:
    """A CSS string (CSS Syntax 3, section 4.3.5)."""
    escaped = "".join(c if c.isprintable() and c not in '"\\' else f"\\{ord(c):x} " for c in text)
    return f'"{escaped}"'


def _comment(text: str) -> str:
    return ascii(one_line(text, 200))[1:-1]
