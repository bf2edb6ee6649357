"""The known entries of journeys: the screens that they are on, and the elements to press there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from explorer.policy.attempt import Attempt
from explorer.policy.fetching import beside_files
from explorer.policy.moves import Mover
from explorer.policy.permission import Purpose
from flows.journey import Role
from flows.recognise.outcome import cues_after
from flows.screen import Screen
from flows.session import AttemptState

ROUNDS = 3
"""The most rounds of a journey whose entries led nowhere."""


@dataclass(slots=True)
class Sightings:
    """Remembers one entry of each journey on each screen, and judges what a screen offers to a journey."""

    mover: Mover
    _entries: dict[str, dict[str, str]] = field(default_factory=dict)
    _others: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    """All entries of a login on each screen. If one leads to a foreign form, the next may lead to the app's own."""
    _last: dict[str, dict[str, str]] = field(default_factory=dict)
    """Like `_entries`, but for last-resort entries, which are used only if there are no others."""
    _forms: dict[str, list[str]] = field(default_factory=dict)
    """Journey → screens that show its own form, so that no entry is needed."""
    _with_file: dict[str, list[str]] = field(default_factory=dict)
    """Journey (an upload) → screens with a form for another purpose that also accepts a file."""

    def notice(self, attempts: Collection[Attempt], mark: str, screen: Screen) -> None:
        """Remember the entries of open journeys on this screen. `mark` is the screen's fingerprint. Screens of other
        sites are ignored."""
        if not self.mover.site(screen.address) and screen.address.startswith("http"):
            return
        for attempt in attempts:
            if not attempt.open and not self._reopen(attempt, screen):
                continue
            attempt.kept_out = self.mover.allowed.withheld.get(attempt.id, "")
            last = self.mover.last_doors(attempt.journey, screen)
            if last:
                self._last.setdefault(attempt.id, {}).setdefault(mark, last[0].key)
            found = self.mover.sightings(attempt.journey, screen)
            if found:
                first = next((e.key for e in found if e.key not in attempt.useless), found[0].key)
                self._entries.setdefault(attempt.id, {}).setdefault(mark, first)
                if attempt.is_login:
                    self._others.setdefault(attempt.id, {}).setdefault(mark, tuple(e.key for e in found))
                if attempt.state == AttemptState.NOT_SEEN:
                    attempt.state = AttemptState.SEEN
            elif not attempt.is_login:
                self._notice_form(attempt, mark, screen)

    def _notice_form(self, attempt: Attempt, mark: str, screen: Screen) -> None:
        """Remember a screen where the journey can begin without an entry, in case another journey begins first."""
        if self._shows(attempt, screen):
            self._forms.setdefault(attempt.id, []).append(mark)
        elif attempt.journey.role is Role.UPLOAD and self.mover.takes_file(screen, attempt.journey):
            self._with_file.setdefault(attempt.id, []).append(mark)

    def _reopen(self, attempt: Attempt, screen: Screen) -> bool:
        """Reopen a journey that was given up after a wrong entry (an empty cart), if the screen has an untried entry.

        Returns whether it was reopened.
        """
        idle = attempt.state is AttemptState.GAVE_UP and not attempt.failed_once and not attempt.submissions
        if not idle or attempt.is_login or attempt.number >= ROUNDS:
            return False
        fresh = any(e.key not in attempt.useless for e in self.mover.sightings(attempt.journey, screen))
        if fresh:
            attempt.state = AttemptState.SEEN
        return fresh

    def release(self, attempts: Collection[Attempt]) -> bool:
        """From now on, use the last-resort entries as well. False if none of them leads to an open journey."""
        if self.mover.last_resort:
            return False
        self.mover.release()
        for name, known in self._last.items():
            for mark, key in known.items():
                self._entries.setdefault(name, {}).setdefault(mark, key)
        for attempt in attempts:
            if attempt.id in self._last and attempt.state == AttemptState.NOT_SEEN:
                attempt.state = AttemptState.SEEN
        return any(a.open and (a.id in self._last or a.id in self._with_file) for a in attempts)

    def of(self, attempt: Attempt) -> Mapping[str, str]:
        """The journey's known entries: fingerprint of the screen → key of the element."""
        known = self._entries.get(attempt.id, {})
        if not attempt.is_login:
            return known
        left = {
            m: [k for k in keys if k not in attempt.useless] for m, keys in self._others.get(attempt.id, {}).items()
        }
        return {**known, **{mark: keys[0] for mark, keys in left.items() if keys}}

    def places(self, attempt: Attempt) -> tuple[str, ...]:
        """Fingerprints of the screens where the journey can begin: those with an entry or with the journey's own form.

        As a last resort, and only if forms may be sent more than once, an upload can also begin on a screen with
        another form that accepts a file."""
        others = self.mover.last_resort and not self.mover.single
        more = self._with_file.get(attempt.id, []) if others else []
        useful = [mark for mark, key in self.of(attempt).items() if key not in attempt.useless]
        return tuple(dict.fromkeys([*useful, *self._forms.get(attempt.id, []), *more]))

    def begins(self, attempt: Attempt, screen: Screen) -> bool:
        """Whether the journey can begin on this screen: at an entry that has not proved useless, or at its own form."""
        entries = self.mover.sightings(attempt.journey, screen)
        if entries:
            return any(e.key not in attempt.useless for e in entries)
        return self._shows(attempt, screen)

    def _shows(self, attempt: Attempt, screen: Screen) -> bool:
        """Whether the screen shows the journey's own form, or files to fetch, without an entry."""
        if attempt.journey.role is not Role.DOWNLOAD:
            return self.mover.shows_form(attempt, screen)
        may = self.mover.allowed.may
        fresh = (e for e in beside_files(screen) if e.key not in attempt.useless)
        return any(may(e, screen, Purpose.FETCH, attempt.journey) for e in fresh)

    def place(self, attempt: Attempt, screen: Screen) -> int:
        """The position of the journey's entry among the screen's elements, from 0; the number of elements if there
        is no entry."""
        entries = self.mover.sightings(attempt.journey, screen)
        return screen.elements.index(entries[0]) if entries else len(screen.elements)


def shows_already(attempt: Attempt, screen: Screen) -> bool:
    """Whether the screen already shows what the journey should bring up, so that a success could not be recognised."""
    nothing = Screen(address="", title="")
    first = attempt.journey.stages[0].id
    return any(c.outcome == "success" for c in cues_after(attempt.journey, first, nothing, screen))
