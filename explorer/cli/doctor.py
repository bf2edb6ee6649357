"""`trustwalk doctor`: checks whether this machine has what Trustwalk needs and, with --fix, installs what is missing.

Android's tools are large, and only people who explore Android apps need them. So they count as missing, and are
installed, only if the part `android` is named.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial

import click
from rich.console import Console
from rich.table import Table

from explorer.devices.android.device import ready_devices
from explorer.devices.android.install import install
from explorer.devices.android.server import everybodys_port
from explorer.devices.android.tools import AndroidError, checks, find_adb
from explorer.devices.browser_setup import (
    OVERRIDE,
    SetupError,
    answers,
    find_browser,
    find_certutil,
    install_browser,
    install_certutil,
)
from explorer.devices.data_folder import data_folder


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check.

    `needed` is false if the requirement is optional and its part was not named on the command line."""

    ok: bool
    text: str
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Check:
    """One requirement. `fix` installs it, or raises SetupError or AndroidError with what to do instead.

    `part` is the argument of `trustwalk doctor` that selects the requirement: «web» or «android». An `optional`
    requirement counts only if its part is named."""

    part: str
    name: str
    look: Callable[[], Awaitable[Finding]]
    fix: Callable[[], Awaitable[object]] | None = None
    optional: bool = False


async def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding(
        sys.version_info >= (3, 11),
        version if sys.version_info >= (3, 11) else f"{version}; Trustwalk needs 3.11 or later",
    )


async def _browser() -> Finding:
    found = await find_browser()
    if found is None:
        return Finding(False, "no Chrome, Chromium or Edge was found (snaps do not work)")
    if await answers(found):
        return Finding(True, str(found))
    other = await find_browser(smoke=True)
    if other is not None and other != found:
        return Finding(
            False, f"{found} does not start, but {other} does: set {OVERRIDE} to that one, or remove the first"
        )
    return Finding(False, f"{found} does not start or does not answer over CDP")


async def _certutil() -> Finding:
    found = find_certutil()
    return Finding(found is not None, str(found) if found else "missing; --ca and the demo need it")


async def _android(name: str) -> Finding:
    found = next(c for c in await asyncio.to_thread(checks, data_folder()) if c.name == name)
    return Finding(found.ok, found.text)


async def _install_android() -> object:
    return await install(data_folder(), lambda text: click.echo(f"  {text} …", err=True))


async def device_settings(port: int = 0) -> Finding:
    """Check that no attached device still uses the proxy of a killed run. Apps on such a device would have no network.

    `port` is the port of an adb server; 0 means the shared one."""
    devices = await ready_devices(port or everybodys_port(), find_adb())
    left = [device.serial for device in devices if await device.proxy.left()]
    if left:
        return Finding(False, f"{', '.join(left)}: the proxy of a killed run is still set")
    return Finding(True, f"{len(devices)} attached, no proxy left over" if devices else "none attached")


async def restore_device_settings(port: int = 0) -> object:
    return [await device.proxy.restore() for device in await ready_devices(port or everybodys_port(), find_adb())]


CHECKS: tuple[Check, ...] = (
    Check("web", "Python", _python),
    Check("web", "browser", _browser, install_browser),
    Check("web", "certutil", _certutil, install_certutil),
    Check("android", "Node", partial(_android, "node"), _install_android, optional=True),
    Check("android", "Appium", partial(_android, "appium"), _install_android, optional=True),
    Check("android", "adb", partial(_android, "adb"), optional=True),
    Check("android", "devices", device_settings, restore_device_settings, optional=True),
)
"""All checks, in the order in which they are made."""


@click.command(name="doctor", short_help="check what is missing on this machine, and install it")
@click.argument("part", type=click.Choice(sorted({c.part for c in CHECKS})), required=False)
@click.option("--fix", is_flag=True, help="Install what is missing.")
@click.pass_context
def command(ctx: click.Context, part: str | None, fix: bool) -> None:
    """Check what Trustwalk needs on this machine. The exit code is 0 if nothing is missing, else 3."""
    ctx.exit(asyncio.run(examine(part, fix=fix)))


async def examine(part: str | None, *, fix: bool, checks: tuple[Check, ...] = CHECKS) -> int:
    """Run the checks of a part (or all), fix what is missing if asked, and print a table. Returns the exit code."""
    table = Table("", "part", "what", "found", box=None, pad_edge=False)
    well = True
    for check in checks:
        if part not in (None, check.part):
            continue
        asked = part is not None or not check.optional
        finding = await _made(check, fix=fix and asked)
        finding = replace(finding, needed=finding.needed and asked)
        well = well and (finding.ok or not finding.needed)
        table.add_row(
            "ok" if finding.ok else "missing" if finding.needed else "–", check.part, check.name, finding.text
        )
    console = Console(soft_wrap=True, markup=False, highlight=False)
    console.print(table)
    if not well and not fix:
        console.print(f"«trustwalk doctor {part or 'web'} --fix» installs what is missing.")
    return 0 if well else 3


async def _made(check: Check, *, fix: bool) -> Finding:
    try:
        finding = await check.look()
        if finding.ok or not fix or check.fix is None:
            return finding
        click.echo(f"{check.name}: {finding.text}. Installing …", err=True)
        await check.fix()
        return await check.look()
    except (SetupError, AndroidError) as error:
        return Finding(False, str(error))
