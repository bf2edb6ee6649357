"""How far a persona has got with one journey."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from flows.journey import Journey, Role
from flows.session import AttemptState

SUBMISSIONS_OF_LOGIN = 2
"""The most times that the given credentials are tried. The limit keeps accounts from being locked."""


@dataclass(slots=True)
class Attempt:
    """One journey in one session. `number` is the current round, from 1; 0 before the first."""

    journey: Journey
    state: AttemptState = AttemptState.NOT_SEEN
    number: int = 0
    steps: int = 0
    submissions: int = 0
    corrections: int = 0
    waits: int = 0
    looked_back: bool = False
    """Whether this round has gone back from a window of another site to the app's own window."""
    entered: bool = False
    sent: bool = False
    sent_at: str = ""
    """For the login: the address, without its query, at which it was first sent."""
    tapped: set[str] = field(default_factory=set)
    """Keys of elements pressed in this round."""
    useless: set[str] = field(default_factory=set)
    """Keys of elements that led nowhere, failed twice, or must not be pressed. They are not used again."""
    done: set[str] = field(default_factory=set)
    """Keys of fields that this round has filled in or skipped."""
    wrong: set[str] = field(default_factory=set)
    """Keys of fields that were already given malformed or mistyped input once."""
    misplaced: set[str] = field(default_factory=set)
    """Keys of fields in which the app refused the user name. The name is tried in another field, if there is one."""
    refused: set[str] = field(default_factory=set)
    """Keys of elements that have failed once. An element that fails a second time becomes `useless`."""
    known: set[str] = field(default_factory=set)
    """Keys of the elements that were on the screen when this round pressed its first entry."""
    entered_at: str = ""
    """The address of the screen on which the first entry was pressed."""
    chosen: set[str] = field(default_factory=set)
    """Keys of file fields, or of buttons for them, that were given a file in this round."""
    at_choice: frozenset[str] = frozenset()
    """Keys of the elements that were there when a file was last chosen.

    A control that appears later may be the one that sends the file."""
    article: str = ""
    failed_once: bool = False

    withheld: bool = False
    """Whether the journey's next control was not pressed, or the login was not used, because that is not allowed."""
    kept_out: str = ""
    """The label of a control that leads to the journey or sends its form, but must not be pressed."""
    why_withheld: str = ""
    """Why the journey was withheld, as a sentence. Empty if only a permission (`--allow`) was missing."""

    @property
    def id(self) -> str:
        return self.journey.id

    @property
    def mark(self) -> str:
        """An id of this round: the journey's id, a colon and the number of the round."""
        return f"{self.id}:{self.number}"

    @property
    def is_login(self) -> bool:
        return self.journey.role is Role.LOGIN

    @property
    def outcome(self) -> AttemptState:
        """The state for the report.

        It is `NOT_ALLOWED` for a login that was seen only where the credentials must not be used, and for a journey
        that never began because its controls must not be pressed.
        """
        idle = (AttemptState.NOT_SEEN, AttemptState.SEEN, AttemptState.IN_PROGRESS, AttemptState.GAVE_UP)
        if self.is_login and self.withheld and not self.submissions and self.state in idle:
            return AttemptState.NOT_ALLOWED
        stuck = self.state in (AttemptState.NOT_SEEN, AttemptState.SEEN) and self.number == 0
        return AttemptState.NOT_ALLOWED if self.kept_out and stuck else self.state

    @property
    def open(self) -> bool:
        """Whether the journey is neither finished nor given up."""
        return self.state.open

    def copy(self) -> Attempt:
        """A copy to try a move on. The original stays unchanged."""
        return replace(
            self,
            tapped=set(self.tapped),
            useless=set(self.useless),
            done=set(self.done),
            wrong=set(self.wrong),
            misplaced=set(self.misplaced),
            chosen=set(self.chosen),
            refused=set(self.refused),
        )

    def begin_round(self) -> None:
        """Start the journey: for the first time, or once more from its beginning."""
        self.number += 1
        self.state = AttemptState.IN_PROGRESS
        self.waits = self.corrections = 0
        self.entered = self.sent = self.looked_back = False
        self.tapped.clear()
        self.known.clear()
        self.done.clear()
        self.chosen.clear()

    def may_submit(self, *, single: bool) -> bool:
        """Whether one more submission is allowed.

        A login has at most `SUBMISSIONS_OF_LOGIN`. Other journeys have one if `single`, else any number."""
        if self.is_login:
            return self.submissions < SUBMISSIONS_OF_LOGIN
        return not (single and self.submissions)
