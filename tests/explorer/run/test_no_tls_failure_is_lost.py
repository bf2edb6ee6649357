"""Over sessions of every kind: each TLS signal ends in exactly one place, of the right severity, and no run hides one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.request.fail_on import FailOn
from explorer.run.exit_code import exit_code
from explorer.run.findings import findings_of
from flows.diagnosis import Cause, Diagnosis
from flows.incident import Finding, Severity, Symptom, Verdict
from flows.judge.run import Judgement, judge_run
from flows.session import AttemptState, Endpoint, SessionLog, origin, step_at
from flows.signals import Exchange, Family, Signal
from flows.step import Action, ActionKind, NamedHost, Step
from reports.journal.replay import diagnoses
from tests.flows.builders import diagnosis, failing, opening, other_failure, request, session, step
from tests.flows.judge.test_recorded import CELLS, events, sessions

OWN = ("portal.desk.test", "help.desk.test", "live.desk.test")
HOSTS = (*OWN, "partner.example")
JOURNEYS = ("start-chat", "account-info", "login")
PLACES = ("document", "popup", "form", "iframe", "fetch", "websocket", "script", "image", "ping")
DOCUMENTS = ("document", "popup", "form", "iframe")
PRESSES = (ActionKind.TAP, ActionKind.CHOOSE)
KINDS = (*PRESSES, ActionKind.RELAUNCH, ActionKind.SCROLL)


@st.composite
def steps(draw: st.DrawFn, number: int) -> Step:
    outcome = draw(st.sampled_from(["", "", "failure", "success"]))
    journey = draw(st.sampled_from(["", *JOURNEYS]))
    made = step(
        number,
        journey,
        draw(st.sampled_from(["open", "send"])),
        expects=bool(journey) and draw(st.booleans()),
        success="Done" if journey and outcome == "success" else "",
        failure="Not available" if journey and outcome == "failure" else "",
        seen=draw(st.sampled_from(["", Symptom.NOTHING_HAPPENED, Symptom.BROWSER_WARNING]))
        if outcome != "success"
        else "",
        frame=draw(st.sampled_from(["", "widget"])),
    )
    action = Action(draw(st.sampled_from(KINDS)), key=draw(st.sampled_from("abc")), label="L", frame="")
    stays = draw(st.booleans())
    decision = replace(made.decision, action=action)
    return replace(made, decision=decision, before="b", after="b" if stays else "c", stayed=stays)


@st.composite
def traffic(draw: st.DrawFn, number: int, until: int) -> Exchange | Signal | tuple[Exchange, Signal]:
    at, host = draw(st.integers(0, until * 10 + 9)) + 0.3, draw(st.sampled_from(HOSTS))
    place, initiator = draw(st.sampled_from(PLACES)), draw(st.sampled_from(["script", "user", "timer"]))
    kind = draw(st.sampled_from(["tls", "tls", "tls", "ok", "other"]))
    if kind == "ok":
        return request(f"r{number}", at, host, place=place, initiator=initiator)
    if kind == "other":
        return other_failure(f"r{number}", at, draw(st.sampled_from([Family.HTTP, Family.NETWORK])), host)
    frame = draw(st.sampled_from(["", "widget"]))
    return failing(f"r{number}", at, host, place=place, initiator=initiator, background=place == "ping", frame=frame)


@st.composite
def logs(draw: st.DrawFn, name: str) -> SessionLog:
    count = draw(st.integers(0, 4))
    seen = draw(st.sampled_from(["", "", Symptom.BLANK, Symptom.BROWSER_WARNING]))
    walked = [opening(seen), *(draw(steps(n)) for n in range(1, count + 1))]
    states = {j: draw(st.sampled_from(list(AttemptState))) for j in JOURNEYS} if draw(st.booleans()) else {}
    happened = [draw(traffic(n, count)) for n in range(draw(st.integers(0, 6)))]
    log = session(walked, *happened, wanted=JOURNEYS, states=states)
    signals = tuple(replace(s, id=f"{name}:{s.id}", session=name) for s in log.signals)
    named = tuple(
        NamedHost(host, 443, "Door", "https://portal.desk.test/") for host in draw(st.sets(st.sampled_from(HOSTS)))
    )
    return replace(log, session=name, signals=signals, named=named)


@st.composite
def proofs(draw: st.DrawFn, of: SessionLog) -> SessionLog:
    again = draw(logs("proof"))
    wanted = (draw(st.sampled_from(JOURNEYS)), *JOURNEYS)
    return replace(again, wanted=wanted, counter_proof=(f"{draw(st.sampled_from(HOSTS))}:443",), of_session=of.session)


RUNS = st.tuples(logs("one"), logs("two")).flatmap(
    lambda pair: st.tuples(
        st.just(list(pair)),
        st.one_of(st.none(), st.lists(proofs(pair[0]), max_size=2)),
        st.sets(st.sampled_from(HOSTS)),
    )
)
Run = tuple[list[SessionLog], list[SessionLog] | None, set[str]]


def judge(run: Run) -> tuple[Judgement, list[Finding]]:
    observed, walked, probed = run
    told: dict[Endpoint, Diagnosis] = {}
    for host in sorted(probed):
        told |= {h: replace(d, third_party=host not in OWN) for h, d in diagnosis(host, Cause.EXPIRED).items()}
    judgement = judge_run(observed, told, walked)
    found = findings_of([j.log for j in judgement.sessions], judgement.incidents, told, None, judgement.verdicts)
    return judgement, found


@given(RUNS)
def test_each_tls_signal_ends_in_exactly_one_place(run: Run) -> None:
    judgement, findings = judge(run)
    all_ = {s.id for judged in judgement.sessions for s in judged.log.timeline.tls}
    taken = {s for i in judgement.incidents for s in (*i.signals, *i.also)}
    told = Counter(s for f in findings for s in f.signals)
    assert set(told.values()) <= {1}
    assert taken | told.keys() == all_
    assert not taken & told.keys()


@given(RUNS)
def test_what_somebody_ran_into_is_never_background_and_never_low(run: Run) -> None:
    judgement, findings = judge(run)
    kinds = {s: f for f in findings for s in f.signals}
    for judged in judgement.sessions:
        for signal in judged.log.timeline.tls:
            if signal.id in kinds and ran_into(judged.log, signal):
                finding = kinds[signal.id]
                assert finding.kind == "tls-failure-met"
                assert finding.severity in (Severity.HIGH, Severity.MEDIUM)
                assert finding.severity is Severity.HIGH or signal.host not in OWN or signal.place not in DOCUMENTS
                assert finding.text


@given(RUNS)
def test_a_run_in_which_somebody_ran_into_a_failure_of_the_target_s_own_never_ends_with_0_or_3(run: Run) -> None:
    judgement, findings = judge(run)
    losses = {i for v in judgement.verdicts if v.verdict is Verdict.DEGRADED for i in v.incidents}
    lost = {s for i in judgement.incidents if i.id in losses for s in i.signals}
    met = {
        s.id
        for judged in judgement.sessions
        for s in judged.log.timeline.tls
        if s.host in OWN and s.place in DOCUMENTS and ran_into(judged.log, s)
    }
    if met - lost:  # what a journey got over is a loss, and has a word of its own
        assert exit_code(judgement.verdicts, findings, FailOn()) == 1


@given(RUNS)
def test_a_broken_host_that_the_app_names_is_told_whether_somebody_met_it_or_nobody_asked_it(run: Run) -> None:
    judgement, findings = judge(run)
    observed, _, broken = run
    asked = {x.host for log in observed for x in log.exchanges} | {s.host for log in observed for s in log.signals}
    named = {h.host for log in observed for h in log.named}
    waiting = [f.host for f in findings if f.kind == "host-not-asked"]
    assert sorted(waiting) == sorted((named & broken) - asked)
    told = {f.host for f in findings} | {i.host for i in judgement.incidents}
    assert named & broken <= told


@given(RUNS)
def test_every_verdict_says_why(run: Run) -> None:
    judgement, _ = judge(run)
    assert all(v.why for v in judgement.verdicts)
    known = {i.id for i in judgement.incidents}
    assert {i for v in judgement.verdicts for i in v.incidents} <= known


def ran_into(log: SessionLog, signal: Signal) -> bool:
    """The plain cases: a document that was refused, and what one press asked for of a host that failed at no other time."""
    if signal.background:
        return False
    if signal.place in DOCUMENTS:
        return True
    step = step_at(log, origin(log, signal))
    alone = [s.host for s in log.timeline.tls].count(signal.host) == 1
    by_press = step is not None and step.decision.action.kind in PRESSES
    return alone and by_press and not log.timeline.is_background(signal)


@pytest.mark.parametrize("name", CELLS)
def test_of_a_recorded_run_nothing_is_lost_and_only_the_beacons_host_is_background(name: str) -> None:
    observed, walked = sessions(name)
    why = diagnoses(events(name))
    judgement = judge_run(observed, why, walked)
    logs_ = [j.log for j in judgement.sessions]
    found = [f for f in findings_of(logs_, judgement.incidents, why, None, judgement.verdicts) if f.signals]
    taken = {s for i in judgement.incidents for s in (*i.signals, *i.also)}
    told = [s for f in found for s in f.signals]
    assert sorted([*taken, *told]) == sorted(s.id for log in logs_ for s in log.timeline.tls)
    assert {(f.kind, f.host) for f in found} <= {("background-host", "analytics.desk.test")}
