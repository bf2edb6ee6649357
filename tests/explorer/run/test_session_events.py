"""How a session begins and ends in the journal."""

from __future__ import annotations

import random

from explorer.policy.policy import Policy
from explorer.run.session_events import began, finished
from explorer.run.session_plan import SessionPlan
from flows.journey import choose, load_catalogue
from flows.session import SessionLog
from personas.persona import neutral

LOGINS = choose(load_catalogue(), ("login",))


def test_it_begins_with_its_plan_and_ends_with_why() -> None:
    plan = SessionPlan("s", neutral(), "script", ("desk.test", 443), LOGINS, 30)
    start = began(plan, 7.0)
    assert (start.session, start.started, start.journeys) == ("s", 7.0, ("login",))
    end = finished(SessionLog("s", "p", "d", ("h", 1), ()), Policy(neutral(), LOGINS, random.Random(1)), 9.0, "done")
    assert (end.finished, end.why, end.steps) == (9.0, "done", 0)
