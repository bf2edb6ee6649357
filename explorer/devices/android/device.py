"""One Android device over adb: its facts, its apps and its files.

Shell commands go to the adb server directly. Installing, pushing files and forwarding ports run the adb program.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from explorer.devices.android.proxy_setting import ProxySetting
from explorer.devices.android.server import REVIVE, adb_request, end, shell
from explorer.devices.android.tools import AndroidError

INSTALL_LIMIT = 300.0
DOWNLOADS = "/sdcard/Download"
_POLL = 0.1
_HANDSHAKE = 5.0
"""Seconds that a device may take to answer over a new network connection. After that, adb connects again."""

_FAILURES = {
    "INSUFFICIENT_STORAGE": "it does not have enough free space; make room on it",
    "NO_MATCHING_ABIS": "the app has native code for other processors only; use another device or build",
    "OLDER_SDK": "its Android version is too old for the app; use a newer device",
    "UPDATE_INCOMPATIBLE": "a build of the app with another signature is installed; uninstall that one first",
    "VERSION_DOWNGRADE": "a newer version of the app is installed; uninstall that one first",
    "NO_CERTIFICATES": "the package lacks a signature that this Android version accepts; sign it with a current apksigner",
    "NOT_APK": "the package is damaged; download or build it again",
    "USER_RESTRICTED": "it forbids installing over USB; allow it in the developer options",
    "VERIFICATION_FAILURE": "its package verification refused the app; see what Play Protect says on its screen",
}
"""Part of Android's INSTALL_FAILED_* or INSTALL_PARSE_FAILED_* code → its meaning in words."""


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """The properties of a device. `abis` are in the device's order of preference. `sdk` is the API level, or 0."""

    serial: str
    model: str
    release: str
    sdk: int
    abis: tuple[str, ...]
    language: str
    emulator: bool


async def list_devices(port: int) -> dict[str, str]:
    """Serial → state (`device`, `offline`, `unauthorized`) of the devices of this adb server. Raises AndroidError."""
    rows = (line.split() for line in (await adb_request(port, "host:devices")).splitlines())
    return {row[0]: row[1] for row in rows if len(row) >= 2}


async def choose_device(port: int, serial: str) -> str:
    """The serial of the requested device. `any` requests the only device that is ready.

    If there is no such device, raises an AndroidError that lists all devices."""
    there = await list_devices(port)
    ready = [name for name, state in there.items() if state == "device"]
    if serial in ready:
        return serial
    if serial == "any" and len(ready) == 1:
        return ready[0]
    listed = ", ".join(f"{name} ({state})" for name, state in there.items()) or "none"
    wanted = (
        "No Android device is attached"
        if serial == "any" and not ready
        else f"No single ready device matches «{serial}»: name one by its serial"
    )
    hint = ""
    if "unauthorized" in there.values():
        hint = "; allow USB debugging on its screen"
    elif serial == "any" and not ready:
        hint = "; attach one that allows USB debugging, or start an emulator"
    raise AndroidError(f"{wanted}; adb sees: {listed}{hint}.")


async def ready_devices(port: int, adb: Path) -> list[AndroidDevice]:
    """All devices that are ready; empty if no adb server runs. Does not start an adb server."""
    with contextlib.suppress(AndroidError):
        there = await list_devices(port)
        return [AndroidDevice(adb, port, serial) for serial, state in there.items() if state == "device"]
    return []


class AndroidDevice:
    """A device of the adb server on `port`. Its methods raise AndroidError if the device is gone."""

    def __init__(self, adb: Path, port: int, serial: str) -> None:
        self.adb, self.port, self.serial = adb, port, serial
        self._focus_in: tuple[str, ...] = ("displays", "windows")
        """Parts of the window manager's state that may name the focus: the second one below API level 29."""

    async def shell(self, command: str, limit: float = 30.0) -> str:
        return await shell(self.port, self.serial, command, limit)

    async def connect(self, limit: float = 30.0) -> None:
        """Connect adb to a device on the network (again), and wait until it is ready."""
        said = ""
        try:
            async with asyncio.timeout(limit):
                while True:
                    if ":" in self.serial:
                        said = await self._connect_anew()
                    if await self._ready_soon():
                        return
        except TimeoutError as error:
            because = f" adb says: {said}." if said else ""
            raise AndroidError(f"{self.serial} did not become ready within {limit:.0f} s.{because} {REVIVE}") from error

    async def _connect_anew(self) -> str:
        """Disconnect and connect again. Returns adb's answer.

        `disconnect` returns before the old connection has left adb's list. Until then, `connect` only says «already
        connected», and a moment later the device is gone for good."""
        while await self._state():
            with contextlib.suppress(AndroidError):  # the connection had already gone
                await adb_request(self.port, f"host:disconnect:{self.serial}")
            await asyncio.sleep(_POLL)
        return (await adb_request(self.port, f"host:connect:{self.serial}")).strip()

    async def _ready_soon(self) -> bool:
        """Whether a fresh connection becomes usable. Keeps waiting while the device asks its owner for consent."""
        until = asyncio.get_running_loop().time() + _HANDSHAKE
        while (state := await self._state()) != "device":
            await asyncio.sleep(_POLL)
            if not state or (state != "unauthorized" and asyncio.get_running_loop().time() > until):
                return False
        return True

    async def absence(self) -> str:
        """Why the device cannot be reached, in a sentence. Empty if adb reports it as ready."""
        try:
            state = await self._state()
        except AndroidError as error:
            return str(error)
        seen = f"sees it as «{state}»" if state else "does not see it any more"
        return "" if state == "device" else f"{self.serial} is gone: adb {seen}."

    async def _state(self) -> str:
        """The device's state according to adb; empty if adb does not know it."""
        return (await list_devices(self.port)).get(self.serial, "")

    async def facts(self) -> DeviceFacts:
        names = (
            "ro.product.model",
            "ro.build.version.release",
            "ro.build.version.sdk",
            "ro.product.cpu.abilist",
            "ro.product.cpu.abi",
            "persist.sys.locale",
            "ro.product.locale",
            "ro.kernel.qemu",
            "ro.boot.qemu",
        )
        said = (await self.shell("; ".join(f"getprop {name}" for name in names))).splitlines()
        model, release, sdk, abis, abi, locale, product, qemu, boot = [*(line.strip() for line in said), *[""] * 9][:9]
        return DeviceFacts(
            serial=self.serial,
            model=model,
            release=release,
            sdk=int(sdk) if sdk.isdecimal() else 0,
            abis=tuple(a for a in (abis or abi).split(",") if a),
            language=re.split(r"[-_]", locale or product or "en", maxsplit=1)[0].lower(),
            emulator="1" in {qemu, boot} or self.serial.startswith("emulator-"),
        )

    async def install(self, parts: Sequence[Path], *, test_only: bool = False) -> None:
        """Install an APK, or a base APK with its split APKs. An installed version by the same signer is replaced.

        Raises AndroidError with the reason if the device refuses the app."""
        verb = "install-multiple" if len(parts) > 1 else "install"
        flags = ["-r", *(["-t"] if test_only else [])]
        code, said = await self._adb(verb, *flags, *(str(part) for part in parts), limit=INSTALL_LIMIT)
        if code == 0 and "Failure" not in said:
            return
        found = re.search(r"INSTALL_(?:PARSE_)?FAILED_(\w+)", said)
        told = next((text for key, text in _FAILURES.items() if found and key in found[1]), "")
        reason = told or (found[0] if found else " ".join(said.split())[-300:])
        raise AndroidError(f"{self.serial} refuses the app: {reason}.")

    async def installed(self, package: str) -> bool:
        return f"package:{package}" in (await self._listed("", package)).split()

    async def version_of(self, package: str) -> str:
        """The version name of a package; empty if it is not installed."""
        found = re.search(r"^\s*versionName=(\S+)", await self.shell(f"dumpsys package {package}"), re.MULTILINE)
        return found[1] if found else ""

    async def installed_since(self, package: str) -> str:
        """When the package was installed first, in the device's own words. Empty if it is not installed."""
        found = re.search(r"^\s*firstInstallTime=(.+)$", await self.shell(f"dumpsys package {package}"), re.MULTILINE)
        return found[1].strip() if found else ""

    async def _listed(self, options: str, package: str) -> str:
        """The installed packages whose names contain `package`, those of the owner only: on phones with a second space
        (Secure Folder), the shell may not ask for all users. Raises AndroidError if the device does not tell."""
        said = await self.shell(f"pm list packages --user 0 {options}{shlex.quote(package)}")
        if "Exception" in said and "package:" not in said:
            raise AndroidError(f"{self.serial} does not list its apps: {' '.join(said.split())[-200:]}.")
        return said

    async def uninstall(self, package: str) -> None:
        await self.shell(f"pm uninstall {package}")

    async def clear(self, package: str) -> None:
        """Remove the app's data and permissions, so that each session starts like the first one.

        Raises AndroidError if the device refuses that."""
        said = await self.shell(f"pm clear --user 0 {package}")
        if "Success" not in said.split():
            raise AndroidError(
                f"{self.serial} does not let adb clear the data of {package} («{' '.join(said.split())[-200:]}»), so a session "
                "would begin with what an earlier one left. On phones of some vendors, switch on «USB debugging (Security "
                "settings)» in the developer options."
            )

    async def launch(self, package: str, activity: str, *, fresh: bool = True) -> str:
        """Start the app. Returns Android's error text, or an empty string. `fresh` ends a running process of the app
        first."""
        flags = "-W -S" if fresh else "-W"
        said = await self.shell(
            f"am start {flags} -n {shlex.quote(f'{package}/{activity}')} "
            "-a android.intent.action.MAIN -c android.intent.category.LAUNCHER",
            limit=60,
        )
        found = re.search(r"^(?:Error|Security exception): ?(.*)$", said, re.MULTILINE)
        return found[0].strip() if found else ""

    async def stop(self, package: str) -> None:
        await self.shell(f"am force-stop {package}")

    async def running(self, package: str) -> bool:
        return bool((await self.shell(f"pidof {package}")).strip())

    async def activity(self) -> str:
        """The class of the focused activity, without the app's package as a prefix. Empty if none has the focus."""
        for part in self._focus_in:
            said = await self.shell(f"dumpsys window {part}")
            for name in ("mCurrentFocus", "mFocusedApp"):
                if found := re.search(rf"{name}=\S*\{{[^}}]*?([\w.]+)/([\w.$]+)[ }}]", said):
                    self._focus_in = (part,)
                    return found[2].removeprefix(found[1])
        return ""

    async def user_of(self, package: str) -> int:
        """The app's Linux user ID (UID) on the device; 0 if Android does not report it (before version 8)."""
        said = await self._listed("-U ", package)
        found = re.search(rf"^package:{re.escape(package)} uid:(\d+)", said, re.MULTILINE)
        return int(found[1]) if found else 0

    async def sockets(self) -> str | None:
        """The kernel's table of TCP sockets. None if the shell may not read it, as on some newer devices."""
        said = await self.shell("cat /proc/net/tcp /proc/net/tcp6")
        return said if "local_address" in said else None

    async def push(self, source: Path, target: str) -> None:
        code, said = await self._adb("push", str(source), target)
        if code:
            raise AndroidError(
                f"{self.serial} refuses the file {source.name}: {' '.join(said.split())[-200:]}. Make room on the device, and "
                f"check that {target} can be written."
            )

    @property
    def proxy(self) -> ProxySetting:
        """The device's global proxy."""
        return ProxySetting(self)

    async def reverse(self, port: int) -> int:
        """Forward a port of the device to `port` of this machine. Returns the device's port."""
        code, said = await self._adb("reverse", "tcp:0", f"tcp:{port}")
        if code or not said.strip().isdecimal():
            raise AndroidError(
                f"adb cannot forward a port of {self.serial} to the proxy on this machine: {' '.join(said.split())[-200:]}. "
                "Reconnect the device and try again."
            )
        return int(said)

    async def reverse_no_more(self, port: int) -> None:
        await self._adb("reverse", "--remove", f"tcp:{port}")

    async def forward(self, target: str) -> int:
        """Forward a port of this machine to a socket of the device. Returns the port."""
        code, said = await self._adb("forward", "tcp:0", target)
        if code or not said.strip().isdecimal():
            raise AndroidError(
                f"adb cannot forward a port of this machine to {target} on {self.serial}: {' '.join(said.split())[-200:]}. "
                "Reconnect the device and try again."
            )
        return int(said)

    async def forward_no_more(self, port: int) -> None:
        await self._adb("forward", "--remove", f"tcp:{port}")

    async def downloads(self) -> frozenset[str]:
        """Names of the files in the user's download folder."""
        return frozenset((await self.shell(f"ls {DOWNLOADS}")).split("\n")) - {""}

    async def _adb(self, *words: str, limit: float = 60.0) -> tuple[int, str]:
        process = await asyncio.create_subprocess_exec(
            str(self.adb),
            "-P",
            str(self.port),
            "-s",
            self.serial,
            *words,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            said, _ = await asyncio.wait_for(process.communicate(), limit)
        except TimeoutError as error:
            raise AndroidError(
                f"{self.serial} did not finish «adb {words[0]}» within {limit:.0f} s. {REVIVE}"
            ) from error
        finally:
            await end(process)
        return process.returncode or 0, said.decode("utf-8", "replace")
