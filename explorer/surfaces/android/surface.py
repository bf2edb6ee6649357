"""An Android app on a device or emulator, driven with Appium's UiAutomator2 and adb."""

from __future__ import annotations

import asyncio
import contextlib
import re
import shlex
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from explorer.devices.android.device import DOWNLOADS, AndroidDevice
from explorer.devices.android.server import AppiumServer
from explorer.devices.android.tools import AndroidError
from explorer.devices.android.uia_server import remove_other, version_in
from explorer.request.account import Account, NotHere
from explorer.surfaces.android.audit import audited
from explorer.surfaces.android.bars import bars
from explorer.surfaces.android.driver import CallFailed, Driver, connect
from explorer.surfaces.android.error_dialogs import ErrorDialogs
from explorer.surfaces.android.hands import POLL, Hands
from explorer.surfaces.android.in_front import place_of
from explorer.surfaces.android.log import LogFollower
from explorer.surfaces.android.screen import Parsed, Place, Unreadable, read
from explorer.surfaces.android.sockets import SocketWatch
from explorer.surfaces.android.web_views import WebViews
from explorer.surfaces.surface import CREDENTIALS, Acted, Audited, Settled, SurfaceGone
from flows.record import Record
from flows.screen import Screen
from flows.step import Action, ActionKind

_HOME = re.compile(r"launcher|\.home$|\.miui\.home|\.quickstep", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AndroidApp:
    """The app that a session explores.

    `parts` are the APKs to install. If there are none, the app must be installed already."""

    package: str
    activity: str
    parts: tuple[Path, ...] = ()
    test_only: bool = False


@dataclass(slots=True)
class AndroidSurface:
    """The `Surface` of one app on one device. `appium` is our own server, or the URL of another one.

    `capabilities` take precedence over ours, as a device grid may need. `keep_data` keeps the app's data from earlier
    sessions."""

    app: AndroidApp
    device: AndroidDevice
    appium: AppiumServer | str
    capabilities: Mapping[str, Any] = field(default_factory=dict)
    keep_data: bool = False
    clock: Callable[[], float] = time.time
    note: str = ""
    network: Callable[[], Sequence[Record]] | None = None
    """Returns the proxy's new records of the device's connections; None without a proxy."""
    account: Account | None = None
    """The login, and the places where it may be typed. None if the session has no login."""
    _sockets: SocketWatch = field(init=False)
    _driver: Driver = field(init=False)
    _hands: Hands = field(init=False)
    _dialogs: ErrorDialogs = field(init=False)
    _log: LogFollower = field(init=False)
    _web: WebViews = field(init=False)
    _source: str = ""
    _observed: str = ""
    _language: str = ""
    _downloads: frozenset[str] = frozenset()
    _pushed: set[str] = field(default_factory=set)
    _told: list[Record] = field(default_factory=list)
    _standing: frozenset[str] = frozenset()
    """The progress bars that were there before the last action."""
    _turned: bool = False
    _closed: bool = False

    def __post_init__(self) -> None:
        self._driver = Driver(self.device.serial, self.device.absence)
        self._hands = Hands(self._driver, Parsed(Screen("", "", native=True)))
        self._log = LogFollower(self.device.port, self.device.serial, self.app.package, self.clock)
        self._dialogs = ErrorDialogs(self._driver, self.device, self._log, self.app.package)
        self._web = WebViews(self.device, self.app.package)
        self._sockets = SocketWatch(self.device, self.app.package, self.clock)

    async def open(self) -> Acted:
        """Install the app, begin an Appium session, and launch the app.

        Raises SurfaceGone with the reason if one of these fails."""
        async with self._gone():
            if not self._driver.begun:
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
            raise AndroidError(
                f"{self.app.package} is not installed on {self.device.serial}. Install it there, or give the APK file instead."
            )
        if not self.keep_data:
            await self.device.clear(self.app.package)
        self._downloads = await self.device.downloads()
        await self._log.start()
        if isinstance(self.appium, AppiumServer):
            await self.appium.ensure()
            await remove_other(self.device, version_in(self.appium.home))
        url = self.appium if isinstance(self.appium, str) else self.appium.url
        await self._driver.begin(lambda: connect(url, self.device, self.capabilities))

    @property
    def _parsed(self) -> Parsed:
        """The screen as it was read last."""
        return self._hands.parsed

    async def observe(self) -> Screen:
        await self._look()
        if self._parsed.package and _HOME.search(self._parsed.package) and not self._log.crashed:
            await self._back_to_app()
        self._observed = self._source
        return self._parsed.screen

    async def _look(self) -> None:
        """Read the page source of the screen. A page source that is not valid counts as an empty screen."""
        source = await self._driver.page()
        async with self._gone():
            activity = await self.device.activity()
            new_files = (await self.device.downloads()) - self._downloads
        finished = [name for name in new_files if not name.endswith((".crdownload", ".part", ".tmp"))]
        try:
            self._hands.parsed = read(
                source,
                density=self._driver.density,
                activity=activity,
                language=self._language,
                downloads=len(finished),
                standing=self._standing,
            )
        except Unreadable:
            self._hands.parsed = Parsed(Screen(activity, "", native=True))
        self._source = source
        if self._parsed.screen.frames:
            async with self._gone():
                await self._web.look()

    async def _back_to_app(self) -> None:
        """Go back from the home screen to the app as a user would, without losing the app's state."""
        async with self._gone():
            await self.device.launch(self.app.package, self.app.activity, fresh=False)
        await self.settle(3)
        await self._look()

    async def act(self, action: Action) -> Acted:
        started, foreign = self.clock(), ""
        self._log.crashed = ""
        if action.kind is not ActionKind.WAIT:
            self._standing = bars(self._observed)
        try:
            async with self._gone():
                problem = await self._act(action)
        except NotHere as refused:
            problem, foreign = str(refused), refused.origin
            self._told.append(Record(self.clock(), CREDENTIALS, "asked", {"to": refused.origin}))
        except CallFailed as failed:
            problem = str(failed)
        return Acted(started, problem, foreign)

    async def _act(self, action: Action) -> str:
        kind = action.kind
        if kind in {ActionKind.OPEN, ActionKind.RELAUNCH}:
            return await self.device.launch(self.app.package, self.app.activity)
        if kind is ActionKind.BACK:
            await self._hands.back()
        elif kind is ActionKind.PRESS:
            await self._hands.press(action.text)
        elif kind is ActionKind.SCROLL:
            await self._hands.scroll(action.text)
        elif kind in {ActionKind.ACCEPT, ActionKind.DISMISS}:
            return await self._hands.answer(kind is ActionKind.ACCEPT)
        elif kind is ActionKind.ROTATE:
            self._turned = action.text != "portrait"
            await self._hands.rotate(action.text)
        elif kind is ActionKind.HOVER:
            return "A touch screen has no pointer that could hover over a control."
        elif kind is ActionKind.SWITCH:
            return "An Android app has no tabs to switch to."
        elif kind is not ActionKind.WAIT:
            place = self._parsed.places.get(action.ref)
            if place is None:
                return f"«{action.label or action.key}» is not on the screen any more."
            return await self._touch(action, place)
        return ""

    async def _touch(self, action: Action, place: Place) -> str:
        if action.kind is ActionKind.TYPE:
            return await self._hands.type(place, await self._text(action) if action.credential else action.text)
        if action.kind is ActionKind.UPLOAD:
            name = Path(action.text).name
            await self.device.push(Path(action.text), f"{DOWNLOADS}/{name}")
            self._downloads |= {name}
            self._pushed.add(f"{DOWNLOADS}/{name}")
            await self._hands.tap(place)
            return await self._hands.tap_text(name, "the system's file picker")
        await self._hands.tap(place, max(1, action.times))
        if action.kind is ActionKind.CHOOSE:
            return await self._hands.tap_text(action.text, "the list")
        return ""

    async def _text(self, action: Action) -> str:
        """The user name or the password, if the app or page in the foreground may have it. Otherwise raises NotHere."""
        if self.account is None:
            return ""
        source = await self._driver.page()
        async with self._gone():
            await self._web.look()
        pages = (*self._web.addresses(), *await self._web.frames()) if action.frame else ()
        where = place_of(source, self.app.package, pages)
        return self.account.reveal_in_app(action.credential, where)

    async def settle(self, limit: float, *, change: bool = False) -> Settled:
        """Wait until two reads of the screen in a row are equal, no new spinner turns, and the log records are complete.

        A bar that was there before the action and has not changed is no spinner: «step 2 of 5» is a bar as well."""
        loop = asyncio.get_running_loop()
        until = loop.time() + limit
        start, last, busy = self._observed, "", False
        await self._sockets.look()
        async with self._gone():
            await self._log.follow_clock()
        while True:
            source = await self._driver.page()
            if loop.time() < until and (other := await self._dialogs.foreign(source)):
                self._told.append(Record(self.clock(), "logcat", "foreign-dialog", {"text": other[:200]}))
                last = ""
                continue
            busy = bool(bars(source) - self._standing)
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
        stray, self._told = self._told, []
        told = [
            *stray,
            *self._log.drain(),
            *self._web.drain(),
            *self._sockets.drain(),
            *(self.network() if self.network is not None else ()),
        ]
        return sorted(told, key=lambda record: record.time)

    async def screenshot(self, path: Path) -> bool:
        picture = await self._driver.picture()
        if picture:
            path.write_bytes(picture)
        return bool(picture)

    async def audit(self) -> Audited:
        """Check the controls of the screen as read last: names and sizes in the UI tree, contrast in a screenshot."""
        return Audited() if self._parsed.system else audited(self._parsed, await self._driver.picture())

    async def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        if self._driver.begun:
            if self._turned:
                with contextlib.suppress(SurfaceGone, CallFailed):
                    await self._hands.rotate("portrait")
            await self._driver.quit()
            with contextlib.suppress(AndroidError):
                await self.device.stop(self.app.package)
                if self._pushed:
                    await self.device.shell(f"rm -f {shlex.join(sorted(self._pushed))}")
        await self._web.close()
        await self._log.stop()
        self._driver.shut()

    @contextlib.asynccontextmanager
    async def _gone(self) -> AsyncIterator[None]:
        """Turn a failure over adb into SurfaceGone, with a message that says whether the device itself has gone."""
        try:
            yield
        except AndroidError as error:
            raise SurfaceGone(await self.device.absence() or str(error)) from error
