"""Sessions read back from a journal, whole and cut off."""

from __future__ import annotations

from flows.session import AttemptState
from flows.signals import Family, Signal
from flows.step import Action, ActionKind, Decision, Step
from reports.journal.events import Event, SessionEnded, SessionStarted, SignalSeen, StepTaken
from reports.journal.replay import session_logs


def begun(name: str, proof: tuple[str, ...] = ()) -> SessionStarted:
    return SessionStarted(
        session=name, persona="novice", device="desktop", started=1.0, counter_proof=proof, journeys=("start-chat",)
    )


def step(session: str, number: int) -> StepTaken:
    decision = Decision(Action(ActionKind.TAP, label="Send"), "start-chat")
    return StepTaken(Step(number, session, decision, 1.0, 2.0, "quiet", "a", "b", changed=True))


def signal(session: str, error: str) -> SignalSeen:
    return SignalSeen(Signal("one", 1.0, session, Family.TLS, "cdp", error, host="chat.desk.test", port=443))


def test_each_session_gets_its_own_lines_in_the_order_in_which_they_began() -> None:
    events: list[Event] = [
        begun("b"),
        begun("a", ("chat.desk.test:443",)),
        step("a", 0),
        step("b", 0),
        step("b", 1),
        SessionEnded(session="b", finished=9.0, why="done", steps=2, states={"start-chat": AttemptState.FAILED}),
        SessionEnded(session="a", finished=9.0, why="done", steps=1),
    ]
    first, second = session_logs(events, ("desk.test", 443))
    assert [(log.session, len(log.steps)) for log in (first, second)] == [("b", 2), ("a", 1)]
    assert first.states == {"start-chat": AttemptState.FAILED}
    assert (first.target, first.wanted, first.ended) == (("desk.test", 443), ("start-chat",), "done")
    assert second.counter_proof == ("chat.desk.test:443",)


def test_a_later_line_replaces_an_earlier_one_of_the_same_id() -> None:
    (log,) = session_logs([begun("a"), signal("a", "net::ERR_FAILED"), signal("a", "net::ERR_CERT_DATE_INVALID")])
    assert [s.error for s in log.signals] == ["net::ERR_CERT_DATE_INVALID"]


def test_a_session_that_was_cut_off_keeps_its_steps() -> None:
    (log,) = session_logs([begun("a"), step("a", 0)])
    assert (log.ended, len(log.steps), log.states) == ("gone", 1, {})
