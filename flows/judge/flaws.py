"""Finds an app's flaws in the steps of a session: crashes, script errors, dead controls, endless spinners."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from flows.flaw import RULES, Flaw, Weight
from flows.incident import Symptom
from flows.screen import Element, Screen
from flows.signals import Exchange, Family, Signal
from flows.step import Action, ActionKind, Step

_PRESSABLE = frozenset({"button", "link", "tab", "menuitem", "switch", "clickable"})
"""Roles of elements that must react to a press.

Lists are not among them, because the browser shows their options outside the page. Fields are not either.
"""
_LASTING = frozenset({"websocket", "eventsource"})


def flaws_of(steps: Sequence[Step], signals: Sequence[Signal], exchanges: Sequence[Exchange]) -> Iterator[Flaw]:
    """Yields all flaws of one session: crashes, script errors, dead controls, then endless spinners."""
    yield from _crashes(steps, signals)
    yield from _script_errors(steps, signals)
    yield from _dead_controls(steps, signals, exchanges)
    yield from _spinners(steps)


def restless(before: Screen, after: Screen, action: Action) -> set[str]:
    """Returns the texts of clocks and counters, with their numbers masked: texts in which only the numbers change.

    Empty for a tap that stays at the same address, because the tap itself may have changed the numbers."""
    if action.kind is ActionKind.TAP and before.address == after.address:
        return set()
    old, new = {t.text for t in before.texts}, {t.text for t in after.texts}
    return {_numberless(t) for t in new - old} & {_numberless(t) for t in old - new}


def stayed(before: Screen, after: Screen, action: Action, moving: Collection[str] = ()) -> bool:
    """Whether a press on a visible control that should do something changed nothing on the screen but the focus.

    Texts in `moving`, which change by themselves (`restless`), count as unchanged if only their numbers differ.

    False for submit controls and for links within the page, because their effect may be invisible here: the browser's
    validation bubble, or a jump within the page.
    """
    element = next((e for e in before.elements if e.ref == action.ref), None)
    if element is None or action.kind is not ActionKind.TAP or element.role not in _PRESSABLE:
        return False
    if element.kind == "submit" or element.download or element.new_window or not element.enabled:
        return False
    if not element.in_viewport or element.covered or element.href.partition("#")[2] or _leads_away(element, before):
        return False
    return _told(before, moving) == _told(after, moving)


def _leads_away(element: Element, screen: Screen) -> bool:
    """Whether the element links to another page. Such a link is not dead, even if that page looks the same."""
    href = element.href.partition("#")[0]
    return bool(href) and not href.startswith("javascript:") and href != screen.address.partition("#")[0]


def _numberless(text: str) -> str:
    return re.sub(r"\d+", "#", text[:500])


def _told(screen: Screen, moving: Collection[str]) -> tuple[object, ...]:
    texts = tuple(replace(t, text=_numberless(t.text)) if _numberless(t.text) in moving else t for t in screen.texts)
    elements = tuple(
        (e.key, e.value, e.kind, e.href, e.box, e.enabled, e.checked, e.invalid, e.covered, e.options)
        for e in screen.elements
    )
    return (
        screen.address,
        screen.title,
        elements,
        texts,
        screen.frames,
        screen.busy,
        screen.dialog,
        screen.error,
        screen.windows,
        screen.downloads,
        screen.loaded,
    )


def _at(steps: Sequence[Step], moment: float) -> Step | None:
    return next((s for s in reversed(steps) if s.started <= moment), None)


def _crashes(steps: Sequence[Step], signals: Sequence[Signal]) -> Iterator[Flaw]:
    told: set[int] = set()
    for signal in (s for s in signals if s.family is Family.CRASH):
        step = _at(steps, signal.time)
        rule = "anr" if signal.signature == "anr" else "crash"
        told.add(step.n if step else 0)
        yield _crash(rule, step, _line(signal.error))
    for step in steps:
        rule = "anr" if step.seen == Symptom.ANR else "crash"
        if step.n not in told and (step.settled_as == "crashed" or step.seen in (Symptom.CRASH, Symptom.ANR)):
            yield _crash(rule, step, "")


def _crash(rule: str, step: Step | None, said: str) -> Flaw:
    after, number = (step.before or step.after, step.n) if step else ("", 0)
    return Flaw(rule, Weight.CRITICAL, said or f"{RULES[rule]}.", screen=after, step=number)


def _script_errors(steps: Sequence[Step], signals: Sequence[Signal]) -> Iterator[Flaw]:
    for signal in signals:
        if signal.family is Family.SCRIPT:
            step = _at(steps, signal.time)
            source = signal.url.partition("?")[0].partition("#")[0][:300]
            yield Flaw(
                "script-error",
                Weight.SERIOUS,
                _line(signal.text or signal.error),
                source,
                screen=step.after if step else "",
                step=step.n if step else 0,
                everywhere=True,
            )


def _dead_controls(steps: Sequence[Step], signals: Sequence[Signal], exchanges: Sequence[Exchange]) -> Iterator[Flaw]:
    """Controls that were pressed at least twice on the same screen and never had a visible effect or sent a request."""
    tries: dict[tuple[str, str], list[Step]] = {}
    alive: set[tuple[str, str]] = set()
    for number, step in enumerate(steps):
        action = step.decision.action
        if action.kind is not ActionKind.TAP or not action.key or step.problem or step.cut_short:
            continue
        mark = (step.before, action.key)
        end = steps[number + 1].started if number + 1 < len(steps) else math.inf
        if not step.stayed or step.cues or _asked_for(step, end, exchanges):
            alive.add(mark)
        else:
            tries.setdefault(mark, []).append(step)
    for mark, mine in tries.items():
        if len(mine) > 1 and mark not in alive:
            first = mine[0]
            threw = next(
                (
                    _line(s.text or s.error)
                    for s in signals
                    if s.family is Family.SCRIPT and first.started <= s.time <= mine[-1].settled + 1
                ),
                "",
            )
            detail = f"Pressed {len(mine)} times: nothing changed, and no request was sent"
            detail += f"; a script threw «{threw}»" if threw else ""
            label = first.decision.action.label or (first.target.name if first.target else "")
            yield Flaw(
                "dead-control",
                Weight.SERIOUS if threw else Weight.MODERATE,
                "Pressing it has no effect that could be seen",
                _named(first, label),
                detail,
                first.before,
                first.n,
            )


def _asked_for(step: Step, end: float, exchanges: Sequence[Exchange]) -> bool:
    """Whether the press sent a request, or may have sent data over a WebSocket or event stream that was open."""
    for exchange in exchanges:
        if exchange.background or exchange.initiator == "timer":
            continue
        if step.started <= exchange.started < end:
            return True
        open_ = not exchange.finished or exchange.finished > step.started
        if (
            exchange.place in _LASTING
            and exchange.frame == step.decision.action.frame
            and exchange.started < end
            and open_
        ):
            return True
    return False


def _named(step: Step, label: str) -> str:
    role = step.target.role if step.target else "control"
    return f"{'control' if role == 'clickable' else role} «{_line(label, 120)}»"


def _spinners(steps: Sequence[Step]) -> Iterator[Flaw]:
    """Yields spinners that outlasted the persona's patience and never ended on that screen later."""
    for step in steps:
        spun = step.settled_as == "busy" or step.seen == Symptom.ENDLESS_SPINNER
        ended = any(s.n > step.n and s.settled_as == "quiet" and s.after == step.after for s in steps)
        if spun and not ended:
            took = step.settled - step.started
            yield Flaw(
                "endless-spinner",
                Weight.SERIOUS,
                "It still turned when the persona’s patience was over",
                "",
                f"Watched for {took:.0f} s",
                step.after,
                step.n,
            )


def _line(text: str, limit: int = 300) -> str:
    """Returns the first line that is not blank, cut to `limit` characters."""
    return next((line.strip()[:limit] for line in text[:4000].splitlines() if line.strip()), "")
