"""How far a persona has got with one journey."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from flows.journey import Journey, Role
from flows.session import AttemptState

SUBMISSIONS_OF_LOGIN = 2
"""How often the given credentials are tried at most, so that no account gets locked."""


@dataclass(slots=True)
class Attempt:
    """One journey in one session. `number` counts rounds from 1."""

    journey: Journey
    state: AttemptState = AttemptState.NOT_SEEN
    number: int = 0
    steps: int = 0
    submissions: int = 0
    corrections: int = 0
    waits: int = 0
    looked_back: bool = False
    """In this round, a window of another site came up, and the app's own was looked at again."""
    entered: bool = False
    sent: bool = False
    tapped: set[str] = field(default_factory=set)
    """Keys of elements pressed in this round."""
    useless: set[str] = field(default_factory=set)
    """Keys of elements that led nowhere in an earlier round."""
    done: set[str] = field(default_factory=set)
    """Keys of fields dealt with in this round."""
    wrong: set[str] = field(default_factory=set)
    """Keys of fields that were given malformed input once already."""
    misplaced: set[str] = field(default_factory=set)
    """Keys of fields that the app refused the user name in: it goes into another one, if there is any."""
    refused: set[str] = field(default_factory=set)
    """Keys of elements that could not be acted on once."""
    known: set[str] = field(default_factory=set)
    """Keys of what was on the screen when the entry was pressed."""
    entered_at: str = ""
    """The address of that screen."""
    chosen: set[str] = field(default_factory=set)
    """Keys of file fields, or of buttons for them, that were given a file in this round."""
    at_choice: frozenset[str] = frozenset()
    """Keys of the elements that were there when a file was last chosen. A control that appeared later may send it."""
    article: str = ""
    failed_once: bool = False

    withheld: bool = False
    """Its next control was seen and left alone, because a permission is missing."""
    kept_out: str = ""
    """The label of a control that leads to the journey or sends it, and was not pressed for the same reason."""
    why_withheld: str = ""
    """Why, as a sentence, where it is not a permission of `--allow`."""

    @property
    def id(self) -> str:
        return self.journey.id

    @property
    def mark(self) -> str:
        """This round of this journey."""
        return f"{self.id}:{self.number}"

    @property
    def is_login(self) -> bool:
        return self.journey.role is Role.LOGIN

    @property
    def outcome(self) -> AttemptState:
        """The state for the report. A login that was seen only where it must not be used was not allowed. A journey
        whose only entries were left alone was not allowed either, because it was seen."""
        idle = (AttemptState.NOT_SEEN, AttemptState.SEEN, AttemptState.IN_PROGRESS, AttemptState.GAVE_UP)
        if self.is_login and self.withheld and not self.submissions and self.state in idle:
            return AttemptState.NOT_ALLOWED
        stuck = self.state in (AttemptState.NOT_SEEN, AttemptState.SEEN) and self.number == 0
        return AttemptState.NOT_ALLOWED if self.kept_out and stuck else self.state

    @property
    def open(self) -> bool:
        """Neither finished nor given up."""
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
        """Whether one more submission is allowed. The app under test gets few of them, so that it is not flooded."""
        if self.is_login:
            return self.submissions < SUBMISSIONS_OF_LOGIN
        return not (single and self.submissions)
