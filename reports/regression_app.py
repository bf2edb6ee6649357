"""Generates the regression script of an Android app: one pytest test with Appium per attempted journey. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from flows.path import path_of
from flows.step import ActionKind, Step
from reports.regression_way import (
    complaint,
    is_native,
    login_lines,
    pattern,
    quoted,
    source,
    told,
    tried,
    typed,
    walked,
)
from reports.summary import Summary
from reports.text_display import slug

APP_IMPORTS = (
    "import base64",
    "import html",
    "import json",
    "from collections.abc import Callable",
    "from contextlib import suppress",
    "from typing import Any",
    "",
    "from appium import webdriver",
    "from appium.options.android import UiAutomator2Options",
    "from appium.webdriver.common.appiumby import AppiumBy",
    "from selenium.common.exceptions import TimeoutException, WebDriverException",
    "from selenium.webdriver.support.wait import WebDriverWait",
    "",
    "APP_PATIENCE = float(os.environ.get('PATIENCE', '15'))  # seconds",
)
_HEAD = '''"""Repeats the journeys of a Trustwalk run without Trustwalk. Each test fails as long as its fault exists.

Set TRUSTWALK_LOGIN=USER:PASSWORD for journeys that log in. The tests change no trust settings, so the app behaves as for its users.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import pytest
'''
_LOGIN = """def login() -> tuple[str, str]:
    user, _, password = os.environ.get("TRUSTWALK_LOGIN", "").partition(":")
    if not password:
        pytest.fail("This journey logs in: set TRUSTWALK_LOGIN=USER:PASSWORD.")
    return user, password
"""
_KEYS = {"Enter": 66, "Tab": 61, "Escape": 111, "Backspace": 67, "Space": 62}
_ID = re.compile(r"[A-Za-z_]\w{0,80}")


def app_head(summary: Summary, origin: str) -> str:
    """The head of a script that tests only an app and no website."""
    return "\n".join([_HEAD.rstrip(), *APP_IMPORTS, origin, "", app_body(summary), "", _LOGIN])


def app_body(summary: Summary) -> str:
    """Python code of the fixture and the helpers that the tests of an app use."""
    package, activity = _component(summary)
    names = f"PACKAGE, ACTIVITY = {quoted(package)}, {quoted(activity)}"
    return source("regression_app.py.txt").replace("# PACKAGE", names)


def _component(summary: Summary) -> tuple[str, str]:
    """The app's package and its first activity."""
    known = summary.run.options
    if known.get("package"):
        return str(known["package"]), str(known.get("activity") or "")
    addresses = [s.address for v in summary.sessions if is_native(v) for s in v.steps if "/" in s.address]
    own = [a for a in addresses if not a.startswith(("com.android.", "com.google.android."))]
    package, _, activity = (own or addresses or ["/"])[0].partition("/")
    return package, activity


def app_test(summary: Summary, journey: str) -> str:
    """One journey as a test function. Empty if no session tried it on a device."""
    verdicts = tried(summary, journey, native=True)
    if not verdicts:
        return ""
    view, numbers = walked(summary, journey, verdicts, native=True)
    steps = path_of(view.steps, journey, numbers)
    if not steps:
        return ""
    last = next((s for s in reversed(steps) if any(c.outcome == "success" for c in s.cues)), steps[-1])
    lines = [
        f"def test_{slug(journey).replace('-', '_')}_in_the_app(app: Any) -> None:",
        f"    {quoted(summary.title(journey))}",
    ]
    lines += login_lines(steps)
    lines += [f"    {line}" for step in steps[:-1] for line in _on_the_way(step)]
    lines += [f"    last = {_find(steps[-1])}"] if steps[-1].decision.action.key else []
    lines += ["    before = source(app)", *(f"    {line}" for line in _lines(steps[-1], "last"))]
    lines.append(f"    ends_well(app, before, good={pattern(told(last))}, bad={quoted(complaint(verdicts))})")
    return "\n".join(lines) + "\n"


def _on_the_way(step: Step) -> Iterable[str]:
    """The script's lines for a step before the last.

    If the step succeeded (a login), the last line waits for the app's message."""
    yield from _lines(step)
    cue = told(step)
    if cue is not None:
        yield f"shows(app, {pattern(cue)})"


def _lines(step: Step, element: str = "") -> Iterable[str]:
    """The script's lines for one step. System dialogs need none, because the script's `find` answers them."""
    action = step.decision.action
    element = element or _find(step)
    match action.kind:
        case ActionKind.TAP:
            yield f"{element}.click()"
        case ActionKind.TYPE:
            yield f"write(app, {element}, {typed(action)})"
        case ActionKind.CHOOSE:
            yield f"{element}.click()"
            yield f"find(app, attribute('text', {quoted(action.text)})).click()"
        case ActionKind.UPLOAD:
            name = re.split(r"[/\\]", action.text)[-1] or "trustwalk.txt"
            yield f"attach(app, {element}, {quoted(name)})"
        case ActionKind.PRESS:
            yield f"app.press_keycode({_KEYS.get(action.text, 66)})"


def _find(step: Step) -> str:
    """Python code for the element of a step: by resource id, by content description, or by text."""
    target, action = step.target, step.decision.action
    name = target.name if target else action.label
    hints = target.hints if target else ()
    places = [f"(AppiumBy.ID, {quoted(hints[0])})"] if hints and _ID.fullmatch(hints[0]) and hints[0] != name else []
    if name:
        places += [
            f"attribute('text', {quoted(name)})",
            f"(AppiumBy.ACCESSIBILITY_ID, {quoted(name)})",
            f"attribute('hint', {quoted(name)})",
        ]
    places += [f"attribute('content-desc', {quoted(h)})" for h in hints[1:3] if h != name]
    nth = f", nth={target.place}" if target and target.place else ""
    return f"find(app, {', '.join(places) or quoted(action.key)}{nth})"
