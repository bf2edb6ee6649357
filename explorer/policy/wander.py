"""Looking around: which controls may lead to unseen entries, and which ones a curious person would press."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from explorer.policy.permission import Permission, Purpose
from flows.graph import FlowGraph, Walkable
from flows.recognise.acts import acts_of
from flows.recognise.entries import EXPANDS, is_export, jumps_over, looks_harmful, may_press, only_tunes
from flows.recognise.forms import PRESSABLE, forms
from flows.recognise.icons import called, words_for
from flows.recognise.lexicon import HUB, LOGIN, LOGOUT, MENU, SIGNUP, SUBMIT, UNSUBMIT, plain, says
from flows.screen import HOVER, Element, Screen
from flows.step import Action

_PERMITTED = 0.6
"""The score (see `_promise`) of a control whose act `--allow` names, because the user wants to see what it does."""
_PLACES = {"navigation": 1.0, "banner": 0.6, "main": 0.2, "contentinfo": -0.2}
"""Region → what it adds to the score (see `_promise`) of its controls."""


@dataclass(slots=True)
class Wanderer:
    """Remembers which controls each screen has and which of them were pressed, and finds the way to the others."""

    site: Callable[[str], bool]
    graph: FlowGraph
    walkable: Walkable
    permission: Permission = field(default_factory=Permission)
    keyboard: bool = False
    """Whether the persona uses only the keyboard, so that it cannot hover."""
    pressed: set[str] = field(default_factory=set)
    """Keys of all elements pressed so far."""
    _offers: dict[str, dict[str, tuple[float, str]]] = field(default_factory=dict)
    """Screen → key of a control that looks worth pressing there → the control's score (see `_promise`) and label."""
    _left: dict[str, set[str]] = field(default_factory=dict)
    """Screen → keys of the controls that must not be pressed there."""
    _kinds: set[str] = field(default_factory=set)

    def notice(self, mark: str, screen: Screen) -> None:
        """Remember the controls of a screen. `mark` is the screen's fingerprint."""
        offers, left = self._offers.setdefault(mark, {}), self._left.setdefault(mark, set())
        senders = {c.key for form in forms(screen) if (c := form.submit()) is not None and c.role != "link"}
        for element in screen.elements:
            if element.key in offers or element.key in left:
                continue
            if element.role in PRESSABLE and not self.permission.may(element, screen, Purpose.LOOK):
                left.add(element.key)
            if element.key in senders or element.key in left:
                continue
            promise = self._promise(element)
            if promise > 0.5:
                self._kinds.add(_kind(element))
            if promise > 0 and len(offers) < 60:
                offers[element.key] = (promise, called(element)[:60])

    def _promise(self, element: Element) -> float:
        """A score of how likely it is that a control leads somewhere new; 0 if it should not be pressed."""
        if element.role == HOVER:
            return 0.0 if self.keyboard else 0.6 + _PLACES.get(element.region, 0.0)
        if element.role not in PRESSABLE or not element.enabled or element.download:
            return 0
        if acts_of(element) and not says(LOGOUT, element.name):
            return _PERMITTED  # `--allow` names what it does, or it would have been left alone
        if (
            element.role in ("option", "switch")
            or not may_press(element)
            or looks_harmful(element)
            or only_tunes(element)
            or jumps_over(element)
            or is_export(element)
        ):
            return 0
        if element.href and not self.site(element.href):
            return 0
        name = plain(element.name) or " ".join(words_for(element))
        if element.kind == "submit" or (element.group and element.role == "button" and says(SUBMIT, name)):
            return 0
        if says(UNSUBMIT, name) and len(name) < 24:
            return 0
        if says(MENU, name) and len(name) < 30:
            return 3.0
        if says(SIGNUP, name) or says(LOGIN, name):
            return 0
        score = {"link": 0.5, "tab": 0.7, "menuitem": 0.8, "button": 0.4, "clickable": 0.4}.get(element.role, 0.3)
        score += _PLACES.get(element.region, 0.0)
        score += 0.8 if EXPANDS in element.hints and element.region in ("navigation", "banner") else 0.0
        score += 0.8 if says(HUB, name) and len(name) < 40 else 0.0
        return max(score - (0.3 if element.frame else 0.0), 0.05)

    def best_here(self, mark: str, screen: Screen, least: float = 0.0) -> Element | None:
        """The most promising control of this screen that was never pressed and whose score is above `least`. None if
        there is none. `mark` is the screen's fingerprint."""
        offers = self._offers.get(mark, {})
        usable = [
            e for e in screen.elements if e.key in offers and e.key not in self.pressed and offers[e.key][0] > least
        ]
        return max(usable, key=lambda e: offers[e.key][0], default=None)

    def way_to_more(self, mark: str, least: float = 0.0) -> Action | None:
        """The first action on the way to the nearest known screen with something untried."""
        ways = []
        for other, offers in self._offers.items():
            if other != mark and any(k not in self.pressed and p > least for k, (p, _) in offers.items()):
                path = self.graph.path(mark, other, self.walkable)
                if path:
                    ways.append(path)
        return min(ways, key=len)[0] if ways else None

    @property
    def doors(self) -> int:
        """How many kinds of promising controls were seen so far. `_kind` says which controls are of one kind."""
        return len(self._kinds)

    @property
    def untried(self) -> list[str]:
        """The labels of controls that were never pressed, each label once."""
        labels = (
            label for offers in self._offers.values() for key, (_, label) in offers.items() if key not in self.pressed
        )
        return list(dict.fromkeys(labels))

    @property
    def untried_at(self) -> dict[str, tuple[str, ...]]:
        """Fingerprint of a screen → the labels of its unpressed controls. Screens without any are omitted."""
        left = {
            mark: tuple(dict.fromkeys(label for key, (_, label) in offers.items() if key not in self.pressed))
            for mark, offers in self._offers.items()
        }
        return {mark: labels for mark, labels in left.items() if labels}


def _kind(element: Element) -> str:
    """The kind of a control. In a menu, each control is a kind of its own.

    On a page, links whose addresses differ only at their end are of one kind, and so are controls that unfold in place.
    """
    if element.region in ("navigation", "banner") or element.role in ("tab", "menuitem"):
        return element.key
    path, _, query = element.href.partition("#")[0].partition("?")
    names = sorted(part.partition("=")[0] for part in query.split("&"))
    return "|".join((element.role, path.rpartition("/")[0], *names))
