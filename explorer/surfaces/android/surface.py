"""An Android app on a device or emulator, driven with Appium's UiAutomator2 and adb.

Appium's client blocks, so its calls run in a thread, one after the other; everything else is asynchronous.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import shlex
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from appium import webdriver
from appium.options.android import UiAutomator2Options
from appium.webdriver.client_config import AppiumClientConfig
from appium.webdriver.common.appiumby import AppiumBy
from selenium.common.exceptions import InvalidSessionIdException, WebDriverException
from urllib3.exceptions import HTTPError

from explorer.devices.android.device import DOWNLOADS, AndroidDevice
from explorer.devices.android.server import AppiumServer, free_port
from explorer.devices.android.tools import AndroidError
from explorer.surfaces.android.audit import audited
from explorer.surfaces.android.log import LogFollower
from explorer.surfaces.android.screen import ACCEPT_IDS, DISMISS_IDS, Parsed, Place, Unreadable, as_attribute, read
from explorer.surfaces.android.sockets import SocketWatch
from explorer.surfaces.android.web_views import WebViews
from explorer.surfaces.surface import Acted, Audited, Settled, SurfaceGone
from flows.record import Record
from flows.screen import Screen
from flows.step import Action, ActionKind

T = TypeVar("T")
CALL_LIMIT = 90.0
"""Seconds after which a call to Appium that has not answered counts as a dead session."""
POLL = 0.1
PICKER_LIMIT = 8.0
MAX_SCROLLS = 40
"""Of a list in which a file or a choice is looked for."""
_KEYS = {"Enter": 66, "Tab": 61, "Escape": 111, "Backspace": 67, "Space": 62}
_HOME = re.compile(r"launcher|\.home$|\.miui\.home|\.quickstep", re.IGNORECASE)
_LOST = (
    "instrumentation process is not running",
    "cannot be proxied",
    "could not proxy",
    "socket hang up",
    "econnrefused",
    "econnreset",
    "session is either terminated",
    "device offline",
    "no such driver",
    "device '",
    "adb server",
)
"""In Appium's words: whatever it was, this session will not answer any more."""


@dataclass(frozen=True, slots=True)
class AndroidApp:
    """What a session explores. `parts` are installed unless the list is empty."""

    package: str
    activity: str
    parts: tuple[Path, ...] = ()
    test_only: bool = False


@dataclass(slots=True)
class AndroidSurface:
    """The `Surface` of one app on one device. `appium` is a server of ours, or the URL of somebody's.

    `capabilities` go over ours (a grid's). `keep_data` leaves the app's data from former sessions."""

    app: AndroidApp
    device: AndroidDevice
    appium: AppiumServer | str
    capabilities: Mapping[str, Any] = field(default_factory=dict)
    keep_data: bool = False
    clock: Callable[[], float] = time.time
    note: str = ""
    network: Callable[[], Sequence[Record]] | None = None
    """Gives what the proxy has told of the device's connections, if they go through one."""
    _sockets: SocketWatch = field(init=False)
    _driver: Any = None
    _log: LogFollower = field(init=False)
    _web: WebViews = field(init=False)
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "appium"))
    _parsed: Parsed = field(default_factory=lambda: Parsed(Screen("", "", native=True)))
    _source: str = ""
    _observed: str = ""
    _density: float = 1.0
    _language: str = ""
    _downloads: frozenset[str] = frozenset()
    _pushed: set[str] = field(default_factory=set)
    _turned: bool = False
    _closed: bool = False

    def __post_init__(self) -> None:
        self._log = LogFollower(self.device.port, self.device.serial, self.app.package, self.clock)
        self._web = WebViews(self.device, self.app.package)
        self._sockets = SocketWatch(self.device, self.app.package, self.clock)

    async def open(self) -> Acted:
        """Install the app, begin a session, and launch it. Raises SurfaceGone with the reason if that cannot be."""
        async with self._gone():
            if self._driver is None:
                await self._begin()
            started = self.clock()
            problem = await self.device.launch(self.app.package, self.app.activity)
        return Acted(started, problem)

    async def _begin(self) -> None:
        facts = await self.device.facts()
        self._language = facts.language
        self.note = f"{facts.model}, Android {facts.release} (SDK {facts.sdk})"
        if self.app.parts:
            await self.device.install(self.app.parts, test_only=self.app.test_only)
        elif not await self.device.installed(self.app.package):
            raise AndroidError(f"{self.app.package} is not installed on {self.device.serial}.")
        if not self.keep_data:
            await self.device.clear(self.app.package)
        self._downloads = await self.device.downloads()
        await self._log.start()
        if isinstance(self.appium, AppiumServer):
            await self.appium.ensure()
        self._driver = await self._call(self._connect)
        self._density = float(await self._ask(lambda d: d.capabilities.get("pixelRatio") or 1)) or 1.0

    def _connect(self) -> Any:
        url = self.appium if isinstance(self.appium, str) else self.appium.url
        options = UiAutomator2Options()
        options.load_capabilities(
            {
                "platformName": "Android",
                "appium:automationName": "UiAutomator2",
                "appium:udid": self.device.serial,
                "appium:adbPort": self.device.port,
                "appium:suppressKillServer": True,
                "appium:systemPort": free_port(),
                "appium:autoLaunch": False,
                "appium:noReset": True,
                "appium:skipDeviceInitialization": True,
                "appium:skipLogcatCapture": True,
                "appium:ignoreHiddenApiPolicyError": True,
                "appium:disableWindowAnimation": True,
                "appium:newCommandTimeout": 300,
                "appium:adbExecTimeout": 60_000,
                "appium:uiautomator2ServerInstallTimeout": 60_000,
                "appium:settings[waitForIdleTimeout]": 200,
                **self.capabilities,
            }
        )
        return webdriver.Remote(url, options=options, client_config=AppiumClientConfig(url, timeout=int(CALL_LIMIT)))

    async def observe(self) -> Screen:
        await self._look()
        if self._parsed.package and _HOME.search(self._parsed.package) and not self._log.crashed:
            await self._back_to_app()
        self._observed = self._source
        return self._parsed.screen

    async def _look(self) -> None:
        """Read the page source; what cannot be read counts as an empty screen."""
        source = await self._page()
        async with self._gone():
            activity = await self.device.activity()
            new_files = (await self.device.downloads()) - self._downloads
        finished = [name for name in new_files if not name.endswith((".crdownload", ".part", ".tmp"))]
        try:
            self._parsed = read(
                source, density=self._density, activity=activity, language=self._language, downloads=len(finished)
            )
        except Unreadable:
            self._parsed = Parsed(Screen(activity, "", native=True))
        self._source = source
        if self._parsed.screen.frames:
            async with self._gone():
                await self._web.look()

    async def _back_to_app(self) -> None:
        """The app was left for the home screen: go back to it as a user would, without losing its state."""
        async with self._gone():
            await self.device.launch(self.app.package, self.app.activity, fresh=False)
        await self.settle(3)
        await self._look()

    async def act(self, action: Action) -> Acted:
        started = self.clock()
        self._log.crashed = ""
        try:
            async with self._gone():
                problem = await self._act(action)
        except _Problem as failed:
            problem = str(failed)
        return Acted(started, problem)

    async def _act(self, action: Action) -> str:
        kind = action.kind
        if kind in {ActionKind.OPEN, ActionKind.RELAUNCH}:
            return await self.device.launch(self.app.package, self.app.activity)
        if kind is ActionKind.BACK:
            await self._ask(lambda d: d.back())
        elif kind is ActionKind.PRESS:
            await self._ask(lambda d: d.press_keycode(_KEYS.get(action.text, 66)))
        elif kind is ActionKind.SCROLL:
            await self._scroll(action.text)
        elif kind in {ActionKind.ACCEPT, ActionKind.DISMISS}:
            return await self._answer(kind is ActionKind.ACCEPT)
        elif kind is ActionKind.ROTATE:
            await self._rotate(action.text)
        elif kind is ActionKind.SWITCH:
            return "An Android app has no tabs to switch to."
        elif kind is not ActionKind.WAIT:
            place = self._parsed.places.get(action.ref)
            if place is None:
                return f"«{action.label or action.key}» is not on the screen any more."
            return await self._touch(action, place)
        return ""

    async def _rotate(self, to: str) -> None:
        """Turn the device; an app that is locked to one orientation makes the driver refuse, which is a problem told."""
        self._turned = to != "portrait"
        await self._ask(lambda d: setattr(d, "orientation", to.upper()))

    async def _touch(self, action: Action, place: Place) -> str:
        if action.kind is ActionKind.TYPE:
            return await self._type(place, action.text)
        if action.kind is ActionKind.UPLOAD:
            name = Path(action.text).name
            await self.device.push(Path(action.text), f"{DOWNLOADS}/{name}")
            self._downloads |= {name}
            self._pushed.add(f"{DOWNLOADS}/{name}")
            await self._tap(place)
            return await self._tap_text(name, "the system's file picker")
        await self._tap(place, max(1, action.times))
        if action.kind is ActionKind.CHOOSE:
            return await self._tap_text(action.text, "the list")
        return ""

    async def _tap(self, place: Place, times: int = 1) -> None:
        x, y = place.centre
        for _ in range(times):
            await self._ask(lambda d: d.execute_script("mobile: clickGesture", {"x": x, "y": y}))

    async def _tap_text(self, text: str, where: str) -> str:
        """Tap what bears exactly this text, once it is there; a list that is longer than the screen is scrolled."""
        loop = asyncio.get_running_loop()
        until, last, scrolled = loop.time() + PICKER_LIMIT, "", 0
        wanted = f'text="{as_attribute(text)}"'
        while wanted not in (source := await self._page()):
            if loop.time() > until:
                return f"{where} did not offer «{text}»."
            if source == last and scrolled < MAX_SCROLLS:
                await self._scroll("down")
                if await self._page() != source:  # there was more: the time is for a list that shows nothing new
                    scrolled, until = scrolled + 1, loop.time() + PICKER_LIMIT
            last = source
            await asyncio.sleep(POLL)
        found = re.search(rf'{re.escape(wanted)}[^>]*?bounds="\[(\d+),(\d+)\]\[(\d+),(\d+)\]"', source)
        if found is None:
            return f"{where} shows «{text}» nowhere."
        left, top, right, bottom = (int(n) for n in found.groups())
        await self._tap(Place((left, top, right - left, bottom - top), "", ""))
        return ""

    async def _type(self, place: Place, text: str) -> str:
        """Replace a field's text. The keyboard is put away afterwards, as it covers what comes next."""

        def replace(driver: Any) -> None:
            element = driver.find_element(AppiumBy.XPATH, place.xpath)
            driver.execute_script("mobile: replaceElementValue", {"elementId": element.id, "text": text})

        await self._tap(place)
        try:
            await self._ask(replace)
        except _Problem as problem:
            return f"The field does not take text: {problem}"
        with contextlib.suppress(_Problem):  # no keyboard was up
            await self._ask(lambda d: d.hide_keyboard())
        return ""

    async def _scroll(self, direction: str) -> None:
        width, height = (int(n * self._density) for n in self._parsed.screen.viewport)
        area = {"left": width // 10, "top": height // 4, "width": width * 8 // 10, "height": height // 2}
        way = {"direction": "up" if direction == "up" else "down", "percent": 0.9}
        with contextlib.suppress(_Problem):  # nothing there scrolls
            await self._ask(lambda d: d.execute_script("mobile: scrollGesture", {**area, **way}))

    async def _answer(self, accept: bool) -> str:
        names = (*ACCEPT_IDS, "button1") if accept else (*DISMISS_IDS, "button2")
        place = next((self._parsed.buttons[name] for name in names if name in self._parsed.buttons), None)
        if place is None:
            await self._ask(lambda d: d.back())
            return ""
        await self._tap(place)
        return ""

    async def settle(self, limit: float, *, change: bool = False) -> Settled:
        """At rest: two looks in a row show the same, no spinner turns, and the log's records are complete."""
        loop = asyncio.get_running_loop()
        until = loop.time() + limit
        start, last, busy = self._observed, "", False
        await self._sockets.look()
        while True:
            source = await self._page()
            busy = "ProgressBar" in source or "ProgressIndicator" in source
            crashed = self._log.crashed or "aerr_close" in source
            same = source == last
            if crashed or (same and not busy and not (change and source == start)) or loop.time() >= until:
                break
            last = source
            await asyncio.sleep(min(POLL, max(0.0, until - loop.time())))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._log.quiet(), 1.5)
        return Settled("crashed" if crashed else "busy" if busy else "quiet" if same else "pending", self.clock())

    def drain(self) -> Sequence[Record]:
        told = [
            *self._log.drain(),
            *self._web.drain(),
            *self._sockets.drain(),
            *(self.network() if self.network is not None else ()),
        ]
        return sorted(told, key=lambda record: record.time)

    async def screenshot(self, path: Path) -> bool:
        picture = await self._picture()
        if picture:
            path.write_bytes(picture)
        return bool(picture)

    async def audit(self) -> Audited:
        """Look at the controls of the last look: names and sizes from the tree, contrast from a picture."""
        return Audited() if self._parsed.system else audited(self._parsed, await self._picture())

    async def _picture(self) -> bytes:
        """The screen as PNG; empty if the app forbids pictures of itself (FLAG_SECURE)."""
        with contextlib.suppress(_Problem):
            return bytes(await self._ask(lambda d: d.get_screenshot_as_png()))
        return b""

    async def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        if self._driver is not None:
            with contextlib.suppress(SurfaceGone, _Problem):
                if self._turned:
                    await self._rotate("portrait")
            with contextlib.suppress(SurfaceGone, _Problem):
                await self._call(self._driver.quit)
            with contextlib.suppress(AndroidError):
                await self.device.stop(self.app.package)
                if self._pushed:
                    await self.device.shell(f"rm -f {shlex.join(sorted(self._pushed))}")
        await self._web.close()
        await self._log.stop()
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _page(self) -> str:
        """The page source; UiAutomator may miss one while the screen changes, but not two in a row."""
        with contextlib.suppress(_Problem):
            return await self._ask(lambda d: str(d.page_source))
        try:
            return await self._ask(lambda d: str(d.page_source))
        except _Problem as problem:
            raise SurfaceGone(f"{self.device.serial} no longer tells what is on its screen: {problem}") from problem

    @contextlib.asynccontextmanager
    async def _gone(self) -> AsyncIterator[None]:
        """What fails over adb ends the session, in words that say whether the device itself has gone."""
        try:
            yield
        except AndroidError as error:
            raise SurfaceGone(await self.device.absence() or str(error)) from error

    async def _ask(self, what: Callable[[Any], T]) -> T:
        """One call to the session. Raises SurfaceGone if the session is dead, `_Problem` if only the call failed."""
        return await self._call(lambda: what(self._driver))

    async def _call(self, what: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        try:
            return await asyncio.wait_for(loop.run_in_executor(self._thread, what), CALL_LIMIT + 30)
        except TimeoutError as error:
            raise SurfaceGone(f"Appium did not answer within {CALL_LIMIT + 30:.0f} s.") from error
        except WebDriverException as error:
            said = (error.msg or "").strip().split("\n", 1)[0]
            lost = isinstance(error, InvalidSessionIdException) or any(sign in said.lower() for sign in _LOST)
            if self._driver is None:
                raise SurfaceGone(f"Appium refused the session on {self.device.serial}: {said}") from error
            if lost:
                raise SurfaceGone(
                    await self.device.absence() or f"The session on {self.device.serial} ended: {said}"
                ) from error
            raise _Problem(said) from error
        except (HTTPError, OSError) as error:
            raise SurfaceGone(f"Appium is gone ({error.__class__.__name__}).") from error


class _Problem(Exception):
    """A call that failed in a session that goes on."""
