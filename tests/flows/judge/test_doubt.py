"""An app that shows what the user gave it before its server has it."""

from __future__ import annotations

from dataclasses import replace

from flows.diagnosis import Cause
from flows.incident import Confidence, Verdict
from flows.judge.doubt import only_echoes
from flows.judge.proof import proof_outcome, proofs_wanted
from flows.judge.verdict import judge_session
from flows.session import SessionLog
from flows.signals import Family
from flows.step import Cue, Step
from tests.flows.builders import diagnosis, failing, opening, other_failure, parts, request, session, step

API = "api.desk.test"
HOST = (API, 443)
TICKET = ("submit-ticket",)


def _sent(kind: str = "new-row", text: str = "My printer", failure: str = "") -> Step:
    sent = step(2, "submit-ticket", "submit", expects=True, failure=failure)
    return replace(sent, cues=(*sent.cues, Cue("submit-ticket", "success", kind, text)))


def _log(sent: Step, *traffic: object) -> SessionLog:
    return session([opening(), step(1, "submit-ticket", "open"), sent], *traffic, wanted=TICKET)  # type: ignore[arg-type]


def _verdict(log: SessionLog, **proofs: str) -> tuple[Verdict, str, str]:
    told = {("submit-ticket", *HOST): proofs["past"]} if proofs else None
    judged = judge_session(log, diagnosis(API, Cause.EXPIRED), told)
    verdict = judged.verdicts[0]
    return verdict.verdict, verdict.cause, verdict.host


def test_a_row_counts_unless_what_the_journey_asked_for_failed() -> None:
    assert _verdict(_log(_sent(), request("a", 20.1, API)))[0] is Verdict.PASSED
    lost = _log(_sent(), failing("a", 20.1, API))
    assert _verdict(lost) == (Verdict.INCONCLUSIVE, "", "")
    assert _verdict(_log(_sent("words"), failing("a", 20.1, API)))[0] is Verdict.PASSED  # the app says so itself


def test_what_every_page_loses_and_what_a_retry_got_throw_no_doubt() -> None:
    assert _verdict(_log(_sent(), failing("z", 0.1, API), failing("a", 20.1, API)))[0] is Verdict.PASSED
    cut = [
        other_failure(n, at, Family.NETWORK, API, "net::ERR_CONNECTION_RESET") for n, at in (("z", 0.1), ("a", 20.1))
    ]
    assert _verdict(_log(_sent(), *cut))[0] is Verdict.PASSED
    assert _verdict(_log(_sent(), failing("a", 20.1, API), request("b", 20.5, API)))[0] is Verdict.PASSED
    assert _verdict(_log(_sent(), failing("a", 20.1, API, initiator="timer")))[0] is Verdict.PASSED
    assert _verdict(_log(_sent(), failing("a", 20.1, API, place="image")))[0] is Verdict.PASSED


def test_data_that_came_are_not_doubted_for_what_another_host_did_not_add() -> None:
    files, told = failing("f", 20.2, API), replace(request("t", 20.1, "stats.desk.test"), method="POST")
    assert _verdict(_log(_sent("data-shown"), request("a", 20.1, "account.desk.test"), files))[0] is Verdict.PASSED
    assert _verdict(_log(_sent("data-shown"), told, files))[0] is Verdict.INCONCLUSIVE


def test_thanks_count_unless_nothing_that_was_sent_arrived() -> None:
    refused = replace(request("a", 20.1, API, outcome="http-error", status=500), method="POST")
    got = replace(request("b", 20.2, "portal.desk.test"), method="POST")
    assert _verdict(_log(_sent("thanks"), refused))[0] is Verdict.INCONCLUSIVE
    assert _verdict(_log(_sent("thanks"), refused, got))[0] is Verdict.PASSED


def test_a_server_error_beside_it_is_no_tls_failure() -> None:
    told = _verdict(_log(_sent(), other_failure("e", 20.1, Family.HTTP, API)))
    assert told == (Verdict.INCONCLUSIVE, "", "")


def test_the_counter_proof_decides_and_only_if_it_shows_more() -> None:
    doubted = _log(_sent(), failing("a", 20.1, API))
    assert proofs_wanted(*parts(judge_session(doubted, diagnosis(API, Cause.EXPIRED)))) == [("submit-ticket", HOST)]
    same = _log(_sent(), request("a", 20.1, API))
    more = _log(_sent("thanks", "Thank you"), request("a", 20.1, API))
    assert proof_outcome(same, "submit-ticket", HOST, doubted) == "unchanged"
    assert proof_outcome(more, "submit-ticket", HOST, doubted) == "success"
    assert proof_outcome(doubted, "submit-ticket", HOST, doubted) != "success"
    assert _verdict(doubted, past="success") == (Verdict.FAILED, "expired", API)
    assert _verdict(doubted, past="unchanged")[0] is Verdict.INCONCLUSIVE
    judged = judge_session(doubted, diagnosis(API, Cause.EXPIRED), {("submit-ticket", *HOST): "success"})
    assert judged.incidents[0].confidence is Confidence.CONFIRMED


def test_a_failure_that_was_told_beside_it_is_a_failure() -> None:
    assert _verdict(_log(_sent(failure="It could not be sent"), failing("a", 20.1, API))) == (
        Verdict.FAILED,
        "expired",
        API,
    )


def test_an_answer_over_a_dead_socket_is_the_apps_own() -> None:
    said = replace(_sent("message-in-log", "Thanks, we will be with you"), decision=_sent().decision)
    dead = failing("s", 0.1, API, place="websocket")
    log = session([opening(), step(1, "submit-ticket", "open"), said], dead, wanted=TICKET)
    assert judge_session(log, diagnosis(API, Cause.EXPIRED)).verdicts[0].verdict is Verdict.INCONCLUSIVE


def test_what_calls_for_a_second_look() -> None:
    row, thanks = Cue("j", "success", "new-row", "x"), Cue("j", "success", "thanks", "x")
    assert only_echoes([row]) and not only_echoes([row, thanks]) and not only_echoes([])


def test_what_another_journey_lost_in_between_throws_no_doubt() -> None:
    other = step(3, "payment", "open", expects=True)
    shown = replace(_sent("data-shown"), n=4, started=40.0, settled=41.0)
    steps = [opening(), step(1, "submit-ticket", "open"), step(2, "submit-ticket", "fill"), other, shown]
    lost = failing("f", 30.1, API)
    assert _verdict(session(steps, lost, wanted=TICKET))[0] is Verdict.PASSED
    own = [replace(s, decision=replace(s.decision, journey="submit-ticket")) if s is other else s for s in steps]
    assert _verdict(session(own, lost, wanted=TICKET))[0] is Verdict.INCONCLUSIVE
