"""What was left alone on purpose is summed up, each control once."""

from __future__ import annotations

from pathlib import Path

from flows.refusal import Reason, Refusal
from reports.journal.events import PressRefused, RunStarted, SessionStarted
from reports.json_file import coverage
from reports.left_alone import WHY, left_alone
from reports.summary import Summary


def told(*refusals: Refusal) -> Summary:
    sessions = ("ada@desktop", "bob@desktop")
    started = [SessionStarted(name, name[:3], "desktop", 1.0) for name in sessions]
    refused = [PressRefused(name, 1, "f", r) for name in sessions for r in refusals]
    return Summary.from_events([RunStarted("r", "t", 1.0, 1, "1", ()), *started, *refused], Path())


def test_each_control_counts_once_and_the_sentence_says_why() -> None:
    pay, gone = (Refusal(name, "button", Reason.ACT, kind) for name, kind in (("Pay", "payment"), ("Empty", "delete")))
    summary = told(pay, gone, Refusal("", "button", Reason.NAMELESS))
    assert left_alone(summary).sentence == (
        "Not pressed: 3 controls: 2 because they name an act that --allow does not permit (1 payment, 1 delete); "
        "1 because they have no name."
    )
    found = coverage(summary)["not_pressed"]
    assert found["controls"] == 3 and found["kinds"] == {"payment": 1, "delete": 1} and found["reasons"]["act"] == 2


def test_nothing_is_said_where_nothing_was_left_and_each_reason_has_words() -> None:
    assert left_alone(told()).sentence == "" and set(WHY) == set(Reason)
