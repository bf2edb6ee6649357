"""The same truth table on the virtual device: the support app, the real Appium, adb and driver, real TLS."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from explorer.devices.android.device import AndroidDevice
from explorer.devices.android.server import AppiumServer
from explorer.devices.android.tools import find_tools
from explorer.devices.data_folder import data_folder
from explorer.lab.android.calls import call
from explorer.lab.android.device import VirtualDevice
from explorer.lab.android.lab import AndroidLab
from explorer.lab.android.network import Failed
from explorer.lab.android.profiles import PIXEL_34, Profile
from explorer.lab.android.support import PACKAGE, support_app
from explorer.lab.demo.app import DemoApp
from explorer.run.android import Android, Prepared
from explorer.run.android_network import Say, observed
from explorer.run.run import Run
from explorer.run.run_outcome import RunOutcome
from explorer.tls.faults.front import serve
from explorer.tls.faults.mint import Authority
from flows.session import Endpoint
from tests.journeys.harness import CAUSES, TRUTH, Cell, latin_square, options

DEVICE = "simulated"
CLIENT = ("pin-mismatch", "cleartext-blocked", "clock-skew")
"""Causes that lie in the app or the device; the server is healthy."""
SERVED = (*CAUSES, "not-tls", "handshake-timeout", "invalid-certificate", "unknown-tls")
"""Causes that lie in the server, as an app on Android meets them."""
WRONG_PIN = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="


ALL = (*SERVED, "pin-mismatch", "cleartext-blocked")


def square() -> Iterable[dict[str, str]]:
    """Each leaf host × each cause, seven at once: no journey of one needs another, and a beacon is broken beside them."""
    return latin_square(causes=ALL)


def cells() -> Iterator[dict[str, str]]:
    """All good; the square; the entry and the login alone, as they hide what lies behind them; a wrong clock."""
    yield {}
    yield from square()
    yield from alone(("portal", "auth"))
    yield {"portal": "clock-skew"}


CELLS: dict[str, dict[str, str]] = {
    "android-all-good": {},
    "android-nobody-gets-in": {"portal": "incomplete-chain"},
    "android-nobody-can-sign-in": {"auth": "untrusted-ca"},
    "android-the-devices-clock-is-wrong": {"portal": "clock-skew"},
    **{f"android-square-from-{breaks['chat']}": breaks for breaks in square()},
}
"""The cells of the device by name."""
ON_EVERY_PUSH = ("android-all-good", "android-square-from-expired")


def alone(hosts: Sequence[str] = (), causes: Sequence[str] = ()) -> Iterator[dict[str, str]]:
    """One host at a time."""
    return ({host: cause} for host in hosts or TRUTH["hosts"] for cause in causes or ALL)


@dataclass(slots=True)
class World:
    """The demo's servers and one device, for many cells one after the other."""

    demo: DemoApp
    lab: AndroidLab
    folder: Path
    beside: dict[tuple[str, int], tuple[str, int]] = field(default_factory=dict)
    """Servers that only other apps of the device ask."""
    _runs: int = 0

    async def set(self, breaks: Mapping[str, str]) -> None:
        """Break exactly these hosts, each in its way."""
        served = {host: cause for host, cause in breaks.items() if cause not in CLIENT}
        for host in set(self.demo.faults) - set(served):
            await self.demo.present(host, None)
        pins = {f"{host}.desk.test": {WRONG_PIN} for host, cause in breaks.items() if cause == "pin-mismatch"}
        self.lab.virtual.pins[PACKAGE] = pins
        self.lab.plain.clear()
        self.lab.plain.update(host for host, cause in breaks.items() if cause == "cleartext-blocked")
        self.lab.virtual.skew = timedelta(days=3 * 365).total_seconds() if "clock-skew" in breaks.values() else 0.0
        for host, cause in served.items():
            if self.demo.faults.get(host) != cause:
                await self.demo.present(host, cause)

    @property
    def latest(self) -> Path:
        """The folder of the last run."""
        return self.folder / f"run-{self._runs}"

    async def run(
        self,
        breaks: Mapping[str, str],
        personas: Sequence[str] = ("curious",),
        seed: int = 1,
        *,
        proxied: bool = True,
        hosts: tuple[Endpoint, ...] = (),
    ) -> RunOutcome:
        """One whole run: explored, probed and judged. `hosts` are those that the package is said to name."""
        await self.set(breaks)
        self._runs += 1
        out = self.latest
        (out / "evidence").mkdir(parents=True)

        @contextlib.asynccontextmanager
        async def ready(_: Path, say: Say) -> AsyncIterator[Prepared]:
            routes = {(name, port): (address, port) for name, port, address in self.demo.resolve}
            way = observed(self.lab.device, PACKAGE, say, routes | self.beside)
            async with way if proxied else contextlib.nullcontext() as tap:
                yield Prepared(
                    lambda account: self.lab.surface(network=tap.take if tap else None, account=account),
                    tap is not None,
                )

        cell = Cell(breaks, "modern", seed=seed)
        asked = options(self.demo, cell, personas, devices=(DEVICE,), counter_proof=False)
        run = Run(asked, out, android=Android(PACKAGE, {DEVICE: ready}, hosts=hosts))
        with run.journal:
            return await run.explore()


@contextlib.asynccontextmanager
async def world(folder: Path, profile: Profile = PIXEL_34) -> AsyncIterator[World]:
    """A device of this kind that is ready, and servers that are healthy."""
    tools = find_tools(data_folder())
    async with (
        DemoApp(skin="modern", workdir=folder) as demo,
        AndroidLab.of_demo(tools, folder, demo, profile=profile) as lab,
    ):
        lab.virtual.network.patience = 2.0  # less than the harness's users have
        yield World(demo, lab, folder)


@contextlib.asynccontextmanager
async def neighbour(world: World) -> AsyncIterator[Counter[str]]:
    """Another app of the device, which asks a sound and a broken server all the time, through the same proxy.

    Yields how often each of the two was asked."""
    authority, asked, device = Authority.create(), Counter[str](), world.lab.virtual
    device.network.roots += authority.root_pem.decode()
    own = replace(device.network, uid=device.uid("com.android.vending"))
    async with (
        await serve(authority, ("play.test",), None, "healthy") as sound,
        await serve(authority, ("vendor.test",), None, "expired") as broken,
    ):
        routes = {("play.test", 443): sound, ("vendor.test", 443): broken}
        world.beside |= {host: (front.address, front.port) for host, front in routes.items()}
        own.routes = {**own.routes, **world.beside}

        async def talk() -> None:
            while True:
                for host, _ in routes:
                    with contextlib.suppress(Failed, ssl.SSLError, OSError):
                        await call(own, host, "/")
                    asked[host] += 1
                    await asyncio.sleep(0.2)

        talking = asyncio.get_running_loop().create_task(talk())
        try:
            yield asked
        finally:
            talking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await talking


@dataclass(frozen=True, slots=True)
class Beside:
    """A second device on the same adb server, with an Appium of its own, as each row of devices.yml has one."""

    virtual: VirtualDevice
    device: AndroidDevice
    appium: AppiumServer


@contextlib.asynccontextmanager
async def beside(world: World) -> AsyncIterator[Beside]:
    """Another device that reaches the same servers."""
    routes = {(name, port): (address, port) for name, port, address in world.demo.resolve}
    app = support_app({name: port for name, port, _ in world.demo.resolve}, set())
    virtual = VirtualDevice({PACKAGE: app}, routes, world.demo.ca.read_text(encoding="utf-8"))
    adb, tools = world.lab.adb, world.lab.tools
    async with virtual, contextlib.AsyncExitStack() as stack:
        appium = AppiumServer(tools, world.folder / "second-appium.log", adb.port)
        await appium.start()
        stack.push_async_callback(appium.stop)
        device = AndroidDevice(tools.adb, adb.port, virtual.serial)
        await device.connect()
        yield Beside(virtual, device, appium)
        assert virtual.unknown == []
