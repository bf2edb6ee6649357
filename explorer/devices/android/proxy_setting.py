"""The global proxy of an Android device: set, checked, and put back.

The shell writes the setting `http_proxy`. A service reads it a moment later, and keeps what it read elsewhere
(`global_http_proxy_host`), over a restart, too. A setting that is empty by then changes nothing (AOSP, Connectivity,
`ProxyTracker`). So every change is awaited there, and a proxy is removed with `:0` before the setting is deleted
(appium/appium-adb#392).
"""

from __future__ import annotations

import asyncio
import shlex
from dataclasses import dataclass
from typing import Protocol

from explorer.devices.android.tools import AndroidError

FORMER, PORT = "trustwalk_former_proxy", "trustwalk_proxy_port"
"""Names of global settings on the device: its former proxy, and the port that `adb reverse` listens on."""
PATIENCE = 5.0
"""Seconds within which the device must put a change of the setting in force."""
DEFAULT_PORT = 8080
"""The port of a proxy whose setting names none (`ProxyTracker`)."""
_POLL = 0.1
_NONE = ":0"
_UNSET = frozenset({"", "null", _NONE})


class Reached(Protocol):
    """The device as this module needs it (`explorer.devices.android.device.AndroidDevice`)."""

    serial: str

    async def shell(self, command: str, limit: float = 30.0) -> str: ...

    async def reverse(self, port: int) -> int: ...

    async def reverse_no_more(self, port: int) -> None: ...


@dataclass(frozen=True, slots=True)
class ProxySetting:
    """The global proxy of one device. Its methods raise AndroidError if the device is gone."""

    device: Reached

    async def use(self, port: int) -> int:
        """Make a proxy on `port` of this machine the device's proxy, over a port that `adb reverse` opens. Returns the
        device's port.

        The former setting is stored on the device first, so that `restore` finds it even after `kill -9`. Raises
        AndroidError if the device does not take the proxy, or has one that could not be put back."""
        await self.restore()
        former = await self._get("http_proxy")
        await self._refuse_others(former)
        said = await self._put(FORMER, _NONE if former in _UNSET else former)
        if not await self.left():
            raise AndroidError(self._locked(said))
        opened = await self.device.reverse(port)
        await self._put(PORT, str(opened))
        said = await self._put("http_proxy", f"localhost:{opened}")
        if not await self._in_force(f"localhost:{opened}"):
            raise AndroidError(self._locked(said))
        return opened

    async def restore(self) -> bool:
        """Undo `use`, even if a run that was killed called it. Returns whether there was anything to undo.

        Raises AndroidError if the former proxy does not come into force. It stays stored then, for the next try."""
        if not await self.left():
            return False
        former = (await self._get(FORMER)) or _NONE
        await self._put("http_proxy", former)
        if not await self._in_force(former):
            raise AndroidError(
                f"{self.device.serial} does not put its former proxy back in force ({'none' if former == _NONE else former})."
            )
        if former == _NONE:
            await self._delete("http_proxy")
        port = await self._get(PORT)
        if port.isdecimal():
            await self.device.reverse_no_more(int(port))
        await self._delete(PORT)
        await self._delete(FORMER)
        return True

    async def former(self) -> tuple[str, int] | None:
        """The proxy that the device used before ours; None if it used none."""
        stored = await self._get(FORMER)
        host, _, port = _whole(stored).rpartition(":")
        return (host, int(port)) if host and port.isdecimal() else None

    async def left(self) -> bool:
        """Whether a proxy of ours is set, for example by a run that was killed."""
        return await self._get(FORMER) != "null"

    async def _refuse_others(self, asked: str) -> None:
        """Raise AndroidError for a proxy that the setting does not name: an administrator's, or one of an earlier tool."""
        if await self._get("global_proxy_pac_url") not in _UNSET:
            there = "a proxy script"
        else:
            used = await self._there()
            there = f"the proxy {used}" if used not in {"", _whole(asked)} else ""
        if there:
            raise AndroidError(
                f"{self.device.serial} uses {there}, which only its administrator, or whoever set it, can put back. Remove it "
                "first, or use --no-proxy."
            )

    def _locked(self, said: str) -> str:
        words = " ".join(said.split())[-200:]
        return (
            f"{self.device.serial} does not take the proxy that was set{f' («{words}»)' if words else ''}. On phones of some "
            "vendors, switch on «USB debugging (Security settings)» in the developer options first; or use --no-proxy."
        )

    async def _in_force(self, setting: str) -> bool:
        """Wait until the device uses the proxy of a setting. Returns False after `PATIENCE` seconds."""
        loop = asyncio.get_running_loop()
        until, wanted = loop.time() + PATIENCE, _whole(setting)
        while True:
            if await self._there() == wanted:
                return True
            if loop.time() > until:
                return False
            await asyncio.sleep(_POLL)

    async def _there(self) -> str:
        """The proxy in force, as `host:port`; empty if there is none."""
        host = await self._get("global_http_proxy_host")
        return "" if host in _UNSET else f"{host}:{await self._get('global_http_proxy_port')}"

    async def _get(self, name: str) -> str:
        """A global setting; «null» if it does not exist. Raises AndroidError if the device answers with an error."""
        said = (await self.device.shell(f"settings get global {name}")).strip()
        if len(said.split()) > 1:
            raise AndroidError(f"{self.device.serial} does not tell its settings: {' '.join(said.split())[-200:]}.")
        return said

    async def _put(self, name: str, value: str) -> str:
        return (await self.device.shell(f"settings put global {name} {shlex.quote(value)}")).strip()

    async def _delete(self, name: str) -> None:
        await self.device.shell(f"settings delete global {name}")


def _whole(setting: str) -> str:
    """The proxy of a setting as `host:port`, with Android's default port; empty if the setting names none."""
    host, _, port = ("" if setting in _UNSET else setting).partition(":")
    return f"{host}:{port or DEFAULT_PORT}" if host else ""
