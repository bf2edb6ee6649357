"""A journal that is too large is told all the same: without the requests that went well, and it says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports import FORMATS, render
from reports.journal.events import Event, ExchangeSeen, FindingMade, Journal, JournalError, RunStarted, read
from reports.journal.fold import KEPT
from tests.flows.builders import request

BEGUN = RunStarted("r", "https://desk.test/", 1_700_000_000.0, 1, "0", ("login",))
EXTRA = 200


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """More requests to one host than are kept, with one that hung at first, one that failed, and one of another host."""
    path = tmp_path / "journal.jsonl"
    told: list[Event] = [BEGUN, ExchangeSeen(request("late", 1.0, "desk.test", outcome="pending"))]
    told += [ExchangeSeen(request(f"r{n}", 2.0, "desk.test")) for n in range(KEPT + EXTRA)]
    told += [ExchangeSeen(request("r0", 2.0, "desk.test"))]  # a later word on one that is kept
    told += [ExchangeSeen(request("late", 1.0, "desk.test")), ExchangeSeen(request("other", 3.0, "cdn.test"))]
    told += [ExchangeSeen(request("bad", 3.0, "desk.test", outcome="failed"))]
    with Journal(path) as opened:
        for event in told:
            opened.write(event)
    return path


def test_it_keeps_all_failures_the_last_word_of_each_request_and_says_what_is_missing(journal: Path) -> None:
    events = list(read(journal, journal.stat().st_size - 1))
    seen = [e.exchange for e in events if isinstance(e, ExchangeSeen)]
    assert [x.outcome for x in seen if x.id == "late"] == ["pending", "ok"]
    assert [x.id for x in seen[-2:]] == ["other", "bad"]
    assert sum(x.id.startswith("r") for x in seen) == KEPT + 1 and [x.id for x in seen].count("r0") == 2
    assert isinstance(events[-1], FindingMade) and f"{EXTRA} requests" in events[-1].finding.text


def test_one_that_fits_is_told_as_a_whole(journal: Path) -> None:
    events = list(read(journal, journal.stat().st_size))
    assert len(events) == KEPT + EXTRA + 6
    assert not [e for e in events if isinstance(e, FindingMade)]
    assert render(journal.parent, FORMATS, None)


def test_one_that_stays_too_large_says_what_to_do(journal: Path) -> None:
    with pytest.raises(JournalError, match=r"still larger than .* fewer personas"):
        list(read(journal, 10_000))
