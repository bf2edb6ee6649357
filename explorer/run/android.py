"""The Android part of a run. Devices run in parallel, and each device runs one session at a time."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from explorer.devices.android.row import Attached, attached
from explorer.devices.android.tools import AndroidError, Tools
from explorer.devices.data_folder import data_folder
from explorer.devices.devices import AndroidRow
from explorer.monitors.app_network import AppNetwork
from explorer.monitors.logs.hosts import is_literature
from explorer.monitors.logs.logcat import LogMonitor
from explorer.monitors.logs.signatures import make_book
from explorer.request.account import Account
from explorer.request.addresses import endpoint_of
from explorer.request.resolve import RunOptions
from explorer.run.android_network import Say, Tap, left_over, observed
from explorer.run.app_data import OwnApps, app_data
from explorer.run.session import Feed, Finish
from explorer.surfaces.android.surface import AndroidApp, AndroidSurface
from explorer.surfaces.surface import Surface, SurfaceGone
from explorer.targets.apk.findings import findings
from explorer.targets.apk.package import App, check_device, parts_for
from flows.diagnosis import Diagnosis
from flows.incident import Finding, Severity
from flows.judge.unobserved import NETWORK
from flows.session import Endpoint, SessionLog
from reports.journal.events import Broken

T = TypeVar("T")
MakeSurface = Callable[[Account | None], Surface]
"""Makes a session's surface on a ready device. The surface types the login of the account, if there is one."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A ready device. `make` makes a session's surface. `proxied` says whether its connections go through our proxy."""

    make: MakeSurface
    proxied: bool = False


Ready = AbstractAsyncContextManager[Prepared]
"""A context manager for a device in use.

Entering it raises SurfaceGone if there is no device, and TargetError if the app does not run on the device."""
Opener = Callable[[Path, Say], Ready]
"""Opens a device. Takes a folder for logs and a function that journals events, such as changes to the device."""

MOST_HOSTS = 12
"""How many hosts of a package are probed, with one handshake each, if the log does not name the failing host."""
OWN_APPS = "own-apps.json"
"""The file in the user's data folder that lists the apps that Trustwalk installed on phones."""
HINT = "«trustwalk doctor android --fix» installs what is missing on this machine"


@dataclass(frozen=True, slots=True)
class Android:
    """What a run needs besides its options to explore an app instead of a site.

    `devices` maps the name of each device to its opener. `note` is added to each session, for example for a simulated
    device. `findings` are about the package itself."""

    package: str
    devices: Mapping[str, Opener]
    findings: tuple[Finding, ...] = ()
    note: str = ""
    file: str = ""
    """The package's file name, for the report of a run on a site and its app."""
    hosts: tuple[Endpoint, ...] = ()
    """Hosts that the package names. If the log does not name the host of a failure, the host may be one of these."""
    peers: dict[str, set[tuple[str, int]]] = field(default_factory=dict)
    """Session → addresses and ports to which the app was connected, according to the device's socket table."""
    candidates: dict[Endpoint, Diagnosis] = field(default_factory=dict)
    """What the probe found at hosts that the package names, if it was asked. Nothing shows that the app uses them."""
    noted: list[Finding] = field(default_factory=list)
    """Findings about the observation itself: gaps in the log, a wrong device clock, connections outside our proxy."""

    def marked(self, logs: Iterable[SessionLog]) -> list[SessionLog]:
        """The logs, with a mark on sessions whose connections went past all observation."""
        limited = {finding.session for finding in self.noted if finding.kind == NETWORK}
        return [replace(log, unobserved=log.session in limited) for log in logs]

    def monitor(self, session: str, say: Say, *, proxied: bool = False) -> tuple[Feed, Finish]:
        """Monitor a session's log and, if `proxied`, its connections.

        Returns two functions. The first one takes a record, the second one ends the monitoring. Both return
        observations."""

        def note(kind: str, text: str) -> None:
            severity = Severity.MEDIUM if kind == "device-clock" else Severity.INFO
            self.noted.append(Finding(severity, kind, text, session=session))
            if kind == "log-gap":
                say(Broken(time.time(), session, "logcat", text))

        log = LogMonitor(make_book(platform="android"), session, self.package)
        network = AppNetwork(log, session, proxied=proxied, note=note, hosts=self.hosts)
        self.peers[session] = network.peers
        return network.feed, network.finish


def android_run(
    app: App,
    rows: Mapping[str, AndroidRow],
    tools: Tools,
    *,
    proxy: bool | None = None,
    resolve: Mapping[Endpoint, Endpoint] | None = None,
    keep_data: bool | None = None,
) -> Android:
    """What a run needs to explore a package on these devices.

    `proxy` says whether to use our proxy. None means that it is used only on emulators. `keep_data` says whether the app's
    data on the device are kept. None means that they are cleared, except on a phone that had the app before."""

    def opener(row: AndroidRow) -> Opener:
        return lambda folder, say: _ready(app, row, tools, folder, say, proxy, dict(resolve or {}), keep_data)

    today = datetime.now(UTC).date()
    return Android(
        app.package, {name: opener(row) for name, row in rows.items()}, findings(app, today), hosts=hosts_of(app)
    )


@contextlib.asynccontextmanager
async def _ready(
    app: App,
    row: AndroidRow,
    tools: Tools,
    folder: Path,
    say: Say,
    proxy: bool | None,
    resolve: Mapping[Endpoint, Endpoint],
    keep_data: bool | None,
) -> AsyncIterator[Prepared]:
    own = OwnApps(data_folder() / OWN_APPS)
    async with equipped(lambda logs: attached(row, tools, logs), folder) as at, contextlib.AsyncExitStack() as stack:
        try:
            facts = await at.device.facts()
            await left_over(at.device, say)
        except AndroidError as error:
            raise SurfaceGone(str(error)) from error
        check_device(app, facts.sdk, facts.abis)
        about = AndroidApp(app.package, app.activity, parts_for(app, facts.abis), app.test_only)
        try:
            data = app_data(at.device, app.package, own, emulator=facts.emulator, keep=keep_data)
            keep = await stack.enter_async_context(data)
        except AndroidError as error:
            raise SurfaceGone(str(error)) from error
        wanted = facts.emulator if proxy is None else proxy
        async with observed(at.device, app.package, say, resolve) if wanted else contextlib.nullcontext() as tap:
            yield Prepared(_maker(about, at, tap, keep_data=keep), tap is not None)


def _maker(about: AndroidApp, at: Attached, tap: Tap | None, *, keep_data: bool) -> MakeSurface:
    network = tap.take if tap is not None else None
    return lambda account: AndroidSurface(
        about, at.device, at.appium, at.capabilities, keep_data=keep_data, network=network, account=account
    )


@contextlib.asynccontextmanager
async def equipped(enter: Callable[[Path], AbstractAsyncContextManager[T]], kept: Path) -> AsyncIterator[T]:
    """Enter the context manager that `enter` makes for a temporary folder.

    The folder is for the logs of Appium and the emulator. The logs hold everything that is typed, including passwords,
    so they are removed at the end. They are copied into `kept` only if nothing could be started, because then nothing
    was typed. In this case, SurfaceGone is raised, with a message for the user."""
    with TemporaryDirectory(prefix="trustwalk-android-") as logs:
        async with contextlib.AsyncExitStack() as stack:
            try:
                ready = await stack.enter_async_context(enter(Path(logs)))
            except AndroidError as error:
                if any(Path(logs).iterdir()):
                    shutil.copytree(logs, kept, dirs_exist_ok=True)
                told = str(error).replace(logs, str(kept)).rstrip(".")
                raise SurfaceGone(f"{told} ({HINT}).") from error
            yield ready


def hosts_of(app: App) -> tuple[Endpoint, ...]:
    """The hosts of https and wss URLs that the package contains, at most MOST_HOSTS."""
    secure = (url for url in app.urls if url.startswith(("https:", "wss:")))
    found = dict.fromkeys(endpoint_of(url) for url in secure)
    return tuple(host for host in found if "." in host[0] and not is_literature(host[0]))[:MOST_HOSTS]


def for_app(options: RunOptions, package: str) -> RunOptions:
    """The options for an app. The app's own site is allowed.

    There are no counter-proof sessions: they ignore the TLS errors of a single host, and a device cannot do that."""
    origins = (*options.allow_origins, *own_origins(package))
    more = {"counter_proof": False, "allow_origins": origins, "apps": own_origins(package)}
    return options.model_copy(update=more)


def own_origins(package: str) -> tuple[str, ...]:
    """The site that belongs to a package's name by Android's convention: `com.example.app` → https://example.com."""
    labels = package.split(".")
    return (f"https://{labels[1]}.{labels[0]}",) if len(labels) > 1 else ()
