"""A browser for many sessions. It has a private HOME and the run's own root certificates, and is watched over CDP."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from playwright.async_api import Browser as PlaywrightBrowser
from playwright.async_api import BrowserContext, Dialog, Playwright, async_playwright
from playwright.async_api import Error as PlaywrightError

from explorer.devices.browser_setup import find_browser, is_root
from explorer.devices.devices import SiteDevice
from explorer.devices.private_roots import trust_roots
from explorer.request.account import Account
from explorer.request.credential import IN_ENVIRONMENT
from explorer.request.reach import Reach
from explorer.surfaces.surface import SurfaceGone
from explorer.surfaces.web.border import Border, lookup_in
from explorer.surfaces.web.cdp import CdpError
from explorer.surfaces.web.guard import CredentialGuard
from explorer.surfaces.web.reading import read_alone
from explorer.surfaces.web.recorder import Recorder
from explorer.surfaces.web.sign_in import SignIn
from explorer.surfaces.web.surface import Network, WebSurface
from explorer.surfaces.web.targets import BrowserWatch
from explorer.tls.lookups import Lookups

Endpoint = tuple[str, int]
Stored = Path | dict[str, Any] | None
"""Cookies and storage as Playwright saves them: the path of the file, or its parsed content."""

_OFF = (
    "AutofillServerCommunication",
    "OptimizationHints",
    "MediaRouter",
    "Translate",
    "DialMediaRouteProvider",
    "Reporting",
    "NetworkErrorLogging",
    "WebPayments",
)
_PAST_THE_WATCH = (
    "AdInterestGroupAPI",
    "AttributionReporting",
    "BackgroundFetch",
    "FedCm",
    "FetchLaterAPI",
    "Fledge",
    "PaymentApp",
    "PrivateStateTokens",
    "TopicsAPI",
)
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-domain-reliability",
    "--disable-gpu",
    "--disable-search-engine-choice-screen",
    f"--disable-features={','.join(_OFF)}",
    f"--disable-blink-features={','.join(_PAST_THE_WATCH)}",
)
"""Flags that keep Chromium from contacting its vendor, and from sending reports to hosts that a page names.

Such a report (W3C Reporting API, Network Error Logging) contains the addresses of pages. It is sent a minute later, and
passes none of the checks that protect a login. So are deferred requests, payment manifests, identity providers of
FedCM, downloads in the background and the interfaces for advertisements: the browser's own process sends these to any
host that a page names, and no DevTools session sees them before they leave. No flag changes which certificates Chromium trusts."""


@dataclass(frozen=True, slots=True)
class Through:
    """An observing proxy for one session: its port on loopback, and a function that returns its records."""

    port: int
    network: Network


class Browser:
    """One Chromium process with a profile of its own. Use it as an async context manager.

    `netlog` is the path of a net log, which can be read after the context has been left. `ca` are PEM files with root
    certificates that only this browser trusts. `resolve` maps host and port to an address; `only_resolved` blocks all
    other names. `agent` is added to each session's user agent. Raises SurfaceGone if no browser is found or it cannot
    be started, and SetupError if a given browser or PEM file cannot be used.
    """

    def __init__(
        self,
        *,
        ca: Sequence[Path] = (),
        resolve: Sequence[tuple[Endpoint, str]] = (),
        only_resolved: bool = False,
        headed: bool = False,
        netlog: Path | None = None,
        executable: Path | None = None,
        agent: str = "",
    ) -> None:
        self.netlog = netlog
        self.version = ""
        self.port = 0
        """The loopback port on which the browser's DevTools listen."""
        self._ca, self._resolve, self._only_resolved = tuple(ca), tuple(resolve), only_resolved
        self._headed, self._executable = headed, executable
        self._agent, self._own_agent = agent, ""
        self._home: Path | None = None
        self._playwright: Playwright | None = None
        self._browser: PlaywrightBrowser | None = None
        self._watch = BrowserWatch()
        self._lookups = Lookups()
        self._gate = asyncio.Lock()

    async def __aenter__(self) -> Browser:
        try:
            await self._start()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _start(self) -> None:
        executable = self._executable or await find_browser()
        if executable is None:
            raise SurfaceGone("No browser was found. «trustwalk doctor web --fix» installs one.")
        self._home = Path(tempfile.mkdtemp(prefix="trustwalk-home-"))
        await trust_roots(self._home, self._ca)
        self._playwright = await async_playwright().start()
        try:
            self._browser = await self._playwright.chromium.launch(
                executable_path=executable,
                headless=not self._headed,
                args=self._arguments(),
                timeout=30_000,
                chromium_sandbox=not is_root(),
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
                env={**{k: v for k, v in os.environ.items() if k not in IN_ENVIRONMENT}, "HOME": str(self._home)},
            )
        except PlaywrightError as error:
            first = str(error).strip().split("\n", maxsplit=1)[0].rstrip(".")
            raise SurfaceGone(
                f"The browser {executable} could not be started: {first}. Run «trustwalk doctor web»."
            ) from error
        self.version = self._browser.version
        self.port = await _devtools_port(self._browser)
        if self._agent:
            self._own_agent = await _user_agent(self._browser)
        await self._watch.start(self.port)

    def _arguments(self) -> list[str]:
        arguments = [*FLAGS, "--remote-debugging-port=0"]
        rules = resolver_rules(self._resolve, only=self._only_resolved)
        if rules:
            arguments.append(f"--host-resolver-rules={rules}")
        if self.netlog is not None:
            arguments.append(f"--log-net-log={self.netlog.resolve()}")
        return arguments

    async def context(
        self, device: SiteDevice | None = None, storage_state: Stored = None, **more: Any
    ) -> BrowserContext:
        """A bare Playwright context of this browser, for callers that drive it themselves."""
        if self._browser is None:
            raise SurfaceGone("The browser is not running.")
        try:
            state: Any = storage_state
            context = await self._browser.new_context(
                **self._options(device), storage_state=state, accept_downloads=True, **more
            )
        except PlaywrightError as error:
            first = str(error).split("\n", maxsplit=1)[0].rstrip(".")
            raise SurfaceGone(f"The browser opened no session: {first}. Run «trustwalk doctor web».") from error
        context.set_default_timeout(10_000)
        return context

    def _options(self, device: SiteDevice | None) -> dict[str, Any]:
        options: dict[str, Any] = {}
        if device is not None and device.emulate:
            assert self._playwright is not None
            known = self._playwright.devices
            if device.emulate not in known:
                raise SurfaceGone(
                    f"Playwright does not know the device «{device.emulate}». In devices.yml, set «emulate» to a name "
                    "from Playwright's list of devices."
                )
            options = {k: v for k, v in known[device.emulate].items() if k != "default_browser_type"}
        if device is not None and device.viewport:
            options["viewport"] = {"width": device.viewport[0], "height": device.viewport[1]}
        elif "viewport" not in options:
            options["viewport"] = {"width": 1280, "height": 800}
        if self._agent:
            options["user_agent"] = f"{options.get('user_agent') or self._own_agent} {self._agent}"
        if device is not None and device.locale:
            options["locale"] = device.locale.replace("_", "-")
        return options

    async def read(self, url: str, limit: float = 5.0) -> str:
        """The text at an address, requested with a session's browser settings but without scripts or redirects.

        Empty if there is none, or if a step takes longer than `limit` seconds."""
        context = None
        try:
            context = await self.context(java_script_enabled=False, service_workers="block")
            return await read_alone(context, url, limit)
        except (PlaywrightError, SurfaceGone, TimeoutError):
            return ""
        finally:
            if context is not None:
                with contextlib.suppress(PlaywrightError):
                    await context.close()

    async def surface(
        self,
        session_id: str,
        target_url: str,
        device: SiteDevice | None = None,
        *,
        storage_state: Stored = None,
        let_past: frozenset[Endpoint] = frozenset(),
        dates_only: bool = False,
        recorder: Recorder | None = None,
        account: Account | None = None,
        through: Through | None = None,
        reach: Reach | None = None,
    ) -> WebSurface:
        """Open a session with cookies, storage and tabs of its own.

        `recorder` records the session. `account` is the login, which can be typed where it may be used. At these
        places, the browser's own login dialog (HTTP Basic, Digest) is shown as a form. Elsewhere, and in a session
        without an account, the page that asks is an error page. `let_past` makes the session a counter-proof, which
        ignores the certificate errors of these hosts only. With `dates_only`, it ignores only errors about dates. All
        connections of the session go through the proxy `through`, also those to loopback. `reach` says which addresses
        may be requested.

        Raises SurfaceGone if the browser died or cannot open another session."""
        try:
            return await self._surface(
                target_url, device, storage_state, (let_past, dates_only), recorder, account, through, reach
            )
        except (PlaywrightError, CdpError, TimeoutError) as error:
            first = str(error).strip().split("\n", maxsplit=1)[0] or "it does not answer"
            raise SurfaceGone(
                f"The browser opened no session: {first.rstrip('.')}. Run «trustwalk doctor web»."
            ) from error

    async def _surface(
        self,
        target_url: str,
        device: SiteDevice | None,
        storage_state: Stored,
        let_past: tuple[frozenset[Endpoint], bool],
        recorder: Recorder | None,
        account: Account | None,
        through: Through | None,
        reach: Reach | None,
    ) -> WebSurface:
        more = dict(recorder.options()) if recorder else {}
        if through is not None:
            more["proxy"] = {"server": f"http://127.0.0.1:{through.port}", "bypass": "<-loopback>"}
        context = await self.context(device, storage_state, **more)
        context.on("dialog", _keep)
        if recorder is not None:
            await recorder.start(context)
        async with self._gate:
            page = await context.new_page()
            probe = await context.new_cdp_session(page)
            info = (await probe.send("Target.getTargetInfo"))["targetInfo"]
            await probe.detach()
        context_id = str(info["browserContextId"])
        watch = self._watch.context(context_id)
        watch.files.cap.context = context_id
        downloads = tempfile.mkdtemp(prefix="trustwalk-downloads-")
        await self._watch.cdp.call(
            "",
            "Browser.setDownloadBehavior",
            {
                "behavior": "allowAndName",
                "browserContextId": context_id,
                "downloadPath": downloads,
                "eventsEnabled": True,
            },
        )
        if let_past[0]:
            watch.let(let_past[0], dates_only=let_past[1])
        async with asyncio.timeout(10):
            while info["targetId"] not in watch.pages:
                watch.stir.clear()
                await watch.stir.wait()
        await watch.heard(info["targetId"])

        async def close() -> None:
            if recorder is not None:
                await recorder.stop()
            try:
                async with asyncio.timeout(10):
                    await context.close()
            except (PlaywrightError, TimeoutError):
                pass  # the browser is gone, and the context with it
            if recorder is not None:
                recorder.keep()
            self._watch.forget(context_id)
            shutil.rmtree(downloads, ignore_errors=True)

        if reach is not None and not reach.private:
            await Border(reach, watch, self._watch.gate, lookup_in(self._lookups)).close()
        guard = CredentialGuard(account, watch, self._watch.gate) if account is not None else None
        sign_in = SignIn(self._watch.cdp, guard, self._watch.hear) if guard is not None else None
        network = through.network if through else None
        surface = WebSurface(watch, target_url, close, recorder, guard, sign_in, network)
        surface.tab.context_id = context_id
        return surface

    async def close(self) -> None:
        """End the browser and remove its HOME. Safe to call twice."""
        await self._watch.cdp.close()
        browser, self._browser = self._browser, None
        playwright, self._playwright = self._playwright, None
        try:
            async with asyncio.timeout(20):
                if browser is not None:
                    await browser.close()
                if playwright is not None:
                    await playwright.stop()
        except (PlaywrightError, TimeoutError):
            pass  # it died before us
        if self._home is not None:
            shutil.rmtree(self._home, ignore_errors=True)
            self._home = None


def _keep(dialog: Dialog) -> None:
    """Does nothing. Playwright dismisses dialogs if there is no listener, but the surface answers them over CDP."""


def resolver_rules(resolve: Sequence[tuple[Endpoint, str]], *, only: bool) -> str:
    """The value of Chromium's `--host-resolver-rules` for entries like those of curl's `--resolve`.

    `only` blocks all names that have no entry."""
    rules = []
    for (host, port), address in resolve:
        at = f"[{address}]" if ":" in address and not address.startswith("[") else address
        rules.append(f"MAP {host}:{port} {at}:{port}")
    if only:
        rules += ["MAP * ~NOTFOUND", "EXCLUDE 127.0.0.1"]  # where the observing proxy listens
    return ",".join(rules)


async def _devtools_port(browser: PlaywrightBrowser) -> int:
    """The port that the browser chose for its DevTools, read from `DevToolsActivePort` in its profile.

    If we chose a port, another browser could use it first, and we would connect to that browser. Raises SurfaceGone
    if the port cannot be read."""
    try:
        session = await browser.new_browser_cdp_session()
        line = str((await session.send("SystemInfo.getInfo"))["commandLine"])
        await session.detach()
        profile = re.search(r"--user-data-dir=(.+?)(?= --|$)", line)
        active = Path(profile[1].strip('"') if profile else "", "DevToolsActivePort")
        async with asyncio.timeout(10):
            while not active.is_file() or "\n" not in (told := active.read_text(encoding="ascii")):  # noqa: ASYNC110 — a file of another process
                await asyncio.sleep(0.02)  # it is written beside the pipe that Playwright waits for
        return int(told.split("\n", maxsplit=1)[0])
    except (PlaywrightError, OSError, ValueError) as error:  # a TimeoutError is an OSError
        raise SurfaceGone("The browser's DevTools port could not be read. Run «trustwalk doctor web».") from error


async def _user_agent(browser: PlaywrightBrowser) -> str:
    """The browser's own user agent. Raises SurfaceGone if the browser does not answer."""
    try:
        session = await browser.new_browser_cdp_session()
        told = await session.send("Browser.getVersion")
        await session.detach()
        return str(told["userAgent"])
    except PlaywrightError as error:
        raise SurfaceGone("The browser's user agent could not be read. Run «trustwalk doctor web».") from error
