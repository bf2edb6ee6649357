"""What Trustwalk itself kept from coming of a journey is no fault of the app."""

from __future__ import annotations

from dataclasses import replace

from flows.diagnosis import Cause
from flows.incident import Symptom, Verdict
from flows.judge.flaws import flaws_of
from tests.flows.builders import failing, judged, opening, request, session, step

CUT = "Trustwalk itself cut it short. The download of https://desk.test/all.zip is too large."
LOST = step(1, "start-chat", "open", expects=True, failure="Not found", seen=Symptom.GENERIC_MESSAGE, cut=CUT)


def test_a_failure_that_we_made_is_inconclusive_and_says_so() -> None:
    verdict = judged(session([opening(), LOST]), "start-chat")
    assert (verdict.verdict, verdict.reason, verdict.why, verdict.cause) == (Verdict.INCONCLUSIVE, "cut-short", CUT, "")


def test_a_journey_that_simply_never_ended_is_explained_by_it() -> None:
    log = session([opening(), step(1, "start-chat", "open", expects=True, cut=CUT), step(2, "start-chat", "say")])
    assert judged(log, "start-chat").why == CUT


def test_a_later_failure_of_the_apps_own_is_still_its_own() -> None:
    log = session(
        [
            opening(),
            step(1, "start-chat", "open", expects=True, cut=CUT),
            step(2, "start-chat", "say", expects=True, failure="Nobody is there", seen=Symptom.GENERIC_MESSAGE),
        ]
    )
    assert judged(log, "start-chat").verdict is Verdict.FAILED


def test_a_server_error_and_a_tls_failure_are_blamed_as_ever() -> None:
    broken = request("r", 10.2, "desk.test", outcome="http-error", status=503)
    verdict = judged(session([opening(), LOST], broken), "start-chat")
    assert (verdict.verdict, verdict.cause) == (Verdict.FAILED, "other")
    verdict = judged(session([opening(), LOST], failing("r", 10.2, "chat.desk.test", Cause.EXPIRED)), "start-chat")
    assert (verdict.verdict, verdict.cause) == (Verdict.FAILED, "expired")


def test_a_control_whose_way_we_shut_is_not_dead() -> None:
    dead = [replace(step(n), stayed=True) for n in (1, 2)]
    assert [f.rule for f in flaws_of(dead, [], [])] == ["dead-control"]
    assert list(flaws_of([replace(s, cut_short=CUT) for s in dead], [], [])) == []
