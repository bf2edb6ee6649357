"""Tells the system's dialog about the explored app («keeps stopping», «isn't responding») from those about other apps.

Both have the same resource ids. «System UI isn't responding» is common on slow emulators
(ReactiveCircus/android-emulator-runner#129). The log's events name the process (`am_crash`, `am_anr`); a dialog without
such an event is another app's, and is closed as a person would.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass

from explorer.devices.android.device import AndroidDevice
from explorer.devices.android.tools import AndroidError
from explorer.surfaces.android.driver import CallFailed, Driver
from explorer.surfaces.android.hands import POLL, Hands
from explorer.surfaces.android.log import LogFollower
from explorer.surfaces.android.screen import Parsed, Unreadable, read

HEARD = 2.0
"""Seconds that the event of a dialog may be behind the dialog itself."""
_BUTTONS = ("aerr_wait", "aerr_close", "aerr_mute", "aerr_restart")


@dataclass(slots=True)
class ErrorDialogs:
    """The dialogs on one device. `package` is the explored app."""

    driver: Driver
    device: AndroidDevice
    log: LogFollower
    package: str
    _own: str = ""
    """The text of the last dialog about the explored app."""

    async def foreign(self, source: str) -> str:
        """Close the dialog about another app on this screen. Returns its text; empty if there is none.

        A dialog about the explored app stays: it is what happened."""
        if "aerr_" not in source:
            return ""
        try:
            parsed = read(source)
        except Unreadable:
            return ""
        text = parsed.screen.dialog
        place = next((parsed.buttons[name] for name in _BUTTONS if name in parsed.buttons), None)
        if not text or place is None or await self._is_own(text, parsed):
            return ""
        with contextlib.suppress(CallFailed):  # it has gone by itself
            await Hands(self.driver, parsed).tap(place)
        return text

    async def _is_own(self, text: str, parsed: Parsed) -> bool:
        if text == self._own:
            return True
        for _ in range(round(HEARD / POLL)):
            if self.log.crashed:
                break
            await asyncio.sleep(POLL)
        if not self.log.crashed and not self.log.connected and parsed.system == "crash":  # the log cannot tell
            with contextlib.suppress(AndroidError):
                self.log.crashed = "" if await self.device.running(self.package) else "crash"
        if self.log.crashed:
            self._own = text
        return bool(self.log.crashed)
