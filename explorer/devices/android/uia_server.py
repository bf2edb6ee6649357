"""The UiAutomator2 server on a device: replaced if another Appium left a version that does not fit the driver.

The driver compares versions with aapt2, which is part of Android's build tools. Without them it takes any server that is
there for a fitting one (appium-uiautomator2-driver 8.7.0). So a server of another version is removed,
and the driver installs its own.
"""

from __future__ import annotations

from pathlib import Path

from explorer.devices.android.device import AndroidDevice
from readers import json_text
from readers.regular import read_text

SERVER = "io.appium.uiautomator2.server"
_INSIDE = "node_modules/appium-uiautomator2-driver/node_modules/appium-uiautomator2-server/package.json"
_BESIDE = "node_modules/appium-uiautomator2-server/package.json"
_MOST = 1 << 20


def version_in(home: Path) -> str:
    """The version of the server that the driver in this APPIUM_HOME brings along; empty if that cannot be told."""
    for name in (_INSIDE, _BESIDE):
        try:
            read = json_text.loads(read_text(home / name, _MOST))
        except ValueError:
            continue
        if isinstance(read, dict):
            return str(read.get("version", ""))
    return ""


async def remove_other(device: AndroidDevice, version: str) -> bool:
    """Remove the server from the device if it has another version. Returns whether it was removed."""
    there = await device.version_of(SERVER)
    if not version or there in {"", version}:
        return False
    for package in (SERVER, f"{SERVER}.test"):
        await device.uninstall(package)
    return True
