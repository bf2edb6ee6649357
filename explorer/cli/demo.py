"""`trustwalk demo`: explore the bundled support app, whose certificates are broken on purpose."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from explorer.cli.options import ListCommand, evidence_option, many, split
from explorer.cli.package import android_tools
from explorer.cli.run import checked_formats, journeys_named, personas_named
from explorer.cli.running import explore, folder_for
from explorer.devices.android.tools import Tools
from explorer.lab.android.lab import support_apk
from explorer.lab.android.run import DEVICE, demo_run
from explorer.lab.demo.app import DemoApp
from explorer.lab.demo.breaks import DEFAULT_BREAKS, parse_breaks
from explorer.run.exit_code import FailOn
from explorer.run.options import RunOptions

PERSONAS = ("curious", "impatient", "novice")
"""Who explores the demo unless told otherwise."""


@click.command(name="demo", cls=ListCommand, short_help="explore the bundled support app")
@many(
    "--break",
    "breaks",
    metavar="HOST=CAUSE…|none",
    help=f"What is broken (default: {' '.join(f'{h}={c}' for h, c in DEFAULT_BREAKS.items())}).",
)
@many("--persona", metavar="NAME…|all", help=f"Who explores (default: {' '.join(PERSONAS)}).")
@many("--journey", metavar="ID…", help="Journeys to look for (default: all).")
@click.option("--android", is_flag=True, help="The support app as an Android app, on a simulated device.")
@click.option("--skin", type=click.Choice(["classic", "modern"]), default="classic", show_default=True)
@click.option(
    "--language", type=click.Choice(["en", "de", "fr", "es", "pt", "ja", "zh"]), default="en", show_default=True
)
@many(
    "--device",
    "devices",
    metavar="NAME…",
    help="Rows of devices.yml (default: desktop); beside --android: browsers too.",
)
@click.option("--steps", type=click.IntRange(1, 10_000), default=200, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--out", metavar="DIR", help="Where the run goes (default: trustwalk-runs/<time>-demo).")
@many("--format", "formats", metavar="NAME…", help="Reports to write (default: html json).")
@evidence_option
@click.option("--headed", is_flag=True, help="Show the browser.")
@click.pass_context
def command(ctx: click.Context, /, **given: Any) -> None:
    """Start a support portal on this machine, break its certificates, and explore it.

    Ends with the exit codes of `trustwalk run`: 1 when journeys fail, as they do unless --break none is given.
    """
    if given["android"] and (given["skin"], given["language"]) != ("classic", "en"):
        raise click.UsageError("The Android app of the demo has one skin and one language: leave these options out.")
    rows = tuple(name for name in split(given["devices"]) if name != DEVICE)
    given["devices"] = (*rows, DEVICE) if given["android"] else rows or ("desktop",)
    try:
        breaks = parse_breaks(list(given["breaks"])) if given["breaks"] else dict(DEFAULT_BREAKS)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--break") from error
    given["personas"] = personas_named(given.pop("persona"), PERSONAS)
    given["journeys"] = journeys_named(given.pop("journey"))
    formats = checked_formats(given.pop("formats"))
    tools = android_tools() if given.pop("android") else None
    out = folder_for(given.pop("out"), "demo")
    ctx.exit(asyncio.run(_demo(out, breaks, formats, given, tools)))


async def _demo(
    out: Path, breaks: Mapping[str, str], formats: tuple[str, ...], given: Mapping[str, Any], tools: Tools | None
) -> int:
    broken = ", ".join(f"{host} ({cause})" for host, cause in breaks.items()) or "nothing"
    click.echo(f"The support app of the demo starts on this machine; broken on purpose: {broken}.", err=True)
    with TemporaryDirectory(prefix="trustwalk-demo-") as folder:
        if tools is not None:
            click.echo("The Android device is simulated: no real Android, emulator or SDK is involved.", err=True)
            async with DemoApp(breaks, skin="modern", workdir=Path(folder), blemished=True) as demo:
                options = demo_options(demo, **given)
                if options.devices == (DEVICE,):
                    options = replace(options, target=support_apk().name, counter_proof=False)
                return await explore(options, out, formats, FailOn(), android=demo_run(tools, demo))
        async with DemoApp(
            breaks, skin=given["skin"], language=given["language"], workdir=Path(folder), blemished=True
        ) as demo:
            return await explore(demo_options(demo, **given), out, formats, FailOn())


def demo_options(demo: DemoApp, **given: Any) -> RunOptions:
    """A run against a demo app: its hosts are resolved to loopback, everything else is shut out."""
    return RunOptions(
        target=demo.url, personas=given["personas"], journeys=given["journeys"], devices=tuple(given["devices"]),
        login=demo.login, steps=given["steps"], seed=given["seed"], ca=(demo.ca,), headed=given["headed"], evidence=given.get("evidence", frozenset()),
        resolve=tuple(((host, port), address) for host, port, address in demo.resolve), only_resolved=True,
        allow_origins=tuple(f"https://{host}:{port}" for host, port, _ in demo.resolve if host.endswith("desk.test")),
    )  # fmt: skip
