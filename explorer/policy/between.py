"""What a persona does between two journeys: tabs, detours, looking around, closing what was left open."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from explorer.policy.attempt import Attempt
from explorer.policy.course import Course, found_again
from explorer.policy.manners import Manners
from explorer.policy.moves import Mover
from explorer.policy.wander import Wanderer
from flows.journey import Role
from flows.screen import Screen
from flows.session import AttemptState
from flows.step import Action, ActionKind, Decision, Step
from personas.persona import Persona

_DOUBTS = 5
"""The most controls that a session presses a second time because the first press had no effect."""
_DRY = 8
"""After this many looks in a row without a new kind of control or a new journey, a session stops looking around."""
_GLANCES = 2
"""How many times detours may take the same link on a screen. A journey may need the remaining presses."""
_DETOURS = 12
"""The most detours of a session, however unsure its persona is."""


@dataclass(slots=True)
class Between:
    """Decides on actions that serve no journey. Actions for later go into the course's queue.

    `has_login` says that there are credentials, so that a login is worth looking for.
    """

    persona: Persona
    rng: random.Random
    attempts: Mapping[str, Attempt]
    course: Course
    mover: Mover
    manners: Manners
    wander: Wanderer
    has_login: bool
    _tabs: int = 1
    _detours: int = 0
    _looks: int = 0
    _found: tuple[int, int] = (0, 0)
    _since: int = 0
    _doubted: set[str] = field(default_factory=set)

    def after_success(self, attempt: Attempt, screen: Screen) -> None:
        """Queue what follows a success: scroll through an article, and return from a tab that the app opened."""
        if attempt.journey.role is Role.KNOWLEDGE and self.persona.reads:
            for _ in range(3):
                scroll = Action(ActionKind.SCROLL, text="down", label="down")
                self.course.queue.append(Decision(scroll, why="read to the end"))
        if screen.windows > self._tabs:
            switch = Action(ActionKind.SWITCH, text="0", label="first tab")
            self.course.queue.append(Decision(switch, why="back to the app's own tab"))

    def quirk(self, screen: Screen, todo: Sequence[Attempt]) -> Decision | None:
        """What the persona does before it turns to `todo`: close a dialog, use another tab, or take a detour.

        None if it goes straight on.
        """
        left = self.manners.left_open(screen)
        if todo and left is not None:
            return Decision(left, why="close what was left open")
        if not todo or screen.error:
            return None
        if self._tabs < self.persona.tabs and any(a.state.passed for a in self.attempts.values()):
            self._tabs += 1
            return self._another_tab(screen)
        if self.persona.wandering and self.rng.random() < self.persona.wandering:
            return self._detour(screen)
        return None

    def _another_tab(self, screen: Screen) -> Decision:
        if screen.native:  # an app has no tabs, and a phone can be turned
            to = "landscape" if self._tabs % 2 == 0 else "portrait"
            return Decision(Action(ActionKind.ROTATE, text=to, label=to), why="turn the phone")
        return Decision(Action(ActionKind.SWITCH, text="new", label="another tab"), why="use another tab")

    def _detour(self, screen: Screen) -> Decision | None:
        regions = ("navigation", "banner", "main")
        links = [e for e in screen.elements if e.region in regions and self.mover.harmless(e, screen)]
        links = [e for e in links if self.course.times(self.mover.tap(e)) < _GLANCES]
        if not links or self._detours >= _DETOURS:
            return None
        self._detours += 1
        chosen = self.rng.choice(links)
        self.course.queue.append(Decision(Action(ActionKind.BACK, label="back"), why="go back from the detour"))
        return Decision(self.mover.tap(chosen), why="unsure, look elsewhere first")

    def look_around(self, screen: Screen) -> Decision | None:
        """Look for journeys that were not seen yet. If all were seen, look around as far as the persona is curious."""
        missing = any(
            a.state == AttemptState.NOT_SEEN for a in self.attempts.values() if self.has_login or not a.is_login
        )
        budget = 14 + int(20 * self.persona.curiosity) if missing else int(10 * self.persona.curiosity)
        if self._looks >= budget or self._dry():
            return None
        least = 0.0 if missing else 0.5
        why = "look for what was not found yet" if missing else "curious"
        element = self.wander.best_here(self.course.mark, screen, least)
        if element is not None:
            self._looks += 1
            return Decision(self.mover.tap(element), why=why)
        action = self.wander.way_to_more(self.course.mark, least)
        again = found_again(action, screen) if action is not None else None
        if again is not None:
            self._looks += 1
            return Decision(again, why="go back to a screen with untried controls")
        return self.course.start_over("nothing left here") if missing else None

    def _dry(self) -> bool:
        """Whether the last `_DRY` looks showed neither a new kind of control nor a new journey."""
        found = self.wander.doors, sum(a.state != AttemptState.NOT_SEEN for a in self.attempts.values())
        if found != self._found:
            self._found, self._since = found, self._looks
        return self._looks - self._since >= _DRY

    def doubt(self, step: Step) -> None:
        """Queue a second press of a control that did nothing, as people do.

        Each control gets one second press. A session makes at most `_DOUBTS` of them."""
        action = step.decision.action
        if (
            step.stayed
            and not step.problem
            and action.key
            and action.key not in self._doubted
            and len(self._doubted) < _DOUBTS
        ):
            self._doubted.add(action.key)
            self.course.queue.append(Decision(action, why="nothing happened: press it once more"))
