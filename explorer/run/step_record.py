"""Builds the journal's record of an action and of the screen that it led to, without secrets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from explorer.run.evidence_files import file_name
from flows.recognise.fingerprint import fingerprint
from flows.screen import Screen, without_values
from flows.step import Action, ActionKind, Cue, Decision, Step, Target
from reports.journal.events import ScreenSeen


@dataclass(frozen=True, slots=True)
class Taken:
    """An action, with the screens before and after it.

    `started` is in seconds since the epoch. `how` says how the app came to rest.
    `seen` is what the user saw instead of the expected outcome. `problem` says why the action could not be done.
    `cut_short` says which limit of Trustwalk prevented the outcome.
    """

    decision: Decision
    started: float
    how: str
    before: Screen | None
    after: Screen
    cues: tuple[Cue, ...] = ()
    seen: str = ""
    problem: str = ""
    cut_short: str = ""

    @property
    def telling(self) -> bool:
        """Whether an outcome was expected or showed up."""
        return bool(self.decision.expects or self.cues or self.seen)

    def step(self, session: str, number: int, settled: float, *, stayed: bool, picture: str) -> Step:
        """The step for the journal. `stayed` says that a press did nothing; `picture` is the screenshot's path."""
        return Step(
            n=number,
            session=session,
            decision=redacted(self.decision),
            started=self.started,
            settled=settled,
            settled_as=self.how,
            before=fingerprint(self.before) if self.before else "",
            after=fingerprint(self.after),
            changed=self.before is None or self.before != self.after,
            cues=self.cues,
            address=without_values(self.after.address),
            title=self.after.title[:200],
            seen=self.seen,
            problem=self.problem,
            cut_short=self.cut_short,
            screenshot=picture,
            target=target_of(self.before, self.decision.action),
            stayed=stayed,
            native=self.after.native,
        )


def screen_seen(screen: Screen, step: Step) -> ScreenSeen:
    """The event for a screen that is seen for the first time. `step` led to this screen."""
    return ScreenSeen(
        session=step.session,
        fingerprint=step.after,
        address=step.address,
        title=step.title,
        elements=len(screen.elements),
        step=step.n,
        screenshot=step.screenshot,
    )


def redacted(decision: Decision) -> Decision:
    """The decision as the journal holds it: secrets are masked, and an uploaded file is named without its folder."""
    action = decision.action
    if action.secret:
        action = replace(action, text="••••")
    elif action.kind is ActionKind.UPLOAD:
        action = replace(action, text=Path(action.text).name)
    return replace(decision, action=action)


def target_of(screen: Screen | None, action: Action) -> Target | None:
    """The element that was acted on, described so that a test script can find it again."""
    element = next((e for e in screen.elements if e.ref == action.ref), None) if screen and action.ref else None
    if screen is None or element is None:
        return None
    like = [e.ref for e in screen.elements if (e.role, e.name, e.frame) == (element.role, element.name, element.frame)]
    frame = next((f.url for f in screen.frames if element.frame and f.key == element.frame), "")
    place = like.index(element.ref)
    return Target(element.role, element.name[:200], element.kind, element.hints, place, without_values(frame))


def picture_name(session: str, number: int) -> str:
    """The file name of a step's screenshot."""
    return f"{file_name(session)}-{number:03d}.jpg"
