"""A session without Appium: it shows pages one after the other and keeps what it was asked to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from selenium.common.exceptions import WebDriverException

from explorer.surfaces.android.driver import Driver


@dataclass
class Session:
    """`pages` are shown in turn, the last one for ever; an exception among them is what Appium says instead."""

    pages: Sequence[str | Exception] = ("<hierarchy/>",)
    refuses: str = ""
    """What Appium says to every script; empty: it does as it is told."""
    done: list[tuple[str, Any]] = field(default_factory=list)
    capabilities: dict[str, float] = field(default_factory=lambda: {"pixelRatio": 2.0})
    orientation: str = "PORTRAIT"
    shown: int = 0
    left: bool = False
    keyboard: bool = False
    id: str = "field"

    @property
    def page_source(self) -> str:
        page = self.pages[min(self.shown, len(self.pages) - 1)]
        self.shown += 1
        if isinstance(page, Exception):
            raise page
        return page

    def execute_script(self, name: str, more: dict[str, Any]) -> None:
        if self.refuses:
            raise WebDriverException(self.refuses)
        self.done.append((name.removeprefix("mobile: "), more))

    def press_keycode(self, code: int) -> None:
        self.done.append(("key", code))

    def back(self) -> None:
        self.done.append(("back", None))

    def is_keyboard_shown(self) -> bool:
        return self.keyboard

    def find_element(self, by: str, path: str) -> Session:
        return self

    def quit(self) -> None:
        self.left = True


async def driver(session: Session, absence: str = "") -> Driver:
    """A driver of this session; `absence` is why its device is gone."""

    async def absent() -> str:
        return absence

    made = Driver("emulator-5554", absent)
    await made.begin(lambda: session)
    return made
