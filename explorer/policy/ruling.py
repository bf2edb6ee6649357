"""The ruling on whether a control may be pressed, and tests of controls that lead to it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from flows.recognise.lexicon import SUBMIT, plain, says
from flows.refusal import Reason
from flows.screen import Element, Screen


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether a control may be pressed. If not, `reason` says why, and `kind` is what `--allow` must name to permit
    it."""

    reason: Reason | None = None
    kind: str = ""

    @property
    def allowed(self) -> bool:
        return self.reason is None


YES = Ruling()


def is_native_way(element: Element, screen: Screen) -> bool:
    """Whether a control of a native app only leads to another screen: a tab, a menu item, or a row of a list.

    A row is an element that can be clicked and is no button. If its size is known, it must be at least half as wide as
    the screen, and at least twice as wide as high. A button («SOS», «Call driver») may perform an act.
    """
    if not screen.native or element.kind == "submit" or says(SUBMIT, plain(element.name)):
        return False
    width, height = element.box[2:]
    flat = not width or (2 * width >= screen.viewport[0] and 2 * height <= width)
    return element.role in ("link", "tab", "menuitem", "option") or (element.role == "clickable" and flat)


def asks(name: str) -> bool:
    """Whether the name is a question of several words, like an entry of a FAQ."""
    return name.endswith(("?", "？", "؟")) and (len(name.split()) >= 4 or (len(name) >= 8 and not name.isascii()))
