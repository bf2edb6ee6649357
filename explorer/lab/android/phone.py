"""The interface of the virtual device for its parts: shell, automation, processes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Protocol

from explorer.lab.android.display import Display
from explorer.lab.android.logs import Log
from explorer.lab.android.network import Network
from explorer.lab.android.profiles import Profile
from explorer.lab.android.proxy_service import ProxyService
from explorer.lab.android.reverse import Reverse
from explorer.lab.android.syncing import Files
from explorer.targets.apk.manifest import Package


@dataclass(frozen=True, slots=True)
class Installed:
    package: Package
    version_code: int
    activity: str
    instrumentation: tuple[tuple[str, str], ...]
    since: str = "1970-01-01 00:00:00"
    """When the package was installed first (`firstInstallTime`). An update does not change it."""


@dataclass(slots=True)
class Faults:
    """Simulated faults of the device."""

    disk_full: bool = False
    refuse_session: bool = False
    never_settles: bool = False
    crash_at_start: bool = False
    silent_apps: bool = False
    """Apps log nothing of their own, as many release builds do: R8 removes their calls (`-assumenosideeffects`)."""


class Phone(Protocol):
    """The device as its parts see it. `explorer.lab.android.device.VirtualDevice` implements it."""

    profile: Profile
    proxy: ProxyService
    log: Log
    reverse: Reverse
    ime: str
    first_ime: str
    network: Network
    files: Files
    display: Display
    faults: Faults
    properties: dict[str, str]
    settings: dict[tuple[str, str], str]
    packages: dict[str, Installed]
    processes: dict[str, int]
    stores: dict[str, dict[str, str]]
    pins: dict[str, dict[str, set[str]]]
    forbidden: set[str]
    granted: set[tuple[str, str]]
    answered: set[tuple[str, str]]
    unknown: list[str]

    def clock(self) -> float: ...

    def uid(self, package: str) -> int: ...

    def proc(self, name: str) -> str: ...

    def start_process(self, name: str) -> asyncio.Event: ...

    def stop_process(self, name: str, why: str) -> None: ...

    def stop_soon(self, name: str) -> None: ...

    def launch(self, package: str) -> None: ...

    def clear(self, package: str) -> None: ...

    def install(self, files: list[bytes], *, grant: bool = False) -> str: ...

    def new_session(self) -> int: ...

    def write_session(self, number: int, data: bytes) -> None: ...

    def commit(self, number: int) -> str: ...

    def describe(self, package: str) -> str: ...
