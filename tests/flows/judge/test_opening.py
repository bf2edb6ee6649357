"""Whether an app opened at all, and which host kept it shut."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.diagnosis import Cause
from flows.incident import Confidence, Symptom, Verdict
from flows.judge.run import judge_run
from flows.judge.verdict import judge_session
from flows.session import SessionLog
from flows.signals import Exchange, Family, Signal
from flows.step import ActionKind, Step
from tests.flows.builders import diagnosis, failing, judged, logged, opening, other_failure, request, session, step


def test_an_entry_that_tls_keeps_shut_blocks_every_journey() -> None:
    log = session(
        [opening(Symptom.BROWSER_WARNING)], failing("doc", 0.1, "portal.desk.test", place="document", initiator="user")
    )
    found = judge_session(log, diagnosis("portal.desk.test", Cause.EXPIRED))
    assert {v.verdict for v in found.verdicts} == {Verdict.BLOCKED}
    assert {v.blocked_by for v in found.verdicts} == {"entry"}
    assert {v.cause for v in found.verdicts} == {"expired"}
    assert [i.stage for i in found.incidents] == ["open"]


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


# -- a site that never gets beyond its first screen -------------------------------------------------------------------

LIVE = "live.desk.test"
CLOSED = dict.fromkeys(("start-chat", "login"), "not-seen")


def connecting(
    *traffic: Exchange | tuple[Exchange, Signal], states: dict[str, str] = CLOSED, pressed: Step | None = None
) -> SessionLog:
    """«Connecting…», before and after it was loaded again."""
    again = replace(step(1, stage="start", kind=ActionKind.RELAUNCH), before="b")
    steps = [opening(), again, *([pressed] if pressed else [])]
    return session(steps, *traffic, wanted=tuple(states), states=states)


@pytest.mark.parametrize("place", ["script", "fetch", "xhr", "websocket", "eventsource", "iframe", "worker"])
def test_an_app_that_stays_at_connecting_is_blocked_by_its_own_host_that_failed_meanwhile(place: str) -> None:
    log = connecting(failing("a", 0.5, LIVE, place=place), failing("b", 10.5, LIVE, place=place, initiator="timer"))
    found = judge_session(log, diagnosis(LIVE, Cause.INCOMPLETE_CHAIN))
    told = {(v.verdict, v.blocked_by, v.cause, v.host) for v in found.verdicts}
    assert told == {(Verdict.BLOCKED, "entry", "incomplete-chain", LIVE)}
    assert {v.seen_by_user for v in found.verdicts} == {"endless-spinner"}
    (incident,) = found.incidents
    assert (incident.stage, len(incident.signals)) == ("open", 2)
    assert "stayed at its first screen" in incident.why


@pytest.mark.parametrize("place", ["image", "font", "stylesheet", "ping"])
def test_pictures_fonts_styles_and_beacons_keep_no_app_shut(place: str) -> None:
    assert judged(connecting(failing("a", 0.5, LIVE, place=place)), "login").verdict is Verdict.NOT_FOUND


def test_somebody_else_s_host_keeps_no_app_shut() -> None:
    assert judged(connecting(failing("a", 0.5, "metrics.example.com")), "login").verdict is Verdict.NOT_FOUND
    told_own = {
        ("metrics.example.com", 443): diagnosis("metrics.example.com", Cause.EXPIRED)["metrics.example.com", 443]
    }
    log = connecting(failing("a", 0.5, "metrics.example.com"))
    assert judged(log, "login", diagnoses=told_own).verdict is Verdict.BLOCKED  # --allow-origin made it its own


def test_a_host_that_answered_after_all_keeps_no_app_shut() -> None:
    log = connecting(failing("a", 0.5, LIVE), request("b", 5, LIVE))
    assert judged(log, "login").verdict is Verdict.NOT_FOUND


def test_an_app_with_a_door_or_one_that_leads_somewhere_is_open() -> None:
    socket = failing("a", 0.5, LIVE, place="websocket")
    seen = connecting(socket, states={"start-chat": "seen", "login": "not-seen"})
    assert judged(seen, "login").verdict is Verdict.NOT_FOUND
    leads = connecting(socket, pressed=step(2, stage="About us"))
    assert judged(leads, "login").verdict is Verdict.NOT_FOUND
    retry = connecting(socket, pressed=replace(step(2, stage="Try again"), before="b", after="b"))
    assert judged(retry, "login").verdict is Verdict.BLOCKED


def test_of_several_hosts_that_an_app_may_wait_for_none_is_blamed_and_all_are_named() -> None:
    log = connecting(failing("a", 0.5, LIVE, place="websocket"), failing("b", 0.6, "api.desk.test"))
    found = judge_session(log, {})
    assert {(v.verdict, v.reason, v.cause) for v in found.verdicts} == {(Verdict.INCONCLUSIVE, "entry-not-reached", "")}
    assert "api.desk.test:443, live.desk.test:443" in found.verdicts[0].why
    assert set(found.verdicts[0].incidents) == {i.id for i in found.incidents}
    told = judge_session(log, {}, {("entry", LIVE, 443): "success", ("entry", "api.desk.test", 443): "unchanged"})
    assert {(v.verdict, v.host) for v in told.verdicts} == {(Verdict.BLOCKED, LIVE)}


def test_an_app_that_may_wait_for_a_server_that_is_down_is_not_blamed_on_tls_before_the_counter_proof() -> None:
    down = other_failure("r", 0.6, Family.NETWORK, "api.desk.test", "net::ERR_CONNECTION_REFUSED")
    log = connecting(failing("a", 0.5, LIVE, place="websocket"))
    log = replace(log, signals=(*log.signals, down))
    assert judged(log, "login").verdict is Verdict.INCONCLUSIVE
    assert judged(log, "login", proofs={("entry", LIVE, 443): "success"}).verdict is Verdict.BLOCKED


def test_an_app_is_looked_at_once_more_with_that_host_let_past() -> None:
    log = connecting(failing("a", 0.5, LIVE, place="websocket"))
    first = judge_run([log], diagnosis(LIVE, Cause.EXPIRED))
    assert ("entry", (LIVE, 443)) in [(p.journey, p.host) for p in first.proofs_wanted()]

    def proof(states: dict[str, str], *traffic: Exchange) -> SessionLog:
        walked = session([opening()], *traffic, wanted=tuple(states), states=states)
        return replace(walked, session="s+entry+live", counter_proof=(f"{LIVE}:443",), of_session="s")

    opened = judge_run([log], diagnosis(LIVE, Cause.EXPIRED), [proof({**CLOSED, "login": "seen"})])
    assert [i.confidence for i in opened.incidents] == [Confidence.CONFIRMED]
    assert {v.verdict for v in opened.verdicts} == {Verdict.BLOCKED}
    same = judge_run([log], diagnosis(LIVE, Cause.EXPIRED), [proof(CLOSED, request("r", 0.5, LIVE))])
    assert {v.verdict for v in same.verdicts} == {Verdict.NOT_FOUND}


def test_a_session_that_was_cut_off_at_once_does_not_say_that_the_app_never_opened() -> None:
    log = replace(connecting(failing("a", 0.5, LIVE, place="websocket")), ended="gone")
    assert judged(replace(log, steps=log.steps[:1]), "login").verdict is Verdict.INCONCLUSIVE
    blank = replace(log, steps=(opening(Symptom.BLANK),))
    assert judged(blank, "login").verdict is Verdict.BLOCKED
