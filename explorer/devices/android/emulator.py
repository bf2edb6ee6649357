"""Boots an Android virtual device (AVD) with the SDK's emulator, and shuts it down."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path
from typing import IO

from explorer.devices.android.server import end, shell
from explorer.devices.android.tools import AndroidError

BOOT_LIMIT = 600.0
"""Time limit of a boot, in seconds. A cold boot on a machine without virtualisation takes minutes."""
PORTS = range(5554, 5586, 2)
"""Console ports of emulators; the adb port of each is the next number."""


def emulator_binary() -> Path | None:
    """The path of the emulator: below ANDROID_HOME or ANDROID_SDK_ROOT, or on PATH. None if there is none."""
    for name in ("ANDROID_HOME", "ANDROID_SDK_ROOT"):
        if root := os.environ.get(name):
            found = shutil.which("emulator", path=str(Path(root) / "emulator"))
            if found:
                return Path(found)
    on_path = shutil.which("emulator")
    return Path(on_path) if on_path else None


class Emulator:
    """One Android virtual device (AVD). The emulator's output goes into the file `log`."""

    def __init__(self, binary: Path, avd: str, log: Path, *, headless: bool = True) -> None:
        self._binary, self._avd, self._log, self._headless = binary, avd, log, headless
        self._process: asyncio.subprocess.Process | None = None
        self._file: IO[bytes] | None = None
        self.serial = ""

    async def start(self, adb_port: int, taken: frozenset[str] = frozenset()) -> None:
        """Boot the emulator and wait until Android is up. `taken` are the serials that other devices use.

        Raises AndroidError if that fails, and then leaves no process running."""
        port = next((p for p in PORTS if f"emulator-{p}" not in taken), None)
        if port is None:
            raise AndroidError("All sixteen emulator ports are in use; close an emulator.")
        self.serial = f"emulator-{port}"
        quiet = ["-no-window", "-no-audio", "-no-boot-anim", "-gpu", "swiftshader_indirect"] if self._headless else []
        self._file = self._log.open("ab")
        self._process = await asyncio.create_subprocess_exec(
            str(self._binary),
            "-avd",
            self._avd,
            "-port",
            str(port),
            "-no-snapshot",  # one that wakes from a snapshot has the clock of that time, and may catch up at any moment
            *quiet,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=self._file,
            stderr=self._file,
            env={**os.environ, "ANDROID_ADB_SERVER_PORT": str(adb_port)},
        )
        try:
            async with asyncio.timeout(BOOT_LIMIT):
                while True:
                    if await self._booted(adb_port):
                        return
                    await asyncio.sleep(1)  # there is no event for the end of a boot
        except TimeoutError as error:
            await self.stop()
            raise AndroidError(
                f"{self._avd} did not boot within {BOOT_LIMIT:.0f} s. Its log says why: {self._log}"
            ) from error
        except BaseException:
            await self.stop()
            raise

    async def _booted(self, adb_port: int) -> bool:
        if self._process is not None and self._process.returncode is not None:
            raise AndroidError(
                f"The emulator ended at once (exit code {self._process.returncode}). Its log says why: {self._log}"
            )
        try:
            return (await shell(adb_port, self.serial, "getprop sys.boot_completed", limit=10)).strip() == "1"
        except AndroidError:
            return False  # adb does not list the emulator yet

    async def stop(self) -> None:
        """Shut the emulator down. Safe to call twice."""
        if self._process is not None:
            await end(self._process)
            self._process = None
        if self._file is not None:
            self._file.close()
            self._file = None
