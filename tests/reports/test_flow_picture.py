from __future__ import annotations

from collections.abc import Callable

import pytest

from reports.flow_picture import HIGH, MOST, WIDE, _suffix, draw
from reports.summary import Summary
from tests.reports.runs import SMALLER

Told = Callable[[str], Summary]


@pytest.mark.parametrize("name", SMALLER)
def test_screens_do_not_overlap_and_lie_within_the_picture(told: Told, name: str) -> None:
    picture = draw(told(name))
    assert picture is not None
    boxes = [(n.x, n.y) for n in picture.nodes]
    assert len(boxes) <= MOST
    for x, y in boxes:
        assert 0 <= x <= picture.width - WIDE and 0 <= y <= picture.height - HIGH
        assert [(a, b) for a, b in boxes if abs(a - x) < WIDE and abs(b - y) < HIGH] == [(x, y)]


def test_the_screens_where_journeys_failed_are_marked(told: Told) -> None:
    picture = draw(told("failed"))
    assert picture is not None
    assert {n.id for n in picture.nodes if n.failing} >= {"start-chat-broken", "submit-ticket-broken"}
    assert any(e.failing for e in picture.edges)
    good = draw(told("all-good"))
    assert good is not None and not any(n.failing for n in good.nodes)


def test_the_entry_is_leftmost(told: Told) -> None:
    picture = draw(told("failed"))
    assert picture is not None
    assert [n.id for n in picture.nodes if n.entry] == ["home"]
    assert min(picture.nodes, key=lambda n: n.x).entry


def test_the_apps_own_name_is_left_off_titles_that_all_end_in_it() -> None:
    assert _suffix(["Chat – Desk", "Files – Desk", "Pay"]) == " – Desk"
    assert _suffix(["Chat – Desk", "Files", "Pay"]) == ""
    assert _suffix(["Chat", "Files"]) == ""
