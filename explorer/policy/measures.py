"""Numbers that tell personas apart, computed from their steps. Pure; persona files name these measures."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence

from flows.step import ActionKind, Step
from personas.persona import Expectation

Measure = Callable[[Sequence[Step]], float]


def actions(steps: Sequence[Step]) -> float:
    """How many actions the persona did."""
    return float(len(steps))


def looks_around(steps: Sequence[Step]) -> float:
    """How many taps served no journey."""
    return float(sum(not s.decision.journey and s.decision.action.kind is ActionKind.TAP for s in steps))


def double_submits_per_submit(steps: Sequence[Step]) -> float:
    """Among the sent forms except logins, the share whose submit control was pressed twice in a row."""
    logins = {s.decision.journey for s in steps if s.decision.action.secret}
    sent = [s for s in steps if s.decision.stage == "submit" and s.decision.journey not in logins]
    return sum(s.decision.action.times > 1 for s in sent) / len(sent) if sent else 0.0


def backtracks(steps: Sequence[Step]) -> float:
    """How many times the persona went back."""
    return float(sum(s.decision.action.kind is ActionKind.BACK for s in steps))


def seconds_per_action(steps: Sequence[Step]) -> float:
    """The mean seconds from the start of one action to the start of the next, by the clock of the steps."""
    return (steps[-1].started - steps[0].started) / (len(steps) - 1) if len(steps) > 1 else 0.0


def malformed_inputs(steps: Sequence[Step]) -> float:
    """How many typed values were replaced at once by one that is at least two characters longer or shorter.

    A smaller difference counts as a typo."""
    typed = [s.decision.action for s in steps if s.decision.action.kind is ActionKind.TYPE]
    return float(sum(a.key == b.key and abs(len(a.text) - len(b.text)) > 1 for a, b in itertools.pairwise(typed)))


def scrolls(steps: Sequence[Step]) -> float:
    """How many times the persona scrolled."""
    return float(sum(s.decision.action.kind is ActionKind.SCROLL for s in steps))


def _texts(steps: Sequence[Step]) -> list[str]:
    return [
        s.decision.action.text
        for s in steps
        if s.decision.action.kind is ActionKind.TYPE and not s.decision.action.secret
    ]


def emoji_share(steps: Sequence[Step]) -> float:
    """The share of typed texts that contain an emoji."""
    texts = _texts(steps)
    return sum(any(ord(c) >= 0x1F300 for c in t) for t in texts) / len(texts) if texts else 0.0


def longest_text(steps: Sequence[Step]) -> float:
    """The length of the longest typed text, in characters."""
    return float(max((len(t) for t in _texts(steps)), default=0))


def keyboard_share(steps: Sequence[Step]) -> float:
    """Among the actions on elements, except uploads, the share that was done by keyboard."""
    acted = [
        s.decision.action for s in steps if s.decision.action.ref and s.decision.action.kind is not ActionKind.UPLOAD
    ]
    return sum(a.keyboard or a.kind is ActionKind.PRESS for a in acted) / len(acted) if acted else 0.0


def tabs_opened(steps: Sequence[Step]) -> float:
    """How many tabs the persona opened by itself."""
    return float(sum(s.decision.action.kind is ActionKind.SWITCH and s.decision.action.text == "new" for s in steps))


MEASURES: Mapping[str, Measure] = {
    "actions": actions,
    "looks-around": looks_around,
    "double-submits-per-submit": double_submits_per_submit,
    "backtracks": backtracks,
    "seconds-per-action": seconds_per_action,
    "malformed-inputs": malformed_inputs,
    "scrolls": scrolls,
    "emoji-share": emoji_share,
    "longest-text": longest_text,
    "keyboard-share": keyboard_share,
    "tabs-opened": tabs_opened,
}


def meets(expectation: Expectation, steps: Sequence[Step]) -> bool:
    """Whether the steps meet an expectation of a persona's file. Raises KeyError for an unknown measure."""
    value = MEASURES[expectation.measure](steps)
    low, high = expectation.at_least, expectation.at_most
    return (low is None or value >= low) and (high is None or value <= high)
