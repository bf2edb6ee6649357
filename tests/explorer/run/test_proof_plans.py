"""A counter-proof walks one journey, with what it needs, in the shoes of who lost it."""

from __future__ import annotations

from explorer.run.proof_plans import dates_only, proof_plan
from explorer.run.session_plan import SessionPlan
from flows.diagnosis import Cause, Diagnosis
from flows.journey import choose, load_catalogue
from flows.judge.blame import ENTRY
from flows.judge.proof import CONTROL
from personas.persona import by_name

(CURIOUS,) = by_name(("curious",))
PLAN = SessionPlan(
    "curious@desktop",
    CURIOUS,
    "desktop",
    ("desk.test", 443),
    choose(load_catalogue(), ("start-chat", "login", "account-info")),
    200,
    deadline=99.0,
)


def test_the_journey_comes_first_and_then_what_it_needs() -> None:
    plan = proof_plan(PLAN, "account-info", ("api.desk.test", 443))
    assert [j.id for j in plan.journeys] == ["account-info", "login"]
    assert (plan.goal, plan.of_session, plan.counter_proof) == ("account-info", PLAN.id, ("api.desk.test:443",))
    assert (plan.persona, plan.device, plan.budget, plan.deadline) == (CURIOUS, "desktop", 200, None)


def test_a_control_lets_nobody_past_and_says_so() -> None:
    assert proof_plan(PLAN, "start-chat", CONTROL).note == "control: no TLS errors ignored"


def test_an_app_that_never_opened_is_only_looked_at_whether_it_shows_its_doors() -> None:
    plan = proof_plan(PLAN, ENTRY, ("live.desk.test", 443))
    assert plan.journeys == PLAN.journeys
    assert (plan.goal, plan.counter_proof) == ("", ("live.desk.test:443",))
    assert plan.budget < 5


def test_hosts_with_dates_only_have_no_other_fault_and_a_known_one() -> None:
    causes = {
        "old.test": (Cause.EXPIRED,),
        "late.test": (Cause.NOT_YET_VALID, Cause.CLOCK_SKEW),
        "short.test": (Cause.INCOMPLETE_CHAIN, Cause.EXPIRED),
        "own.test": (Cause.SELF_SIGNED,),
        "other.test": (Cause.EXPIRED, Cause.HOSTNAME_MISMATCH),
        "proxy.test": (Cause.INTERCEPTION,),
        "unknown.test": (),
    }
    told = [Diagnosis(host, 443, found, "", "probe", None) for host, found in causes.items()]
    assert {host for host, _ in dates_only(told)} == {"old.test", "late.test"}
