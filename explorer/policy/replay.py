"""Walks a recorded path again: the same actions on the elements that fit, with texts and files of its own.

It says where the app does not fit the path any more. From there the policy explores, as it would without a path.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from flows.effects import new_token, tokens_in
from flows.screen import Element, Screen
from flows.step import Action, ActionKind, Decision, Step, Target

_ANSWERS = (ActionKind.ACCEPT, ActionKind.DISMISS)


@dataclass(slots=True)
class Replay:
    """A walk along `path`. `salt` makes the tokens in its texts its own; `files` are those that it attaches, by suffix."""

    path: Sequence[Step] = ()
    salt: str = ""
    files: Mapping[str, Path] | None = None
    lost: str = ""
    """Why the walk ended before the path did, in a sentence; empty if it did not."""
    _at: int = 0
    _waited: bool = False
    _said: bool = False

    @property
    def on(self) -> bool:
        """Whether a step of the path is still to be walked."""
        return not self.lost and self._at < len(self.path)

    def answers(self, screen: Screen) -> bool:
        """Whether the next step answers the native dialog that is open."""
        return self.on and bool(screen.dialog) and self._next.decision.action.kind in _ANSWERS

    def next(self, screen: Screen) -> Decision | None:
        """The next step on this screen. None at the end of the path, and where a step does not fit: see `lost`.

        A step that does not fit at once gets one more look, once the screen has come to rest."""
        if not self.on:
            return None
        decision = self._next.decision
        action = self._fitting(screen)
        if action is None and self._waited:
            self.leave(f"«{decision.action.label or decision.action.kind}» is not here any more")
            return None
        self._waited = action is None
        if action is None:
            why = "see whether the next step of the path appears"
            return Decision(Action(ActionKind.WAIT, label="wait"), decision.journey, decision.stage, why=why)
        self._at += 1
        return replace(decision, action=action)

    def told(self) -> str:
        """Why the walk was left, for the reason of the first action after it; empty where that is said or does not apply."""
        told, self._said = "" if self._said or not self.lost else f" ({self.lost}: explored from here)", bool(self.lost)
        return told

    def leave(self, why: str) -> None:
        """End the walk. `why` is the beginning of a sentence."""
        self.lost = self.lost or f"{why}, at step {self._at + 1} of {len(self.path)} of the recorded path"

    @property
    def _next(self) -> Step:
        return self.path[self._at]

    def _fitting(self, screen: Screen) -> Action | None:
        """The step's action with what it needs of this screen and this session; None if it does not fit."""
        action = self._next.decision.action
        if bool(screen.dialog) is not (action.kind in _ANSWERS):
            return None
        if not action.key:
            return action
        element = _found(self._next, screen)
        if element is None or (action.secret and not action.credential):  # the record holds no secret
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
    """The element of a step: by its key, by role, name and place, or by a hint that no other of its role has."""
    usable = [e for e in screen.elements if e.enabled]
    same = next((e for e in usable if e.key == step.decision.action.key), None)
    if same is not None or step.target is None:
        return same
    target: Target = step.target
    alike = [e for e in usable if (e.role, e.name[:200]) == (target.role, target.name)]
    if target.name and len(alike) > target.place:
        return alike[target.place]
    hinted = [e for e in usable if e.role == target.role and set(e.hints) & set(target.hints)]
    return hinted[0] if len(hinted) == 1 else None
