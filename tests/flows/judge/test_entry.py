"""What a person reads of a target that did not open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.incident import Symptom, Verdict
from flows.judge.entry import not_reached
from flows.judge.verdict import judge_session
from flows.step import ActionKind
from tests.flows.builders import opening, session, step


@pytest.mark.parametrize(
    ("problem", "seen", "words"),
    [
        ("net::ERR_CONNECTION_REFUSED", "browser-warning", "nothing listens there"),
        ("net::ERR_NAME_NOT_RESOLVED", "browser-warning", "no address is known for its name"),
        ("net::ERR_SOMETHING_NEW", "browser-warning", "net::ERR_SOMETHING_NEW"),
        ("", "endless-spinner", "a spinner turned without end"),
        ("", "blank", "the page stayed empty"),
    ],
)
def test_one_sentence_says_what_did_not_open_and_why(problem: str, seen: str, words: str) -> None:
    told = not_reached("https://desk.test/", problem, seen)
    assert told.startswith("https://desk.test/ did not open: ")
    assert words in told


def test_an_entry_that_never_opened_leaves_all_open_and_says_why_though_it_was_loaded_again() -> None:
    entry = replace(opening(Symptom.BROWSER_WARNING), problem="net::ERR_CONNECTION_REFUSED", address="https://a.test/")
    again = replace(step(1, stage="start", kind=ActionKind.OPEN), after=entry.after)
    log = session([entry, again], wanted=("login",), states={"login": "not-seen"})
    (verdict,) = judge_session(log, {}).verdicts
    assert (verdict.verdict, verdict.reason) == (Verdict.INCONCLUSIVE, "entry-not-reached")
    assert verdict.why.startswith("https://a.test/ did not open: nothing listens there")
