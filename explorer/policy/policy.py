"""The policy: what a persona does next. Goal-directed: it heads for journeys that are not finished yet."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from explorer.policy.attempt import SUBMISSIONS_OF_LOGIN, Attempt
from explorer.policy.between import Between
from explorer.policy.data import Writer
from explorer.policy.filling import Filler
from explorer.policy.manners import Manners
from explorer.policy.moves import Mover
from explorer.policy.wander import Wanderer
from flows.graph import FlowGraph
from flows.journey import Journey, Role, needed, permit
from flows.recognise.fields import is_field
from flows.recognise.forms import form_of
from flows.recognise.lexicon import LOGIN, LOGOUT, says
from flows.recognise.outcome import cues_after
from flows.screen import Screen
from flows.session import AttemptState
from flows.step import Action, ActionKind, Decision, Step
from personas.persona import Persona

_REPEATS = 3
"""How often the same action may be done on the same screen."""
_LONGEST = 40
"""Actions after which a journey is given up, however promising."""


class Policy(Between):
    """Decides for one session. Same seed, same app: same actions.

    `login` are credentials, or None. `allow` holds the permissions of `--allow`. `site` tells whether a URL is the
    target's own. `files` maps suffixes to files for attaching. `single_submission` forbids a second submission of a
    journey's form (live targets); `hostile_ok` allows hostile input.
    """

    def __init__(
        self,
        persona: Persona,
        journeys: Sequence[Journey],
        rng: random.Random,
        *,
        login: tuple[str, str] | None = None,
        allow: frozenset[str] = frozenset(),
        site: Callable[[str], bool] = lambda _: True,
        files: Mapping[str, Path] | None = None,
        hostile_ok: bool = False,
        single_submission: bool = False,
    ) -> None:
        permitted = permit(journeys, allow)
        self.persona, self._rng, self._login = persona, rng, login
        self.graph = FlowGraph()
        self.attempts: dict[str, Attempt] = {j.id: Attempt(j) for j in self._ordered(permitted)}
        writer = Writer(persona, rng)
        self._wander = Wanderer(site, self.graph, self._walkable)
        self._manners = Manners(site, persona.keyboard)
        self._mover = Mover(
            persona,
            permitted,
            rng,
            writer,
            Filler(persona, rng, writer, login, hostile_ok),
            files or {},
            allow,
            single_submission,
            site,
        )
        self._site = site
        self._active: Attempt | None = None
        self._waiting: list[Attempt] = []
        self._queue: list[Decision] = []
        self._repeats: dict[tuple[str, str, str, str], int] = {}
        self._sightings: dict[str, dict[str, str]] = {j.id: {} for j in permitted}
        self._mark = ""
        self._start = ""
        self._looks = 0
        self._extra = 0
        self._restarts = 0
        self._tabs = 1
        self._doubted = set()
        self._logged_in = False

    def _ordered(self, journeys: Sequence[Journey]) -> list[Journey]:
        """Login first where credentials are there, since it opens the rest; readers read first."""
        ordered = list(journeys)
        if self.persona.order == "random":
            self._rng.shuffle(ordered)
        first = [j for j in ordered if j.role is Role.LOGIN and self._login is not None]
        if self.persona.reads:
            first = [j for j in ordered if j.role is Role.KNOWLEDGE] + first
        return first + [j for j in ordered if j not in first]

    # -- deciding ------------------------------------------------------------------------------------------------

    def decide(self, screen: Screen) -> Decision | None:
        """The next action; None if nothing promising is left."""
        self._mark = self.graph.saw(screen)
        self._start = self._start or self._mark
        if not screen.error and not screen.dialog:
            self._wander.notice(self._mark, screen)
            self._notice(screen)
        for _ in range(30):
            decision = self._consider(screen)
            if decision is None:
                return None
            if self._once_more(decision):
                return self._accept(decision)
        return None

    def _consider(self, screen: Screen) -> Decision | None:
        if self._manners.lost:
            return None
        interruption = self._manners.interruption(screen, busy=self._active is not None)
        if interruption is not None:
            return self._serving(*interruption)
        if self._queue:
            queued = self._queue.pop(0)
            resolved = self._resolved(queued.action, screen)
            if resolved is not None:
                return replace(queued, action=resolved)
            self._queue.clear()
        for _ in range(2 * len(self.attempts) + 4):
            if self._active is None:
                chosen = self._choose(screen)
                if chosen is not None:
                    return chosen
            if self._active is None:
                break
            move = self._continue(self._active, screen)
            if move is not None:
                return self._clear_way(move, screen)
        return self._look_around(screen)

    def _walkable(self, journey: str, stage: str) -> bool:
        """Taps that only lead somewhere; never one that sends, fetches or pays."""
        attempt = self.attempts.get(journey)
        found = attempt.journey.stage(stage) if attempt else None
        return found is None or found.do in ("tap", "read")

    def _serving(self, action: Action, why: str) -> Decision:
        """An act in between belongs to the journey that it serves."""
        if self._active is not None and action.kind in (ActionKind.ACCEPT, ActionKind.DISMISS):
            last = self._active.journey.stages[-1]
            return Decision(action, self._active.id, last.id, self._active.number, why, expects=self._active.sent)
        return Decision(action, why=why)

    def _clear_way(self, move: Decision, screen: Screen) -> Decision:
        target = next((e for e in screen.elements if e.ref == move.action.ref), None)
        blocked = self._manners.uncovered(screen, target)
        if blocked is None:
            return move
        self._queue.append(move)
        return Decision(blocked[0], why=blocked[1])

    def _once_more(self, decision: Decision) -> bool:
        """Count an action; False if it was done too often on this screen."""
        action = decision.action
        times = (self._mark, str(action.kind), action.key, action.text)
        self._repeats[times] = self._repeats.get(times, 0) + 1
        if self._repeats[times] <= _REPEATS:
            return True
        if self._active is not None:
            self._active.useless.add(action.key)
            if self._repeats[times] > _REPEATS + 2:
                self._end(self._active, AttemptState.GAVE_UP)
        self._wander.pressed.add(action.key)
        return False

    def _accept(self, decision: Decision) -> Decision:
        if decision.action.key:
            self._wander.pressed.add(decision.action.key)
        if decision.journey:
            self.attempts[decision.journey].steps += 1
            if decision.expects and decision.stage == self.attempts[decision.journey].journey.stages[-1].id:
                self.attempts[decision.journey].submissions += 1
        return decision

    def _notice(self, screen: Screen) -> None:
        """Remember where journeys that are still open begin."""
        if not self._site(screen.address) and screen.address.startswith("http"):
            return
        for attempt in self.attempts.values():
            if not attempt.open:
                continue
            found = self._mover.sightings(attempt.journey, screen)
            if found:
                self._sightings[attempt.id].setdefault(self._mark, found[0].key)
                if attempt.state == AttemptState.NOT_SEEN:
                    attempt.state = AttemptState.SEEN

    # -- journeys ------------------------------------------------------------------------------------------------

    def _choose(self, screen: Screen) -> Decision | None:
        """Take up the next journey: one that begins here, else the way to where one does."""
        todo = [a for a in self.attempts.values() if a.open]
        for attempt in todo:
            if attempt.is_login and self._login is None and attempt.state == AttemptState.SEEN:
                attempt.state = AttemptState.NEEDS_LOGIN
        todo = [a for a in todo if a.open and not (a.is_login and self._login is None)]
        quirk = self._quirk(screen, todo)
        if quirk is not None:
            return quirk
        here = [a for a in todo if self._begins(a, screen)]
        if self.persona.order == "as-seen":
            here.sort(key=lambda a: self._place(a, screen))
        else:
            here.sort(key=lambda a: not self._mover.shows_form(a, screen))
        here.sort(key=lambda a: self._shows_already(a, screen))
        if here and self._shows_already(here[0], screen) and self._restarts < 6 and self._mark != self._start:
            self._restarts += 1
            return Decision(Action(ActionKind.OPEN, label="start"), why="leave, to see it come")
        if here:
            here[0].begin_round()
            self._active = here[0]
            return None
        way = self._way(todo, screen)
        if way is not None:
            return Decision(way, why="on the way to a journey")
        known_elsewhere = any(set(self._sightings[a.id]) - {self._mark} for a in todo)
        if known_elsewhere and self._restarts < 6 + len(self.attempts) and self._mark != self._start:
            self._restarts += 1
            return Decision(Action(ActionKind.OPEN, label="start"), why="start over, to get to a journey")
        return None

    def _way(self, todo: Sequence[Attempt], screen: Screen) -> Action | None:
        """The first tap of the shortest known way to where one of the journeys begins."""
        ways = []
        for attempt in todo:
            for mark, key in self._sightings[attempt.id].items():
                if key not in attempt.useless and mark != self._mark:
                    path = self.graph.path(self._mark, mark, self._walkable)
                    ways += [(len(path), path[0])] if path else []
                    ways += [(1, action) for action in self.graph.ways_into(mark, self._walkable)]
        for _, action in sorted(ways, key=lambda w: w[0]):
            resolved = self._resolved(action, screen)
            done = (self._mark, str(action.kind), action.key, action.text)
            if resolved is not None and self._repeats.get(done, 0) < 2:
                return resolved
        return None

    def _begins(self, attempt: Attempt, screen: Screen) -> bool:
        return self._trial(attempt, screen)

    def _trial(self, attempt: Attempt, screen: Screen) -> bool:
        """Whether the journey could be taken up on this screen."""
        if self._mover.sightings(attempt.journey, screen):
            return any(e.key not in attempt.useless for e in self._mover.sightings(attempt.journey, screen))
        return self._mover.shows_form(attempt, screen)

    @staticmethod
    def _shows_already(attempt: Attempt, screen: Screen) -> bool:
        """What the journey is to bring up is on the screen already: nothing that comes could be told from it."""
        nothing = Screen(address="", title="")
        first = attempt.journey.stages[0].id
        return any(c.outcome == "success" for c in cues_after(attempt.journey, first, nothing, screen))

    def _place(self, attempt: Attempt, screen: Screen) -> int:
        entries = self._mover.sightings(attempt.journey, screen)
        return screen.elements.index(entries[0]) if entries else len(screen.elements)

    def _continue(self, attempt: Attempt, screen: Screen) -> Decision | None:
        """The journey's next move; without one, wait once, then take the round for lost."""
        if attempt.steps > _LONGEST:
            self._end(attempt, AttemptState.GAVE_UP)
            return None
        if self._asks_for_login(attempt, screen):
            return None
        move = self._mover.move(attempt, screen)
        if move is not None:
            return move
        if attempt.waits < 1 and attempt.entered and not attempt.failed_once:
            attempt.waits += 1
            stage = next((s for s in attempt.journey.stages if s.expects), attempt.journey.stages[-1])
            if stage.do in ("say", "submit", "upload") and not attempt.sent:
                stage = attempt.journey.stages[0]  # nobody answers to what nobody sent
            action = Action(ActionKind.WAIT, label="wait")
            why = "nothing to go on with: see if more comes"
            return Decision(action, attempt.id, stage.id, attempt.number, why, expects=True)
        self._round_lost(attempt, screen)
        return None

    def _asks_for_login(self, attempt: Attempt, screen: Screen) -> bool:
        """The app wants a login first: get it, or leave the journey."""
        if attempt.is_login or not attempt.entered:
            return False
        form = form_of(screen, "login")
        if form is None or any(says(LOGOUT, e.name) for e in screen.elements):
            return False  # who can log out is in, whatever the password is asked for
        if any(f.nature in ("ticket", "chat", "upload", "payment") for f in self._mover.forms(screen)):
            return False
        login = self._opener(attempt)
        again = login is not None and login.state == AttemptState.PASSED and login.submissions < SUBMISSIONS_OF_LOGIN
        if self._login is not None and login is not None and (login.open or again):
            self._waiting.append(attempt)
            login.begin_round()
            login.entered = True
            self._active = login
        else:
            self._end(attempt, AttemptState.NEEDS_LOGIN)
        return True

    def _round_lost(self, attempt: Attempt, screen: Screen) -> None:
        """A round without success: again, as often as the persona does; guarded journeys once more after a login."""
        if self._login_might_help(attempt, screen):
            return
        attempt.useless |= attempt.tapped if not attempt.failed_once else set()
        again = attempt.number <= self.persona.retries and attempt.may_submit(single=self._mover.single)
        if again and attempt.failed_once:
            attempt.begin_round()
            self._active = attempt
            return
        others = [k for k in self._sightings[attempt.id].values() if k not in attempt.useless]
        if not attempt.failed_once and others and attempt.number < 3:
            attempt.state, self._active = AttemptState.SEEN, None  # a wrong turning: another entry is known
            return
        self._end(attempt, AttemptState.FAILED if attempt.failed_once else AttemptState.GAVE_UP)

    def _login_might_help(self, attempt: Attempt, screen: Screen) -> bool:
        login = self._opener(attempt)
        hidden = login is not None and login.open and not attempt.failed_once
        asked = any(says(LOGIN, e.name) and e.region in ("main", "", "dialog") for e in screen.elements)
        texts = (t.text for t in screen.texts if t.region != "contentinfo" and len(t.text) < 160)
        asked = asked or any(says(LOGIN, text) for text in texts)
        if hidden and login is not None and asked and not attempt.is_login:
            if self._login is None:
                self._end(attempt, AttemptState.NEEDS_LOGIN)
            else:
                self._waiting.append(attempt)
                self._active = None
                attempt.state = AttemptState.IN_PROGRESS
                login.state = AttemptState.SEEN
                if self._trial(login, screen):
                    login.begin_round()
                    self._active = login
            return True
        return False

    def _opener(self, attempt: Attempt) -> Attempt | None:
        """The login that the journey may need."""
        needed_ids = needed(attempt.journey, [a.journey for a in self.attempts.values()])
        return next((self.attempts[name] for name in needed_ids if self.attempts[name].is_login), None)

    def _end(self, attempt: Attempt, state: AttemptState) -> None:
        withheld = attempt.withheld and state is AttemptState.GAVE_UP
        attempt.state = AttemptState.NOT_ALLOWED if withheld else state
        if self._active is attempt:
            self._active = None
        if attempt.is_login:
            waiting, self._waiting = self._waiting, []
            for other in waiting:
                if state == AttemptState.PASSED:
                    other.number = max(other.number - 1, 0)
                    other.state = AttemptState.SEEN
                else:
                    other.state = AttemptState.NEEDS_LOGIN

    # -- learning ------------------------------------------------------------------------------------------------

    def learn(self, step: Step, screen: Screen) -> None:
        """Take in what came of the last action; `step.cues` holds `cues_after`'s result."""
        action = step.decision.action
        after = self.graph.saw(screen)
        self.graph.moved(self._mark, action, after, step)
        if any(says(LOGOUT, e.name) for e in screen.elements):
            self._logged_in = True
        attempt = self.attempts.get(step.decision.journey)
        if attempt is None:
            self._doubt(step)
            return
        outcomes = {c.outcome for c in step.cues if c.journey == attempt.id}
        if "success" in outcomes:
            stopped = any(c.kind.startswith("stopped-before") for c in step.cues)
            self._end(attempt, AttemptState.STOPPED_BEFORE if stopped else AttemptState.PASSED)
            self._after_success(attempt, screen)
        elif "failure" in outcomes:
            attempt.failed_once = True
            self._failed(attempt, step, screen)
        elif step.problem:
            if action.key in attempt.refused:
                attempt.useless.add(action.key)
            attempt.refused.add(action.key)
            attempt.tapped.discard(action.key)
            attempt.done.discard(action.key)
            attempt.sent = False
        elif step.decision.expects:
            self._unclear(attempt, step, screen)

    def _failed(self, attempt: Attempt, step: Step, screen: Screen) -> None:
        """A failure was to be seen. If more of the journey lies open all the same, go on; else the round is lost."""
        at_last = step.decision.stage == attempt.journey.stages[-1].id
        if at_last or attempt.sent or screen.error or self._mover.peek(attempt, screen) is None:
            self._round_lost(attempt, screen)

    def _unclear(self, attempt: Attempt, step: Step, screen: Screen) -> None:
        """Something was due, and neither success nor failure could be told."""
        if not attempt.sent:
            return
        if step.decision.action.kind is ActionKind.UPLOAD and self._mover.can_send(screen):
            attempt.sent = False
            return
        wrong = [e for e in screen.elements if e.invalid or (e.required and is_field(e) and not (e.value or e.checked))]
        wrong = [e for e in wrong if e.kind != "password" and e.key in self._mover.own_fields(attempt, screen)]
        if wrong and attempt.corrections < 2:
            attempt.corrections += 1
            attempt.sent = False
            attempt.done -= {e.key for e in wrong}
            attempt.submissions = max(attempt.submissions - 1, 0)
            return
        if self._mover.peek_further(attempt, screen):
            attempt.sent = False
            return
        attempt.failed_once = True
        self._round_lost(attempt, screen)
