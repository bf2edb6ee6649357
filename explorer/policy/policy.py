"""The policy decides what a persona does next. It heads for the journeys that are not finished yet."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from explorer.policy.agenda import Agenda
from explorer.policy.allowed import Allowed, opens_by_script
from explorer.policy.attempt import Attempt
from explorer.policy.between import Between
from explorer.policy.choosing import Chooser, in_order
from explorer.policy.course import Course, found_again
from explorer.policy.data import Writer
from explorer.policy.filling import Filler
from explorer.policy.foreign_login import ForeignLogins
from explorer.policy.ledger import Ledger
from explorer.policy.manners import Manners
from explorer.policy.moves import SENDING, WAY_IN, Mover
from explorer.policy.permission import Permission, Purpose
from explorer.policy.replay import Replay
from explorer.policy.sightings import Sightings
from explorer.policy.wander import Wanderer
from flows.graph import FlowGraph
from flows.journey import Journey, Role, permit
from flows.recognise.fields import is_field
from flows.screen import Element, Screen
from flows.session import AttemptState
from flows.step import Action, ActionKind, Decision, Step
from personas.persona import Persona

_HARMLESS = (ActionKind.ACCEPT, ActionKind.DISMISS, ActionKind.HOVER)
"""Actions that are not checked as presses: answers to dialogs are judged elsewhere, and every press hovers anyway."""
_SUBMITS = ("submit", "say", "upload")
"""The kinds of stages that send something: a form, a chat line or a file."""
_REPEATS = 3
"""How often the same action may be done on the same screen."""


class Policy:
    """Decides on the actions of one session. With the same seed, the same app gets the same actions.

    `login`: the run has credentials, which only the surface knows. `may_sign_in` tells whether they may be used in a
    document at this address. `allow` holds the permissions of `--allow`. `site` tells whether a URL is the target's
    own. `files` maps suffixes to files for attaching. `hostile_ok` allows hostile input. `single_submission` forbids a
    second submission of a journey's form (live targets). `ledger` forbids a submission that another session of the run
    has made; `session` is this session's name in it. `salt` makes the session's tokens unique (`flows.effects`).
    `path` is a recorded path that is replayed first (`flows.path`).
    """

    def __init__(
        self,
        persona: Persona,
        journeys: Sequence[Journey],
        rng: random.Random,
        *,
        login: bool = False,
        may_sign_in: Callable[[str], bool] = lambda _: True,
        allow: frozenset[str] = frozenset(),
        site: Callable[[str], bool] = lambda _: True,
        files: Mapping[str, Path] | None = None,
        hostile_ok: bool = False,
        single_submission: bool = False,
        salt: str = "",
        permission: Permission | None = None,
        ledger: Ledger | None = None,
        session: str = "",
        path: Sequence[Step] = (),
    ) -> None:
        permitted = permit(journeys, allow)
        self.permission = permission or Permission(allow=allow, site=site)
        self.permission.journeys = permitted
        ordered = in_order(permitted, persona, rng, has_login=login)
        writer = Writer(persona, rng, salt)
        filler = Filler(persona, rng, writer, login, hostile_ok, self.permission.public)
        mover = Mover(
            persona,
            permitted,
            rng,
            writer,
            filler,
            files or {},
            allow,
            single_submission,
            site,
            Allowed(self.permission),
        )
        self.persona = persona
        self.attempts: dict[str, Attempt] = {j.id: Attempt(j) for j in ordered}
        self._course = Course(FlowGraph())
        self._manners = Manners(site, persona.keyboard, self.permission)
        self._sightings = Sightings(mover)
        self._foreign, self._strayed = ForeignLogins(may_sign_in), False
        self._agenda = Agenda(self.attempts, mover, self._sightings, persona.retries, login, self._foreign)
        self._chooser = Chooser(self._agenda, self._sightings, self._course, persona.order == "as-seen")
        self._wander = Wanderer(site, self._course.graph, self._agenda.walkable, self.permission, persona.keyboard)
        self._between = Between(persona, rng, self.attempts, self._course, mover, self._manners, self._wander, login)
        self._replay = Replay(path, salt, files)
        self._ledger, self._session = ledger, session
        self._unsent: set[str] = set()
        """Journeys whose submission was claimed and has not been made yet."""
        self._own_sender = False
        """Whether the last action pressed a control that sends a journey's form. A dialog then asks about it."""
        for attempt in self.attempts.values():
            if self.permission.forbids(attempt.journey):
                attempt.state = AttemptState.NOT_ALLOWED

    def decide(self, screen: Screen) -> Decision | None:
        """The next action; None if nothing promising is left."""
        screen = self._agenda.look(screen)
        self._course.arrive(screen)
        if not screen.error and not screen.dialog:
            self._wander.notice(self._course.mark, screen)
            self._sightings.notice(self.attempts.values(), self._course.mark, screen)
        for _ in range(30):
            decision = self._consider(screen)
            if decision is None:
                return None
            if not self._permitted(decision, screen):
                self._leave_alone(decision)
            elif not self._is_ours_to_send(decision, screen):
                self._replay.leave("Another session has already sent this")
                self._agenda.end(self.attempts[decision.journey], AttemptState.SHARED)
            elif self._once_more(decision):
                return self._accept(decision)
            else:
                self._replay.leave(f"«{decision.action.label}» was pressed too often")
                self.give_back([decision.journey])
        return None

    def _consider(self, screen: Screen) -> Decision | None:
        """The next decision, in this order: an interruption, the queue, a journey, a look around."""
        if self._manners.lost:
            return None
        busy = self._agenda.active is not None or self._replay.on
        interruption = self._manners.interruption(screen, busy=busy, own=self._own_sender)
        if interruption is not None:
            return self._serving(*interruption)
        queue = self._course.queue
        if queue:
            queued = queue.pop(0)
            again = found_again(queued.action, screen)
            if again is not None:
                return replace(queued, action=again)
            self._replay.leave(f"«{queued.action.label}» is not here any more")
            queue.clear()
        walked = self._again(screen)
        if walked is not None:
            return self._clear_way(walked, screen)
        for _ in range(2 * len(self.attempts) + 4):
            if self._agenda.active is None:
                chosen = self._choose(screen)
                if chosen is not None:
                    return chosen
            if self._agenda.active is None:
                break
            move = self._agenda.go_on(self._agenda.active, screen)
            if move is not None:
                return self._clear_way(move, screen)
        look = self._between.look_around(screen)
        if look is None and self._sightings.release(self.attempts.values()):
            return self._consider(screen)
        return look

    def _again(self, screen: Screen) -> Decision | None:
        """The next step of the recorded path, as a decision of its journey; None if there is none."""
        while (ended := self.attempts.get(self._replay.journey)) is not None and not ended.open:
            if ended.id == self._replay.goal:
                self._replay.finish()
            self._replay.skip()
        decision = self._replay.next(screen)
        if decision is None:
            return None
        attempt = self.attempts.get(decision.journey)
        if not self._agenda.has_login and (decision.action.credential or (attempt is not None and attempt.is_login)):
            self._replay.leave("The login is withheld from this session")
            if attempt is not None and attempt.is_login:
                self._agenda.end(attempt, AttemptState.NEEDS_LOGIN)
            return None
        if attempt is None:  # a step on the way, which another journey took
            return replace(decision, journey="", stage="", expects=False)
        self._agenda.walk(attempt, decision, screen)
        return replace(decision, attempt=attempt.number)

    def _choose(self, screen: Screen) -> Decision | None:
        """What the persona does between journeys: a habit of its own, or a step on the way to the next journey.

        None if a journey begins here, or if no way is known.
        """
        todo = self._chooser.todo()
        return self._between.quirk(screen, todo) or self._chooser.choose(todo, screen)

    def _serving(self, action: Action, why: str) -> Decision:
        """The decision for an interruption. It belongs to the active journey if it answers a native dialog."""
        active = self._agenda.active
        if active is not None and action.kind in (ActionKind.ACCEPT, ActionKind.DISMISS):
            last = active.journey.stages[-1]
            return Decision(action, active.id, last.id, active.number, why, expects=active.sent)
        return Decision(action, why=why)

    def _clear_way(self, move: Decision, screen: Screen) -> Decision:
        """The move or, if its control is covered, a decision that first closes what covers the control."""
        target = next((e for e in screen.elements if e.ref == move.action.ref), None)
        blocked = self._manners.uncovered(screen, target)
        if blocked is None:
            return move
        self._course.queue.append(move)
        return Decision(blocked[0], why=blocked[1])

    def _permitted(self, decision: Decision, screen: Screen) -> bool:
        """Whether the action is allowed. Every press is checked here, whether it serves a journey or not."""
        action = decision.action
        element = next((e for e in screen.elements if e.ref == action.ref), None) if action.ref else None
        if element is None or action.kind in _HARMLESS:
            return True
        attempt = self.attempts.get(decision.journey)
        if attempt is None:
            manners = self._manners
            if self.permission.closes(element, screen) or manners.consents(element, screen):
                return True
            return self.permission.may(element, screen, Purpose.LOOK)
        purpose = _purpose(decision, attempt, element)
        return self.permission.may(element, screen, purpose, attempt.journey.role)

    def _is_ours_to_send(self, decision: Decision, screen: Screen) -> bool:
        """Claim the journey's submission for this session. False if another session has claimed it.

        A login, or a step that sends nothing, needs no claim. Choosing a file counts as sending. So does
        pressing a button with a script in a ticket journey: «Create ticket» may create the ticket without a form.
        """
        attempt = self.attempts.get(decision.journey)
        if self._ledger is None or attempt is None or attempt.is_login:
            return True
        blind = attempt.journey.role is Role.TICKET and opens_by_script(decision.action, screen)
        if not blind and decision.action.kind is not ActionKind.UPLOAD and not self._sends(decision):
            return True
        if not self._ledger.owner(attempt.id):
            self._unsent.add(attempt.id)
        return self._ledger.claim(attempt.id, self._session)

    def give_back(self, journeys: Iterable[str] = ()) -> None:
        """Release claims that this session did not use, so that other sessions can send.

        Without `journeys`, all unused claims are released."""
        for journey in self._unsent & set(journeys or self._unsent):
            self._unsent.discard(journey)
            if self._ledger is not None:
                self._ledger.release(journey, self._session)

    def _leave_alone(self, decision: Decision) -> None:
        """Treat a control that must not be pressed as if it were not there."""
        self._wander.pressed.add(decision.action.key)
        self._replay.leave(f"«{decision.action.label}» was not pressed")
        attempt = self.attempts.get(decision.journey)
        if attempt is None:
            return
        attempt.useless.add(decision.action.key)
        attempt.withheld, attempt.kept_out = True, decision.action.label
        if attempt.sent:
            self._agenda.end(attempt, AttemptState.GAVE_UP)

    def _once_more(self, decision: Decision) -> bool:
        """Count an action; False if it was done too often on this screen."""
        key, times = decision.action.key, self._course.count(decision.action)
        if times <= _REPEATS:
            return True
        active = self._agenda.active
        if active is not None:
            active.useless.add(key)
            if times > _REPEATS + 2:
                self._agenda.end(active, AttemptState.GAVE_UP)
        self._wander.pressed.add(key)
        return False

    def _accept(self, decision: Decision) -> Decision:
        """Count the decision and return it. If a replay has just ended early, the decision's `why` says so."""
        if decision.action.kind not in (ActionKind.ACCEPT, ActionKind.DISMISS):
            self._own_sender = self._sends(decision)
        if decision.action.key:
            self._wander.pressed.add(decision.action.key)
        if decision.journey:
            attempt = self.attempts[decision.journey]
            attempt.steps += 1
            last = attempt.journey.stages[-1]
            if decision.expects and decision.stage == last.id and last.do in _SUBMITS:
                attempt.submissions += 1
        return replace(decision, why=f"{decision.why}{self._replay.told()}")

    def _sends(self, decision: Decision) -> bool:
        """Whether the decision presses a control that sends a journey's own form, chat line or file."""
        attempt = self.attempts.get(decision.journey)
        stage = attempt.journey.stage(decision.stage) if attempt is not None else None
        pressed = decision.action.kind in (ActionKind.TAP, ActionKind.PRESS, ActionKind.UPLOAD)
        if not pressed or attempt is None or stage is None or stage.do == "tap":
            return False
        return attempt.sent or decision.why == SENDING

    def learn(self, step: Step, screen: Screen) -> None:
        """Update the policy after the last action. `step.cues` holds the result of `cues_after`."""
        if step.problem:
            self.give_back([step.decision.journey])
            self._replay.leave(f"«{step.decision.action.label}» could not be used")
        self._replay.did(step.decision.action)
        self._unsent.discard(step.decision.journey)
        screen = self._agenda.look(screen)
        graph = self._course.graph
        graph.moved(self._course.mark, step.decision.action, graph.saw(screen), step)
        attempt = self.attempts.get(step.decision.journey)
        strayed, self._strayed = self._strayed, False
        if attempt is None:
            self._between.doubt(step)
            return
        if strayed:
            self._replay.leave("The step led to a place where the login must not be used")
            attempt.sent = False
            return
        succeeded = any(c.journey == attempt.id and c.outcome == "success" for c in step.cues)
        if self._replay.on and not succeeded:
            return  # what comes next is known
        if (
            not succeeded
            and step.decision.stage == attempt.journey.stages[0].id
            and self._agenda.mover.peek(attempt, screen)
        ):
            self._unsent.add(attempt.id)
            self.give_back([attempt.id])  # the press only led to the form
        self._agenda.learn(attempt, step, screen)
        if succeeded:
            self._between.after_success(attempt, screen)
            if attempt.journey.role in (Role.TICKET, Role.UPLOAD):
                self._course.left.append(graph.saw(screen))

    def _why_left(self, journey: str) -> str:
        """Why a journey was not attempted, as a sentence: not allowed, or sent by another session. Empty if unknown."""
        attempt = self.attempts[journey]
        if attempt.outcome is AttemptState.SHARED and self._ledger is not None:
            return self._ledger.why(journey)
        if attempt.outcome is not AttemptState.NOT_ALLOWED:
            return ""
        if self.permission.forbids(attempt.journey):
            return "This journey sends something, which --read-only forbids."
        told = attempt.kept_out or self._agenda.mover.allowed.withheld.get(journey, "")
        return f"«{told}» was seen and not pressed: it needs a permission that was not given (--allow)." if told else ""

    def refused(self, decision: Decision, screen: Screen, why: str) -> None:
        """Record that the login must not go into the form on this screen, so that another entry is tried.

        `why` is a sentence. Call this method before `learn`, which then treats the action as one that led nowhere."""
        self._foreign.refuse(decision.action.frame, screen)
        self.led_astray(why)

    def led_astray(self, why: str) -> None:
        """Record that the last action led to a place where the login must not be used. `why` is a sentence."""
        self._agenda.withhold(why)
        self._strayed = True

    def no_more_logins(self, why: str) -> None:
        """Record that the login must not be used again in this session. `why` is a sentence."""
        self._agenda.withhold(why, for_good=True)

    @property
    def states(self) -> dict[str, AttemptState]:
        """Journey → its state for the report."""
        return {name: attempt.outcome for name, attempt in self.attempts.items()}

    @property
    def foreign_logins(self) -> list[str]:
        """The origins that asked for the login although it must not be used there."""
        return [origin for origin in self._foreign.met if "://" in origin]

    @property
    def reasons(self) -> dict[str, str]:
        """Journey → why it was not attempted, as a sentence. Journeys without a known reason are left out."""
        told = {name: a.why_withheld or self._why_left(name) for name, a in self.attempts.items()}
        return {name: why for name, why in told.items() if why}

    @property
    def untried(self) -> list[str]:
        """The labels of controls that were seen and never pressed."""
        return self._wander.untried

    @property
    def untried_at(self) -> dict[str, tuple[str, ...]]:
        """Fingerprint of a screen → the labels of its controls that were never pressed."""
        return self._wander.untried_at


def _purpose(decision: Decision, attempt: Attempt, element: Element) -> Purpose:
    """What a journey's press is for."""
    stage = attempt.journey.stage(decision.stage)
    do = stage.do if stage is not None else "tap"
    if is_field(element) and decision.action.kind is not ActionKind.PRESS:
        return Purpose.FIELD
    if do in ("read", "download"):
        return Purpose.READ if do == "read" else Purpose.FETCH
    return Purpose.DOOR if do == "tap" or decision.why == WAY_IN else Purpose.SEND
