from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from flows.incident import Confidence
from flows.step import Action, ActionKind
from reports.page_model import doing, faults, other_failures, preferred, whom
from reports.pictures import Album
from reports.rollup import fixes
from reports.summary import Summary

Told = Callable[[str], Summary]


def test_a_failure_is_told_with_steps_signals_and_counter_proof(told: Told) -> None:
    summary = told("failed")
    story = faults(summary, Album(summary.folder))[0].stories[0]
    assert [s.failing for s in story.steps] == [False, False, True]
    assert story.signals[0].when == "0.25 s after step 3 began"
    assert story.signals[0].url == "wss://chat.desk.test/v1?token=…"
    assert story.proof == "Repeated in a separate session that ignored TLS errors of chat.desk.test only: it worked."
    assert story.confidence == "confirmed"


@pytest.mark.parametrize(
    ("confidence", "end"),
    [
        (Confidence.CONFIRMED, "what had failed now loads, though the end of the journey was not recognised."),
        (Confidence.LOW, "it still did not work."),
        (Confidence.HIGH, "it did not get that far."),
    ],
)
def test_a_counter_proof_without_success_says_what_it_came_to(told: Told, confidence: Confidence, end: str) -> None:
    summary = told("failed")
    for view in summary.proofs:
        view.steps[:] = [replace(s, cues=()) for s in view.steps]
    for name, incident in summary.incidents.items():
        summary.incidents[name] = replace(incident, confidence=confidence)
    assert faults(summary, Album(summary.folder))[0].stories[0].proof.endswith(end)


def test_whom_it_hits_is_said_in_few_words(told: Told) -> None:
    several = told("several-devices")
    told_of = {f.host: whom(several, f.verdicts) for f in fixes(several)}
    assert told_of["chat.desk.test"] == "all 2 personas on all 3 devices"
    assert told_of["tickets.desk.test"] == "all 2 personas on phone and virtual"


def test_it_does_not_say_all_where_some_got_through(told: Told) -> None:
    many = told("two-hundred")
    assert whom(many, fixes(many)[0].verdicts) == "all 10 personas on all 20 devices (134 of 200 sessions)"


def test_the_remedy_for_the_server_that_answered_comes_first(told: Told) -> None:
    fix = fixes(told("failed"))[0]
    assert fix.diagnosis is not None and fix.diagnosis.evidence is not None
    assert preferred(fix)[0].where == "nginx"
    fix.diagnosis = replace(
        fix.diagnosis, evidence=replace(fix.diagnosis.evidence, server_software="Apache/2.4.62 (Debian)")
    )
    assert preferred(fix)[0].where == "Apache httpd"


def test_failures_of_another_kind_are_told_apart(told: Told) -> None:
    summary = told("failed")
    assert other_failures(summary, Album(summary.folder)) == []


def test_actions_read_as_sentences() -> None:
    assert doing(Action(ActionKind.TAP, label="Send")) == ("Tapped", "Send")
    assert doing(Action(ActionKind.TAP, label="Send", times=2)) == ("Tapped 2 times:", "Send")
    assert doing(Action(ActionKind.OPEN, label="https://a.test/?t=1")) == ("Opened", "https://a.test/?t=…")
