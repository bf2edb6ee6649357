"""A native app whose network nobody saw: nothing is called passed for what it shows by itself, and nothing «other»."""

from __future__ import annotations

from dataclasses import replace

import pytest

from explorer.request.fail_on import FailOn
from explorer.run.exit_code import exit_code
from flows.diagnosis import Cause
from flows.incident import Verdict
from flows.judge.unobserved import LIKELY, NOT_OBSERVABLE, likely_faults, observed
from flows.session import AttemptState, SessionLog
from flows.signals import Exchange, Family, Signal
from flows.step import Cue, Step
from tests.flows.builders import diagnosis, judged, logged, opening, request, session, step

API = "api.desk.test"
CRASH = Signal("c", 10.5, "s", Family.CRASH, "crash", "NullPointerException", place="app")


def native(
    *steps: Step, traffic: tuple[Exchange | Signal, ...] = (), states: dict[str, str] | None = None
) -> SessionLog:
    return session([replace(s, native=True) for s in (opening(), *steps)], *traffic, states=states)


FAILS = step(1, "submit-ticket", "submit", expects=True, failure="Something went wrong")


def test_a_failure_on_the_screen_of_a_silent_app_is_neither_other_nor_the_end_of_the_question() -> None:
    verdict = judged(native(FAILS), "submit-ticket")
    assert (verdict.verdict, verdict.reason, verdict.cause) == (Verdict.INCONCLUSIVE, NOT_OBSERVABLE, "")
    assert verdict.quote == "Something went wrong" and "would not have been seen" in verdict.why


@pytest.mark.parametrize(
    "evidence",
    [
        replace(request("r", 10.2, API), place="app"),  # the proxy saw the app's connections
        logged("l", 0.5, "analytics.desk.test"),  # the app's log tells of failures
        CRASH,
    ],
)
def test_with_evidence_the_same_failure_is_other(evidence: Exchange | Signal) -> None:
    verdict = judged(native(FAILS, traffic=(evidence,)), "submit-ticket")
    assert (verdict.verdict, verdict.cause) == (Verdict.FAILED, "other")


def test_connections_that_go_past_the_proxy_leave_it_open_however_many_others_were_seen() -> None:
    log = native(FAILS, traffic=(request("r", 10.2, API),))
    assert judged(replace(log, unobserved=True), "submit-ticket").reason == NOT_OBSERVABLE


def test_a_site_in_a_browser_is_always_observed() -> None:
    log = session([opening(), FAILS])
    assert observed(log) and judged(log, "submit-ticket").cause == "other"


def test_what_an_app_may_show_by_itself_is_no_success_without_evidence() -> None:
    echo = replace(
        step(1, "start-chat", "say", expects=True), cues=(Cue("start-chat", "success", "message-in-log", "hi"),)
    )
    silent, seen = native(echo), native(echo, traffic=(request("r", 10.2, API),))
    assert judged(seen, "start-chat").verdict is Verdict.PASSED
    assert (judged(silent, "start-chat").verdict, judged(silent, "start-chat").reason) == (
        Verdict.INCONCLUSIVE,
        NOT_OBSERVABLE,
    )


def test_what_a_silent_login_keeps_away_is_blocked_without_a_cause() -> None:
    login = step(1, "login", "submit", expects=True, failure="Try again")
    log = native(login, states={"account-info": AttemptState.NEEDS_LOGIN, "login": AttemptState.FAILED})
    verdict = judged(log, "account-info")
    assert (verdict.verdict, verdict.blocked_by, verdict.cause) == (Verdict.BLOCKED, "login", "")
    assert "not observable" in verdict.why


def test_a_run_that_could_not_see_why_a_journey_failed_never_ends_with_0() -> None:
    passed = replace(judged(session([opening()]), "login"), verdict=Verdict.PASSED, reason="")
    doubtful = judged(native(FAILS), "submit-ticket")
    assert exit_code([passed], [], FailOn()) == 0
    assert exit_code([passed, doubtful], [], FailOn()) == 3


def test_a_broken_host_of_the_package_is_told_as_likely_and_not_proven() -> None:
    log = native(FAILS)
    lost = judged(log, "submit-ticket")
    candidates = diagnosis(API, Cause.EXPIRED)
    (finding,) = likely_faults([log], [lost], candidates)
    assert (finding.kind, finding.host, finding.cause) == (LIKELY, API, "expired")
    assert finding.text.startswith("submit-ticket did not succeed, and ") and "likely, not proven" in finding.text
    assert exit_code([replace(lost, verdict=Verdict.PASSED, reason="")], [finding], FailOn()) == 3
    assert likely_faults([native(FAILS, traffic=(request("r", 10.2, API),))], [lost], candidates) == []
    assert likely_faults([log], [lost], {}) == []


@pytest.mark.parametrize("cause", [Cause.HOSTNAME_MISMATCH, Cause.EXPIRED])
def test_a_connection_that_was_left_unasked_is_blamed_if_the_probe_finds_the_certificate_at_fault(cause: Cause) -> None:
    left = replace(request("r", 10.2, API, outcome="left-unasked"), place="app", status=0)
    log = native(FAILS, traffic=(left,))
    blamed = judged(log, "submit-ticket", diagnoses=diagnosis(API, cause))
    assert (blamed.verdict, blamed.cause, blamed.host) == (Verdict.FAILED, cause.value, API)
    assert judged(log, "submit-ticket", diagnoses=diagnosis(API, Cause.CONNECTION_CUT)).cause == "other"
    assert judged(log, "submit-ticket").cause == "other"
    passed = native(step(1, "submit-ticket", "submit", expects=True, success="Ticket 1042"), traffic=(left,))
    assert judged(passed, "submit-ticket", diagnoses=diagnosis(API, cause)).verdict is Verdict.PASSED
