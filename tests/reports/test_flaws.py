"""«Symptom on the way»: each thing once, with a way there; and no word of it in any verdict."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from explorer.request.fail_on import FailOn
from explorer.run.exit_code import exit_code
from flows.flaw import RULES, Weight
from reports import FORMATS
from reports.flaws import on_the_way, top
from reports.journal.events import Event, ScreenAudited
from reports.summary import Summary
from tests.reports.run_parts import run_started, whole
from tests.reports.telling import Teller

Told = Callable[[str], Summary]


def summary(*tellers: Teller) -> Summary:
    return Summary.from_events(whole(tellers, {}, code=0), Path())


def test_the_same_thing_in_several_sessions_is_told_once_with_all_of_them(told: Told) -> None:
    seen = on_the_way(told("failed"))
    dead = [s for s in seen.sights if s.rule == "dead-control"]
    assert len(dead) == 1
    assert [w.session for w in dead[0].ways] == ["curious@desktop", "impatient@desktop", "novice@desktop"]
    assert dead[0].reach is not None and dead[0].reach.did == "Tapped «Compare plans»"
    assert dead[0].address == "https://portal.desk.test/home"


def test_an_audit_counts_for_all_sessions_on_its_device_that_saw_the_screen() -> None:
    first, second, phone = Teller("curious"), Teller("novice"), Teller("novice", "phone")
    first.on_the_way()
    label = next(s for s in on_the_way(summary(first, second, phone)).sights if s.rule == "accessibility/label")
    assert [w.session for w in label.ways] == ["curious@desktop", "novice@desktop"]


def test_the_worst_comes_first_and_much_of_the_lighter_is_folded(told: Told) -> None:
    seen = on_the_way(told("failed"))
    order = [list(Weight).index(s.weight) for s in seen.sights]
    assert order == sorted(order) and seen.sights[0].weight is Weight.CRITICAL
    assert seen.unfolded == list(seen.counts)
    many = on_the_way(told("two-hundred"))
    assert many.counts[Weight.SERIOUS] > 15 and many.unfolded == [Weight.CRITICAL]
    assert top(seen, 1)[0].startswith(
        "critical: Form elements must have labels (#newsletter) at https://portal.desk.test/home; curious@desktop, step 0"
    )


def test_what_somebody_tried_was_tried(told: Told) -> None:
    left = {u.address: u.controls for u in on_the_way(told("failed")).untried}
    assert left["https://portal.desk.test/home"] == ("Newsletter", "Careers", "Imprint")
    first, second = Teller("curious"), Teller("novice")
    events = list(whole([first, second], {}, code=0))
    events = [
        replace(e, untried_at={"home": ("Careers",)}) if e.type == "session-ended" and e.session == first.session else e
        for e in events
    ]
    seen = on_the_way(Summary.from_events(events, told("small").folder))
    assert [u.controls for u in seen.untried if u.address.endswith("/home")] == [("Careers",)]


def test_a_screen_that_could_not_be_looked_at_is_said(told: Told) -> None:
    events = [
        run_started(),
        Teller("curious").events[0],
        ScreenAudited("curious@desktop", "home", 0, (), 3.0, "The page did not answer."),
    ]
    assert on_the_way(Summary.from_events(events, told("small").folder)).unaudited == ("The page did not answer.",)


def test_counter_proofs_see_nothing_on_the_way() -> None:
    proof = Teller("curious", proof="start-chat")
    proof.on_the_way()
    events = whole([Teller("curious")], {}, code=0, proofs=[proof])
    assert on_the_way(Summary.from_events(events, Path())).sights == ()


@pytest.mark.parametrize("name", ["failed", "small", "all-good", "android", "hostile", "cut-off"])
def test_nothing_of_it_changes_a_verdict_or_an_exit_code(told: Told, name: str) -> None:
    plain = told(name)
    for view in plain.sessions:
        view.audits.clear()
        view.steps[:] = [replace(s, stayed=False) for s in view.steps]
    teller = Teller("curious")
    flaws = next(e for e in _noted(teller) if isinstance(e, ScreenAudited)).flaws
    noisy = told(name)
    for view in noisy.sessions:
        view.audits.append(ScreenAudited(view.id, view.screens[0].fingerprint if view.screens else "", 0, flaws * 30))
        view.steps[:] = [replace(s, stayed=True) for s in view.steps]
    words = FailOn(frozenset({"failed", "blocked", "degraded", "other", "expiring"}))
    assert noisy.verdicts == plain.verdicts
    assert exit_code(noisy.verdicts, noisy.findings, words, (), None) == exit_code(
        plain.verdicts, plain.findings, words, (), None
    )
    loud, quiet = (json.loads(FORMATS["json"].tell(s)) for s in (noisy, plain))
    assert loud["seen"] != quiet["seen"] and {**loud, "seen": 0} == {**quiet, "seen": 0}


def _noted(teller: Teller) -> list[Event]:
    teller.on_the_way()
    return teller.events


def test_sarif_takes_it_as_notes_and_junit_as_a_word(told: Told) -> None:
    log = json.loads(FORMATS["sarif"].tell(told("failed")))["runs"][0]
    mine = [r for r in log["results"] if r["ruleId"].startswith("seen/")]
    assert {r["level"] for r in mine} == {"note"} and len(
        {r["partialFingerprints"]["trustwalk/v1"] for r in mine}
    ) == len(mine)
    rules = {r["id"]: r for r in log["tool"]["driver"]["rules"]}
    assert rules["seen/dead-control"]["shortDescription"]["text"] == RULES["dead-control"]
    assert all("security-severity" not in rules[r["ruleId"]]["properties"] for r in mine)
    junit = FORMATS["junit"].tell(told("all-good"))
    assert 'failures="0"' in junit and 'name="seen-on-the-way" value="nothing"' in junit
