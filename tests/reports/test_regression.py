"""What a script does with one step in a browser."""

from __future__ import annotations

from dataclasses import replace

from flows.step import Action, ActionKind, Target
from reports.regression import _lines
from tests.flows.builders import step


def test_the_pointer_rests_on_what_is_seen_and_not_on_a_class() -> None:
    made = step(1, "account-info", "open")
    rest = Action(ActionKind.HOVER, "0:1", "hover|Ann|||1", label="Ann")
    made = replace(made, decision=replace(made.decision, action=rest), target=Target("hover", "Ann", hints=("user",)))
    assert list(_lines(made)) == ["page.get_by_text('Ann', exact=True).nth(0).hover()"]
    nameless = replace(made, target=Target("hover", "", hints=("mu",)))
    assert '[id="mu"]' in next(iter(_lines(nameless)))
