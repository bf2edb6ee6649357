"""A run is judged as a whole: every session in order, proofs once for each journey and host, and none on a device."""

from __future__ import annotations

from dataclasses import replace

from flows.diagnosis import Cause
from flows.incident import Confidence, Verdict
from flows.judge.proof import CONTROL
from flows.judge.run import ProofWanted, judge_run
from flows.session import SessionLog
from tests.flows.builders import diagnosis, failing, opening, session, step

CHAT = "chat.desk.test"
WHY = diagnosis(CHAT, Cause.EXPIRED)


def lost(name: str) -> SessionLog:
    """A session in which a chat was tried and its host failed."""
    said = step(1, "start-chat", "say", expects=True, failure="The chat is not available")
    log = session([opening(), said], failing("chat", 10.2, CHAT), wanted=["start-chat"])
    signals = tuple(replace(s, session=name) for s in log.signals)
    return replace(log, session=name, signals=signals)


def test_a_journey_that_two_personas_lost_to_one_host_is_repeated_once() -> None:
    judgement = judge_run([lost("a"), lost("b")], WHY)
    assert [v.verdict for v in judgement.verdicts] == [Verdict.FAILED] * 2
    assert judgement.proofs_wanted() == [ProofWanted("a", "start-chat", (CHAT, 443))]


def test_a_repetition_that_succeeds_confirms_every_session_s_blame() -> None:
    logs = [lost("a"), lost("b")]
    won = step(1, "start-chat", "say", expects=True, success="Hello, how can I help?")
    proof = replace(
        session([opening(), won], wanted=["start-chat"]),
        session="a+start-chat",
        counter_proof=(f"{CHAT}:443",),
        of_session="a",
    )
    assert {i.confidence for i in judge_run(logs, WHY, [proof]).incidents} == {Confidence.CONFIRMED}
    assert {i.confidence for i in judge_run(logs, WHY).incidents} == {Confidence.HIGH}


def test_a_doubt_that_another_persona_removed_asks_for_no_control() -> None:
    doubtful = replace(
        session(
            [opening(), step(1, "start-chat", "say", expects=True, failure="Something went wrong")],
            failing("load", 0.5, CHAT, place="script"),
            failing("again", 10.2, CHAT, place="script"),
            wanted=["start-chat"],
        ),
        session="b",
    )
    host = (CHAT, 443)
    alone = judge_run([doubtful], WHY).proofs_wanted()
    assert alone == [ProofWanted("b", "start-chat", host), ProofWanted("b", "start-chat", CONTROL)]
    assert judge_run([lost("a"), doubtful], WHY).proofs_wanted() == [ProofWanted("a", "start-chat", host)]


def test_nobody_can_be_let_past_on_a_device() -> None:
    log = lost("a")
    app = replace(log, steps=tuple(replace(s, native=True) for s in log.steps))
    assert judge_run([app], WHY).proofs_wanted() == []
