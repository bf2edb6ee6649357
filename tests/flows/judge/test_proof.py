"""What a repetition with one host let past says for or against that host."""

from __future__ import annotations

import pytest

from flows.diagnosis import Cause
from flows.incident import Confidence, Symptom, Verdict
from flows.judge.proof import CONTROL, controls_wanted, proof_outcome, proofs_wanted
from flows.judge.verdict import judge_session
from flows.session import SessionLog
from tests.flows.builders import (
    diagnosis,
    failing,
    judged,
    opening,
    parts,
    request,
    session,
    step,
    verdict_of,
)

CHAT = "chat.desk.test"


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


HELP = "help.desk.test"
NET = "net::ERR_CERT_AUTHORITY_INVALID"


def refused_page(place: str = "document") -> SessionLog:
    """A link of the menu led to a page that the browser refused."""
    asked, said = failing("page", 10.2, HELP, Cause.SELF_SIGNED, place=place, initiator="user")
    pressed = step(1, "knowledge-base", "open", expects=True, failure=NET, seen=Symptom.BROWSER_WARNING)
    return session([opening(), pressed], asked, said, wanted=["knowledge-base"])


@pytest.mark.parametrize("outcome", ["success", "healed", "further", "unchanged", "not-reached"])
@pytest.mark.parametrize("place", ["document", "popup", "form"])
def test_a_page_that_the_browser_refused_is_proof_that_no_repetition_weakens(place: str, outcome: str) -> None:
    proofs = {("knowledge-base", HELP, 443): outcome, ("knowledge-base", *CONTROL): "success"}
    found = judge_session(refused_page(place), diagnosis(HELP, Cause.SELF_SIGNED), proofs)
    verdict = verdict_of(found, "knowledge-base")
    assert (verdict.verdict, verdict.cause, verdict.host) == (Verdict.FAILED, "self-signed", HELP)
    proven = outcome in ("success", "healed", "further")
    assert found.incidents[0].confidence is (Confidence.CONFIRMED if proven else Confidence.HIGH)


def test_a_refused_page_counts_though_its_host_fails_elsewhere_too_and_no_way_to_the_journey_was_told() -> None:
    log = refused_page()
    steps = [opening(), step(1, stage="Help"), step(2, "knowledge-base", "open")]
    first, again = failing("a", 10.2, HELP, place="document"), failing("b", 20.2, HELP, place="document")
    log = session(steps, first, again, wanted=["knowledge-base"], states={"knowledge-base": "not-seen"})
    verdict = judged(log, "knowledge-base", diagnoses=diagnosis(HELP, Cause.EXPIRED))
    assert (verdict.verdict, verdict.cause, verdict.seen_by_user) == (Verdict.FAILED, "expired", "browser-warning")


def test_a_refused_page_that_loads_in_the_repetition_takes_it_further_though_its_end_is_not_known() -> None:
    tried = step(1, "knowledge-base", "open", expects=True, seen=Symptom.NOTHING_HAPPENED)
    loads = session([opening(), tried], request("page", 10.2, HELP, place="document"))
    assert proof_outcome(loads, "knowledge-base", (HELP, 443), refused_page()) == "further"
    other = session([opening(), tried], request("pixel", 10.2, HELP, place="image"))
    assert proof_outcome(other, "knowledge-base", (HELP, 443), refused_page()) == "not-reached"


def test_a_frame_counts_as_a_page_where_the_journey_acts_in_it() -> None:
    def framed(acted: str) -> SessionLog:
        said = step(1, "start-chat", "say", expects=True, seen=Symptom.NOTHING_HAPPENED, frame=acted)
        frame = failing("f", 10.2, CHAT, place="iframe", frame="chat")
        return session([opening(), said], frame, wanted=["start-chat"])

    proofs = {("start-chat", CHAT, 443): "unchanged"}
    assert judged(framed("chat"), "start-chat", diagnoses=diagnosis(CHAT, Cause.EXPIRED), proofs=proofs).host == CHAT
    assert judged(framed(""), "start-chat", diagnoses=diagnosis(CHAT, Cause.EXPIRED), proofs=proofs).cause == ""


def sent(failure: str = "", seen: str = "", stage: str = "send") -> SessionLog:
    """A chat line was sent; the chat's host answered."""
    said = step(1, "start-chat", stage, expects=True, failure=failure, seen=seen)
    return session([opening(), said], request("r", 10.2, CHAT), wanted=["start-chat"])


@pytest.mark.parametrize(
    ("observed", "proof", "outcome"),
    [
        (sent("Could not send (error 17)"), sent("Could not send (error 4)"), "unchanged"),
        (sent("Could not send"), sent(), "further"),
        (sent("Could not send"), sent("We are closed"), "not-reached"),
        (sent("Could not send"), sent(stage="open"), "not-reached"),
        (sent(seen=Symptom.ENDLESS_SPINNER), sent(seen=Symptom.ENDLESS_SPINNER), "unchanged"),
        (sent(seen=Symptom.ENDLESS_SPINNER), sent(), "further"),
        (sent(), sent(), "unchanged"),
    ],
)
def test_the_same_failure_at_the_same_point_is_unchanged_and_none_there_is_further(
    observed: SessionLog, proof: SessionLog, outcome: str
) -> None:
    assert proof_outcome(proof, "start-chat", (CHAT, 443), observed) == outcome


def test_a_repetition_that_got_further_confirms_unless_it_got_as_far_with_nobody_let_past() -> None:
    log = session(
        [opening(), step(1, "start-chat", "open", expects=True, failure="Cannot connect")],
        failing("load", 0.5, CHAT, place="websocket"),
        failing("r", 10.2, CHAT, place="websocket"),
    )
    diagnoses = diagnosis(CHAT, Cause.EXPIRED)
    further = {("start-chat", CHAT, 443): "further"}
    assert judge_session(log, diagnoses, further).incidents[0].confidence is Confidence.CONFIRMED
    by_itself = {**further, ("start-chat", *CONTROL): "further"}
    assert judge_session(log, diagnoses, by_itself).incidents[0].confidence is Confidence.MEDIUM


def test_a_repetition_that_did_not_get_there_says_nothing_for_or_against() -> None:
    log = session(
        [opening(), step(1, "start-chat", "open", expects=True, failure="Cannot connect")],
        failing("load", 0.5, CHAT, place="websocket"),
        failing("r", 10.2, CHAT, place="websocket"),
    )
    diagnoses = diagnosis(CHAT, Cause.EXPIRED)
    before = judge_session(log, diagnoses)
    after = judge_session(log, diagnoses, {("start-chat", CHAT, 443): "not-reached"})
    assert [(i.confidence, i.why) for i in after.incidents] == [(i.confidence, i.why) for i in before.incidents]


def test_a_journey_that_got_round_a_refused_page_has_lost_something() -> None:
    log = session(
        [opening(), step(1, "knowledge-base", "open"), step(2, "knowledge-base", "read", expects=True, success="Text")],
        failing("page", 10.2, HELP, place="document"),
    )
    verdict = judged(log, "knowledge-base", diagnoses=diagnosis(HELP, Cause.EXPIRED))
    assert (verdict.verdict, verdict.host, verdict.seen_by_user) == (Verdict.DEGRADED, HELP, "browser-warning")


def test_a_control_that_succeeds_leaves_a_proof_without_meaning() -> None:
    said = step(1, "start-chat", "say", expects=True, failure="The chat is not available")
    log = session([opening(), said], failing("chat", 10.2, HELP, place="fetch"), wanted=["start-chat"])
    proofs = {("start-chat", HELP, 443): "success", ("start-chat", *CONTROL): "success"}
    found = judge_session(log, diagnosis(HELP, Cause.EXPIRED), proofs)
    assert [i.confidence for i in found.incidents] == [Confidence.HIGH]
