"""The rules of what is seen on the way."""

from __future__ import annotations

import re

from flows.flaw import ACCESSIBILITY, RULES, Weight


def test_rules_have_ids_that_may_stand_in_any_format_and_titles_to_read() -> None:
    assert all(re.fullmatch(rf"({ACCESSIBILITY})?[a-z]+(-[a-z]+)*", rule) for rule in RULES)
    assert all(title[0].isupper() and not title.endswith(".") for title in RULES.values())


def test_the_weights_are_those_of_axe_the_worst_first() -> None:
    assert [w.value for w in Weight] == ["critical", "serious", "moderate", "minor"]
