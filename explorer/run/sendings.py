"""Tracks what a session sent for each journey, and whether the traffic proves that a server accepted it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flows.effects import Effect, proof_among, tokens_in
from flows.journey import Journey, Role, Stage
from flows.recognise.outcome import asks_on
from flows.screen import Screen
from flows.step import ActionKind, Cue, Decision

_SENDING = ("submit", "say", "upload")
_PRESSES = (ActionKind.TAP, ActionKind.PRESS, ActionKind.UPLOAD)


@dataclass(slots=True)
class _Sent:
    """What one attempt typed and sent. `tokens` are those that it typed.

    `since` is the time of its last submission in seconds since the epoch; 0 if there was none."""

    attempt: int
    tokens: set[str] = field(default_factory=set)
    since: float = 0.0
    file: bool = False
    """Whether an upload has chosen its file. Then only the file's token counts: a chat takes the line beside a file that
    it lost."""


@dataclass(slots=True)
class Sendings:
    """Follows the attempts of one session."""

    _sent: dict[str, _Sent] = field(default_factory=dict)

    def note(self, decision: Decision, journey: Journey | None, started: float) -> None:
        """Remember a journey's action, which began at `started`: the tokens that it typed, and whether it sent them."""
        if journey is None or journey.role in (Role.LOGIN, Role.PAYMENT):
            return
        sent = self._sent.get(journey.id)
        if sent is None or sent.attempt != decision.attempt:
            sent = self._sent[journey.id] = _Sent(decision.attempt)
        stage = journey.stage(decision.stage)
        if decision.action.kind is ActionKind.UPLOAD and stage is not None and stage.do == "upload":
            sent.file, sent.tokens, sent.since = True, set(tokens_in(decision.action.text)), started
        if sent.file:
            return
        sent.tokens |= tokens_in(decision.action.text)
        if decision.expects and decision.action.kind in _PRESSES and _sends(stage):
            sent.since = started

    def proof(
        self, decision: Decision, journey: Journey | None, effects: Sequence[Effect], before: Screen, after: Screen
    ) -> Cue | None:
        """A success cue, if the traffic proves that a server accepted the attempt. None if it does not, or if the
        form continues on the new screen."""
        sent = self._sent.get(decision.journey)
        if journey is None or sent is None or not sent.since or not sent.tokens:
            return None
        found = proof_among(effects, sent.tokens, sent.since)
        if found is None or asks_on(journey, before, after, sent.tokens):
            return None
        return Cue(journey.id, "success", str(found.kind), found.told())


def _sends(stage: Stage | None) -> bool:
    return stage is not None and stage.do in _SENDING
