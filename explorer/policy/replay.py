"""Replays a recorded path: the same actions on the matching elements, with new tokens and this run's own files.

A walk ends early where the app no longer fits the path, and says why. From there the policy explores as it would
without a path."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from flows.effects import new_token, tokens_in
from flows.screen import Element, Screen
from flows.step import Action, ActionKind, Decision, Step, Target

_ANSWERS = (ActionKind.ACCEPT, ActionKind.DISMISS)
"""Actions that are left out of a path, because the policy answers native dialogs by what they say now."""


@dataclass(slots=True)
class Replay:
    """A walk along `path`. `salt` gives the typed texts new tokens. `files` maps suffixes to the files to attach."""

    path: Sequence[Step] = ()
    salt: str = ""
    files: Mapping[str, Path] | None = None
    lost: str = ""
    """Why the walk ended before the end of the path, as a sentence; empty if it did not end early."""
    _at: int = 0
    _offered: Action | None = None
    _waited: bool = False
    _said: bool = False

    def __post_init__(self) -> None:
        self.path = tuple(s for s in self.path if s.decision.action.kind not in _ANSWERS)

    @property
    def on(self) -> bool:
        """Whether a step of the path is still to be walked."""
        return not self.lost and self._at < len(self.path)

    @property
    def journey(self) -> str:
        """The journey of the next step; empty if there is none."""
        return self.path[self._at].decision.journey if self.on else ""

    @property
    def goal(self) -> str:
        """The journey that the path is for."""
        return self.path[-1].decision.journey if self.path else ""

    def skip(self) -> None:
        """Count the next step as done."""
        self._at += 1

    def finish(self) -> None:
        """Count all steps as done."""
        self._at = len(self.path)

    def next(self, screen: Screen) -> Decision | None:
        """The next step on this screen. None at the end of the path, and where a step does not fit: see `lost`.

        A step that does not fit at once gets one more look, once the screen has come to rest."""
        if not self.on:
            return None
        decision = self.path[self._at].decision
        action = decision.action
        if action.secret and not action.credential:
            self.leave(f"The record does not hold what was typed into «{action.label}»")
            return None
        self._offered = self._fitting(screen)
        if self._offered is not None:
            self._waited = False
            return replace(decision, action=self._offered)
        if self._waited:
            self.leave(f"«{action.label or action.kind}» is not here any more")
            return None
        self._waited = True
        return Decision(Action(ActionKind.WAIT, label="wait"), why="see whether the next step of the path appears")

    def did(self, action: Action) -> None:
        """Record that an action was carried out. If `next` offered it, the walk moves on to the following step."""
        offered = self._offered
        if offered is not None and (action.kind, action.key) == (offered.kind, offered.key):
            self._at, self._offered = self._at + 1, None

    def told(self) -> str:
        """Why the walk ended early, as an addition to the `why` of the first action after it.

        Empty if the walk has not ended early, or if an earlier call has returned the reason.
        """
        told, self._said = "" if self._said or not self.lost else f" ({self.lost}: explored from here)", bool(self.lost)
        return told

    def leave(self, why: str) -> None:
        """End the walk early. No effect if the walk has ended already. `why` is the beginning of a sentence."""
        if self.on:
            self.lost = f"{why}, at step {self._at + 1} of {len(self.path)} of the recorded path"

    def _fitting(self, screen: Screen) -> Action | None:
        """The next step's action, adapted to this screen and this session; None if it does not fit."""
        step = self.path[self._at]
        action = step.decision.action
        if screen.dialog:
            return None
        if not action.key:
            return action
        element = _found(step, screen)
        if element is None:
            return None
        there = replace(action, ref=element.ref, key=element.key, frame=element.frame)
        return replace(there, text=self._text(action))

    def _text(self, action: Action) -> str:
        if action.kind is ActionKind.UPLOAD and self.files:
            same = self.files.get(action.text.rpartition(".")[2].lower())
            return str(same or next(iter(self.files.values())))
        text = action.text
        for token in tokens_in(text):
            text = text.replace(token, new_token(random.Random(f"{self.salt}:{token}")))
        return text


def _found(step: Step, screen: Screen) -> Element | None:
    """The enabled element of a step; None if there is none.

    It is found by its key, else by role, name and position in its frame, else by a hint that is unique for its role.
    """
    found = next((e for e in screen.elements if e.key == step.decision.action.key), None)
    if found is None and step.target is not None:
        target: Target = step.target
        here = [
            e
            for e in screen.elements
            if e.role == target.role and _place(_document(e, screen)) == _place(target.frame_url)
        ]
        alike = [e for e in here if e.name[:200] == target.name]
        hinted = [e for e in here if set(e.hints) & set(target.hints)]
        if target.name and len(alike) > target.place:
            found = alike[target.place]
        elif len(hinted) == 1:
            found = hinted[0]
    return found if found is not None and found.enabled else None


def _document(element: Element, screen: Screen) -> str:
    return next((f.url for f in screen.frames if element.frame and f.key == element.frame), "")


def _place(url: str) -> tuple[str, str]:
    """The host and path of a frame's address. The query is left out, because it may differ each time."""
    parts = urlsplit(url)
    return parts.netloc, parts.path
