"""Performs actions on an Android device through Appium: taps, typing, scrolling and rotation."""

from __future__ import annotations

import asyncio
import contextlib
import re
from dataclasses import dataclass
from typing import Any

from appium.webdriver.common.appiumby import AppiumBy

from explorer.surfaces.android.driver import CallFailed, Driver
from explorer.surfaces.android.screen import ACCEPT_IDS, DISMISS_IDS, Parsed, Place, as_attribute

POLL = 0.1
"""Seconds between two reads of the screen while we wait for a change."""
PICKER_LIMIT = 8.0
"""Seconds without anything new in a list after which the search for an entry ends."""
MAX_SCROLLS = 40
"""How often a list is scrolled at most, in search of a file or an option."""
_KEYS = {"Enter": 66, "Tab": 61, "Escape": 111, "Backspace": 67, "Space": 62}


@dataclass(slots=True)
class Hands:
    """Performs actions on the screen that was read last (`parsed`).

    A method that returns a text returns a problem as a sentence, or an empty string. If Appium refuses a call, the
    method raises `CallFailed`."""

    driver: Driver
    parsed: Parsed

    async def back(self) -> None:
        await self.driver.ask(lambda d: d.back())

    async def press(self, key: str) -> None:
        """Press a key by its name. An unknown name presses Enter."""
        await self.driver.ask(lambda d: d.press_keycode(_KEYS.get(key, _KEYS["Enter"])))

    async def tap(self, place: Place, times: int = 1) -> None:
        x, y = place.centre
        for _ in range(times):
            await self.driver.ask(lambda d: d.execute_script("mobile: clickGesture", {"x": x, "y": y}))

    async def tap_text(self, text: str, where: str) -> str:
        """Tap the element with exactly this text, once it appears. Scrolls a long list to find it.

        `where` is the list's name in messages. Returns a problem as a sentence, or an empty string."""
        loop = asyncio.get_running_loop()
        until, last, scrolled = loop.time() + PICKER_LIMIT, "", 0
        wanted = f'text="{as_attribute(text)}"'
        while wanted not in (source := await self.driver.page()):
            if loop.time() > until:
                return f"{where} did not offer «{text}»."
            if source == last and scrolled < MAX_SCROLLS:
                await self.scroll("down")
                if await self.driver.page() != source:  # there was more: the time is for a list that shows nothing new
                    scrolled, until = scrolled + 1, loop.time() + PICKER_LIMIT
            last = source
            await asyncio.sleep(POLL)
        found = re.search(rf'{re.escape(wanted)}[^>]*?bounds="\[(\d+),(\d+)\]\[(\d+),(\d+)\]"', source)
        if found is None:
            return f"{where} has no place to tap for «{text}»."
        left, top, right, bottom = (int(n) for n in found.groups())
        await self.tap(Place((left, top, right - left, bottom - top), "", ""))
        return ""

    async def type(self, place: Place, text: str) -> str:
        """Replace a field's text, then hide the keyboard, because it may cover the next control. Returns a problem
        as a sentence, or an empty string."""

        def replace(driver: Any) -> None:
            element = driver.find_element(AppiumBy.XPATH, place.xpath)
            driver.execute_script("mobile: replaceElementValue", {"elementId": element.id, "text": text})

        await self.tap(place)
        try:
            await self.driver.ask(replace)
        except CallFailed as problem:
            return f"The field does not take text: {problem}"
        with contextlib.suppress(CallFailed):  # Appium cannot tell whether a keyboard is up
            if await self.driver.ask(lambda d: bool(d.is_keyboard_shown())):
                await self.back()  # Appium's own way begins with Escape, which closes dialogs (AOSP, `Dialog.onKeyUp`)
        return ""

    async def scroll(self, direction: str) -> None:
        width, height = (int(n * self.driver.density) for n in self.parsed.screen.viewport)
        area = {"left": width // 10, "top": height // 4, "width": width * 8 // 10, "height": height // 2}
        way = {"direction": "up" if direction == "up" else "down", "percent": 0.9}
        with contextlib.suppress(CallFailed):  # nothing there scrolls
            await self.driver.ask(lambda d: d.execute_script("mobile: scrollGesture", {**area, **way}))

    async def answer(self, accept: bool) -> str:
        names = (*ACCEPT_IDS, "button1") if accept else (*DISMISS_IDS, "button2")
        place = next((self.parsed.buttons[name] for name in names if name in self.parsed.buttons), None)
        if place is None:
            await self.driver.ask(lambda d: d.back())
            return ""
        await self.tap(place)
        return ""

    async def rotate(self, to: str) -> None:
        """Turn the device. Raises CallFailed if the app is locked to one orientation."""
        await self.driver.ask(lambda d: setattr(d, "orientation", to.upper()))
