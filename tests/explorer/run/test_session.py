"""One session over a scripted app: what is done, watched, judged and written down."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from explorer.policy.policy import Policy
from explorer.run.session import Session
from explorer.run.session_plan import SessionPlan
from explorer.surfaces.scripted import FakeClock, ScriptedSurface
from explorer.surfaces.surface import Acted, Settled, SurfaceGone
from flows.flaw import Weight
from flows.graph import FlowGraph
from flows.incident import Verdict
from flows.journey import load_catalogue
from flows.judge.flaws import flaws_of
from flows.judge.verdict import judge_session
from flows.record import Record
from flows.signals import Exchange, Signal
from flows.step import Action
from personas.persona import by_name
from reports.journal.events import Event, Journal, ScreenAudited, SessionEnded, SessionStarted, StepTaken, read
from reports.journal.replay import session_logs

DESK: dict[str, Any] = {
    "start": "home",
    "screens": {
        "home": {"elements": ["link: New ticket @navigation"], "moves": {"tap New ticket": "form"}},
        "form": {
            "elements": ["textbox: Subject #f", "textbox: Message #f", "button: Send #f"],
            "moves": {"tap Send": {"to": "done", "needs": ["Subject", "Message"], "after": 0.5, "else": "form"}},
        },
        "done": {"texts": ["status: Thank you. Your ticket T-1042 has been created."]},
    },
}
STUCK = {**DESK, "screens": {**DESK["screens"], "done": {"elements": [], "busy": True, "texts": ["text: Please wait"]}}}


def nothing(_: Record) -> Sequence[Signal | Exchange]:
    return ()


def finished(_: float) -> Sequence[Signal | Exchange]:
    return ()


def make(app: dict[str, Any], say: Any, surface: ScriptedSurface | None = None, budget: int = 40) -> Session:
    clock = FakeClock()
    surface = surface or ScriptedSurface(app, clock)
    journeys = tuple(j for j in load_catalogue() if j.id == "submit-ticket")
    (persona,) = by_name(("curious",))
    plan = SessionPlan("s", persona, "scripted", ("desk.test", 443), journeys, budget)
    policy = Policy(persona, journeys, random.Random(1))
    return Session(plan, surface, policy, nothing, finished, say, FlowGraph(), clock=surface.clock)


@pytest.mark.parametrize("pace", [0.0, 8.0])
async def test_a_persona_s_pace_lies_between_its_actions(pace: float) -> None:
    session = make(DESK, lambda _: None)
    session.plan, session.rest = replace(session.plan, pace=pace), session.surface.clock.rest  # type: ignore[attr-defined]
    log = await session.explore()
    first, *others = (s.started for s in log.steps)
    assert others
    assert [later - earlier >= pace for earlier, later in pairwise([first, *others])] == [True] * len(others)
    assert (others[-1] - first < 8.0) is (pace == 0.0)


async def test_a_session_reaches_the_goal_and_writes_every_step_down(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    with Journal(path) as journal:
        log = await make(DESK, journal.write).explore()
    events = list(read(path))
    assert isinstance(events[0], SessionStarted)
    assert isinstance(events[-1], SessionEnded)
    steps = [e.step for e in events if isinstance(e, StepTaken)]
    assert [s.n for s in steps] == list(range(len(steps)))
    assert tuple(steps) == log.steps
    assert any(c.outcome == "success" and "T-1042" in c.text for s in steps for c in s.cues)
    assert judge_session(log, {}).verdicts[0].verdict is Verdict.PASSED


async def test_the_hosts_that_the_screens_name_are_kept_with_their_doors_and_read_back(tmp_path: Path) -> None:
    manual = {"role": "link", "name": "Manual", "href": "https://files.desk.test/manual", "region": "contentinfo"}
    form = {**DESK["screens"]["form"], "elements": [*DESK["screens"]["form"]["elements"], manual]}
    with Journal(tmp_path / "journal.jsonl") as journal:
        log = await make({**DESK, "screens": {**DESK["screens"], "form": form}}, journal.write).explore()
    assert ("files.desk.test", 443, "Manual") in [(h.host, h.port, h.door) for h in log.named]
    (again,) = session_logs(read(tmp_path / "journal.jsonl"))
    assert again.named == log.named


async def test_an_outcome_that_does_not_come_is_waited_for_as_long_as_the_persona_has_patience() -> None:
    session = make(STUCK, lambda _: None)
    log = await session.explore()
    due = next(s for s in log.steps if s.seen)
    assert due.seen == "endless-spinner"
    assert due.settled - due.started >= session.plan.persona.patience


async def test_a_question_that_the_app_asks_is_answered_and_not_waited_out() -> None:
    screens = {**DESK["screens"]}
    screens["form"] = {**screens["form"], "moves": {"tap Send": {"to": "form", "dialog": "Send it now?"}}}
    session = make({**DESK, "screens": screens}, list[Event]().append)
    log = await session.explore()
    sent = next(i for i, s in enumerate(log.steps) if s.decision.action.label == "Send")
    answered = log.steps[sent + 1]
    assert answered.decision.action.kind == "accept"
    assert log.steps[sent].settled - log.steps[sent].started < session.plan.persona.patience  # in the fake clock


async def test_the_budget_of_steps_ends_a_session() -> None:
    log = await make(DESK, lambda _: None, budget=2).explore()
    assert (log.ended, len(log.steps)) == ("steps", 2)


async def test_each_screen_is_looked_at_once_on_a_device_and_what_is_amiss_is_written_down_with_its_step() -> None:
    flaw = {"rule": "accessibility/label", "weight": Weight.CRITICAL, "text": "Form elements must have labels"}
    home = {**DESK["screens"]["home"], "flaws": [flaw]}
    events: list[Event] = []
    first = make({**DESK, "screens": {**DESK["screens"], "home": home}}, events.append)
    first.audited = set()
    log = await first.explore()
    audits = [e for e in events if isinstance(e, ScreenAudited)]
    assert len(audits) == len({a.fingerprint for a in audits}) == len({s.after for s in log.steps})
    (found,) = [f for a in audits for f in a.flaws]
    assert (found.rule, found.step, found.screen) == ("accessibility/label", 0, log.steps[0].after)
    second = make(DESK, events.append)
    second.audited = first.audited
    await second.explore()
    assert [e for e in events if isinstance(e, ScreenAudited)] == audits


async def test_what_was_never_tried_is_told_screen_by_screen() -> None:
    events: list[Event] = []
    home = {**DESK["screens"]["home"], "elements": ["link: New ticket @navigation", "link: Careers @contentinfo"]}
    log = await make({**DESK, "screens": {**DESK["screens"], "home": home}}, events.append).explore()
    ended = next(e for e in events if isinstance(e, SessionEnded))
    tried = {s.decision.action.label for s in log.steps}
    assert ended.untried_at == ({} if "Careers" in tried else {log.steps[0].after: ("Careers",)})
    assert not any(isinstance(e, ScreenAudited) for e in events)


async def test_a_button_that_does_nothing_is_pressed_once_more_when_somebody_looks_around() -> None:
    screens = {"home": {"elements": ["button: More plans @navigation"], "texts": ["heading: Desk"]}}
    log = await make({"start": "home", "screens": screens}, lambda _: None).explore()
    pressed = [s for s in log.steps if s.decision.action.label == "More plans"]
    assert len(pressed) == 2 and all(s.stayed for s in pressed)
    (flaw,) = flaws_of(log.steps, log.signals, log.exchanges)
    assert flaw.rule == "dead-control"


class Dying(ScriptedSurface):
    """Loses its browser at the second action."""

    async def act(self, action: Action) -> Acted:
        if self.done:
            raise SurfaceGone("The browser has ended.")
        return await super().act(action)


async def test_a_browser_that_dies_ends_the_session_and_loses_nothing() -> None:
    events: list[Event] = []
    log = await make(DESK, events.append, Dying(DESK, FakeClock())).explore()
    assert log.ended == "gone"
    assert [type(e).__name__ for e in events][-2:] == ["Broken", "SessionEnded"]
    assert [s.n for s in log.steps] == [0, 1]


async def test_a_typed_secret_is_not_in_the_journal() -> None:
    app: dict[str, Any] = {
        "start": "home",
        "screens": {
            "home": {
                "elements": [
                    "textbox: User name #l",
                    {"role": "textbox", "name": "Password", "kind": "password", "group": "l"},
                    "button: Log in #l",
                ],
                "moves": {"tap Log in": {"to": "in", "needs": ["User name", "Password"], "else": "home"}},
            },
            "in": {"texts": ["text: Welcome, Ann"], "elements": ["button: Log out"]},
        },
    }
    events: list[Event] = []
    session = make(app, events.append)
    journeys = tuple(j for j in load_catalogue() if j.id == "login")
    plan = SessionPlan("s", session.plan.persona, "scripted", ("desk.test", 443), journeys, 20)
    policy = Policy(session.plan.persona, journeys, random.Random(1), login=True)
    session.plan, session.policy = plan, policy
    log = await session.explore()
    assert any(c.outcome == "success" for s in log.steps for c in s.cues)
    assert "hunter-two" not in repr(events)


@pytest.mark.parametrize("seed", [1, 2])
async def test_the_same_seed_does_the_same(seed: int) -> None:
    async def once() -> list[Action]:
        session = make(DESK, lambda _: None)
        session.policy = Policy(session.plan.persona, session.plan.journeys, random.Random(seed))
        return [s.decision.action for s in (await session.explore()).steps]

    assert await once() == await once()


class Silent(ScriptedSurface):
    """One that tells after three seconds that nothing more comes, as a browser can."""

    async def settle(self, limit: float, *, change: bool = False) -> Settled:
        settled = await super().settle(min(limit, 3.0), change=change)
        return replace(settled, silent=change)


@pytest.mark.parametrize("busy", [False, True])
async def test_patience_is_for_what_may_come_yet(*, busy: bool) -> None:
    dead = {"texts": ["text: Nothing to see here"], "busy": busy}
    app = {**DESK, "screens": {**DESK["screens"], "done": dead}}
    session = make(app, lambda _: None, Silent(app, FakeClock()))
    log = await session.explore()
    sent = next(s for s in log.steps if s.decision.action.label == "Send")
    assert (sent.settled - sent.started >= session.plan.persona.patience) is busy  # in the fake clock


class Leading(ScriptedSurface):
    """One whose screens lead on by themselves: `leads` maps a screen to the next one and the seconds until then."""

    def _go(self, name: str) -> None:
        super()._go(name)
        if name in self.app["leads"]:
            following, seconds = self.app["leads"][name]
            self._next = (self.clock() + seconds, following)


@pytest.mark.parametrize("shown", [True, False])
async def test_a_page_that_leads_elsewhere_and_is_still_empty_there_is_given_time(*, shown: bool) -> None:
    leads = {"blank": ("moved", 0.5), **({"moved": ("home", 4.0)} if shown else {})}
    screens = {**DESK["screens"], "blank": {}, "moved": {}}
    app = {"start": "blank", "screens": screens, "leads": leads}
    session = make(app, lambda _: None, Leading(app, FakeClock()))
    log = await session.explore()
    first = log.steps[0]
    assert (first.seen == "") is shown
    assert (first.settled - first.started >= session.plan.persona.patience) is not shown  # in the fake clock
    assert any(s.decision.action.label == "New ticket" for s in log.steps) is shown
