"""Installs Appium, its UiAutomator2 driver and, if needed, Node into the user's data directory.

Packages come from npm and PyPI through their own clients, as the user has configured them (mirrors, proxies).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from explorer.devices.android.tools import (
    APPIUM,
    DRIVER,
    MARK,
    NODE_WHEEL,
    AndroidError,
    Tools,
    find_node,
    find_tools,
    installed,
)

LIMIT = 600.0
"""Time limit of one command (mostly a download), in seconds."""

Say = Callable[[str], None]


async def install(folder: Path, say: Say) -> Tools:
    """Install everything that is missing (`trustwalk doctor android --fix`). Raises AndroidError; safe to call again.

    `say` is called with one sentence for each step."""
    folder.mkdir(parents=True, exist_ok=True)
    node = find_node(folder)
    if node is None:
        say(f"Node is missing or too old: fetching {NODE_WHEEL}")
        node = await _node(folder)
    if not installed(folder):
        await _appium(folder, node, say)
    return find_tools(folder)


async def _node(folder: Path) -> Path:
    target = folder / "node"
    shutil.rmtree(target, ignore_errors=True)
    uv = shutil.which("uv")
    if uv is not None:
        await _run([uv, "pip", "install", "--python", sys.executable, "--target", str(target), NODE_WHEEL], {})
    else:
        with tempfile.TemporaryDirectory(prefix="trustwalk-pip-") as place:
            pip, environment = await _pip(Path(place))
            options = ["--disable-pip-version-check", "--target", str(target)]
            await _run([*pip, "install", *options, NODE_WHEEL], environment)
    node = find_node(folder)
    if node is None:
        raise AndroidError(
            f"{NODE_WHEEL} was installed into {target}, but its Node does not run on this machine. Install Node 24 or newer on "
            "PATH, then repeat the command."
        )
    return node


async def _pip(place: Path) -> tuple[list[str], dict[str, str]]:
    """The command of a working pip, and the environment variables that it needs.

    It is this Python's own pip, the one that `.ci/setup` got from Debian, or one in a temporary virtual environment in
    `place`. Raises AndroidError if there is none."""
    own = [sys.executable, "-m", "pip"]
    wheels = sorted(Path(sys.prefix).glob("debian-pip/usr/share/python-wheels/pip-*.whl"))
    candidates: list[tuple[list[str], dict[str, str]]] = [(own, {}), *((own, {"PYTHONPATH": str(w)}) for w in wheels)]
    for pip, environment in candidates:
        with contextlib.suppress(AndroidError):
            await _run([*pip, "--version"], environment)
            return pip, environment
    try:
        await _run([sys.executable, "-m", "venv", str(place)], {})
    except AndroidError as error:
        raise AndroidError(
            f"{NODE_WHEEL} needs pip or uv, and neither is here: install one of them (Debian and Ubuntu: "
            "apt-get install python3-venv), or Node 20.19 or newer."
        ) from error
    folder, name = ("Scripts", "python.exe") if sys.platform == "win32" else ("bin", "python")
    return [str(place / folder / name), "-m", "pip"], {}


async def _appium(folder: Path, node: Path, say: Say) -> None:
    target = folder / "appium"
    shutil.rmtree(target, ignore_errors=True)
    home = target / "home"
    home.mkdir(parents=True)
    (target / "package.json").write_text('{"private": true}\n', encoding="utf-8")
    npm = _npm(node)
    search = [_npm_command(npm, target / "bin"), str(node.parent), os.environ.get("PATH", "")]
    environment = {"APPIUM_HOME": str(home), "PATH": os.pathsep.join(filter(None, search))}
    say(f"Installing Appium {APPIUM} (72 MB)")
    options = ["--no-audit", "--no-fund", "--ignore-scripts", "--save-exact"]
    await _run([*npm, "install", "--prefix", str(target), *options, f"appium@{APPIUM}"], environment)
    say(f"Installing the UiAutomator2 driver {DRIVER} (74 MB)")
    appium = str(target / "node_modules/appium/index.js")
    driver = f"appium-uiautomator2-driver@{DRIVER}"
    await _run([str(node), appium, "driver", "install", "--source=npm", driver], environment)
    (target / MARK).write_text(json.dumps({"appium": APPIUM, "driver": DRIVER}), encoding="utf-8")


def _npm(node: Path) -> list[str]:
    """The command that runs npm: the npm beside this Node, or the one on PATH. Raises AndroidError if there is none."""
    beside = node.parent.parent / "lib/node_modules/npm/bin/npm-cli.js"
    if beside.is_file():
        return [str(node), str(beside)]
    found = shutil.which("npm")
    if found is None:
        raise AndroidError(
            "Node is installed without npm: install npm, or remove this Node from PATH so that a complete one is fetched."
        )
    return [found]


def _npm_command(npm: list[str], folder: Path) -> str:
    """Write an `npm` command into `folder`, because Appium calls npm by name. Returns the path of the folder.

    Node's wheel holds a copy of `npm` where a link should be, and the copy does not find its files. If npm comes from
    PATH, nothing is written and the result is an empty string."""
    if len(npm) == 1:
        return ""
    folder.mkdir(parents=True, exist_ok=True)
    quoted = " ".join(f'"{word}"' for word in npm)
    if sys.platform == "win32":
        (folder / "npm.cmd").write_text(f"@{quoted} %*\r\n", encoding="utf-8")
    else:
        (folder / "npm").write_text(f'#!/bin/sh\nexec {quoted} "$@"\n', encoding="utf-8")
        (folder / "npm").chmod(0o755)
    return str(folder)


async def _run(command: list[str], environment: Mapping[str, str]) -> None:
    """Run a command to its end. Raises AndroidError with the last lines of its output if it fails."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, **environment},
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(), LIMIT)
    except (TimeoutError, asyncio.CancelledError) as error:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        if isinstance(error, asyncio.CancelledError):
            raise
        raise AndroidError(
            f"{Path(command[0]).name} did not finish within {LIMIT:.0f} s; try again on a better network."
        ) from error
    if process.returncode:
        last = " | ".join(said.decode("utf-8", "replace").strip().splitlines()[-4:])
        raise AndroidError(
            f"«{' '.join(command[:3])} …» failed (exit code {process.returncode}): {last}. Correct that, then repeat the command."
        )
