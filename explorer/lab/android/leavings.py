"""What a session has left behind on the virtual device. Nothing should be left, whatever befell the session."""

from __future__ import annotations

from explorer.devices.android.proxy_setting import FORMER, PORT
from explorer.lab.android.phone import Phone

OURS = ("/data/local/tmp/",)
"""Folders for the shell's own files (AOSP, `init.rc`), which Appium uses."""


def leavings(device: Phone) -> list[str]:
    """What is not as it was found: the proxy, forwarded ports, pushed files, the keyboard and the orientation."""
    left = [f"the setting {name}" for name in (FORMER, PORT) if ("global", name) in device.settings]
    proxy = device.proxy.in_force
    if proxy is not None and proxy[0] == "localhost":
        left.append(f"the proxy {proxy[0]}:{proxy[1]}")
    left += [f"the forwarded port {port}" for port in device.reverse.ports]
    files = device.files
    left += [f"the file {name}" for name in sorted(files.pushed & files.files.keys()) if not name.startswith(OURS)]
    if device.ime != device.first_ime:
        left.append(f"the keyboard {device.ime}")
    if device.display.turned:
        left.append("the orientation")
    return left
