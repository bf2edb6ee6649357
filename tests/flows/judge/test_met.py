"""No TLS failure is lost: each is an incident's, a loss's, or told by who met it and how."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from flows.diagnosis import Cause
from flows.incident import Severity, Symptom, Verdict
from flows.judge.met import Meeting, Way, meetings, told
from flows.judge.verdict import judge_session
from flows.session import SessionLog
from flows.step import Action, ActionKind, Step
from tests.flows.builders import diagnosis, failing, judged, logged, opening, session, step, verdict_of

HELP = "help.desk.test"
OTHER = "partner.example"


def left(log: SessionLog) -> list[Meeting]:
    found = judge_session(log, {})
    return meetings(found.log, found.incidents, found.verdicts, {})


def pressed(n: int, label: str, journey: str = "", **more: Any) -> Step:
    made = step(n, journey, label, **more)
    action = Action(ActionKind.TAP, key=label, label=label)
    return replace(made, decision=replace(made.decision, action=action))


@pytest.mark.parametrize("place", ["document", "popup", "form", "iframe"])
@pytest.mark.parametrize(("host", "severity"), [(HELP, Severity.HIGH), (OTHER, Severity.MEDIUM)])
def test_a_document_that_the_browser_refused_is_never_background(place: str, host: str, severity: Severity) -> None:
    log = session([opening(), pressed(1, "Help")], failing("r", 10.2, host, place=place))
    (meeting,) = left(log)
    way = Way.FRAMED if place == "iframe" else Way.REFUSED
    assert (meeting.kind, meeting.way, meeting.severity) == ("tls-failure-met", way, severity)
    assert told(meeting).startswith("s pressed «Help» (step 1), and the browser refused ")


def test_what_a_press_asked_for_is_met_where_its_host_fails_nowhere_else() -> None:
    log = session(
        [opening(), pressed(1, "Reports"), pressed(2, "Reports")], failing("a", 10.2, HELP), failing("b", 20.2, HELP)
    )
    assert [m.severity for m in left(log)] == [Severity.HIGH, Severity.LOW]  # the second asks the same address again
    assert told(left(log)[0]) == "s pressed «Reports» (step 1), and the request that this sent failed"


@pytest.mark.parametrize(
    "also",
    [
        failing("load", 0.5, HELP),
        failing("other", 20.2, HELP),
    ],
)
def test_what_fails_whatever_is_done_is_background(also: Any) -> None:
    log = session([opening(), pressed(1, "Reports"), pressed(2, "Theme")], failing("a", 10.2, HELP), also)
    assert {m.kind for m in left(log)} == {"background-host"}


def test_what_fails_at_several_controls_is_met_where_the_user_could_tell() -> None:
    dead = replace(pressed(1, "Reports"), stayed=True)
    log = session([opening(), dead, pressed(2, "Theme")], failing("a", 10.2, HELP), failing("b", 20.2, HELP))
    assert left(log)[0].way is Way.PRESSED


@pytest.mark.parametrize("how", [{"place": "ping"}, {"place": "image"}, {"initiator": "timer"}, {"background": True}])
def test_beacons_pictures_and_timers_are_met_by_nobody(how: dict[str, Any]) -> None:
    log = session([opening(), pressed(1, "Reports")], failing("a", 10.2, HELP, **how))
    assert [(m.kind, m.severity) for m in left(log)] == [("background-host", Severity.LOW)]


def test_what_a_journey_got_through_without_is_not_grave() -> None:
    send = pressed(1, "Send", "submit-ticket", expects=True, success="Ticket 7")
    log = session([opening(), send], failing("avatar", 10.2, HELP))
    assert judged(log, "submit-ticket").verdict is Verdict.PASSED
    assert [(m.way, m.severity) for m in left(log)] == [(Way.PRESSED, Severity.MEDIUM)]


def test_what_an_app_that_never_opened_was_waiting_for_is_met_though_the_counter_proof_changed_nothing() -> None:
    log = session([opening()], failing("a", 0.5, HELP, place="websocket"), wanted=["login"])
    found = judge_session(log, {}, {("entry", HELP, 443): "unchanged"})
    assert verdict_of(found, "login").verdict is Verdict.NOT_FOUND
    (meeting,) = meetings(found.log, found.incidents, found.verdicts, {})
    assert (meeting.way, meeting.severity) == (Way.OPENING, Severity.HIGH)


def test_what_an_empty_page_asked_of_others_is_told_too() -> None:
    log = session(
        [opening(Symptom.BLANK), pressed(1, "Menu")], failing("a", 0.5, OTHER, place="script"), wanted=["login"]
    )
    assert [(m.way, m.severity) for m in left(log)] == [(Way.OPENING, Severity.MEDIUM)]


def test_a_native_app_s_failure_is_met_only_where_it_was_seen() -> None:
    def tapped(failure: str) -> SessionLog:
        tap = replace(pressed(1, "Reports", failure=failure), native=True)
        return session([opening(), tap], logged("a", 10.2, HELP), states={"login": "seen"})

    assert left(tapped("Not available"))[0].way is Way.PRESSED
    assert left(tapped(""))[0].way is Way.NOT_MET


def test_the_further_failures_of_a_blamed_host_stand_with_its_incident() -> None:
    log = session(
        [opening(), pressed(1, "Open chat", "start-chat", expects=True, failure="No"), pressed(2, "Help")],
        failing("chat", 10.2, HELP),
        failing("poll", 20.5, HELP, initiator="timer"),
        failing("page", 20.6, HELP, place="document"),
    )
    found = judge_session(log, diagnosis(HELP, Cause.EXPIRED))
    (incident,) = found.incidents
    assert incident.also == ("poll-signal", "page-signal")
    assert meetings(found.log, found.incidents, found.verdicts, {}) == []


def test_a_page_that_was_refused_does_not_hide_behind_a_mere_loss() -> None:
    log = session(
        [
            opening(),
            step(1, "start-chat", "send", expects=True, failure="Not sent"),
            step(2, "start-chat", "send", expects=True, success="Hello", attempt=2),
            pressed(3, "Help"),
        ],
        failing("chat", 10.2, HELP),
        failing("page", 30.2, HELP, place="document"),
    )
    assert judged(log, "start-chat").verdict is Verdict.DEGRADED
    assert [(m.signal.id, m.severity) for m in left(log)] == [("page-signal", Severity.HIGH)]


def test_where_no_way_into_any_journey_was_seen_what_the_app_s_own_host_refused_is_met_though_the_app_reacts() -> None:
    toggle = replace(pressed(1, "Dark theme"), before="b", after="c")
    states = {"login": "not-seen"}
    log = session([opening(), toggle], failing("a", 0.5, HELP, initiator="timer"), wanted=["login"], states=states)
    assert judged(log, "login").verdict is Verdict.NOT_FOUND
    assert [(m.way, m.severity) for m in left(log)] == [(Way.OPENING, Severity.HIGH)]
    told_other = session([opening(), toggle], failing("a", 0.5, OTHER), wanted=["login"], states=states)
    assert [m.way for m in left(told_other)] == [Way.NOT_MET]
    seen = session([opening(), toggle], failing("a", 0.5, HELP), wanted=["login"], states={"login": "seen"})
    assert [m.way for m in left(seen)] == [Way.NOT_MET]
