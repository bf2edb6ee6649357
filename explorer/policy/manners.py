"""Interruptions: native dialogs, browser error pages, foreign sites, consent banners, and what covers a control."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from explorer.policy.boxes import decides, dismisses, is_cross, own_words, words_around
from explorer.policy.permission import Permission, Purpose
from flows.recognise.fields import is_field
from flows.recognise.icons import says_nothing
from flows.recognise.lexicon import (
    AGREE,
    CLOSE,
    CONSENT,
    COOKIES,
    developer_words,
    is_sentence,
    plain,
    says,
    says_whole,
)
from flows.recognise.matcher import Group, Words
from flows.screen import Element, Screen
from flows.step import Action, ActionKind

OVERLAY = Group("developers", "overlay")


@dataclass(slots=True)
class Manners:
    """Deals with interruptions. It counts what it presses, so that no control is pressed without end."""

    site: Callable[[str], bool]
    keyboard: bool
    permission: Permission = field(default_factory=Permission)
    _pressed: dict[str, int] = field(default_factory=dict)
    _escapes: int = 0

    def interruption(self, screen: Screen, *, busy: bool, own: bool = False) -> tuple[Action, str] | None:
        """An action that has to come first, and why; None if there is none.

        `busy`: a journey is under way, so the session may be on another site. `own`: the last action pressed the
        control that sends the journey's form.
        """
        if screen.dialog:
            kind = ActionKind.ACCEPT if self.permission.accepts(screen.dialog, own=own) else ActionKind.DISMISS
            return Action(kind, label=screen.dialog[:80]), "answer the dialog"
        if screen.error:
            return self._escape(screen), "leave the browser's error page"
        foreign = screen.address.startswith(("http:", "https:")) and not self.site(screen.address)
        foreign = foreign or not self.permission.within(screen.address)
        if foreign and not busy:
            return self._escape(screen), "go back to the site"
        self._escapes = 0
        banner = self._consent(screen)
        if banner is not None:
            return self._tap(banner), "answer the consent banner"
        return None

    def uncovered(self, screen: Screen, wanted: Element | None) -> tuple[Action, str] | None:
        """An action that uncovers the element that is needed next, and why.

        None if the element is not covered, or if nothing uncovers it."""
        if wanted is None or not wanted.covered or wanted.region == "dialog":
            return None
        inside = [e for e in screen.elements if e.region == "dialog" or says(OVERLAY, developer_words(e.group))]
        closing = self._closing(inside, screen)
        tried = self._pressed.get("Escape", 0) + (self._pressed.get(f"Escape|{inside[0].key}", 0) if inside else 0)
        if closing is None and tried < 2:
            closing = self._press_escape("Escape")
        if closing is not None:
            return closing, "close what is in the way"
        answer = self._unread_answer(screen)
        return (self._tap(answer), "answer what is in the way") if answer is not None else None

    def _unread_answer(self, screen: Screen) -> Element | None:
        """The first untried answer of a dialog whose labels are in a writing system that we cannot read.

        None if the dialog has a field, or fewer than two such answers. None on a public target, because nobody knows
        what such an answer does. The caller has tried Escape first."""
        inside = [e for e in screen.elements if e.region == "dialog" and e.enabled]
        unread = [e for e in inside if e.role in ("button", "clickable") and says_nothing(e) and plain(e.name)]
        if self.permission.strict or len(unread) < 2 or any(is_field(e) or e.asks or e.sends for e in inside):
            return None
        return next((e for e in unread if self._fresh(e) and self.permission.may(e, screen, Purpose.LOOK)), None)

    def left_open(self, screen: Screen) -> Action | None:
        """An action that closes an open dialog of the page; None if there is none."""
        inside = [e for e in screen.elements if e.region == "dialog"]
        closable = any(says_whole(CLOSE, plain(e.name).strip(" .!")) for e in inside)
        return self._closing(inside, screen) if closable else None

    def _closing(self, inside: Sequence[Element], screen: Screen) -> Action | None:
        """An action that closes the dialog or overlay with these elements; None if nothing closes it.

        A cross is tried first, then a control such as «Not now». On a public target, the Escape key comes before
        both, because it can only close."""
        able = [e for e in inside if self.permission.closes(e, screen) and self._fresh(e)]
        escape = f"Escape|{inside[0].key}" if inside else ""
        if inside and self.permission.strict and not screen.native and escape not in self._pressed:
            return self._press_escape(escape)
        able.sort(key=lambda e: (not is_cross(e), not dismisses(e)))
        return self._tap(able[0]) if able else None

    def _press_escape(self, key: str) -> Action:
        self._pressed[key] = self._pressed.get(key, 0) + 1
        return Action(ActionKind.PRESS, text="Escape", label="Escape")

    def _escape(self, screen: Screen) -> Action:
        """The next way out: the first tab if there are several, then back, and at last the app's start."""
        self._escapes += 1
        if screen.windows > 1 and self._escapes == 1:
            return Action(ActionKind.SWITCH, text="0", label="first tab")
        if self._escapes <= 2:
            return Action(ActionKind.BACK, label="back")
        return Action(ActionKind.OPEN, label="start")

    @property
    def lost(self) -> bool:
        """Whether all ways out failed: neither back nor the app's start led back to the site."""
        return self._escapes > 4

    def _consent(self, screen: Screen) -> Element | None:
        """The first control that answers a banner about cookies or privacy."""
        return next((e for e in screen.elements if self.consents(e, screen) and self._fresh(e)), None)

    def consents(self, element: Element, screen: Screen) -> bool:
        """Whether a control answers a banner about cookies or privacy.

        On a public target, a sentence about cookies must stand in the control's own block. One elsewhere in its dialog
        or frame is enough only if the control's name or a developer's words name cookies, too."""
        if element.role not in ("button", "clickable", "link") or not element.enabled:
            return False
        if not _is_whole(AGREE, element.name) or not self.permission.may_consent(element, screen):
            return False
        named = says(CONSENT, developer_words(f"{element.group} {' '.join(element.hints)}"))
        apart = element.region in ("dialog", "complementary", "contentinfo", "banner") or bool(element.frame) or named
        if self.permission.strict:
            own = says(COOKIES, element.name)
            told = words_around(element, screen) if own else own_words(element, screen, named=named)
            sentence = any(says(COOKIES, text) and is_sentence(text) for text in told)
            whole = apart or (len(plain(element.name).split()) > 1 and not decides(element))
            return sentence and (own or whole) and not element.asks and not element.href.startswith("http")
        spoken = [
            t.text
            for t in screen.texts
            if t.frame == element.frame and (not element.region or t.region == element.region or t.role == "dialog")
        ]
        said = named or says(CONSENT, element.name) or any(says(CONSENT, s) for s in spoken)
        return said and (apart or not element.region)

    def _fresh(self, element: Element) -> bool:
        return self._pressed.get(element.key, 0) < 3

    def _tap(self, element: Element) -> Action:
        self._pressed[element.key] = self._pressed.get(element.key, 0) + 1
        return Action(
            ActionKind.TAP,
            element.ref,
            element.key,
            label=element.name[:80],
            keyboard=self.keyboard,
            frame=element.frame,
        )


def _is_whole(words: Words, name: str) -> bool:
    text = plain(name).strip(" .!")
    return bool(text) and len(text) <= 40 and says_whole(words, text)
