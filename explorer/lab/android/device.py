"""The virtual Android device behind an adb port.

It is a program, not an Android system. It answers the requests of adb, the UiAutomator2 driver and Trustwalk as Android
does. Its apps are scripted (`support.py`); their network requests are real.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from aiohttp import web

from explorer.devices.android.server import free_port
from explorer.lab.android.apps import MakeApp
from explorer.lab.android.automation import Automation
from explorer.lab.android.commands import Basics
from explorer.lab.android.display import Display
from explorer.lab.android.logs import Log
from explorer.lab.android.managers import SERVER, Managers
from explorer.lab.android.network import TABLE, Network, Note, tcp_table
from explorer.lab.android.phone import Faults, Installed
from explorer.lab.android.process import Process
from explorer.lab.android.profiles import FIRST_UID, PIXEL_34, Profile
from explorer.lab.android.proxy_service import ProxyService
from explorer.lab.android.reverse import Reverse
from explorer.lab.android.shell import Command
from explorer.lab.android.shell import serve as serve_shell
from explorer.lab.android.syncing import Files
from explorer.lab.android.syncing import serve as serve_sync
from explorer.lab.android.wire import FEATURES, Connection, Stream, StreamClosed
from explorer.targets.apk.manifest import Package
from explorer.targets.apk.package import read_package
from explorer.targets.error import TargetError

SERVER_PORT = 6790
"""The port of the UiAutomator2 server on the device."""


class VirtualDevice:
    """A virtual Android device that listens for adb on loopback.

    Use it as `async with VirtualDevice(apps, routes, roots) as device:`, then connect with `adb connect` to
    `device.serial`.

    `apps` maps a package to the scripted app that replaces it. `routes` and `roots` are the network and the trust store
    (see `Network`). `skew` is how many seconds the device's clock is ahead. `profile` is the kind of device.
    """

    def __init__(
        self,
        apps: Mapping[str, MakeApp],
        routes: Mapping[tuple[str, int], tuple[str, int]],
        roots: str,
        *,
        port: int = 0,
        skew: float = 0,
        profile: Profile = PIXEL_34,
    ) -> None:
        self.profile = profile
        self._make, self.skew, self._port = dict(apps), skew, port or free_port()
        self.log = Log(self.clock)
        self.network = Network(routes, roots, self.clock)
        self.files, self.display, self.faults = Files(), Display(), Faults()
        self.properties, self.settings = profile.properties, dict[tuple[str, str], str]()
        self.proxy = ProxyService(self.settings)
        self.packages: dict[str, Installed] = {}
        self.uids: dict[str, int] = {}
        """Package → its user id. Each package has its own, and keeps it."""
        self.processes: dict[str, int] = {}
        self.stores: dict[str, dict[str, str]] = {}
        self.views: dict[str, int] = {}
        """Package → DevTools port of the Chromium that renders its WebViews."""
        self.pins: dict[str, dict[str, set[str]]] = {}
        """Package → the pins that are compiled into it (see `Network`)."""
        self.listening: dict[int, int] = {}
        """Ports of the device on which its apps listen → the port of this machine that answers for each."""
        self.ime = self.first_ime = "com.android.inputmethod.latin/.LatinIME"
        self.forbidden: set[str] = set()
        """Files that the shell may not read, as on newer devices."""
        self.granted: set[tuple[str, str]] = set()
        self.answered: set[tuple[str, str]] = set()
        self.unknown: list[str] = []
        """Requests that this device does not know. If a test finds some, extend the device."""
        self.apps: dict[str, Process] = {}
        self._ended: dict[str, asyncio.Event] = {}
        self._sessions: dict[int, list[bytes]] = {}
        self._connections: set[Connection] = set()
        self._next_pid = 4210
        self._find: tuple[Callable[[str], Command | None], ...] = (Basics(self).find, Managers(self).find)
        self._automation = Automation(self)
        self.reverse = Reverse()
        self.network.dial = self._dial
        self._server: asyncio.Server | None = None
        self._http_port = 0
        self._exit = contextlib.AsyncExitStack()

    async def __aenter__(self) -> VirtualDevice:
        runner = web.AppRunner(self._automation.application(), access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        self._exit.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self._http_port = runner.addresses[0][1]
        await self.listen()
        self.log.write("I", "boot", 1, "virtual device booted", buffer="system")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.vanish()
        self.reverse.clear()
        for name in list(self.processes):
            self.stop_process(name, "shutdown")
        await self._exit.aclose()

    @property
    def serial(self) -> str:
        return f"127.0.0.1:{self._port}"

    def clock(self) -> float:
        return time.time() + self.skew

    async def _dial(self, host: str, port: int, note: Note) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """Connect through the proxy in force, as the platform's HTTP stacks do. None if there is none."""
        proxy = self.proxy.in_force
        if proxy is None:
            return None
        if proxy[0] not in {"localhost", "127.0.0.1"}:
            raise ConnectionRefusedError(f"the proxy {proxy[0]} is not on this device")
        reader, writer = await self.reverse.connect(proxy[1])
        note("127.0.0.1", proxy[1])
        writer.write(f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        answer = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in answer.split(b"\r\n", 1)[0] + b" ":
            writer.close()
            raise ConnectionRefusedError(answer.split(b"\r\n", 1)[0].decode("latin-1"))
        return reader, writer

    async def listen(self) -> None:
        """Accept connections from adb.

        After `vanish`, the device listens on the same port again.
        """
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self._port)

    async def vanish(self) -> None:
        """Unplug the device: every connection ends, and no new one is accepted."""
        if self._server is not None:
            self._server.close()
        for connection in list(self._connections):
            connection.cut()
        if self._server is not None:
            await self._server.wait_closed()
            self._server = None

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        names = ";".join(
            f"{key}={self.properties[key]}" for key in ("ro.product.name", "ro.product.model", "ro.product.device")
        )
        connection = Connection(reader, writer, f"device::{names};features={FEATURES}", self._serve)
        self._connections.add(connection)
        try:
            await connection.run()
        finally:
            self._connections.discard(connection)

    async def _serve(self, stream: Stream) -> None:
        service = stream.service
        if service.startswith("tcp:"):
            await self._tcp(stream, service.rpartition(":")[2])
        elif service.startswith("shell") and ":" in service:
            await stream.accept()
            head, _, line = service.partition(":")
            await serve_shell(stream, line, "v2" in head, self.command, self.unknown.append)
        elif service.startswith("exec:"):
            await stream.accept()
            await serve_shell(stream, service.removeprefix("exec:"), False, self.command, self.unknown.append)
        elif service.startswith("reverse:"):
            await stream.accept()
            await stream.write(await self.reverse.ask(service.removeprefix("reverse:"), stream.open_back))
        elif service == "sync:":
            await stream.accept()
            await serve_sync(stream, self.files)
        elif service.startswith("localabstract:"):
            await self._devtools_of(stream, service.partition(":")[2])
        else:  # jdwp and abb are not supported
            await stream.refuse()

    def command(self, name: str) -> Command | None:
        for find in self._find:
            if found := find(name):
                return found
        return None

    async def _tcp(self, stream: Stream, port: str) -> None:
        """Connect to a TCP port of the device. The UiAutomator2 server listens only while its process runs."""
        driven = {SERVER_PORT: self._http_port} if SERVER in self.processes else {}
        there = (driven | self.listening).get(int(port) if port.isdecimal() else 0)
        if there is None:
            await stream.refuse()
        else:
            await self._bridge(stream, there)

    async def _devtools_of(self, stream: Stream, name: str) -> None:
        """Connect to the abstract socket `name`, on which an app's WebViews listen for DevTools."""
        port = self._devtools().get(name)
        if port is None:
            await stream.refuse()
        else:
            await self._bridge(stream, port)

    def _devtools(self) -> dict[str, int]:
        """Abstract sockets of running WebViews → the port of the Chromium behind each."""
        shown = {self.processes[name]: port for name, port in self.views.items() if name in self.processes}
        return {f"webview_devtools_remote_{pid}": port for pid, port in shown.items()}

    async def _bridge(self, stream: Stream, port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await stream.accept()
        upward = asyncio.get_running_loop().create_task(_pump(stream, writer))
        try:
            while data := await reader.read(65_536):
                await stream.write(data)
        except (ConnectionError, StreamClosed):
            pass  # one side is gone; the other is closed below
        finally:
            upward.cancel()
            writer.close()

    def start_process(self, name: str) -> asyncio.Event:
        """Start a process, unless it is running already.

        The returned event is set when the process ends.
        """
        if name not in self.processes:
            self._next_pid += 7
            self.processes[name] = self._next_pid
            self._ended[name] = asyncio.Event()
            self.log.write(
                "I",
                "ActivityManager",
                612,
                f"Start proc {self._next_pid}:{name}/u0a{self.uid(name) - 10_000} for top-activity",
                buffer="system",
            )
            self.log.write(
                "I",
                "am_proc_start",
                612,
                f"[0,{self._next_pid},{self.uid(name)},{name},top-activity,]",
                buffer="events",
            )
        return self._ended[name]

    def stop_process(self, name: str, why: str) -> None:
        if app := self.apps.pop(name, None):
            app.end()
        if name not in self.processes:
            return
        pid = self.processes.pop(name)
        self._ended.pop(name).set()
        self.log.write("I", "ActivityManager", 612, f"{why} {name} ({pid})", buffer="system")
        if self.display.app is not None and self.display.app.window().package == name:
            self.display.app, self.display.focused = None, ""

    def uid(self, package: str) -> int:
        """The user id of a package, or of one of its processes (`package:name`)."""
        return self.uids.setdefault(package.partition(":")[0], FIRST_UID + len(self.uids))

    def stop_soon(self, name: str) -> None:
        """End a process shortly after the current response.

        The UiAutomator2 server ends in this way when its session is deleted.
        """
        asyncio.get_running_loop().call_later(0.1, self.stop_process, name, "session deleted:")

    def launch(self, package: str) -> None:
        """Bring an app to the front, in a new process if it has none."""
        self.start_process(package)
        make = self._make.get(package)
        if make is None:
            return  # a helper app of Appium, which has no window here
        process = self.apps.get(package)
        if process is None:
            process = self.apps[package] = Process(self, package)
            process.app = make(process)
            self.display.app, self.display.focused = process.app, ""
            process.app.start()
            if self.faults.crash_at_start:
                process.crash(
                    "java.lang.IllegalStateException: not set up\n\tat test.desk.support.MainActivity.onCreate(MainActivity.java:9)"
                )
        elif process.app is not None:
            self.display.app, self.display.focused = process.app, ""

    def clear(self, package: str) -> None:
        """`pm clear`: end the app's process, and delete its data and permissions."""
        self.stop_process(package, "Force stopping")
        self.stores.pop(package, None)
        self.granted = {entry for entry in self.granted if entry[0] != package}
        self.answered = {entry for entry in self.answered if entry[0] != package}

    def install(self, files: list[bytes], *, grant: bool = False) -> str:
        """Install a package, or a base package with its splits.

        With `grant`, the package gets all permissions that it requests. Returns Android's reason if the device refuses
        the package, else an empty string.
        """
        if self.faults.disk_full:
            return "INSTALL_FAILED_INSUFFICIENT_STORAGE: Failed to override installation location"
        try:
            read = [_parse(data) for data in files]
        except TargetError:
            return "INSTALL_PARSE_FAILED_NOT_APK: Failed to parse /data/app/vmdl1.tmp/base.apk"
        base = next((package for package in read if not package.split), None)
        if base is None:
            return "INSTALL_FAILED_INVALID_APK: Full install must include a base package"
        if base.min_sdk > int(self.properties["ro.build.version.sdk"]):
            return f"INSTALL_FAILED_OLDER_SDK: Requires newer sdk version #{base.min_sdk}"
        self.stop_process(base.name, "Force stopping")
        former = self.packages.get(base.name)
        since = former.since if former else time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(self.clock()))
        self.packages[base.name] = Installed(base, base.version_code, base.activity, base.instrumentation, since)
        if grant:
            self.granted |= {(base.name, permission) for permission in base.permissions}
        self.log.write("I", "PackageManager", 612, f"installed {base.name}", buffer="system")
        return ""

    def new_session(self) -> int:
        number = 1001 + len(self._sessions)
        self._sessions[number] = []
        return number

    def write_session(self, number: int, data: bytes) -> None:
        self._sessions[number].append(data)

    def commit(self, number: int) -> str:
        return self.install(self._sessions.get(number, []))

    def describe(self, package: str) -> str:
        """The output of `dumpsys package` for one package."""
        entry = self.packages.get(package)
        if entry is None:
            return f"Unable to find package: {package}\n"
        permissions = "".join(
            f"      {name}: granted={str((package, name) in self.granted).lower()}\n"
            for name in entry.package.permissions
        )
        return (
            f"Packages:\n  Package [{package}] (1a2b3c):\n    userId={self.uid(package)}\n    versionCode={entry.version_code} "
            f"minSdk={entry.package.min_sdk} targetSdk={entry.package.target_sdk}\n    versionName={entry.package.version_name}\n"
            f"    firstInstallTime={entry.since}\n    install permissions:\n{permissions}    runtime permissions:\n"
        )

    def proc(self, name: str) -> str:
        """The content of a file below /proc; empty for files that no client requests."""
        if name == "/proc/net/tcp":
            return TABLE
        if name == "/proc/net/tcp6":
            return tcp_table(self.network.sockets.live)
        if name != "/proc/net/unix":
            return ""
        head = "Num       RefCount Protocol Flags    Type St Inode Path\n"
        return head + "".join(
            f"0000000000000000: 00000002 00000000 00010000 0001 01 {40_000 + n} @{socket}\n"
            for n, socket in enumerate(self._devtools())
        )


async def _pump(stream: Stream, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError, StreamClosed):
        while data := await stream.read():
            writer.write(data)
            await writer.drain()
    writer.close()


def _parse(data: bytes) -> Package:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "base.apk"
        path.write_bytes(data)
        return read_package(path)
