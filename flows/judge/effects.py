"""What the traffic shows about a journey's success: the proof for it and the evidence against it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from flows.effects import PROOF, Effect, EffectKind, failures_among, proof_among, tokens_in
from flows.session import SessionLog
from flows.step import ActionKind, Step

SHOWN = "shown"
"""The kind of proof that comes from the app's screen. All other kinds are kinds of effect."""

_EFFECTS = frozenset(map(str, EffectKind))


def is_effect(kind: str) -> bool:
    """Whether a cue of that kind comes from the traffic and not from the screen."""
    return kind in _EFFECTS


def proven_by(log: SessionLog, steps: Sequence[Step], success: Step) -> tuple[str, ...]:
    """Returns all kinds of proof for a success: kinds of effect, strongest first, then `shown`."""
    own = _own(log, steps, success)
    proof = proof_among(own, _tokens(steps, success), _begun(steps, success))
    kinds = {e.kind for e in own} if proof is not None else set()
    found = [str(kind) for kind in (*PROOF, EffectKind.SENT) if kind in kinds]
    shown = any(c.outcome == "success" and not is_effect(c.kind) for c in success.cues)
    return (*found, SHOWN) if shown else tuple(found)


def contradicted(log: SessionLog, steps: Sequence[Step], success: Step) -> str:
    """Describes how the traffic contradicts a success on the screen: data was lost or refused.

    Empty if there is no contradiction.
    """
    own = _own(log, steps, success)
    if proof_among(own, _tokens(steps, success), _begun(steps, success)) is not None:
        return ""
    bad = next(reversed(failures_among(own)), None)
    if bad is None:
        return ""
    how = "got no answer" if bad.kind is EffectKind.LOST else "was refused"
    return f"what was sent in this attempt {how} ({bad.told()})"


def _own(log: SessionLog, steps: Sequence[Step], success: Step) -> list[Effect]:
    """Returns the effects of the successful attempt since the start of its last action whose outcome was due."""
    tokens, begun = _tokens(steps, success), _begun(steps, success)
    return [e for e in log.effects if e.time >= begun and tokens & set(e.tokens)]


def _tokens(steps: Sequence[Step], success: Step) -> frozenset[str]:
    """The tokens of the successful attempt; of an upload, only the file's: the line beside it may arrive without it."""
    file = _file(steps, success)
    told = [file] if file is not None else _attempt(steps, success)
    return frozenset[str]().union(*(tokens_in(s.decision.action.text) for s in told))


def _begun(steps: Sequence[Step], success: Step) -> float:
    """Returns when the attempt's last action whose outcome was due began, in seconds since the epoch.

    Counting from this time excludes drafts that the app saves during typing. An upload may begin as soon as its file
    is chosen.
    """
    file = _file(steps, success)
    presses = [s.started for s in _attempt(steps, success) if s.decision.expects]
    if file is not None:
        return file.started
    return presses[-1] if presses else success.started


def _attempt(steps: Sequence[Step], success: Step) -> list[Step]:
    return [s for s in steps if s.decision.attempt == success.decision.attempt and s.n <= success.n]


def _file(steps: Sequence[Step], success: Step) -> Step | None:
    """The attempt's last choice of a file in a stage of its own, as an upload has.

    A request attaches its files in the stage in which it is written."""
    own = _attempt(steps, success)
    written = {s.decision.stage for s in own if s.decision.action.kind is ActionKind.TYPE}
    chosen = [s for s in own if s.decision.action.kind is ActionKind.UPLOAD and s.decision.stage not in written]
    return chosen[-1] if chosen else None
