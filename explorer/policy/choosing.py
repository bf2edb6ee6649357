"""Which journey a persona begins next, and how it gets to a screen where one begins."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from explorer.policy.agenda import Agenda
from explorer.policy.attempt import Attempt
from explorer.policy.course import RESTARTS, Course, found_again
from explorer.policy.sightings import Sightings, shows_already
from flows.journey import Journey, Role
from flows.screen import Screen
from flows.session import AttemptState
from flows.step import Action, Decision
from personas.persona import Persona

_FILES = (Role.UPLOAD, Role.DOWNLOAD)
_WALKS = 2
"""The most times that the same step of a known path is taken on one screen."""


@dataclass(slots=True)
class Chooser:
    """Chooses the next journey. With `as_seen`, journeys begin in the order of their entries on the screen."""

    agenda: Agenda
    sightings: Sightings
    course: Course
    as_seen: bool
    _left: set[str] = field(default_factory=set)
    """Screens that were left once because they showed a journey's result before the journey began."""

    def todo(self) -> list[Attempt]:
        """The open journeys. Without credentials, the login is not among them, and is closed once it was seen."""
        todo = []
        for attempt in self.agenda.attempts.values():
            if attempt.is_login and not self.agenda.has_login:
                if attempt.state == AttemptState.SEEN:
                    attempt.state = AttemptState.NEEDS_LOGIN
            elif attempt.open:
                todo.append(attempt)
        return todo

    def choose(self, todo: Sequence[Attempt], screen: Screen) -> Decision | None:
        """Begin a journey on this screen, or return the next step on the way to one.

        A journey that begins here becomes the agenda's active one, and the result is None. The result is also None
        if no way to a journey is known.
        """
        here = self._beginning(todo, screen)
        if here and self.course.mark not in self._left and shows_already(here[0], screen):
            self._left.add(self.course.mark)
            leave = self.course.start_over("leave, to see the result appear")
            if leave is not None:
                return leave
        if here:
            self.agenda.begin(here[0])
            return None
        way = self._way(todo, screen)
        if way is not None:
            return Decision(way, why="on the way to a journey")
        if any(set(self.sightings.places(a)) - {self.course.mark} for a in todo):
            most = RESTARTS + len(self.agenda.attempts)
            return self.course.start_over("start over, to get to a journey", most)
        return None

    def _beginning(self, todo: Sequence[Attempt], screen: Screen) -> list[Attempt]:
        """The journeys that can begin on this screen, the best one first."""
        here = [a for a in todo if self.sightings.begins(a, screen) or self._file_here(a, todo, screen)]
        if self.as_seen:
            here.sort(key=lambda a: self.sightings.place(a, screen))
        else:
            here.sort(key=lambda a: not self.sightings.mover.shows_form(a, screen))
        left = self.course.mark in self.course.left
        here.sort(key=lambda a: not (left and a.journey.role in _FILES))
        return sorted(here, key=lambda a: shows_already(a, screen))

    def _file_here(self, attempt: Attempt, todo: Sequence[Attempt], screen: Screen) -> bool:
        """Whether an upload without a known entry can use another form here, such as a reply.

        False while a ticket is still to do.
        """
        if attempt.journey.role is not Role.UPLOAD or self.sightings.of(attempt):
            return False
        return not any(a.journey.role is Role.TICKET for a in todo) and self.sightings.mover.takes_file(
            screen, attempt.journey
        )

    def _way(self, todo: Sequence[Attempt], screen: Screen) -> Action | None:
        """The first tap of the shortest known way to where one of the journeys begins."""
        graph, here, walkable = self.course.graph, self.course.mark, self.agenda.walkable
        ways = []
        for attempt in todo:
            for mark in (m for m in self.sightings.places(attempt) if m != here):
                path = graph.path(here, mark, walkable)
                near = 0 if attempt.journey.role in _FILES and mark in self.course.left else 1
                ways += [(near * len(path), path[0])] if path else []
                # Pressed on this screen before, the graph knows where it leads from here.
                ways += [(1, action) for action in graph.ways_into(mark, walkable) if not self.course.times(action)]
        for _, action in sorted(ways, key=lambda w: w[0]):
            again = found_again(action, screen)
            if again is not None and self.course.times(action) < _WALKS:
                return again
        return None


def in_order(journeys: Sequence[Journey], persona: Persona, rng: random.Random, *, has_login: bool) -> list[Journey]:
    """The journeys in the order in which the persona tries them.

    With credentials, the login comes first, because other journeys may need it. A persona that reads looks for help
    articles even before that."""
    ordered = list(journeys)
    if persona.order == "random":
        rng.shuffle(ordered)
    first = [j for j in ordered if j.role is Role.LOGIN and has_login]
    if persona.reads:
        first = [j for j in ordered if j.role is Role.KNOWLEDGE] + first
    rest = [j for j in ordered if j not in first]
    if persona.order != "random":  # what is sent first can be fetched afterwards
        rest.sort(key=lambda j: j.role is Role.DOWNLOAD)
    return first + rest
