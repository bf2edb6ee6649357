"""«Seen on the way»: flaws that no journey depends on. Each is listed once, with a step that leads to it. Pure.

Flaws are separate from findings and verdicts, and never change a verdict or an exit code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from flows.flaw import RULES, Flaw, Weight
from flows.judge.flaws import flaws_of
from flows.recognise.fingerprint import place
from flows.step import Step
from reports.journal.events import ScreenSeen
from reports.page_model import doing
from reports.summary import SessionView, Summary
from reports.text_display import count, listed, without_values

_ORDER = list(Weight)
MANY = 15
"""If there are more flaws than this, the page collapses the sections of the less severe ones."""
MOST_WAYS = 50
"""How many sessions are kept for one flaw; further ones are only counted."""


@dataclass(frozen=True, slots=True)
class Way:
    """A session that met the flaw, and the step after which it appeared."""

    session: str
    step: int
    action: str = ""
    label: str = ""
    picture: str = ""

    @property
    def did(self) -> str:
        """The step in words."""
        return f"{self.action} «{self.label}»" if self.label else self.action

    @property
    def link(self) -> str:
        """Path of the screenshot, relative to the run folder."""
        return quote(self.picture)


@dataclass(slots=True)
class Sighting:
    """One flaw.

    `address` and `title` are those of the first screen that shows it, and empty if it belongs to no screen. If an audit
    reports the same text for the same control on several screens (a footer), it is one flaw."""

    rule: str
    weight: Weight
    text: str
    control: str
    detail: str
    address: str
    title: str
    ways: list[Way] = field(default_factory=list)
    more_ways: int = 0
    places: dict[str, None] = field(default_factory=dict)
    """The addresses of all screens that show it."""

    @property
    def headline(self) -> str:
        """The title of the rule or, for a rule of axe-core, the text that axe-core gives."""
        return RULES.get(self.rule, self.text)

    @property
    def reach(self) -> Way | None:
        return self.ways[0] if self.ways else None


@dataclass(frozen=True, slots=True)
class Untried:
    """A screen, and the controls that no session tried there."""

    address: str
    title: str
    controls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """All flaws, worst first, the screens with untried controls, and the screens that could not be audited."""

    sights: tuple[Sighting, ...]
    untried: tuple[Untried, ...]
    unaudited: tuple[str, ...]

    @property
    def counts(self) -> dict[Weight, int]:
        """The number of flaws of each weight, worst first, without zeros."""
        found = Counter(s.weight for s in self.sights)
        return {w: found[w] for w in _ORDER if found[w]}

    @property
    def weighed(self) -> list[tuple[Weight, list[Sighting]]]:
        """Pairs of a weight and its flaws, worst first."""
        return [(w, [s for s in self.sights if s.weight is w]) for w in self.counts]

    @property
    def unfolded(self) -> list[Weight]:
        """The weights whose sections are open on the page: all if there are few flaws, else the worst ones."""
        shown, told = 0, list[Weight]()
        for weight, number in self.counts.items():
            shown += number
            if shown > MANY and told:
                break
            told.append(weight)
        return told

    @property
    def rules(self) -> list[tuple[str, str]]:
        """The rules that occur, with their titles, sorted by title."""
        return sorted(dict.fromkeys((s.rule, s.headline) for s in self.sights), key=lambda r: r[1])

    def by(self, session: str) -> OnTheWay:
        """The flaws that one session met."""
        mine = (s for s in self.sights if any(w.session == session for w in s.ways))
        return OnTheWay(tuple(mine), (), ())

    @property
    def told(self) -> str:
        """The counts in words («2 serious and 5 minor»); empty if there are no flaws."""
        return listed([f"{n} {w.value}" for w, n in self.counts.items()])


def on_the_way(summary: Summary) -> OnTheWay:
    """The flaws that the observed sessions of a run met."""
    problems = dict.fromkeys(a.problem for v in summary.sessions for a in v.audits if a.problem)
    return OnTheWay(tuple(_sights(summary)), tuple(_untried(summary)), tuple(problems))


def _sights(summary: Summary) -> list[Sighting]:
    found: dict[tuple[str, str, str, str], Sighting] = {}
    met: set[tuple[tuple[str, str, str, str], str]] = set()
    seen_by = _seen_by(summary)
    for view in summary.sessions:
        screens = {s.fingerprint: s for s in reversed(view.screens)}
        steps = {s.n: s for s in view.steps}
        for flaw, audited in _flaws(view):
            screen = screens.get(flaw.screen)
            address, title = _where(flaw, screen, steps.get(flaw.step))
            where = flaw.detail if audited else "" if flaw.everywhere else place(address)
            key = (flaw.rule, where, flaw.control, flaw.text)
            sight = found.setdefault(
                key,
                Sighting(flaw.rule, flaw.weight, flaw.text, flaw.control, flaw.detail, without_values(address), title),
            )
            if address:
                sight.places.setdefault(without_values(address))
            for way in [_way(view, flaw.step, screen), *(_others(flaw, view, seen_by) if audited else ())]:
                if (key, way.session) not in met:
                    met.add((key, way.session))
                    _add(sight, way)
    return sorted(found.values(), key=lambda s: (_ORDER.index(s.weight), s.rule, s.address, s.control, s.text))


def _flaws(view: SessionView) -> Iterator[tuple[Flaw, bool]]:
    """All flaws of a session. The flag is true if an audit of a screen found the flaw."""
    for flaw in flaws_of(view.steps, list(view.signals.values()), list(view.exchanges.values())):
        yield flaw, False
    for audit in view.audits:
        for flaw in audit.flaws:
            yield flaw, True


def _add(sight: Sighting, way: Way) -> None:
    if len(sight.ways) < MOST_WAYS:
        sight.ways.append(way)
    else:
        sight.more_ways += 1


def _where(flaw: Flaw, screen: ScreenSeen | None, step: Step | None) -> tuple[str, str]:
    """Address and title of the screen that shows the flaw; empty if it belongs to the whole app."""
    at = None if flaw.everywhere else screen or step
    return (at.address, at.title) if at is not None else ("", "")


def _way(view: SessionView, number: int, screen: ScreenSeen | None) -> Way:
    step = view.step(number)
    if step is None:
        return Way(view.id, number)
    verb, label = doing(step.decision.action)
    picture = step.screenshot or (screen.screenshot if screen is not None else "")
    return Way(view.id, number, verb, label, picture)


def _seen_by(summary: Summary) -> dict[tuple[str, str], list[tuple[SessionView, ScreenSeen]]]:
    """(device, screen) → the sessions that saw the screen. Only one of these sessions audits it."""
    found: dict[tuple[str, str], list[tuple[SessionView, ScreenSeen]]] = {}
    for view in summary.sessions:
        for screen in view.screens:
            found.setdefault((view.device, screen.fingerprint), []).append((view, screen))
    return found


def _others(
    flaw: Flaw, view: SessionView, seen_by: dict[tuple[str, str], list[tuple[SessionView, ScreenSeen]]]
) -> Iterator[Way]:
    """The other sessions on the same device that saw the screen of a flaw. For flaws that an audit found."""
    for other, screen in seen_by.get((view.device, flaw.screen), ()):
        if other is not view:
            yield _way(other, screen.step, screen)


def _untried(summary: Summary) -> Iterator[Untried]:
    """For each screen, the controls that no completed session tried."""
    left: dict[str, Untried] = {}
    for view in summary.sessions:
        if not view.finished:
            continue  # the session was cut off, so it is unknown what it would have tried
        for screen in {s.fingerprint: s for s in reversed(view.screens)}.values():
            known = left.get(screen.fingerprint)
            names = screen.untried if known is None else tuple(n for n in known.controls if n in screen.untried)
            left[screen.fingerprint] = Untried(without_values(screen.address), screen.title, names)
    yield from sorted((u for u in left.values() if u.controls), key=lambda u: (u.address, u.title, u.controls))


def top(seen: OnTheWay, most: int) -> list[str]:
    """The worst flaws, in one line each, for the short report formats."""
    return [_sentence(sight) for sight in seen.sights[:most]]


def _sentence(sight: Sighting) -> str:
    about = f" ({sight.control})" if sight.control else ""
    where = f" at {sight.address}" if sight.address else ""
    way = sight.reach
    reach = f"; {way.session}, step {way.step}" if way is not None else ""
    others = len(sight.ways) + sight.more_ways - 1
    also = f" and {count(others, 'further session')}" if others > 0 else ""
    return f"{sight.weight.value}: {sight.headline}{about}{where}{reach}{also}"
