"""The index of a session says what a search through all of it would say."""

from __future__ import annotations

import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from flows.session import SessionLog, fails_outside_journeys, origin, own_requests, step_at, succeeded_after, window
from flows.signals import Exchange, Family, Signal
from tests.flows.builders import failing, opening, request, session, step

HOSTS = ("a.desk.test", "b.desk.test")
MOMENTS = st.integers(0, 59).map(float)


@st.composite
def traffic(draw: st.DrawFn, number: int) -> Exchange | tuple[Exchange, Signal]:
    at, host, place = draw(MOMENTS), draw(st.sampled_from(HOSTS)), draw(st.sampled_from(["fetch", "image", "document"]))
    initiator = draw(st.sampled_from(["script", "timer"]))
    if draw(st.booleans()):
        return request(f"r{number}", at, host, place=place, initiator=initiator)
    return failing(f"r{number}", at, host, place=place, initiator=initiator)


@st.composite
def logs(draw: st.DrawFn) -> SessionLog:
    steps = [opening(), *(step(n, draw(st.sampled_from(["", "login"]))) for n in range(1, draw(st.integers(1, 5))))]
    starts = draw(st.lists(MOMENTS, min_size=len(steps), max_size=len(steps)))
    steps = [replace(s, started=at) for s, at in zip(steps, starts, strict=True)]  # a clock that jumps back, too
    return session(steps, *(draw(traffic(n)) for n in range(draw(st.integers(0, 8)))))


@given(logs())
def test_windows_and_the_step_at_a_moment(log: SessionLog) -> None:
    for s in log.steps:
        assert window(log, s) == (s.started, min((o.started for o in log.steps if o.n > s.n), default=math.inf))
    for moment in range(-1, 61):
        assert step_at(log, moment) == next((s for s in reversed(log.steps) if s.started <= moment), None)


@given(logs())
def test_what_a_step_asked_for_and_what_of_it_failed(log: SessionLog) -> None:
    for s in log.steps:
        start, end = window(log, s)
        mine = [x for x in log.exchanges if start <= x.started < end and x.initiator != "timer" and x.place != "image"]
        assert {x.id for x in own_requests(log, s)} == {x.id for x in mine}
        failed = {t.id for t in log.signals if t.family is Family.TLS and start <= origin(log, t) < end}
        assert {t.id for t in log.timeline.tls_in(s)} == failed


@given(logs())
def test_what_is_said_of_a_host(log: SessionLog) -> None:
    for name in HOSTS:
        host = (name, 443)
        mine = [s for s in log.signals if s.host == name]
        outside = [s for s in mine if (at := step_at(log, origin(log, s))) is None or not at.decision.journey]
        assert fails_outside_journeys(log, host) == bool(outside)
        answers = [x.finished for x in log.exchanges if x.host == name and x.outcome == "ok"]
        for moment in range(0, 61, 7):
            assert succeeded_after(log, host, moment) == any(a > moment for a in answers)
