"""`trustwalk run --server URL`: a `trustwalk serve` explores the app; this machine judges and reports the run."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from click.core import ParameterSource
from rich.console import Console

from explorer.cli.options import login
from explorer.cli.progress import Progress
from explorer.cli.running import ended_by_signals, folder_for, met_lines, tell
from explorer.request.errors import FIELDS
from explorer.request.fail_on import FailOn
from explorer.request.request import RunRequest
from explorer.run.exit_code import INTERRUPTED, exit_code
from explorer.server.client import Remote, RemoteError, server_address
from reports.difference import compare, outcomes
from reports.failures import Outcomes
from reports.journal.events import Compared, JournalError
from reports.summary import Summary, load


class NoServer(click.ClickException):
    """The server cannot be reached, or refused the run. The message tells the user why; the exit code is 3."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class Reporting:
    """How this machine judges and reports what the server found."""

    fail_on: FailOn
    require: Sequence[str]
    formats: Sequence[str]
    to_stdout: bool
    baseline: tuple[str, Outcomes] | None


def run_there(request: RunRequest, package: str, credentials: str | None, judged: Reporting) -> int:
    """Explore at the server, fetch the run and report it. Returns the exit code.

    `package` is the path of an app to upload, or empty."""
    assert request.server is not None
    address = request.server.reveal()
    _refuse_what_the_server_owns()
    if "token=" in address:
        click.echo(
            "Warning: others on this machine can read a token on the command line. Set TRUSTWALK_TOKEN instead.",
            err=True,
        )
    try:
        base, token = server_address(address, os.environ.pop("TRUSTWALK_TOKEN", ""))
        request = request.model_copy(update={"login": login(credentials)})
        with TemporaryDirectory(prefix="trustwalk-fetch-") as scratch:
            out = Path(scratch) if judged.to_stdout else folder_for(request.out, request.target or package, bare=True)
            try:
                asyncio.run(_explored(base, token, request, package, out))
            except BaseException:
                with suppress(OSError):
                    out.rmdir()  # nothing was fetched, so the folder is empty
                raise
            return _told(out, judged)
    except RemoteError as error:
        asked = str(error).partition(":")[0]
        hint = f" On the command line, use --{asked}." if asked in ("private", "yes") else ""
        raise NoServer(f"{error}{hint}") from error
    except KeyboardInterrupt:
        click.echo("Stopped waiting. The run may continue at the server.", err=True)
        return INTERRUPTED


def _refuse_what_the_server_owns() -> None:
    """Raises click.BadParameter for an option that `trustwalk serve` decides itself or cannot receive."""
    context = click.get_current_context()
    for field in FIELDS.values():
        source = context.get_parameter_source(field.name)
        typed = source is ParameterSource.COMMANDLINE
        said = source is ParameterSource.DEFAULT_MAP and bool(context.params[field.name])
        if (typed and field.option.at_server in ("refuses", "ignores")) or (
            said and field.option.at_server == "refuses"
        ):
            raise click.BadParameter(
                "cannot be used with --server, because the exploration then runs on the server; omit this option.",
                param_hint=field.flag,
            )


async def _explored(base: str, token: str, request: RunRequest, package: str, out: Path) -> None:
    """Run at the server and fetch the whole run into `out`.

    Ctrl-C and SIGTERM stop the run. Then everything that the run saw until that moment is fetched."""
    async with Remote(base, token) as remote:
        if package:
            click.echo(f"Uploading {package} to {remote.base}", err=True)
            app = await remote.upload(Path(package))
            click.echo(f"  {app['label']} {app['version']}, {app['package']}", err=True)
            request = request.model_copy(update={"app": app["sha256"]})
        run = await remote.start(request)
        click.echo(f"Watch it at {remote.base}runs/{run}", err=True)
        try:
            with Progress() as progress, ended_by_signals():
                async for event in remote.follow(run):
                    progress(event)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            assert task is not None
            task.uncancel()
            click.echo("Stopping the run at the server. The server then judges what the run has seen.", err=True)
            await remote.stop(run)
            async for _ in remote.follow(run):
                pass
        facts = await remote.facts(run)
        if not facts["started"]:
            raise RemoteError(facts["note"] or "The run did not start.")
        await remote.fetch(run, out)


def _told(out: Path, judged: Reporting) -> int:
    try:
        summary = load(out)
    except JournalError as error:
        raise RemoteError(str(error)) from error
    compared = None
    if judged.baseline is not None:
        compared = Compared(judged.baseline[0], compare(judged.baseline[1], outcomes(summary)))
    difference = compared.difference if compared else None
    code = exit_code(summary.verdicts, summary.findings, judged.fail_on, judged.require, difference)
    code = _closing(code, summary)
    note = " ".join(dict.fromkeys(broken.what for broken in summary.broken))

    def explain(console: Console) -> None:
        if code == INTERRUPTED:
            console.print("Interrupted: the verdicts cover the time until then.", markup=False)
        elif note:
            console.print(note, markup=False, highlight=False, soft_wrap=True)
        for line in met_lines(summary.findings):
            console.print(line, markup=False, highlight=False, soft_wrap=True)

    tell(out, judged.formats, compared, explain, to_stdout=judged.to_stdout)
    return code


def _closing(code: int, summary: Summary) -> int:
    """The client's exit code: `code`, unless the run at the server ended badly.

    If the journal has no end (the run was cut off), the code is 3. If the server's code is 2 (the app does not run on
    the device) or 130 (interrupted), that code counts. If it is 3 (could not explore), the code is 3 instead of 0."""
    if summary.cut_off:
        return 3
    there = summary.exit_code
    if there in (2, INTERRUPTED):
        return there
    return 3 if there == 3 and code == 0 else code
