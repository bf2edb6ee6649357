"""The journeys of a session: which one is active, which ones wait for the login, and how each round ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from explorer.policy.attempt import SUBMISSIONS_OF_LOGIN, Attempt
from explorer.policy.foreign_login import ForeignLogins, elsewhere
from explorer.policy.moves import Mover
from explorer.policy.sightings import ROUNDS, Sightings
from flows.journey import needed
from flows.recognise.fields import is_field
from flows.recognise.forms import form_of, login_name
from flows.recognise.lexicon import LOGIN, LOGOUT, says
from flows.screen import Element, Screen
from flows.session import AttemptState
from flows.step import Action, ActionKind, Decision, Step

LOGIN_LOST = "The app asked for a login first. A login was given (--login), but nothing showed that it succeeded."
_LONGEST = 40
"""The most actions of a journey, over all its rounds. After these, the journey is given up."""


@dataclass(slots=True)
class Agenda:
    """Continues the active journey and decides what follows from each outcome.

    `retries`: how many more rounds a failed journey gets. `has_login`: the run has credentials.
    """

    attempts: Mapping[str, Attempt]
    mover: Mover
    sightings: Sightings
    retries: int
    has_login: bool
    foreign: ForeignLogins = field(default_factory=ForeignLogins)
    active: Attempt | None = None
    _waiting: list[Attempt] = field(default_factory=list)
    """Journeys that are suspended and continue once the login has passed."""

    def walkable(self, journey: str, stage: str) -> bool:
        """Whether navigation may repeat the taps of this stage.

        It may repeat taps that only lead to another screen, but none that send, fetch or pay."""
        attempt = self.attempts.get(journey)
        found = attempt.journey.stage(stage) if attempt else None
        return found is None or found.do in ("tap", "read")

    def look(self, screen: Screen) -> Screen:
        """The screen without login forms in which the login must not be used. Such forms are recorded."""
        if not self.has_login:
            return screen
        seen = self.foreign.hide(screen)
        if self.foreign.at in self.foreign.met:
            self.withhold(elsewhere(self.foreign.at))
        return seen

    def withhold(self, why: str, *, for_good: bool = False) -> None:
        """Record that the login must not be used at this place or, with `for_good`, anywhere in this session.

        `why` is a sentence.
        """
        for login in filter(lambda a: a.is_login, self.attempts.values()):
            login.withheld, login.why_withheld = True, login.why_withheld or why
            if for_good and login.state is not AttemptState.PASSED:
                login.why_withheld = why
                self.end(login, AttemptState.FAILED if login.failed_once else AttemptState.NOT_ALLOWED)

    def begin(self, attempt: Attempt) -> None:
        """Start a round of the journey, and make it the active one."""
        attempt.begin_round()
        self.active = attempt

    def walk(self, attempt: Attempt, decision: Decision, screen: Screen) -> None:
        """Record a replayed step as if the journey had decided on it, so that the journey can continue from there."""
        if self.active is not attempt:
            self.begin(attempt)
        attempt.entered = True
        action, stage = decision.action, attempt.journey.stage(decision.stage)
        if action.kind is ActionKind.TAP:
            attempt.tapped.add(action.key)
        elif action.kind in (ActionKind.TYPE, ActionKind.CHOOSE, ActionKind.UPLOAD):
            attempt.done.add(action.key)
        if action.kind is ActionKind.UPLOAD:
            attempt.chosen.add(action.key)
            attempt.at_choice = frozenset(e.key for e in screen.elements)
        if decision.expects and stage is not None and stage.do in ("say", "submit", "upload"):
            attempt.sent = True
            _note_place(attempt, screen)

    def end(self, attempt: Attempt, state: AttemptState) -> None:
        """Close a journey with this state, or with `NOT_ALLOWED` if it gave up for lack of a permission.

        If it is the login, the journeys that waited for it continue if it passed, and are closed otherwise.
        """
        allowed = self.mover.allowed
        unsent = attempt.id in allowed.unsent - allowed.usable and not attempt.submissions
        withheld = (attempt.withheld or unsent) and state is AttemptState.GAVE_UP
        attempt.state = AttemptState.NOT_ALLOWED if withheld else state
        self._explain(attempt)
        if self.active is attempt:
            self.active = None
        if attempt.is_login:
            waiting, self._waiting = self._waiting, []
            for other in waiting:
                if state == AttemptState.PASSED:
                    other.number = max(other.number - 1, 0)
                    other.state = AttemptState.SEEN
                else:
                    other.state = AttemptState.NEEDS_LOGIN
                    self._explain(other)
            if state == AttemptState.PASSED:
                self._open_again()

    def _open_again(self) -> None:
        """Reopen the journeys that were given up because their entries led nowhere before the login.

        Many apps show their first page to users who are not logged in, whatever entry they press."""
        for other in self.attempts.values():
            idle = other.state is AttemptState.GAVE_UP and not other.failed_once and not other.submissions
            if idle and self._opener(other) is not None and self.sightings.of(other):
                other.useless.clear()
                other.state = AttemptState.SEEN

    def _explain(self, attempt: Attempt) -> None:
        """Record that a journey lacked the login although one was given, unless a better reason is known."""
        if attempt.state is AttemptState.NEEDS_LOGIN and self.has_login:
            attempt.why_withheld = attempt.why_withheld or LOGIN_LOST

    # -- going on ------------------------------------------------------------------------------------------------

    def go_on(self, attempt: Attempt, screen: Screen) -> Decision | None:
        """The journey's next move on this screen, or None if the round has ended.

        If the journey has no move, the session first goes back to the app's own window or waits once. After that the
        round is lost."""
        if attempt.steps > _LONGEST:
            self.end(attempt, AttemptState.GAVE_UP)
            return None
        if self._asks_for_login(attempt, screen):
            return None
        move = self.mover.move(attempt, screen)
        if move is not None:
            _note_place(attempt, screen)
            return move
        if self._may_look_back(attempt, screen):
            attempt.looked_back = True
            action = Action(ActionKind.SWITCH, text=str(screen.windows - 2), label="the app's own window")
            return self._awaiting(attempt, action, "a window of another site opened: continue in the app's own window")
        if attempt.waits < 1 and attempt.entered and not attempt.failed_once:
            attempt.waits += 1
            return self._awaiting(
                attempt, Action(ActionKind.WAIT, label="wait"), "nothing to do for the journey here: wait once for more"
            )
        self._round_lost(attempt, screen)
        return None

    def _awaiting(self, attempt: Attempt, action: Action, why: str) -> Decision:
        """Turn an action into a decision that only serves to see the result of the journey's last step."""
        stage = next((s for s in attempt.journey.stages if s.expects), attempt.journey.stages[-1])
        if stage.do in ("say", "submit", "upload") and not attempt.sent:
            stage = attempt.journey.stages[0]  # nobody answers to what nobody sent
        return Decision(action, attempt.id, stage.id, attempt.number, why, expects=True)

    def _may_look_back(self, attempt: Attempt, screen: Screen) -> bool:
        """Whether a window of another site (an advertisement, a survey, a foreign login) covers the journey's own
        window, and this round has not gone back to its own window yet."""
        foreign = screen.address.startswith("http") and not self.mover.site(screen.address)
        return (
            foreign and screen.windows > 1 and attempt.entered and not attempt.looked_back and not attempt.failed_once
        )

    def _asks_for_login(self, attempt: Attempt, screen: Screen) -> bool:
        """Whether the app requires a login first. If so, begin the login, or suspend or close the journey."""
        if attempt.is_login or not attempt.entered:
            return False
        form = form_of(screen, "login")
        if form is None and self.foreign.at and self.mover.peek(attempt, screen) is None:
            return self._asks_elsewhere(attempt)
        if form is None or any(says(LOGOUT, e.name) for e in screen.elements):
            return False  # with a logout control, the login is done; the password serves another purpose
        if any(f.nature in ("ticket", "chat", "upload", "payment") for f in self.mover.forms(screen)):
            return False
        stood = all(f.key in attempt.known for f in form.fields)
        if stood and self.mover.peek(attempt, screen) is not None:
            return False  # the form was there before the journey began, as in a side bar, and nothing waits for it
        login = self._opener(attempt)
        again = login is not None and self._may_log_in_again(login, screen)
        if self.has_login and login is not None and (login.open or again):
            self._waiting.append(attempt)
            self.begin(login)
            login.entered = True
        else:
            self.end(attempt, AttemptState.NEEDS_LOGIN)
        return True

    def _may_log_in_again(self, login: Attempt, screen: Screen) -> bool:
        """Whether a login that has passed may be repeated, for example because the session has expired.

        It may only at the address where it was first sent. Elsewhere, a password more likely confirms something."""
        passed = login.state == AttemptState.PASSED and login.submissions < SUBMISSIONS_OF_LOGIN
        return passed and login.sent_at == _place(screen)

    def _asks_elsewhere(self, attempt: Attempt) -> bool:
        """Suspend a journey that meets a login form in which the login must not be used. Returns True.

        The journey continues once the login has passed through another entry. If the login is closed, the journey is
        closed, too.
        """
        login = self._opener(attempt)
        if login is None or not login.open:
            self.end(attempt, AttemptState.NEEDS_LOGIN)
            attempt.why_withheld = login.why_withheld if login else ""
            return True
        self._waiting.append(attempt)
        self.active = None
        attempt.state = AttemptState.NEEDS_LOGIN
        return True

    def _opener(self, attempt: Attempt) -> Attempt | None:
        """The login that the journey depends on; None if there is none."""
        needed_ids = needed(attempt.journey, [a.journey for a in self.attempts.values()])
        return next((self.attempts[name] for name in needed_ids if self.attempts[name].is_login), None)

    # -- outcomes ------------------------------------------------------------------------------------------------

    def learn(self, attempt: Attempt, step: Step, screen: Screen) -> None:
        """Update the attempt after its last action. `step.cues` holds the result of `cues_after`."""
        outcomes = {c.outcome for c in step.cues if c.journey == attempt.id}
        key = step.decision.action.key
        if "success" in outcomes:
            stopped = any(c.kind.startswith("stopped-before") for c in step.cues)
            self.end(attempt, AttemptState.STOPPED_BEFORE if stopped else AttemptState.PASSED)
        elif "failure" in outcomes:
            attempt.failed_once = True
            self._failed(attempt, step, screen)
        elif step.problem:
            if key in attempt.refused:
                attempt.useless.add(key)
            attempt.refused.add(key)
            attempt.tapped.discard(key)
            attempt.done.discard(key)
            attempt.chosen.discard(key)
            attempt.sent = False
        elif step.decision.expects:
            self._unclear(attempt, step, screen)

    def _failed(self, attempt: Attempt, step: Step, screen: Screen) -> None:
        """Handle a failure that the app showed: continue if a next move is possible here, otherwise end the round."""
        at_last = step.decision.stage == attempt.journey.stages[-1].id
        if at_last or attempt.sent or screen.error or self.mover.peek(attempt, screen) is None:
            self._round_lost(attempt, screen)

    def _unclear(self, attempt: Attempt, step: Step, screen: Screen) -> None:
        """Handle a step that should have had a result, but showed neither success nor failure."""
        if not attempt.sent:
            return
        if step.decision.action.kind is ActionKind.UPLOAD and self.mover.can_send(attempt, screen):
            attempt.sent = False
            return
        wrong = [e for e in screen.elements if e.invalid or (e.required and is_field(e) and not (e.value or e.checked))]
        wrong = [e for e in wrong if e.kind != "password" and e.key in self.mover.own_fields(attempt, screen)]
        if attempt.is_login:  # the same name into the same field would be as wrong as before
            attempt.misplaced |= {e.key for e in wrong if e.value and e.key in attempt.done}
            wrong = [e for e in wrong if e.key not in attempt.misplaced] or self._elsewhere(attempt, screen)
        if wrong and attempt.corrections < 2:
            attempt.corrections += 1
            attempt.sent = False
            attempt.done -= {e.key for e in wrong}
            attempt.chosen -= {
                e.key for e in wrong
            }  # a file field that is empty again takes a file before the next press
            if not attempt.is_login:
                attempt.submissions = max(attempt.submissions - 1, 0)
            return
        if self.mover.peek_further(attempt, screen):
            attempt.sent = False
            return
        if self._may_look_back(attempt, screen):
            return
        attempt.failed_once = True
        self._round_lost(attempt, screen)

    def _elsewhere(self, attempt: Attempt, screen: Screen) -> list[Element]:
        """The fields to fill in after the user name was refused: another field for the name, and the password again."""
        form = form_of(screen, "login")
        name = login_name(form, attempt.misplaced) if form is not None and attempt.misplaced else None
        if form is None or name is None or attempt.submissions >= SUBMISSIONS_OF_LOGIN:
            return []
        return [name, *(f for f in form.fields if f.kind == "password")]

    def _round_lost(self, attempt: Attempt, screen: Screen) -> None:
        """End a round without success: log in if that may help, start a new round if allowed, or close the journey."""
        if self._login_might_help(attempt, screen):
            return
        attempt.useless |= attempt.tapped if not attempt.failed_once else set()
        again = attempt.number <= self.retries and attempt.may_submit(single=self.mover.single)
        if again and attempt.failed_once:
            self.begin(attempt)
            return
        others = [key for key in self.sightings.of(attempt).values() if key not in attempt.useless]
        if not attempt.failed_once and others and attempt.number < ROUNDS:
            attempt.state, self.active = AttemptState.SEEN, None  # a wrong turning: another entry is known
            return
        self.end(attempt, AttemptState.FAILED if attempt.failed_once else AttemptState.GAVE_UP)

    def _login_might_help(self, attempt: Attempt, screen: Screen) -> bool:
        """Whether the round was lost on a screen that mentions a login.

        If so, suspend the journey until the login has passed. Without credentials, close the journey."""
        login = self._opener(attempt)
        if login is None or not login.open or attempt.failed_once or attempt.is_login or not _speaks_of_login(screen):
            return False
        if not self.has_login:
            self.end(attempt, AttemptState.NEEDS_LOGIN)
            return True
        self._waiting.append(attempt)
        self.active = None
        attempt.state = AttemptState.IN_PROGRESS
        login.state = AttemptState.SEEN
        if self.sightings.begins(login, screen):
            self.begin(login)
        return True


def _note_place(attempt: Attempt, screen: Screen) -> None:
    """Record where a login is first sent."""
    if attempt.is_login and attempt.sent:
        attempt.sent_at = attempt.sent_at or _place(screen)


def _place(screen: Screen) -> str:
    """The screen's address without its query. The fragment is kept only if it is a route of the app (`#/…`)."""
    address, _, fragment = screen.address.partition("#")
    return address.partition("?")[0] + (fragment.partition("?")[0] if fragment.startswith(("/", "!/")) else "")


def _speaks_of_login(screen: Screen) -> bool:
    """Whether the screen mentions a login. Navigation bars do not count, because they always offer one."""
    if any(says(LOGIN, e.name) and e.region in ("main", "", "dialog") for e in screen.elements):
        return True
    return any(says(LOGIN, t.text) for t in screen.texts if t.region != "contentinfo" and len(t.text) < 160)
