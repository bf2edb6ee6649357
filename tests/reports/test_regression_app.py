"""What a script does with one step on a device."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest

from flows.step import Action, ActionKind, Cue, Target
from reports.regression_app import _find, _lines, _on_the_way
from tests.flows.builders import step

SEND = replace(step(1, "submit-ticket", "submit"), target=Target("button", "Send request", hints=("contact_submit",)))


def test_an_element_is_found_by_resource_id_then_by_what_is_read_aloud() -> None:
    found = _find(SEND)
    assert found.index("AppiumBy.ID, 'contact_submit'") < found.index("'text', 'Send request'")
    assert "(AppiumBy.ACCESSIBILITY_ID, 'Send request')" in found


@pytest.mark.parametrize(
    ("action", "line"),
    [
        (Action(ActionKind.TAP, label="Send"), "element.click()"),
        (Action(ActionKind.TYPE, text="hi"), "write(app, element, 'hi')"),
        (Action(ActionKind.TYPE, text="hush", secret=True), "write(app, element, password)"),
        (Action(ActionKind.UPLOAD, text="/home/me/a.png"), "attach(app, element, 'a.png')"),
        (Action(ActionKind.PRESS, text="Enter"), "app.press_keycode(66)"),
    ],
)
def test_each_action_is_one_line(action: Action, line: str) -> None:
    made = replace(SEND, decision=replace(SEND.decision, action=action))
    assert list(_lines(made, "element")) == [line]


def test_what_worked_on_the_way_is_waited_for_before_the_next_step() -> None:
    assert len(list(_on_the_way(SEND))) == 1
    cue = Cue("login", "success", "logged-in", "Welcome, Mia")
    assert list(_on_the_way(replace(SEND, cues=(cue,))))[1:] == [r"shows(app, re.compile('Welcome,\\s*Mia'))"]
    failed = replace(cue, outcome="failure")
    assert len(list(_on_the_way(replace(SEND, cues=(failed,))))) == 1


def test_hostile_names_stay_text() -> None:
    hostile = replace(SEND, target=Target("button", "x'); raise SystemExit  #", hints=("a b\n",)))
    ast.parse(_find(hostile))
    assert "raise" not in [n.id for n in ast.walk(ast.parse(_find(hostile))) if isinstance(n, ast.Name)]
