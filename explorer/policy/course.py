"""Where a persona stands in the app: the screen it is on, what it has done there, and what it means to do next."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from flows.graph import FlowGraph
from flows.screen import Screen
from flows.step import Action, ActionKind, Decision

RESTARTS = 6
"""The most times that a session goes back to the app's start because it sees no other way to continue."""


@dataclass(slots=True)
class Course:
    """The state that all parts of the policy share. `queue` holds decisions to carry out before new ones are made."""

    graph: FlowGraph
    mark: str = ""
    """Fingerprint of the screen that the persona is on."""
    queue: list[Decision] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    """Screens on which a ticket or an upload succeeded. A session looks for files there first."""
    _starts: set[str] = field(default_factory=set)
    """Fingerprints of the app's start screen, which may look different after a login."""
    _opening: bool = True
    _restarts: int = 0
    _done: dict[tuple[str, str, str, str], int] = field(default_factory=dict)

    def arrive(self, screen: Screen) -> None:
        """Set the persona's position to this screen. The first screen is the app's start, and so is the first one after
        `start_over`."""
        self.mark = self.graph.saw(screen)
        if self._opening:
            self._starts.add(self.mark)
            self._opening = False

    def times(self, action: Action) -> int:
        """How many times an action was done on this screen."""
        return self._done.get(self._here(action), 0)

    def count(self, action: Action) -> int:
        """Count an action on this screen. Returns how many times it was done, this time included."""
        times = self._done[self._here(action)] = self.times(action) + 1
        return times

    def _here(self, action: Action) -> tuple[str, str, str, str]:
        return self.mark, str(action.kind), action.key, action.text

    def start_over(self, why: str, most: int = RESTARTS) -> Decision | None:
        """The decision to open the app's start. None on the start itself, or after `most` restarts in the session."""
        if self._restarts >= most or self.mark in self._starts:
            return None
        self._restarts += 1
        self._opening = True
        return Decision(Action(ActionKind.OPEN, label="start"), why=why)


def found_again(action: Action, screen: Screen) -> Action | None:
    """A remembered action with its element's current reference. None if the element is not here, or is disabled."""
    if not action.key:
        return action
    found = next((e for e in screen.elements if e.key == action.key), None)
    if found is None or not found.enabled:
        return None
    return replace(action, ref=found.ref, frame=found.frame)
