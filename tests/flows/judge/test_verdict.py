"""What each kind of session comes to: the blame lands on the journey whose own request TLS broke, and nowhere else."""

from __future__ import annotations

import pytest

from flows.diagnosis import Cause
from flows.incident import Confidence, JourneyVerdict, Symptom, Verdict
from flows.judge.proof import CONTROL, controls_wanted, proof_outcome, proofs_wanted
from flows.judge.verdict import Judged, judge_session
from flows.session import SessionLog
from flows.signals import Family, Signal
from tests.flows.builders import (
    diagnosis,
    failing,
    logged,
    opening,
    other_failure,
    parts,
    request,
    session,
    step,
)


def verdict_of(judged: Judged, journey: str) -> JourneyVerdict:
    return next(v for v in judged.verdicts if v.journey == journey)


def judged(log: SessionLog, journey: str, **kwargs: object) -> JourneyVerdict:
    return verdict_of(judge_session(log, kwargs.pop("diagnoses", {}), kwargs.pop("proofs", None)), journey)  # type: ignore[arg-type]


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


def test_the_counter_proof_confirms_or_clears_a_host() -> None:
    log = session(
        [opening(), step(1, "start-chat", "open", expects=True, failure="Cannot connect")],
        failing("r", 10.2, CHAT, place="websocket"),
    )
    diagnoses = diagnosis(CHAT, Cause.EXPIRED)
    first = judge_session(log, diagnoses)
    assert proofs_wanted(*parts(first)) == [("start-chat", (CHAT, 443))]
    proven = judge_session(log, diagnoses, {("start-chat", CHAT, 443): "success"})
    assert proven.incidents[0].confidence is Confidence.CONFIRMED
    cleared = judge_session(log, diagnoses, {("start-chat", CHAT, 443): "unchanged"})
    assert verdict_of(cleared, "start-chat").cause == "other"
    unreached = judge_session(log, diagnoses, {("start-chat", CHAT, 443): "not-reached"})
    assert verdict_of(unreached, "start-chat").cause == "expired"


def test_a_doubtful_host_is_cleared_by_a_repetition_that_succeeds_with_nothing_let_past() -> None:
    log = session(
        [opening(), step(1, "login", "submit", expects=True, failure="Something went wrong")],
        failing("load", 0.5, "static.desk.test", place="script"),
        failing("again", 10.2, "static.desk.test", place="script"),
    )
    diagnoses = diagnosis("static.desk.test", Cause.SELF_SIGNED)
    first = judge_session(log, diagnoses)
    assert controls_wanted(*parts(first)) == ["login"]
    both = {("login", "static.desk.test", 443): "success", ("login", *CONTROL): "success"}
    assert verdict_of(judge_session(log, diagnoses, both), "login").cause == "other"
    needed = {("login", "static.desk.test", 443): "success", ("login", *CONTROL): "not-reached"}
    assert verdict_of(judge_session(log, diagnoses, needed), "login").cause == "self-signed"


def test_a_standing_fault_that_no_repetition_confirms_is_not_blamed() -> None:
    log = session(
        [opening(), step(1, "upload-attachment", "choose", expects=True, seen=Symptom.NOTHING_HAPPENED)],
        failing("load", 0.5, "static.desk.test", place="script"),
        wanted=["upload-attachment"],
    )
    diagnoses = diagnosis("static.desk.test", Cause.SELF_SIGNED)
    proofs: dict[tuple[str, str, int], str] = {}
    verdict = judged(log, "upload-attachment", diagnoses=diagnoses, proofs=proofs)
    assert (verdict.verdict, verdict.cause) == (Verdict.INCONCLUSIVE, "")


def test_a_lost_style_sheet_is_never_what_a_journey_failed_of() -> None:
    log = session(
        [opening(), step(1, "login", "submit", expects=True, failure="Something went wrong")],
        failing("r", 10.2, "static.desk.test", place="stylesheet"),
    )
    assert judged(log, "login", diagnoses=diagnosis("static.desk.test", Cause.SELF_SIGNED)).cause == "other"


def test_a_fault_that_no_browser_walks_past_is_not_put_to_the_counter_proof() -> None:
    log = session(
        [opening(), step(1, "start-chat", "open", expects=True, failure="Cannot connect")],
        failing("r", 10.2, CHAT, Cause.WEAK_PROTOCOL),
    )
    assert proofs_wanted(*parts(judge_session(log, diagnosis(CHAT, Cause.WEAK_PROTOCOL)))) == []


def test_a_proof_needs_an_answer_of_the_host_and_a_try_to_clear_it() -> None:
    tried = step(1, "start-chat", "say", expects=True, failure="No")
    answered = session([opening(), tried], request("r", 10.2, CHAT))
    assert proof_outcome(answered, "start-chat", (CHAT, 443)) == "unchanged"
    silent = session([opening(), tried])
    assert proof_outcome(silent, "start-chat", (CHAT, 443)) == "not-reached"


def test_an_entry_that_tls_keeps_shut_blocks_every_journey() -> None:
    log = session(
        [opening(Symptom.BROWSER_WARNING)], failing("doc", 0.1, "portal.desk.test", place="document", initiator="user")
    )
    found = judge_session(log, diagnosis("portal.desk.test", Cause.EXPIRED))
    assert {v.verdict for v in found.verdicts} == {Verdict.BLOCKED}
    assert {v.blocked_by for v in found.verdicts} == {"entry"}
    assert {v.cause for v in found.verdicts} == {"expired"}
    assert [i.stage for i in found.incidents] == ["open"]


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


def test_a_request_that_still_hangs_is_a_handshake_timeout_only_if_the_probe_proves_it() -> None:
    steps = [opening(), step(1, "account-info", "open", expects=True, seen=Symptom.ENDLESS_SPINNER, how="pending")]
    log = session(steps, request("r", 10.2, "api.desk.test", outcome="pending"))
    proven = judged(log, "account-info", diagnoses=diagnosis("api.desk.test", Cause.HANDSHAKE_TIMEOUT))
    assert (proven.verdict, proven.cause) == (Verdict.FAILED, "handshake-timeout")
    assert judged(log, "account-info").verdict is Verdict.INCONCLUSIVE


def test_a_socket_that_was_canceled_is_blamed_on_a_wanted_client_certificate_only_if_the_probe_proves_it() -> None:
    steps = [opening(), step(1, "start-chat", "open", expects=True, failure="Cannot connect")]
    log = session(steps, request("r", 10.2, CHAT, place="websocket", outcome="aborted"))
    proven = judged(log, "start-chat", diagnoses=diagnosis(CHAT, Cause.CLIENT_CERTIFICATE_REQUIRED))
    assert (proven.verdict, proven.cause) == (Verdict.FAILED, "client-certificate-required")
    assert judged(log, "start-chat", diagnoses=diagnosis(CHAT)).cause == "other"


def test_a_reset_is_a_cut_handshake_only_if_the_probe_proves_it() -> None:
    steps = [opening(), step(1, "account-info", "open", expects=True, failure="Unable to retrieve data")]
    reset = other_failure("r", 10.2, Family.NETWORK, "api.desk.test", "net::ERR_CONNECTION_RESET")
    exchange = request("r", 10.1, "api.desk.test", outcome="failed")
    log = session(steps, exchange, reset)
    assert (
        judged(log, "account-info", diagnoses=diagnosis("api.desk.test", Cause.CONNECTION_CUT)).cause
        == "connection-cut"
    )
    assert judged(log, "account-info").cause == "other"


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


UNSEEN = dict.fromkeys(("start-chat", "login"), "not-seen")
PORTAL_NAME = "portal.desk.test"


def shut(*signals: Signal, states: dict[str, str] = UNSEEN) -> SessionLog:
    """An app that shows a failure, and the same again when its «Try again» is tapped in step 1."""
    steps = [opening(), step(1, stage="Try again", failure="Not available", seen=Symptom.GENERIC_MESSAGE)]
    return session(steps, *signals, wanted=tuple(states), states=states)


def test_an_app_whose_first_screen_only_shows_a_failure_is_blocked_by_the_host_that_failed_while_it_opened() -> None:
    verdict = judged(shut(logged("load", 0.3, PORTAL_NAME)), "login", diagnoses=diagnosis(PORTAL_NAME, Cause.EXPIRED))
    assert (verdict.verdict, verdict.blocked_by, verdict.cause) == (Verdict.BLOCKED, "entry", "expired")
    assert (verdict.host, verdict.seen_by_user) == (PORTAL_NAME, "generic-message")


def test_of_two_hosts_that_failed_while_an_app_opened_the_one_that_fails_again_on_trying_again_is_blamed() -> None:
    log = shut(
        logged("beacon", 0.2, "analytics.desk.test"),
        logged("load", 0.3, PORTAL_NAME),
        logged("again", 10.3, PORTAL_NAME),
    )
    assert judged(log, "login").host == PORTAL_NAME


def test_of_two_hosts_that_cannot_be_told_apart_none_is_blamed_for_a_shut_app() -> None:
    verdict = judged(shut(logged("one", 0.2, "analytics.desk.test"), logged("two", 0.3, PORTAL_NAME)), "login")
    assert (verdict.verdict, verdict.reason, verdict.cause) == (Verdict.INCONCLUSIVE, "entry-not-reached", "")
    assert "analytics.desk.test:443, portal.desk.test:443" in verdict.why


def test_an_app_that_showed_a_way_into_a_journey_is_not_shut_whatever_failed_while_it_opened() -> None:
    log = shut(logged("load", 0.3, PORTAL_NAME), states={"start-chat": "seen", "login": "not-seen"})
    assert judged(log, "login").verdict is Verdict.NOT_FOUND


def test_an_app_without_any_journey_that_shows_no_failure_is_not_shut() -> None:
    log = session(
        [opening(), step(1, stage="Play")], logged("ad", 0.2, "ads.example"), wanted=tuple(UNSEEN), states=UNSEEN
    )
    assert judged(log, "login").verdict is Verdict.NOT_FOUND
