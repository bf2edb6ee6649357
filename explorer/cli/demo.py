"""`trustwalk demo`: explore the bundled support app, whose certificates are broken on purpose."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from explorer.cli.full_disk import told_if_full
from explorer.cli.options import ListCommand, many, request_options
from explorer.cli.package import android_tools
from explorer.cli.run import checked_formats, request_of, told_by_option
from explorer.cli.running import explore, folder_for, stopped_at_once
from explorer.devices.android.tools import Tools
from explorer.lab.android.lab import support_apk
from explorer.lab.android.run import DEVICE, demo_run
from explorer.lab.demo.app import DemoApp
from explorer.lab.demo.breaks import DEFAULT_BREAKS, parse_breaks
from explorer.request.credential import Login
from explorer.request.fail_on import FailOn
from explorer.request.request import RunRequest
from explorer.request.resolve import RunOptions, journeys_named, personas_named
from explorer.run.private_folder import drop_secrets, private_folder

PERSONAS = ("curious", "impatient", "novice")
"""The personas that explore the demo by default."""


@click.command(name="demo", cls=ListCommand, short_help="explore the bundled support app")
@many(
    "--break",
    "breaks",
    metavar="HOST=CAUSE…|none",
    help=f"What is broken (default: {' '.join(f'{h}={c}' for h, c in DEFAULT_BREAKS.items())}).",
)
@request_options("personas", help=f"Who explores (default: {' '.join(PERSONAS)}).")
@request_options("journeys")
@click.option("--android", is_flag=True, help="Explore the Android version of the app, on a simulated device.")
@click.option("--skin", type=click.Choice(["classic", "modern"]), default="classic", show_default=True)
@click.option(
    "--language", type=click.Choice(["en", "de", "fr", "es", "pt", "ja", "zh"]), default="en", show_default=True
)
@request_options(
    "devices", help="Rows of devices.yml (default: desktop). With --android, the website is explored on them, too."
)
@request_options("steps", "seed", help=None)
@request_options("out", metavar="DIR", help="Folder of the run (default: trustwalk-runs/<time>-demo).")
@request_options("formats", help="Reports to write (default: html json).")
@request_options("evidence", "headed")
@click.pass_context
def command(ctx: click.Context, /, **given: Any) -> None:
    """Start a support portal on this machine, break its certificates, and explore it.

    The exit codes are those of `trustwalk run`. Journeys fail, with exit code 1, unless --break none is given.
    """
    if given["android"] and (given["skin"], given["language"]) != ("classic", "en"):
        raise click.UsageError("The demo's Android app has one skin and one language: omit --skin and --language.")
    try:
        breaks = parse_breaks(list(given["breaks"])) if given["breaks"] else dict(DEFAULT_BREAKS)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--break") from error
    with told_by_option():
        request = request_of({name: value for name, value in given.items() if name in RunRequest.model_fields})
        personas = personas_named(request.personas, PERSONAS)
        journeys = journeys_named(request.journeys)
        formats = checked_formats(request.formats)
    rows = tuple(name for name in request.devices if name != DEVICE)
    plan = DemoPlan(
        breaks,
        given["skin"],
        given["language"],
        formats,
        android_tools() if given["android"] else None,
        {
            "personas": personas,
            "journeys": journeys,
            "steps": request.steps,
            "seed": request.seed,
            "headed": request.headed,
            "evidence": request.evidence,
            "devices": (*rows, DEVICE) if given["android"] else rows or ("desktop",),
        },
    )
    drop_secrets()
    ctx.with_resource(private_folder())
    out = folder_for(request.out, "demo")
    with told_if_full(out):
        try:
            code = asyncio.run(_demo(out, plan))
        except KeyboardInterrupt:  # the second Ctrl-C
            code = stopped_at_once(out)
    ctx.exit(code)


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """What a demo explores. `tools` is None if the Android app is not explored. `asked` holds fields of RunOptions."""

    breaks: Mapping[str, str]
    skin: str
    language: str
    formats: tuple[str, ...]
    tools: Tools | None
    asked: Mapping[str, Any]


async def _demo(out: Path, plan: DemoPlan) -> int:
    broken = ", ".join(f"{host} ({cause})" for host, cause in plan.breaks.items()) or "nothing"
    click.echo(f"The demo's support app starts on this machine. Broken on purpose: {broken}.", err=True)
    with TemporaryDirectory(prefix="trustwalk-demo-") as folder:
        if plan.tools is not None:
            click.echo("The Android device is simulated; no real Android, emulator or SDK is used.", err=True)
            async with DemoApp(plan.breaks, skin="modern", workdir=Path(folder), blemished=True) as demo:
                options = demo_options(demo, **plan.asked)
                if options.devices == (DEVICE,):
                    options = options.model_copy(update={"target": support_apk().name, "counter_proof": False})
                return await explore(options, out, plan.formats, FailOn(), android=demo_run(plan.tools, demo))
        async with DemoApp(
            plan.breaks, skin=plan.skin, language=plan.language, workdir=Path(folder), blemished=True
        ) as demo:
            return await explore(demo_options(demo, **plan.asked), out, plan.formats, FailOn())


def demo_options(demo: DemoApp, **asked: Any) -> RunOptions:
    """Options of a run against the demo app: its hosts resolve to loopback, and no other host is reachable."""
    set_up: dict[str, Any] = {
        "target": demo.url,
        "login": Login.of(*demo.login),
        "ca": (demo.ca,),
        "only_resolved": True,
        "test_system": True,
        "resolve": tuple(((host, port), address) for host, port, address in demo.resolve),
        "evidence": frozenset(),
        "allow_origins": tuple(
            f"https://{host}:{port}" for host, port, _ in demo.resolve if host.endswith("desk.test")
        ),
    }
    return RunOptions.model_validate(set_up | asked)
