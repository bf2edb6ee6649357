"""The loop of one session: observe, decide, act, settle, judge; all that happens goes into the journal at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from explorer.policy.policy import Policy
from explorer.run.limits_met import LimitsMet
from explorer.run.login_use import LoginUse
from explorer.run.sendings import Sendings
from explorer.run.session_events import began, finished
from explorer.run.session_plan import SessionPlan
from explorer.run.step_record import Taken, picture_name, screen_seen
from explorer.surfaces.surface import Settled, Surface, SurfaceGone
from flows.effects import Effect
from flows.graph import FlowGraph
from flows.handshake import Handshake
from flows.incident import Symptom
from flows.journey import Journey, needed
from flows.judge.doubt import only_echoes
from flows.judge.flaws import restless, stayed
from flows.naming import Naming
from flows.recognise.fingerprint import fingerprint
from flows.recognise.outcome import cues_after, trouble, what_user_saw
from flows.record import Record
from flows.screen import Screen, without_values
from flows.session import AttemptState, SessionLog
from flows.signals import Exchange, Signal
from flows.step import Action, ActionKind, Cue, Decision, Step
from reports.journal.events import (
    Broken,
    EffectSeen,
    Event,
    ExchangeSeen,
    HandshakeSeen,
    PressRefused,
    ScreenAudited,
    SignalSeen,
    StepTaken,
)

Observations = Sequence[Signal | Exchange | Effect | Handshake]
Feed = Callable[[Record], Observations]
Finish = Callable[[float], Observations]

SETTLE = 10.0
"""How many seconds a screen may take to come to rest after an action without an expected outcome."""

GRACE = 1.5
"""Seconds after an action that an app gets to recover, if a request has failed and the screen is at rest."""

PROVEN = 3.0
"""Seconds after an action to wait for the app's own message, once the traffic proves that the server accepted it."""


@dataclass(slots=True)
class Session:
    """Runs one plan on one surface. `clock` returns seconds since the epoch. `say` is called with each event as it
    happens (for the journal and the live view). `folder` is for screenshots, or None."""

    plan: SessionPlan
    surface: Surface
    policy: Policy
    feed: Feed
    finish: Finish
    say: Callable[[Event], None]
    graph: FlowGraph
    folder: Path | None = None
    audited: set[str] | None = None
    """Fingerprints of the screens audited on this device. This session adds its own. None means: audit no screens."""
    film: bool = False
    """Whether to take a screenshot of every step, not only of new screens and of steps with an outcome."""
    login: LoginUse = field(default_factory=LoginUse)
    """Follows the login through this session."""
    limits: LimitsMet = field(default_factory=LimitsMet)
    lines: list[tuple[float, str]] = field(default_factory=list)
    """The app's lines of the device's log: (seconds since the epoch, text)."""
    clock: Callable[[], float] = time.time
    rest: Callable[[float], Awaitable[None]] = asyncio.sleep
    """Sleeps for a number of seconds; used for the plan's pace."""
    turn: Callable[[], Awaitable[None]] | None = None
    """Waits until this session may act, if the run has a rate limit."""
    steps: list[Step] = field(default_factory=list)
    signals: dict[str, Signal] = field(default_factory=dict)
    exchanges: dict[str, Exchange] = field(default_factory=dict)
    effects: list[Effect] = field(default_factory=list)
    handshakes: dict[str, Handshake] = field(default_factory=dict)
    """What the observing proxy saw, if the session goes through one."""
    ended: str = ""
    gone: str = ""
    """How the browser or device died, if it did."""
    spent: dict[str, float] = field(default_factory=lambda: {"app": 0.0, "observe": 0.0, "decide": 0.0, "audit": 0.0})
    _known: set[str] = field(default_factory=set)
    _moving: set[str] = field(default_factory=set)
    _typed: list[str] = field(default_factory=list)
    _sendings: Sendings = field(default_factory=Sendings)
    _naming: Naming = field(default_factory=Naming)

    async def explore(self) -> SessionLog:
        """Explore until nothing promising is left, the budget is spent, or the surface is gone. None of these raises.

        A cancelled session (Ctrl-C) is journalled as `interrupted`, and CancelledError is raised again.
        """
        plan = self.plan
        self.say(began(plan, self.clock()))
        try:
            self.ended = await self._walk()
        except SurfaceGone as gone:
            self.say(Broken(time=self.clock(), session=plan.id, where="surface", what=str(gone)))
            self.ended, self.gone = "gone", str(gone)
        except asyncio.CancelledError:
            self.ended = "interrupted"
            raise
        finally:
            self._collect(last=True)
            self.say(finished(self.log(), self.policy, self.clock(), self.ended or "broken"))
        return self.log()

    def log(self) -> SessionLog:
        """Everything that the session has recorded so far, in the form that the judgement reads."""
        return SessionLog(
            session=self.plan.id,
            persona=self.plan.persona.name,
            device=self.plan.device,
            target=self.plan.target,
            wanted=tuple(j.id for j in self.plan.journeys),
            steps=tuple(self.steps),
            signals=tuple(self.signals.values()),
            exchanges=tuple(self.exchanges.values()),
            effects=tuple(self.effects),
            states=self.policy.states,
            needs={j.id: needed(j, self.plan.journeys) for j in self.plan.journeys},
            stops={j.id: j.stops_before for j in self.plan.journeys if j.stops_before},
            reasons=self.policy.reasons,
            named=self._naming.hosts,
            ended=self.ended or "interrupted",
            counter_proof=self.plan.counter_proof,
            of_session=self.plan.of_session,
        )

    async def _walk(self) -> str:
        screen = await self._open()
        while len(self.steps) < self.plan.budget:
            if self.plan.deadline is not None and self.clock() > self.plan.deadline:
                return "time"
            begun = time.perf_counter()
            decision = self.policy.decide(screen)
            self.spent["decide"] += time.perf_counter() - begun
            self._tell_refused(screen)
            if decision is None or self._goal_reached():
                return "done"
            if self.plan.pace:
                await self.rest(self.plan.pace)
            if self.turn is not None:
                await self.turn()
            screen = await self._step(decision, screen)
        return "steps"

    def _tell_refused(self, screen: Screen) -> None:
        """Journal the controls that the policy refused to press since the last call, each once in the session."""
        refused = self.policy.permission.refusals()
        mark = fingerprint(screen) if refused else ""
        for refusal in refused:
            self.say(PressRefused(self.plan.id, max(len(self.steps) - 1, 0), mark, refusal))

    async def _open(self) -> Screen:
        if self.turn is not None:
            await self.turn()
        acted = await self.surface.open()
        settled = await self.surface.settle(max(self.plan.persona.patience, SETTLE / 2))
        screen = await self._observe()
        if screen.blank:
            screen, settled = await self._until_shown(screen, settled, acted.started)
        seen: Symptom | str = ""
        if settled.how == "crashed":
            seen = Symptom.CRASH
        elif screen.error:
            seen = Symptom.BROWSER_WARNING
        elif screen.blank:
            seen = Symptom.ENDLESS_SPINNER if screen.busy else Symptom.BLANK
        cues = self._shut(Screen("", ""), screen)
        if cues and not seen:
            seen = what_user_saw(screen, screen, cues, settled.how) or ""
        action = Action(ActionKind.OPEN, label=without_values(screen.address))
        decision = Decision(action, stage="open", why="start where a user would")
        problem = screen.error or acted.problem
        cut = self.limits.told_since(acted.started) if seen else ""
        await self._keep(Taken(decision, acted.started, settled.how, None, screen, cues, str(seen), problem, cut))
        return screen

    async def _step(self, decision: Decision, before: Screen) -> Screen:
        """Carry out one action, and return the screen after it.

        An action that sends the login, or after which a page may send the login by itself, waits for this session's
        turn. If the run's tries are spent, actions that type or send the login are not carried out."""
        tries = self.login.tries
        if decision.action.credential and tries.spent:
            return await self._withhold(decision, before)
        sent = self.login.is_sent_by(decision, self.plan.journeys)
        if not sent and not self.login.may_leave(decision, before):
            after = await self._carry_out(decision, before)
            self.login.followed(decision, before)
            return after
        async with tries.turn() as one:
            if not one.allowed and (sent or decision.action.credential):
                return await self._withhold(decision, before)
            one.failed = sent
            after = await self._carry_out(decision, before)
            got_in = self.login.got_in(decision, self.plan.journeys, lambda d: self._judge(d, before, after))
            self.login.count(one, self.steps[-1], after, sent, got_in, self.signals.values(), self.exchanges.values())
            self.login.followed(decision, before, got_in)
        return after

    async def _withhold(self, decision: Decision, before: Screen) -> Screen:
        """Stop using the login, and record the refused step."""
        self.policy.no_more_logins(why := self.login.tries.why)
        await self._keep(Taken(decision, self.clock(), "refused", before, before, problem=why))
        return before

    async def _carry_out(self, decision: Decision, before: Screen) -> Screen:
        """Do one action and watch it until its outcome shows or the persona's patience ends."""
        self._typed += self.login.typed(action := decision.action)
        leaks = len(self.login.leaks)
        acted = await self.surface.act(action)
        self._sendings.note(decision, self._journey(decision), acted.started)
        done = self.clock()  # patience is for the app: the time of the action itself (a file picker) does not count
        patience = self.plan.persona.patience
        waited = time.perf_counter()
        settled = await self.surface.settle(patience if decision.expects else SETTLE)
        self.spent["app"] += time.perf_counter() - waited
        after = await self._observe()
        cues, how = self._judge(decision, before, after), settled.how
        while decision.expects and not cues and not acted.problem and how != "crashed":
            if after.dialog:  # the app asks something first, and nothing goes on until it is answered
                break
            left = patience - (self.clock() - done)
            proof = self._proof(decision, before, after)
            if proof is not None:  # the server accepted it, so the app shows it, or an answer, soon or never
                left = min(left, PROVEN - (self.clock() - done))
            if how == "quiet" and not after.busy and self._request_failed_since(acted.started):
                left = min(left, GRACE - (self.clock() - done))
            if left <= 0:
                break
            waited = time.perf_counter()
            settled = await self.surface.settle(left, change=True)
            self.spent["app"] += time.perf_counter() - waited
            after = await self._observe()
            cues, how = self._judge(decision, before, after), settled.how
            if settled.silent and not after.busy:
                break
        if after.blank and action.kind is ActionKind.OPEN and how != "crashed":
            after, settled = await self._until_shown(after, settled, done)
            cues, how = self._judge(decision, before, after), settled.how
        proof = self._proof(decision, before, after)
        if proof is not None and not cues:
            cues = (proof,)
        if only_echoes(cues) and proof is None:
            after, cues, how = await self._second_look(decision, before, how)
        outcomes = {c.outcome for c in cues}
        due = "failure" in outcomes or (decision.expects and "success" not in outcomes)
        seen = str(what_user_saw(before, after, cues, how) or "") if due else ""
        framed = any(c.frame for c in cues if c.outcome == "failure")
        cut = self.limits.told_since(acted.started, frames=framed)
        await self._keep(Taken(decision, acted.started, how, before, after, cues, seen, acted.problem, cut))
        if "success" not in outcomes:
            self.login.tell(self.policy, decision, before, after, acted, leaks)
        self.policy.learn(self.steps[-1], after)
        return after

    async def _until_shown(self, screen: Screen, settled: Settled, since: float) -> tuple[Screen, Settled]:
        """Give an opened page that is still empty the time that the persona has: scripts may first lead elsewhere, or
        run long before they show anything. Returns early if nothing more is under way."""
        patience = self.plan.persona.patience
        while screen.blank and settled.how != "crashed" and (left := patience - (self.clock() - since)) > 0:
            waited = time.perf_counter()
            settled = await self.surface.settle(left, change=True)
            self.spent["app"] += time.perf_counter() - waited
            screen = await self._observe()
            if settled.silent:
                break
        return screen, settled

    async def _second_look(self, decision: Decision, before: Screen, how: str) -> tuple[Screen, tuple[Cue, ...], str]:
        """Look again once the server has had time to refuse, because so far the app only echoes the user's own input.

        `how` says how the app came to rest before. Returns the screen, its cues, and how the app came to rest now."""
        waited = time.perf_counter()
        later = await self.surface.settle(GRACE, change=True)
        self.spent["app"] += time.perf_counter() - waited
        after = await self._observe()
        return after, self._judge(decision, before, after), later.how if later.how == "crashed" else how

    def _journey(self, decision: Decision) -> Journey | None:
        return next((j for j in self.plan.journeys if j.id == decision.journey), None)

    def _proof(self, decision: Decision, before: Screen, after: Screen) -> Cue | None:
        """The traffic's proof that a server accepted what was sent. None if the step expects no outcome."""
        if not decision.expects or after.error:
            return None
        return self._sendings.proof(decision, self._journey(decision), self.effects, before, after)

    def _goal_reached(self) -> bool:
        attempt = self.policy.attempts.get(self.plan.goal)
        return attempt is not None and not attempt.open

    def _request_failed_since(self, time_: float) -> bool:
        return any(s.time >= time_ and not s.background and s.family != "script" for s in self.signals.values())

    def _judge(self, decision: Decision, before: Screen, after: Screen) -> tuple[Cue, ...]:
        journey = self._journey(decision)
        if journey is None:
            return self._shut(before, after)
        pressed = decision.action.label if decision.action.kind is ActionKind.TAP else ""
        return cues_after(journey, decision.stage, before, after, self._typed, pressed)

    def _shut(self, before: Screen, after: Screen) -> tuple[Cue, ...]:
        """A cue for a new error message in a native app that has not shown an entry to any journey yet, or nothing."""
        if not after.native or any(a.state != AttemptState.NOT_SEEN for a in self.policy.attempts.values()):
            return ()
        return trouble(before, after)

    async def _observe(self) -> Screen:
        begun = time.perf_counter()
        screen = await self.surface.observe()
        self.spent["observe"] += time.perf_counter() - begun
        self._naming.notice(screen)
        self._collect()
        return screen

    async def _keep(self, taken: Taken) -> None:
        """Record the step, with a screenshot if the screen is new or the step has an outcome. Audit the screen."""
        number, mark = len(self.steps), fingerprint(taken.after)
        fresh = mark not in self._known
        picture = ""
        if self.folder is not None and (self.film or fresh or taken.telling):
            name = picture_name(self.plan.id, number)
            hidden = self.login.shows(taken.after) or not await self.surface.screenshot(self.folder / name)
            picture = "" if hidden else f"screens/{name}"
        stayed = self._stayed(taken.before, taken.after, taken.decision.action)
        step = taken.step(self.plan.id, number, self.clock(), stayed=stayed, picture=picture)
        self.steps.append(step)
        self.graph.saw(taken.after)
        if taken.before is not None:
            self.graph.moved(step.before, step.decision.action, mark, step)
        if fresh:
            self._known.add(mark)
            self.say(screen_seen(taken.after, step))
        self.say(StepTaken(step))
        if taken.how != "crashed" and not taken.after.error and not taken.after.dialog:
            await self._audit(mark, number)

    def _stayed(self, before: Screen | None, after: Screen, action: Action) -> bool:
        """Whether a press did nothing. Changes of clocks and counters are ignored (`restless` recognises them)."""
        if before is None:
            return False
        self._moving |= restless(before, after, action)
        return stayed(before, after, action, self._moving)

    async def _audit(self, mark: str, number: int) -> None:
        """Audit a screen that is new on this device, between two steps."""
        if self.audited is None or mark in self.audited:
            return
        self.audited.add(mark)
        begun = time.perf_counter()
        found = await self.surface.audit()
        took = time.perf_counter() - begun
        self.spent["audit"] += took
        flaws = tuple(replace(f, screen=mark, step=number) for f in found.flaws)
        self.say(ScreenAudited(self.plan.id, mark, number, flaws, round(took, 3), found.problem))

    def _collect(self, *, last: bool = False) -> None:
        """Turn the records since the last call into observations, such as signals and exchanges, and journal them."""
        found: list[Signal | Exchange | Effect | Handshake] = []
        for record in self.limits.sifted(self.login.sifted(self.surface.drain())):
            if record.source == "logcat" and record.kind == "line":
                self.lines.append((record.time, str(record.data.get("text", ""))))
            found += self.feed(record)
        if last:
            found += self.finish(self.clock())
        for item in found:
            if isinstance(item, Signal):
                self.signals[item.id] = item
                self.say(SignalSeen(item))
            elif isinstance(item, Handshake):
                self.handshakes[item.id] = item
                self.say(HandshakeSeen(item))
            elif isinstance(item, Effect):
                self.effects.append(item)
                self.say(EffectSeen(item))
            else:
                self.exchanges[item.id] = item
                self.say(ExchangeSeen(item))
