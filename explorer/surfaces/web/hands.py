"""Carries out a persona's actions in the browser over CDP: taps, typing, choosing, uploads, tabs and dialogs.

Taps and keys are real input events."""

from __future__ import annotations

import asyncio
from pathlib import Path

from explorer.surfaces.web.cdp import Json
from explorer.surfaces.web.guard import CredentialGuard
from explorer.surfaces.web.login_typing import GONE, give
from explorer.surfaces.web.pointer import Pointer
from explorer.surfaces.web.tab import Tab
from flows.step import Action, ActionKind

_KEYS: dict[str, tuple[str, int, str]] = {  # key → code, virtual key code, text
    "Enter": ("Enter", 13, "\r"),
    "Tab": ("Tab", 9, ""),
    "Escape": ("Escape", 27, ""),
    "Backspace": ("Backspace", 8, ""),
    "Delete": ("Delete", 46, ""),
    " ": ("Space", 32, " "),
    "Space": ("Space", 32, " "),
    "ArrowDown": ("ArrowDown", 40, ""),
    "ArrowUp": ("ArrowUp", 38, ""),
    "ArrowLeft": ("ArrowLeft", 37, ""),
    "ArrowRight": ("ArrowRight", 39, ""),
    "PageDown": ("PageDown", 34, ""),
    "PageUp": ("PageUp", 33, ""),
    "Home": ("Home", 36, ""),
    "End": ("End", 35, ""),
    "Shift": ("ShiftLeft", 16, ""),
}
_SET = frozenset({"date", "time", "datetime-local", "month", "week", "color", "range"})
_LEAVES = frozenset({ActionKind.OPEN, ActionKind.RELAUNCH, ActionKind.BACK, ActionKind.SWITCH, ActionKind.WAIT})
"""The kinds of action that are possible in a crashed tab."""
_SPACED = frozenset({"checkbox", "radio", "switch"})


class Hands:
    """Carries out actions. Each method returns a problem as a sentence, or an empty string.

    May raise CdpError, and NotHere where the login may not be typed."""

    def __init__(self, tab: Tab, guard: CredentialGuard | None = None) -> None:
        self._tab = tab
        self._guard = guard
        self._pointer = Pointer(tab)

    async def do(self, action: Action) -> str:  # noqa: PLR0912 - one case for each kind of action
        if self._tab.dialog_text() and action.kind not in (ActionKind.ACCEPT, ActionKind.DISMISS, ActionKind.WAIT):
            return "A dialog of the browser is open and must be answered first."
        if self._tab.crashed and action.kind not in _LEAVES:
            return "The tab has crashed and takes no input."
        match action.kind:
            case ActionKind.OPEN:
                return await self._go(self._tab.target_url)
            case ActionKind.TAP:
                return await (self._by_keyboard(action) if action.keyboard else self._tap(action))
            case ActionKind.HOVER:
                return await self._hover(action)
            case ActionKind.TYPE:
                return await self._type(action)
            case ActionKind.PRESS:
                return await self._press(action.text or "Enter", action)
            case ActionKind.CHOOSE:
                return await self._choose(action)
            case ActionKind.UPLOAD:
                return await self._upload(action)
            case ActionKind.SCROLL:
                frame = self._tab.watch.frames[self._tab.page]
                await self._tab.evaluate(frame, f"__tw.scroll({-1 if action.text == 'up' else 1})")
                return ""
            case ActionKind.BACK:
                return await self._back()
            case ActionKind.RELAUNCH:
                return await self._relaunch()
            case ActionKind.SWITCH:
                return await self._switch(action.text)
            case ActionKind.ROTATE:
                return "A browser window cannot be rotated."
            case ActionKind.ACCEPT | ActionKind.DISMISS:
                return await self._answer(action.kind is ActionKind.ACCEPT, action.text)
            case _:
                return ""

    # -- pressing --------------------------------------------------------------------------------------------------

    async def _tap(self, action: Action) -> str:
        point = await self._pointer.spot(action)
        if isinstance(point, str):
            return point
        await self._pointer.click(*point, max(action.times, 1))
        return ""

    async def _hover(self, action: Action) -> str:
        """Rest the pointer on a control, and wait until the menu that this opens has finished appearing.

        The pointer stays there for the next action."""
        point = await self._pointer.spot(action)
        if isinstance(point, str):
            return point
        await self._pointer.rest_on(*point)
        found = self._pointer.element(action.ref)
        if found is not None:
            await self._tab.evaluate(found[0], f"__tw.shows({found[1]})", promised=True)
        return ""

    async def _by_keyboard(self, action: Action) -> str:
        asked = await self._pointer.ask(action, "focus")
        if asked is None or "gone" in asked[1]:
            return GONE
        _, at = asked
        if "locked" in at:
            return "The control is disabled."
        if not at["focused"]:
            return "The control cannot take the keyboard focus."
        key = " " if at["type"] in _SPACED or at["role"] in _SPACED else "Enter"
        for _ in range(max(action.times, 1)):
            await self._key(key)
        return ""

    # -- typing ----------------------------------------------------------------------------------------------------

    async def _key(self, key: str) -> None:
        code, number, text = _KEYS.get(key, (key, 0, key if len(key) == 1 else ""))
        name = " " if key == "Space" else key
        event: Json = {"key": name, "code": code, "windowsVirtualKeyCode": number}
        kind = "keyDown" if text else "rawKeyDown"
        session = self._tab.session
        await self._pointer.send(
            session, "Input.dispatchKeyEvent", {"type": kind, **event, **({"text": text} if text else {})}
        )
        if self._tab.page not in self._tab.watch.dialogs:
            await self._pointer.send(session, "Input.dispatchKeyEvent", {"type": "keyUp", **event})

    async def _press(self, key: str, action: Action) -> str:
        if key not in _KEYS and len(key) != 1:
            return f"There is no key called «{key}»."
        if action.ref:
            asked = await self._pointer.ask(action, "focus")
            if asked is None or "gone" in asked[1]:
                return GONE
        for _ in range(max(action.times, 1)):
            await self._key(key)
        return ""

    async def _type(self, action: Action) -> str:
        if action.credential:
            problem = (
                await give(self._pointer.ask, self._guard, action) if self._guard else "There is no login to type."
            )
            if not problem:
                await self._key("Shift")  # some forms look at what was typed when a key goes up
            return problem
        asked = await self._pointer.ask(action, "prepare")
        if asked is None or "gone" in asked[1]:
            return GONE
        frame, field = asked
        if "locked" in field:
            return "The field is disabled or read-only."
        if field["kind"] in _SET:
            await self._pointer.ask(action, "set", action.text)
            return ""
        if not field["focused"]:
            return "The field does not take the focus."
        text = action.text if field["multi"] else " ".join(action.text.splitlines())
        if not text:
            if not field["empty"]:
                await self._key("Delete")
            return ""
        session = frame.session
        if len(text) > 1:
            await self._pointer.send(session, "Input.insertText", {"text": text[:-1]})
        last = text[-1]
        if last in "\r\n" or len(last.encode("utf-16-le")) > 2:
            await self._pointer.send(session, "Input.insertText", {"text": last})
        else:
            event = {
                "key": last,
                "windowsVirtualKeyCode": ord(last.upper()) if last.isascii() and last.isalnum() else 0,
            }
            await self._pointer.send(
                self._tab.session, "Input.dispatchKeyEvent", {"type": "keyDown", "text": last, **event}
            )
            await self._pointer.send(self._tab.session, "Input.dispatchKeyEvent", {"type": "keyUp", **event})
        return ""

    async def _choose(self, action: Action) -> str:
        asked = await self._pointer.ask(action, "choose", action.text)
        if asked is None or "gone" in asked[1]:
            return GONE
        answer = asked[1]
        if "locked" in answer:
            return "The control is disabled."
        if "missing" in answer:
            return f"It has no option «{action.text}»."
        if "other" in answer:
            return await self._type(action) if answer["other"] == "input" else await self._tap(action)
        return ""

    async def _upload(self, action: Action) -> str:
        path = Path(action.text)
        if not path.is_file():
            return f"There is no file «{path.name}» to send."
        found = self._pointer.element(action.ref)
        if found is None:
            return GONE
        frame, number = found
        watch = self._tab.watch
        answer = await watch.cdp.call(
            frame.session,
            "Runtime.evaluate",
            {
                "expression": f"(e => e && e.localName === 'input' && e.type === 'file' ? e : null)(__tw.ref({number}))",
                "contextId": frame.context,
            },
        )
        handle = answer.get("result", {})
        if handle.get("objectId"):
            await watch.cdp.call(
                frame.session, "DOM.setFileInputFiles", {"files": [str(path.resolve())], "objectId": handle["objectId"]}
            )
            return ""
        watch.choosers.pop(self._tab.page, None)
        problem = await self._tap(action)
        if problem:
            return problem
        chooser = await self._chooser()
        if chooser is None:
            return "No file chooser opened."
        await watch.cdp.call(
            chooser["session"],
            "DOM.setFileInputFiles",
            {"files": [str(path.resolve())], "backendNodeId": chooser["backendNodeId"]},
        )
        return ""

    async def _chooser(self) -> Json | None:
        watch = self._tab.watch
        try:
            async with asyncio.timeout(2.0):
                while self._tab.page not in watch.choosers:
                    watch.stir.clear()
                    await watch.stir.wait()
        except TimeoutError:
            return None
        return watch.choosers.pop(self._tab.page)

    # -- going places ----------------------------------------------------------------------------------------------

    async def _go(self, url: str) -> str:
        if not self._tab.watch.pages:
            return await self._switch("new")
        if self._tab.crashed:
            await self._tab.replace_crashed()
        return await self._navigate("Page.navigate", {"url": url})

    async def _navigate(self, method: str, params: Json) -> str:
        """Start a navigation without waiting for its end.

        A `beforeunload` dialog is accepted. Any other dialog is dismissed."""
        watch, session, page = self._tab.watch, self._tab.session, self._tab.page
        task = asyncio.get_running_loop().create_task(watch.cdp.call(session, method, params, 30.0))
        task.add_done_callback(_forget)
        sent = asyncio.get_running_loop().time()
        while not task.done():
            watch.stir.clear()
            dialog = watch.dialogs.get(page)
            if dialog is not None:
                yes = dialog.get("type") == "beforeunload"
                await watch.cdp.call(dialog["session"], "Page.handleJavaScriptDialog", {"accept": yes})
                watch.dialogs.pop(page, None)
            if watch.asked.navigates(page, sent):
                break
            waiter = asyncio.get_running_loop().create_task(watch.stir.wait())
            await asyncio.wait({task, waiter}, return_when=asyncio.FIRST_COMPLETED, timeout=2.0)
            waiter.cancel()
            if asyncio.get_running_loop().time() - sent > 5:
                break
        return ""

    async def _back(self) -> str:
        watch = self._tab.watch
        history = await watch.cdp.call(self._tab.session, "Page.getNavigationHistory")
        at = history["currentIndex"]
        entries = history["entries"]
        if at > 0 and not (at == 1 and entries[0]["url"] == "about:blank"):
            if self._tab.crashed:
                return await self._go(str(entries[at - 1]["url"]))
            return await self._navigate("Page.navigateToHistoryEntry", {"entryId": entries[at - 1]["id"]})
        if len(watch.pages) > 1:
            await watch.cdp.call("", "Target.closeTarget", {"targetId": self._tab.page})
            return ""
        return "There is nothing to go back to."

    async def _relaunch(self) -> str:
        if not self._tab.watch.pages:
            return await self._switch("new")
        if self._tab.crashed:
            shown = self._tab.watch.frames[self._tab.page].url
            return await self._go(shown if shown.startswith("http") else self._tab.target_url)
        return await self._navigate("Page.reload", {})

    async def _switch(self, text: str) -> str:
        tab, watch = self._tab, self._tab.watch
        if text == "new":
            await tab.new_page()
            return await self._navigate("Page.navigate", {"url": tab.target_url})
        if not text.isdigit() or int(text) >= len(watch.pages):
            return f"There is no tab {text}."
        tab.page = watch.pages[int(text)]
        await watch.cdp.call(tab.session, "Page.bringToFront")
        return ""

    async def _answer(self, accept: bool, text: str) -> str:
        dialog = self._tab.watch.dialogs.get(self._tab.page)
        if dialog is None:
            return "No dialog is open."
        answer: Json = {"accept": accept}
        if accept and dialog.get("type") == "prompt":
            answer["promptText"] = text
        await self._tab.watch.cdp.call(dialog["session"], "Page.handleJavaScriptDialog", answer)
        self._tab.watch.dialogs.pop(self._tab.page, None)
        return ""


def _forget(task: asyncio.Task[Json]) -> None:
    if not task.cancelled():
        task.exception()
