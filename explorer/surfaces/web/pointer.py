"""The pointer: finds where an element is in the top window, and moves and clicks there, as real input over CDP."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from explorer.surfaces.web.cdp import CdpError, Json
from explorer.surfaces.web.login_typing import GONE
from explorer.surfaces.web.state import FrameState
from explorer.surfaces.web.tab import Tab
from flows.step import Action


@dataclass(slots=True)
class Pointer:
    """Points at elements of the tab's last observation. Methods may raise CdpError."""

    tab: Tab

    def element(self, ref: str) -> tuple[FrameState, int] | None:
        """The frame of an element, and the number of the element in this frame.

        None if the reference does not come from the last observation, or if the frame is gone."""
        index, _, number = ref.partition(":")
        if not (index.isdigit() and number.isdigit()) or int(index) >= len(self.tab.shown):
            return None
        frame = self.tab.shown[int(index)]
        return (frame, int(number)) if frame.id in self.tab.watch.frames and frame.context else None

    async def ask(self, action: Action, function: str, *more: Any) -> tuple[FrameState, Json] | None:
        """Call a function of the page script (`__tw`) on the action's element. Returns its frame and the answer.

        None if the frame is gone. `more` are further arguments of the function."""
        found = self.element(action.ref)
        if found is None:
            return None
        arguments = ",".join(json.dumps(a) for a in (found[1], *more))
        answer = await self.tab.evaluate(found[0], f"__tw.{function}({arguments})")
        return found[0], {"gone": 1} if answer is None else answer

    async def spot(self, action: Action) -> tuple[float, float] | str:
        """The point in the top window at which to click the action's element, or a sentence that says why not."""
        asked = await self.ask(action, "locate")
        if asked is not None and "covered" in asked[1]:
            # A menu that is open because the pointer rests on it goes when the pointer goes.
            await self.rest_on(0, 0)
            asked = await self.ask(action, "locate")
        if asked is None or "gone" in asked[1]:
            return GONE
        frame, spot = asked
        for word, sentence in (
            ("hidden", "The control cannot be seen."),
            ("outside", "The control cannot be scrolled into view."),
        ):
            if word in spot:
                return sentence
        if "covered" in spot:
            return f"Something lies on top of it: «{spot['covered']}»."
        return await self._in_window(frame, spot["x"], spot["y"])

    async def rest_on(self, x: float, y: float) -> None:
        """Move the pointer to a point of the top window, in CSS pixels. It stays there."""
        await self.send(self.tab.session, "Input.dispatchMouseEvent", {"type": "mouseMoved", "x": x, "y": y})

    async def _in_window(self, frame: FrameState, x: float, y: float) -> tuple[float, float] | str:
        """Convert a point of a frame to a point of the top window. Returns a sentence if it cannot be clicked there."""
        levels: list[tuple[FrameState, float, float]] = []
        while frame.parent:
            above = self.tab.watch.frames.get(frame.parent)
            if above is None:
                return GONE
            origin = await self.tab.evaluate(above, f"__tw.frameAt({json.dumps(frame.id)})")
            if not origin:
                return "The frame of the control cannot be seen."
            x, y = x + origin[0], y + origin[1]
            levels.append((frame, x, y))
            frame = above
        for child, cx, cy in levels:
            above = self.tab.watch.frames[child.parent]
            over = await self.tab.evaluate(above, f"__tw.frameHit({json.dumps(child.id)},{cx},{cy})")
            if over != "ok":
                return f"Something lies on top of it: «{over}»." if over else "The frame cannot be scrolled into view."
        return x, y

    async def click(self, x: float, y: float, times: int) -> None:
        """Click at a point of the top window, in CSS pixels; at most 20 times."""
        session = self.tab.session
        at: Json = {"x": x, "y": y, "button": "left"}
        await self.rest_on(x, y)
        for count in range(1, min(times, 20) + 1):
            await self.send(
                session, "Input.dispatchMouseEvent", {"type": "mousePressed", "clickCount": count, "buttons": 1, **at}
            )
            await self.send(session, "Input.dispatchMouseEvent", {"type": "mouseReleased", "clickCount": count, **at})

    async def send(self, session: str, method: str, params: Json, limit: float = 4.0) -> None:
        """Send an input event, and wait for the answer until a dialog opens or the page is gone.

        Raises CdpError if there is no answer within `limit` seconds."""
        watch = self.tab.watch
        task = asyncio.get_running_loop().create_task(watch.cdp.call(session, method, params, limit))
        while not task.done():
            watch.stir.clear()
            if self.tab.page in watch.dialogs or session not in watch.targets:
                task.cancel()
                break
            waiter = asyncio.get_running_loop().create_task(watch.stir.wait())
            await asyncio.wait({task, waiter}, return_when=asyncio.FIRST_COMPLETED)
            waiter.cancel()
        try:
            await task
        except asyncio.CancelledError:
            current = asyncio.current_task()
            if current is not None and current.cancelling():
                raise
        except CdpError:
            if session in watch.targets:
                raise
