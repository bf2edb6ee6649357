"""Starts, watches, restarts and stops the two servers that drive a device, adb's and Appium's, by process id."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import socket
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import IO

import aiohttp

from explorer.devices.android.tools import AndroidError, Tools

ADB_PORT = 5037
"""Default port of the shared adb server. Only one adb server can hold USB devices, so use the shared one for them."""
REVIVE = "Unlock it, reconnect it or restart it."
"""What to do with a device that does not answer."""
START_LIMIT = 90.0
STOP_LIMIT = 10.0
REQUEST_LIMIT = 30.0
_PORTS = range(20_000, 32_000)


def everybodys_port() -> int:
    """The port of the shared adb server: the value of `ANDROID_ADB_SERVER_PORT`, as for adb, or adb's default."""
    named = os.environ.get("ANDROID_ADB_SERVER_PORT", "")
    return int(named) if named.isdecimal() and 0 < int(named) < 65_536 else ADB_PORT


def free_port() -> int:
    """A free port on loopback.

    The port lies below the range of ephemeral ports. So the system gives it to no other program before its first use or
    between two uses. Raises AndroidError if no free port was found."""
    for port in random.SystemRandom().sample(_PORTS, 200):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise AndroidError(
        f"None of 200 ports between {_PORTS.start} and {_PORTS.stop} is free; close the programs that hold them."
    )


class AdbServer:
    """A private adb server on its own port, for devices over TCP.

    Its discovery of devices is switched off (`ADB_USB`, `ADB_EMU` and `ADB_MDNS` are 0), so that it takes no device
    from the shared server."""

    def __init__(self, adb: Path, port: int = 0) -> None:
        self.adb, self.port = adb, port or free_port()
        self._process: asyncio.subprocess.Process | None = None
        self._home = tempfile.TemporaryDirectory(prefix="trustwalk-adb-")

    async def start(self) -> None:
        """Start the server. Raises AndroidError if it does not answer in time."""
        environment = {
            **os.environ,
            "HOME": self._home.name,
            "TMPDIR": self._home.name,
            **dict.fromkeys(("ADB_USB", "ADB_EMU", "ADB_MDNS"), "0"),
        }
        self._process = await asyncio.create_subprocess_exec(
            str(self.adb),
            "-L",
            f"tcp:localhost:{self.port}",
            "server",
            "nodaemon",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env=environment,
        )
        await _until(
            self._answers,
            self._process,
            "The adb server",
            f"Try: {self.adb} -L tcp:localhost:{self.port} server nodaemon",
        )

    async def _answers(self) -> bool:
        try:
            return (await adb_request(self.port, "host:version")) != ""
        except AndroidError:
            return False

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    async def stop(self) -> None:
        """Stop the server. Safe to call twice."""
        if self._process is not None:
            await end(self._process)
            self._process = None
        self._home.cleanup()


async def ensure_adb(adb: Path, port: int = ADB_PORT) -> None:
    """Make sure that an adb server runs on `port`.

    A server that is started keeps running, as one that an adb command starts. Raises AndroidError if none can be
    reached."""
    with contextlib.suppress(AndroidError):
        await adb_request(port, "host:version")
        return
    process = await asyncio.create_subprocess_exec(
        str(adb),
        "-P",
        str(port),
        "start-server",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await asyncio.wait_for(process.wait(), START_LIMIT)
    except TimeoutError as error:
        raise AndroidError(
            f"The adb server did not start within {START_LIMIT:.0f} s. Try: {adb} start-server"
        ) from error
    finally:
        await end(process)
    await adb_request(port, "host:version")


async def adb_request(port: int, service: str) -> str:
    """Send a request, such as «host:devices», to an adb server. Returns the server's answer.

    Raises AndroidError if the server reports an error or does not answer."""
    try:
        async with asyncio.timeout(REQUEST_LIMIT), adb_stream(port, service) as (reader, _):
            length = await reader.read(4)
            return (await reader.readexactly(int(length, 16))).decode("utf-8", "replace") if len(length) == 4 else ""
    except TimeoutError as error:
        raise AndroidError(
            f"The adb server on port {port} did not answer «{service}» within {REQUEST_LIMIT:.0f} s. End it, so that "
            f"a new one can start: adb -P {port} kill-server."
        ) from error


@contextlib.asynccontextmanager
async def adb_stream(port: int, *services: str) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Connect to the adb server on `port`, open `services` one after the other, and yield the last one's stream.

    `adb_stream(port, "host:transport:SERIAL", "shell:logcat")` reads a log. Raises AndroidError with adb's text."""
    reader, writer = await _server(port)
    try:
        for service in services:
            await _ask(port, reader, writer, service)
        yield reader, writer
    except (asyncio.IncompleteReadError, ConnectionError, ValueError) as error:
        raise AndroidError(
            f"The adb server on port {port} closed the connection. If it has ended, start it: adb -P {port} start-server."
        ) from error
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def _server(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    try:
        return await asyncio.open_connection("127.0.0.1", port)
    except OSError as error:
        raise AndroidError(
            f"No adb server answers on port {port} ({error.strerror or error}). Start one: adb -P {port} start-server."
        ) from error


async def _ask(port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, service: str) -> None:
    raw = service.encode()
    writer.write(f"{len(raw):04x}".encode() + raw)
    await writer.drain()
    status = await reader.readexactly(4)
    if status != b"OKAY":
        length = await reader.readexactly(4)
        words = (await reader.readexactly(int(length, 16))).decode("utf-8", "replace")
        raise AndroidError(f"adb: {words.strip().rstrip('.')}. «adb -P {port} devices -l» lists what it sees.")


async def device_port(port: int, serial: str, number: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect to a port that listens on the device's own loopback. Raises OSError if that fails.

    The caller closes the connection."""
    try:
        reader, writer = await _server(port)
    except AndroidError as error:
        raise ConnectionError(str(error)) from error
    try:
        for service in (f"host:transport:{serial}", f"tcp:{number}"):
            await _ask(port, reader, writer, service)
    except (AndroidError, asyncio.IncompleteReadError, ValueError) as error:
        writer.close()
        raise ConnectionRefusedError(f"nobody listens on port {number} of {serial}") from error
    return reader, writer


async def shell(port: int, serial: str, command: str, limit: float = 30.0) -> str:
    """Run a shell command on a device and return its output.

    Raises AndroidError if the device is gone, or if the command takes longer than `limit` seconds."""
    try:
        async with (
            asyncio.timeout(limit),
            adb_stream(port, f"host:transport:{serial}", f"shell:{command}") as (reader, _),
        ):
            return (await reader.read(-1)).decode("utf-8", "replace")
    except TimeoutError as error:
        raise AndroidError(
            f"{serial} did not answer «{command.split(maxsplit=1)[0]}» within {limit:.0f} s. {REVIVE}"
        ) from error


class AppiumServer:
    """A private Appium server. It may die if a device vanishes during a session, so `ensure` starts it again."""

    def __init__(self, tools: Tools, log: Path, adb_port: int = ADB_PORT) -> None:
        self._tools, self._log, self._adb_port = tools, log, adb_port
        self._process: asyncio.subprocess.Process | None = None
        self._file: IO[bytes] | None = None
        self._lock = asyncio.Lock()
        self.port = 0
        self.restarts = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def home(self) -> Path:
        """The folder of the server's drivers (APPIUM_HOME)."""
        return self._tools.home

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    async def start(self) -> None:
        """Start the server on a free port and wait until it responds.

        Raises an AndroidError that names the server's log if that fails."""
        self.port = free_port()
        self._file = self._file or self._log.open("ab")
        self._process = await asyncio.create_subprocess_exec(
            str(self._tools.node),
            str(self._tools.appium),
            "--address",
            "127.0.0.1",
            "--port",
            str(self.port),
            "--log-no-colors",
            "--log-timestamp",
            "--log-level",
            "info",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=self._file,
            stderr=self._file,
            env=self._tools.environment(self._adb_port),
            start_new_session=True,
        )
        try:
            await _until(self.healthy, self._process, "Appium", f"Its log says why: {self._log}")
        except BaseException:
            await end(self._process)
            raise

    async def healthy(self) -> bool:
        """Whether the server runs and reports that it is ready (GET /status, W3C WebDriver)."""
        if self._process is None or self._process.returncode is not None:
            return False
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as client,
                client.get(f"{self.url}/status") as answer,
            ):
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False

    async def ensure(self) -> bool:
        """Start the server again if it has died. Returns whether that was necessary.

        Raises AndroidError if the server does not start."""
        async with self._lock:
            if await self.healthy():
                return False
            if self._process is not None:
                await end(self._process)
                self.restarts += 1
            await self.start()
            return True

    async def stop(self) -> None:
        """Stop the server and close its log. Safe to call twice."""
        if self._process is not None:
            await end(self._process)
            self._process = None
        if self._file is not None:
            self._file.close()
            self._file = None


async def _until(
    ready: Callable[[], Awaitable[bool]], process: asyncio.subprocess.Process, name: str, hint: str
) -> None:
    """Poll until `ready` holds. Raises AndroidError if the process ends or the time limit is reached."""
    loop = asyncio.get_running_loop()
    limit = loop.time() + START_LIMIT
    while not await ready():
        if process.returncode is not None:
            raise AndroidError(f"{name} ended at once (exit code {process.returncode}). {hint}")
        if loop.time() > limit:
            raise AndroidError(f"{name} did not answer within {START_LIMIT:.0f} s. {hint}")
        await asyncio.sleep(0.1)


async def end(process: asyncio.subprocess.Process) -> None:
    """End one process by its id: first with SIGTERM, then with SIGKILL."""
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_LIMIT)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
