"""One Appium session. Its client blocks, so its calls run in a thread, one after the other."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from appium import webdriver
from appium.options.android import UiAutomator2Options
from appium.webdriver.client_config import AppiumClientConfig
from selenium.common.exceptions import InvalidSessionIdException, WebDriverException
from urllib3.exceptions import HTTPError

from explorer.devices.android.device import AndroidDevice
from explorer.devices.android.server import free_port
from explorer.surfaces.surface import SurfaceGone

T = TypeVar("T")
CALL_LIMIT = 90.0
"""Seconds within which Appium must answer a call. After that, the session counts as dead."""
BEGIN_LIMIT = 300.0
"""Seconds for the start of a session. On a phone that was never used, two server packages are installed and started
first, and 60 s for one of these steps were too few for some (appium/appium#14579)."""
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
"""Parts of Appium's error messages that mean that the session is lost."""


class CallFailed(Exception):
    """A call failed, but the session can still be used."""


@dataclass(slots=True)
class Driver:
    """The session on the device `serial`. `absence` returns why the device is missing; empty if it is there."""

    serial: str
    absence: Callable[[], Awaitable[str]]
    density: float = 1.0
    """Pixels of the screen per dp."""
    _session: Any = None
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "appium"))

    @property
    def begun(self) -> bool:
        """Whether a session was opened. Stays true after the session's end."""
        return self._session is not None

    async def begin(self, connect: Callable[[], Any]) -> None:
        """Open the session. Raises SurfaceGone with Appium's message if that fails."""
        self._session = await self._call(connect, BEGIN_LIMIT)
        self.density = float(await self.ask(lambda d: d.capabilities.get("pixelRatio") or 1)) or 1.0

    async def ask(self, what: Callable[[Any], T]) -> T:
        """Call `what` with the WebDriver session, and return its result.

        Raises SurfaceGone if the session is dead, CallFailed if only the call failed."""
        return await self._call(lambda: what(self._session))

    async def page(self) -> str:
        """The page source (WebDriver) of the screen.

        Asks a second time after a failure, because one failure is normal while the screen changes. Raises SurfaceGone
        after two failures."""
        with contextlib.suppress(CallFailed):
            return await self.ask(lambda d: str(d.page_source))
        try:
            return await self.ask(lambda d: str(d.page_source))
        except CallFailed as problem:
            raise SurfaceGone(
                f"Appium can no longer read the screen of {self.serial}: {str(problem).rstrip('.')}. Unlock the device, reconnect "
                "it or restart it."
            ) from problem

    async def picture(self) -> bytes:
        """The screen as PNG. Empty if there is none, as for an app that forbids screenshots (FLAG_SECURE)."""
        with contextlib.suppress(CallFailed):
            return bytes(await self.ask(lambda d: d.get_screenshot_as_png()))
        return b""

    async def quit(self) -> None:
        """End the session, whatever state it is in."""
        with contextlib.suppress(SurfaceGone, CallFailed):
            await self.ask(lambda d: d.quit())

    def shut(self) -> None:
        """Stop the thread without waiting for a running call."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _call(self, what: Callable[[], T], limit: float = CALL_LIMIT) -> T:
        loop = asyncio.get_running_loop()
        try:
            return await asyncio.wait_for(loop.run_in_executor(self._thread, what), limit + 30)
        except TimeoutError as error:
            raise SurfaceGone(
                f"Appium did not answer for {self.serial} within {limit + 30:.0f} s. Unlock the device, reconnect it or "
                "restart it."
            ) from error
        except WebDriverException as error:
            said = (error.msg or "").strip().split("\n", 1)[0]
            lost = isinstance(error, InvalidSessionIdException) or any(sign in said.lower() for sign in _LOST)
            if self._session is None:
                raise SurfaceGone(
                    f"Appium refused the session on {self.serial}: {said.rstrip('.')}. Run «trustwalk doctor android»."
                ) from error
            if lost:
                raise SurfaceGone(await self.absence() or f"The session on {self.serial} ended: {said}") from error
            raise CallFailed(said) from error
        except (HTTPError, OSError) as error:
            raise SurfaceGone(
                f"Appium ended or cannot be reached ({error.__class__.__name__}). Run «trustwalk doctor android»."
            ) from error


def connect(url: str, device: AndroidDevice, capabilities: Mapping[str, Any]) -> Any:
    """Open a session on the Appium server at `url`. Blocks until it is open, and returns the WebDriver client.

    `capabilities` take precedence over ours."""
    options = UiAutomator2Options()
    options.load_capabilities(
        {
            "platformName": "Android",
            "appium:automationName": "UiAutomator2",
            "appium:udid": device.serial,
            "appium:adbPort": device.port,
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
            "appium:uiautomator2ServerInstallTimeout": 120_000,
            "appium:uiautomator2ServerLaunchTimeout": 90_000,
            "appium:settings[waitForIdleTimeout]": 200,
            **capabilities,
        }
    )
    config = AppiumClientConfig(url, timeout=int(BEGIN_LIMIT))
    session = webdriver.Remote(url, options=options, client_config=config)
    config.timeout = int(CALL_LIMIT)  # the client reads it anew for each call
    return session
