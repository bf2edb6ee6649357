"""What each kind of session comes to: the blame lands on the journey whose own request TLS broke, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.diagnosis import Cause
from flows.incident import Confidence, Symptom, Verdict
from flows.judge.verdict import judge_session
from flows.session import SessionLog
from flows.signals import Family
from flows.step import Action, ActionKind, Cue, Step
from tests.flows.builders import (
    diagnosis,
    failing,
    judged,
    logged,
    opening,
    other_failure,
    request,
    session,
    step,
    verdict_of,
)

CHAT = "chat.desk.test"
TICKETS = "tickets.desk.test"


def test_a_journey_that_showed_success_has_passed() -> None:
    log = session([opening(), step(1, "start-chat", "say", expects=True, success="Hello!")])
    assert judged(log, "start-chat").verdict is Verdict.PASSED


def test_a_request_of_the_stage_that_tls_broke_fails_the_journey_with_the_probes_cause() -> None:
    log = session(
        [
            opening(),
            step(1, "start-chat", "open", expects=True, failure="Cannot connect", seen=Symptom.GENERIC_MESSAGE),
        ],
        failing("r", 10.2, CHAT, Cause.SELF_SIGNED, place="websocket"),
    )
    verdict = judged(log, "start-chat", diagnoses=diagnosis(CHAT, Cause.INCOMPLETE_CHAIN))
    assert (verdict.verdict, verdict.cause, verdict.host) == (Verdict.FAILED, "incomplete-chain", CHAT)
    assert verdict.seen_by_user == "generic-message"
    assert verdict.quote == "Cannot connect"


def test_without_a_probe_an_ambiguous_client_error_names_no_cause() -> None:
    exchange, signal = failing("r", 10.2, CHAT)
    several = (Cause.UNTRUSTED_CA, Cause.SELF_SIGNED, Cause.INCOMPLETE_CHAIN)
    object.__setattr__(signal, "causes", several)
    log = session([opening(), step(1, "start-chat", "open", expects=True, failure="No")], exchange, signal)
    assert judged(log, "start-chat").cause == "unknown-tls"


def test_beacons_that_fail_never_fail_a_journey() -> None:
    log = session(
        [opening(), step(1, "submit-ticket", "submit", expects=True, success="Ticket 1042")],
        failing("load", 0.5, "analytics.desk.test", place="ping", background=True),
        failing("submit", 10.1, "analytics.desk.test"),
        request("t", 10.2, TICKETS),
    )
    found = judge_session(log, diagnosis("analytics.desk.test", Cause.EXPIRED))
    assert verdict_of(found, "submit-ticket").verdict is Verdict.PASSED
    assert found.incidents == ()


def test_an_http_500_is_not_blamed_on_a_beacon_that_fails_beside_it() -> None:
    log = session(
        [opening(), step(1, "submit-ticket", "submit", expects=True, failure="Something went wrong")],
        failing("load", 0.5, "analytics.desk.test"),
        failing("beacon", 10.1, "analytics.desk.test"),
        request("t", 10.2, TICKETS, outcome="http-error", status=500),
        other_failure("t", 10.3, Family.HTTP, TICKETS),
    )
    verdict = judged(log, "submit-ticket", diagnoses=diagnosis("analytics.desk.test", Cause.EXPIRED))
    assert (verdict.verdict, verdict.cause) == (Verdict.FAILED, "other")


@pytest.mark.parametrize("family", [Family.SCRIPT, Family.HTTP, Family.NETWORK])
def test_another_kind_of_failure_is_not_blamed_on_a_socket_that_was_dead_before(family: Family) -> None:
    log = session(
        [opening(), step(1, "submit-ticket", "submit", expects=True, failure="Something went wrong")],
        failing("load", 0.5, CHAT, place="websocket"),
        other_failure("t", 10.3, family, TICKETS),
    )
    verdict = judged(log, "submit-ticket", diagnoses=diagnosis(CHAT, Cause.EXPIRED))
    assert (verdict.verdict, verdict.cause) == (Verdict.FAILED, "other")


@pytest.mark.parametrize(
    ("host", "verdict"), [(TICKETS, Verdict.FAILED), ("fonts.elsewhere.test", Verdict.INCONCLUSIVE)]
)
def test_what_somebody_else_s_host_did_not_deliver_is_no_failure_by_itself(host: str, verdict: Verdict) -> None:
    log = session(
        [opening(), step(1, "submit-ticket", "submit", expects=True)],
        other_failure("f", 10.3, Family.NETWORK, host, "net::ERR_NAME_NOT_RESOLVED"),
    )
    assert judged(log, "submit-ticket").verdict is verdict


def test_a_chat_that_was_dead_from_page_load_on_is_blamed_on_its_sockets_host() -> None:
    log = session(
        [
            opening(),
            step(1, "submit-ticket", "submit", expects=True, success="Ticket 7"),
            step(2, "start-chat", "say", expects=True, seen=Symptom.NOTHING_HAPPENED, frame="widget"),
        ],
        failing("load", 0.5, CHAT, place="websocket", frame="widget"),
        request("t", 10.2, TICKETS),
    )
    found = judge_session(log, diagnosis(CHAT, Cause.EXPIRED))
    verdict = verdict_of(found, "start-chat")
    assert (verdict.verdict, verdict.cause, verdict.host) == (Verdict.FAILED, "expired", CHAT)
    assert found.incidents[0].confidence is Confidence.HIGH


def test_a_standing_fault_in_the_same_document_explains_a_stage_that_sent_nothing() -> None:
    log = session(
        [opening(), step(1, "start-chat", "say", expects=True, seen=Symptom.NOTHING_HAPPENED)],
        failing("load", 0.5, CHAT, place="websocket"),
    )
    verdict = judged(log, "start-chat", diagnoses=diagnosis(CHAT, Cause.EXPIRED))
    assert (verdict.verdict, verdict.cause) == (Verdict.FAILED, "expired")


def test_a_standing_fault_is_forgotten_once_its_host_has_answered() -> None:
    log = session(
        [opening(), step(1, "start-chat", "say", expects=True, seen=Symptom.NOTHING_HAPPENED)],
        failing("load", 0.5, CHAT, place="websocket"),
        request("again", 5, CHAT, place="websocket"),
    )
    assert judged(log, "start-chat", diagnoses=diagnosis(CHAT, Cause.EXPIRED)).verdict is Verdict.INCONCLUSIVE


def test_two_standing_faults_that_could_both_explain_it_leave_it_inconclusive() -> None:
    log = session(
        [opening(), step(1, "start-chat", "say", expects=True, seen=Symptom.NOTHING_HAPPENED)],
        failing("load", 0.5, CHAT, place="websocket"),
        failing("load2", 0.6, TICKETS),
    )
    diagnoses = diagnosis(CHAT, Cause.EXPIRED) | diagnosis(TICKETS, Cause.SELF_SIGNED)
    verdict = judged(log, "start-chat", diagnoses=diagnoses)
    assert verdict.verdict is Verdict.INCONCLUSIVE
    assert CHAT in verdict.why


@pytest.mark.parametrize("place", ["fetch", "xhr"])
def test_statistics_that_fail_as_pages_load_are_not_what_a_press_without_any_request_failed_of(place: str) -> None:
    log = session(
        [
            opening(),
            step(1, "payment", "open", expects=True, seen=Symptom.NOTHING_HAPPENED),
        ],
        failing("hit", 0.5, "count.desk.test", place=place),
        failing("again", 0.6, "count.desk.test", place=place, frame="list"),
    )
    found = judge_session(log, diagnosis("count.desk.test", Cause.CLIENT_CERTIFICATE_REQUIRED))
    assert (found.incidents, verdict_of(found, "payment").verdict) == ((), Verdict.INCONCLUSIVE)


@pytest.mark.parametrize("place", ["document", "iframe", "script"])
def test_what_failed_on_a_page_that_was_left_explains_nothing_on_the_next(place: str) -> None:
    log = session(
        [
            opening(),
            step(1, "knowledge-base", "open"),
            step(2, ""),
            step(3, "login", "open", expects=True, seen=Symptom.NOTHING_HAPPENED),
        ],
        failing("book", 10.2, "books.desk.test", place=place),
        request("back", 20.1, "desk.test", place="document"),
    )
    verdict = judged(log, "login", diagnoses=diagnosis("books.desk.test", Cause.WEAK_PROTOCOL))
    assert (verdict.verdict, verdict.host) == (Verdict.INCONCLUSIVE, "")


@pytest.mark.parametrize("initiator", ["user", "script"])
def test_a_frame_that_a_second_journey_opens_anew_is_as_refused_as_for_the_first(initiator: str) -> None:
    files, told = "files.desk.test", "net::ERR_CERT_AUTHORITY_INVALID in a frame"
    menu = Action(ActionKind.TAP, key="k", label="Files")  # on the page around the frame

    def opens(n: int, journey: str) -> Step:
        made = step(n, journey, "open", expects=True, failure=told, frame="files")
        return replace(made, decision=replace(made.decision, action=menu))

    again = step(3, "payment", "open", expects=True, seen=Symptom.NOTHING_HAPPENED)
    log = session(
        [opening(), opens(1, "submit-ticket"), opens(2, "payment"), again],
        failing("first", 10.2, files, Cause.SELF_SIGNED, place="iframe", initiator="user", frame="files"),
        failing("again", 20.2, files, Cause.SELF_SIGNED, place="iframe", initiator=initiator, frame="files"),
    )
    verdict = judged(log, "payment", diagnoses=diagnosis(files, Cause.SELF_SIGNED))
    assert (verdict.verdict, verdict.cause) == (Verdict.FAILED, "self-signed")


def test_a_lost_style_sheet_is_never_what_a_journey_failed_of() -> None:
    log = session(
        [opening(), step(1, "login", "submit", expects=True, failure="Something went wrong")],
        failing("r", 10.2, "static.desk.test", place="stylesheet"),
    )
    assert judged(log, "login", diagnoses=diagnosis("static.desk.test", Cause.SELF_SIGNED)).cause == "other"


def test_what_login_guards_is_blocked_by_it_and_carries_its_cause() -> None:
    auth = "auth.desk.test"
    log = session(
        [
            opening(),
            step(1, "account-info", "open"),
            step(2, "login", "submit", expects=True, failure="Something went wrong"),
        ],
        failing("r", 20.2, auth),
        states={"account-info": "needs-login", "payment": "needs-login"},
    )
    found = judge_session(log, diagnosis(auth, Cause.HOSTNAME_MISMATCH))
    for journey in ("account-info", "payment"):
        verdict = verdict_of(found, journey)
        assert (verdict.verdict, verdict.blocked_by) == (Verdict.BLOCKED, "login")
        assert verdict.cause == "hostname-mismatch"


def test_without_credentials_what_login_guards_is_not_attempted() -> None:
    log = session([opening(), step(1, "account-info", "open")], states={"account-info": "needs-login"})
    verdict = judged(log, "account-info")
    assert (verdict.verdict, verdict.reason) == (Verdict.NOT_ATTEMPTED, "needs-login")


def test_success_only_on_a_retry_after_a_tls_failure_is_degraded() -> None:
    log = session(
        [
            opening(),
            step(1, "submit-ticket", "submit", expects=True, failure="Failed to send"),
            step(2, "submit-ticket", "submit", expects=True, success="Ticket 9", attempt=2),
        ],
        failing("r", 10.2, TICKETS, Cause.CONNECTION_CUT),
        request("again", 20.2, TICKETS),
    )
    verdict = judged(log, "submit-ticket", diagnoses=diagnosis(TICKETS, Cause.CONNECTION_CUT))
    assert (verdict.verdict, verdict.retried, verdict.cause) == (Verdict.DEGRADED, True, "connection-cut")


def test_a_journey_nobody_saw_an_entry_to_is_not_found() -> None:
    assert judged(session([opening(), step(1)]), "payment").verdict is Verdict.NOT_FOUND


def test_a_timer_of_the_page_does_not_answer_to_an_action() -> None:
    log = session(
        [opening(), step(1, "submit-ticket", "submit", expects=True, failure="Something went wrong")],
        failing("poll", 10.4, "status.desk.test", initiator="timer"),
        request("t", 10.2, TICKETS),
    )
    verdict = judged(log, "submit-ticket", diagnoses=diagnosis("status.desk.test", Cause.EXPIRED))
    assert (verdict.verdict, verdict.cause) == (Verdict.FAILED, "other")


def test_a_session_that_was_cut_off_does_not_say_not_found() -> None:
    assert judged(session([opening()], ended="gone"), "payment").verdict is Verdict.INCONCLUSIVE


# -- native apps: the log tells that something failed, not what it was for --------------------------------------------


def test_what_an_apps_log_tells_counts_where_the_stage_failed_visibly_and_only_with_medium_confidence() -> None:
    log = session(
        [
            opening(),
            step(1, "start-chat", "open", expects=True, failure="Cannot connect", seen=Symptom.GENERIC_MESSAGE),
        ],
        logged("chat", 10.2, CHAT),
    )
    found = judge_session(log, diagnosis(CHAT, Cause.SELF_SIGNED))
    verdict = verdict_of(found, "start-chat")
    assert (verdict.verdict, verdict.cause, verdict.host) == (Verdict.FAILED, "self-signed", CHAT)
    assert [i.confidence for i in found.incidents] == [Confidence.MEDIUM]


def test_what_an_apps_log_tells_says_nothing_of_a_stage_that_did_not_fail_visibly() -> None:
    log = session(
        [
            opening(),
            step(1, "submit-ticket", "fill"),
            step(2, "submit-ticket", "submit", expects=True, success="Ticket 7"),
        ],
        logged("beacon", 10.2, "analytics.desk.test"),
        logged("again", 20.2, "analytics.desk.test"),
    )
    found = judge_session(log, diagnosis("analytics.desk.test", Cause.EXPIRED))
    assert verdict_of(found, "submit-ticket").verdict is Verdict.PASSED
    assert found.incidents == ()


def test_a_host_that_an_app_fails_to_reach_outside_journeys_too_is_not_blamed() -> None:
    log = session(
        [opening(), step(1, "start-chat", "open", expects=True, failure="No agent", seen=Symptom.GENERIC_MESSAGE)],
        logged("launch", 0.2, "analytics.desk.test"),
        logged("tap", 10.2, "analytics.desk.test"),
    )
    verdict = judged(log, "start-chat", diagnoses=diagnosis("analytics.desk.test", Cause.EXPIRED))
    assert (verdict.verdict, verdict.cause) == (Verdict.FAILED, "other")


def test_an_earlier_failure_in_an_apps_log_is_no_standing_fault_of_another_journey() -> None:
    log = session(
        [
            opening(),
            step(1, "submit-ticket", "submit", expects=True, failure="Not sent", seen=Symptom.GENERIC_MESSAGE),
            step(2, "knowledge-base", "open", expects=True, failure="Nothing found", seen=Symptom.GENERIC_MESSAGE),
        ],
        logged("ticket", 10.2, TICKETS),
    )
    assert judged(log, "submit-ticket").host == TICKETS
    assert judged(log, "knowledge-base").cause == "other"


# -- a login before everything ----------------------------------------------------------------------------------------

AUTH = "auth.desk.test"


def walled(states: dict[str, str], failure: str = "Something went wrong", place: str = "form") -> SessionLog:
    """A login form that posts to another host, and nothing else."""
    send = step(1, "login", "submit", expects=True, failure=failure, seen=Symptom.BROWSER_WARNING)
    wanted = ("start-chat", "account-info", "login")
    return session([opening(), send], failing("r", 10.2, AUTH, place=place), wanted=wanted, states=states)


FAILED_LOGIN = {"start-chat": "not-seen", "account-info": "not-seen", "login": "failed"}


def test_behind_a_login_that_tls_broke_all_that_was_not_seen_is_blocked() -> None:
    proofs = {("login", AUTH, 443): "not-reached"}
    found = judge_session(walled(FAILED_LOGIN), diagnosis(AUTH, Cause.SELF_SIGNED), proofs)
    assert verdict_of(found, "login").cause == "self-signed"
    for journey in ("start-chat", "account-info"):
        verdict = verdict_of(found, journey)
        assert (verdict.verdict, verdict.blocked_by, verdict.cause) == (Verdict.BLOCKED, "login", "self-signed")
        assert verdict.why == "The app offered nothing but login, which failed."


def test_where_more_than_the_login_was_to_be_seen_the_rest_is_not_found() -> None:
    log = walled({**FAILED_LOGIN, "start-chat": "seen"})
    assert judged(log, "account-info", diagnoses=diagnosis(AUTH, Cause.SELF_SIGNED)).verdict is Verdict.NOT_FOUND


def test_what_asks_for_a_login_that_failed_is_blocked_though_it_names_no_need() -> None:
    log = walled({**FAILED_LOGIN, "start-chat": "needs-login", "account-info": "seen"})
    verdict = judged(log, "start-chat", diagnoses=diagnosis(AUTH, Cause.SELF_SIGNED))
    assert (verdict.verdict, verdict.blocked_by) == (Verdict.BLOCKED, "login")


@pytest.mark.parametrize(
    ("address", "verdict"),
    [("https://maker.test/docs", Verdict.INCONCLUSIVE), (f"https://{TICKETS}/docs", Verdict.FAILED)],
)
def test_a_door_to_a_site_of_somebody_else_that_is_down_says_nothing_of_this_app(
    address: str, verdict: Verdict
) -> None:
    host = address.split("/")[2]
    cue = Cue("knowledge-base", "failure", "error-page", "net::ERR_NAME_NOT_RESOLVED")
    opened = replace(step(1, "knowledge-base", "open", expects=True), address=address, cues=(cue,))
    down = other_failure("d", 10.1, Family.NETWORK, host, "net::ERR_NAME_NOT_RESOLVED")
    found = judged(session([opening(), opened], down), "knowledge-base")
    assert found.verdict is verdict
    assert ("maker.test" in found.why) is (verdict is Verdict.INCONCLUSIVE)
