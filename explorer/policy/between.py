"""What a persona does between two journeys: tabs, detours, looking around, closing what was left open."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace

from explorer.policy.attempt import Attempt
from explorer.policy.manners import Manners
from explorer.policy.moves import Mover
from explorer.policy.wander import Wanderer
from flows.journey import Role
from flows.screen import Screen
from flows.session import AttemptState
from flows.step import Action, ActionKind, Decision, Step
from personas.persona import Persona


class Between:
    """The half of the policy that serves no journey. `Policy` sets all that is named here."""

    persona: Persona
    attempts: Mapping[str, Attempt]
    _manners: Manners
    _mover: Mover
    _wander: Wanderer
    _rng: random.Random
    _queue: list[Decision]
    _login: tuple[str, str] | None
    _mark: str
    _start: str
    _tabs: int
    _extra: int
    _looks: int
    _restarts: int
    _doubted: set[str]

    def _after_success(self, attempt: Attempt, screen: Screen) -> None:
        if attempt.journey.role is Role.KNOWLEDGE and self.persona.reads:
            for _ in range(3):
                scroll = Action(ActionKind.SCROLL, text="down", label="down")
                self._queue.append(Decision(scroll, why="read to the end"))
        if screen.windows > self._tabs:
            self._queue.append(
                Decision(Action(ActionKind.SWITCH, text="0", label="first tab"), why="back to the app's own tab")
            )

    # -- between journeys ----------------------------------------------------------------------------------------

    def _quirk(self, screen: Screen, todo: list[Attempt]) -> Decision | None:
        """What this persona does between two journeys that no journey needs."""
        left = self._manners.left_open(screen)
        if todo and left is not None:
            return Decision(left, why="close what was left open")
        if not todo or screen.error:
            return None
        if self._tabs < self.persona.tabs and any(a.state.passed for a in self.attempts.values()):
            self._tabs += 1
            if screen.native:  # an app has no tabs, and a phone can be turned
                to = "landscape" if self._tabs % 2 == 0 else "portrait"
                return Decision(Action(ActionKind.ROTATE, text=to, label=to), why="turn the phone")
            return Decision(Action(ActionKind.SWITCH, text="new", label="another tab"), why="use another tab")
        if self.persona.wandering and self._rng.random() < self.persona.wandering:
            links = [
                e for e in screen.elements if e.region in ("navigation", "banner", "main") and self._mover.harmless(e)
            ]
            if links and self._extra < 24:
                self._extra += 2
                chosen = self._rng.choice(links)
                self._queue.append(Decision(Action(ActionKind.BACK, label="back"), why="go back: not here"))
                return Decision(self._mover.tap(chosen), why="unsure, look elsewhere first")
        return None

    def _look_around(self, screen: Screen) -> Decision | None:
        """Search for journeys not seen yet; when all are settled, as much as the persona is curious."""
        missing = any(
            a.state == AttemptState.NOT_SEEN for a in self.attempts.values() if not (a.is_login and self._login is None)
        )
        budget = 14 + int(20 * self.persona.curiosity) if missing else int(10 * self.persona.curiosity)
        if self._looks >= budget:
            return None
        least = 0.0 if missing else 0.5
        why = "look for what was not found yet" if missing else "curious"
        element = self._wander.best_here(self._mark, screen, least)
        if element is not None:
            self._looks += 1
            return Decision(self._mover.tap(element), why=why)
        action = self._wander.way_to_more(self._mark, least)
        resolved = self._resolved(action, screen) if action is not None else None
        if resolved is not None:
            self._looks += 1
            return Decision(resolved, why="back to where something is untried")
        if missing and self._mark != self._start and self._restarts < 6:
            self._restarts += 1
            return Decision(Action(ActionKind.OPEN, label="start"), why="nothing left here")
        return None

    def _doubt(self, step: Step) -> None:
        """What was pressed out of curiosity and did nothing is pressed once more, as people do, before it counts as dead."""
        action = step.decision.action
        if step.stayed and not step.problem and action.key and action.key not in self._doubted:
            self._doubted.add(action.key)
            self._queue.append(Decision(action, why="nothing happened: press it once more"))

    @property
    def untried(self) -> list[str]:
        """Things to press that were seen and never pressed, in words."""
        return self._wander.untried

    @property
    def untried_at(self) -> dict[str, tuple[str, ...]]:
        """The same, by the screens that they were seen on."""
        return self._wander.untried_at

    def _resolved(self, action: Action, screen: Screen) -> Action | None:
        """A remembered action with the reference that its element has now; None if it is not here."""
        if not action.key:
            return action
        found = next((e for e in screen.elements if e.key == action.key), None)
        if found is None or not found.enabled:
            return None
        return replace(action, ref=found.ref, frame=found.frame)
