from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from reports.markdown import LIMIT, render
from reports.summary import Summary
from tests.reports.runs import EVERY

Told = Callable[[str], Summary]


@pytest.mark.parametrize("name", EVERY)
def test_every_run_stays_under_the_limit(told: Told, name: str) -> None:
    assert len(render(told(name))) <= LIMIT + 200 < 65_000


def test_nothing_of_the_app_becomes_markup_a_mention_or_a_table_cell(told: Told) -> None:
    text = render(told("hostile"))
    assert not re.search(r"<(script|img)|@everyone|\u202e|`rm`", text)
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in rows} == {6}


def test_it_says_what_to_type_on_which_server(told: Told) -> None:
    text = render(told("failed"))
    assert "**chat.desk.test**: Certificate has expired." in text
    assert "```\ncertbot renew --cert-name chat.desk.test\n" in text
    assert "| Read a help article | desktop | ✕ failed, intermittent |" in text


def test_what_changed_against_a_baseline_comes_first(told: Told) -> None:
    text = render(told("compared"))
    head, _, _ = text.partition("###")
    assert "**Compared with <code>20261120-090000-desk</code>**: 1 new, 1 moved, 2 unchanged, 1 fixed" in head
    assert "- **New**: start-chat on desktop" in head
