"""A connection that worked is found among others by when it began, in whatever order they became known."""

from __future__ import annotations

from itertools import permutations

import pytest

from explorer.evidence.capture import starts
from explorer.evidence.capture.starts import AGAIN, Starts

TIMES = (100.2, 100.5, 100.9, 103.0, 130.0)


@pytest.mark.parametrize("order", list(permutations(TIMES, 5))[::17])
def test_the_answer_is_that_of_all_beginnings_and_their_order_changes_nothing(order: tuple[float, ...]) -> None:
    kept = Starts()
    for time in order:
        kept.add("one", time)
    for asked in (90.2, 90.3, 91.0, 100.1, 100.3, 100.9, 100.95, 103.0, 103.1, 120.0, 120.1, 130.1):
        assert kept.soon_after("one", asked) == any(asked <= time < asked + AGAIN for time in TIMES)
        assert not kept.soon_after("other", asked)


def test_many_beginnings_are_kept_within_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starts, "MOST", 2)
    kept = Starts()
    for time in (100.2, 200.0, 300.0, 100.8):
        kept.add("one", time)
    assert kept.soon_after("one", 100.5) and kept.soon_after("one", 200.0) and not kept.soon_after("one", 300.0)
