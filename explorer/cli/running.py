"""The parts of a run that several commands share.

They are the folder, the live view, the run itself, the reports, the table and the exit code.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console

from explorer.cli.full_disk import told_if_full
from explorer.cli.progress import Progress
from explorer.request.addresses import slug
from explorer.request.fail_on import FailOn
from explorer.request.resolve import RunOptions
from explorer.run.android import Android
from explorer.run.exit_code import INTERRUPTED, closing_code, exit_code, unseen
from explorer.run.run import Run
from explorer.run.run_outcome import RunOutcome
from flows.incident import Finding, Severity
from flows.judge.met import MET
from reports import render
from reports.difference import compare, outcomes
from reports.difference import render as render_difference
from reports.failures import Outcomes
from reports.journal.events import Compared, Event, Journal, RunFinished
from reports.summary import load
from reports.terminal import verdict_table
from reports.text_display import one_line


def folder_for(out: str | None, target: str, *, bare: bool = False) -> Path:
    """Create the run's empty folder; `bare` omits the subfolder for evidence.

    Raises click.BadParameter if it cannot be written or is not empty.
    """
    folder = Path(out) if out else Path("trustwalk-runs") / f"{time.strftime('%Y%m%d-%H%M%S')}-{slug(target)}"
    number = 1
    while out is None and folder.exists():
        number += 1
        folder = folder.with_name(re.sub(r"(_\d+)?$", f"_{number}", folder.name, count=1))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise click.BadParameter(f"{folder} is not empty; name a new folder.", param_hint="--out")
        if not bare:
            (folder / "evidence").mkdir()
    except OSError as error:
        raise click.BadParameter(
            f"{folder} cannot be written ({error.strerror}); name another folder.", param_hint="--out"
        ) from error
    if not os.access(folder, os.W_OK):
        raise click.BadParameter(f"{folder} cannot be written; name another folder.", param_hint="--out")
    return folder


def explore_and_tell(
    options: RunOptions,
    out: Path,
    formats: Sequence[str],
    *,
    fail_on: FailOn,
    require: Sequence[str] = (),
    to_stdout: bool = False,
    baseline: tuple[str, Outcomes] | None = None,
    android: Android | None = None,
) -> int:
    """Explore, write the reports and print the table. Returns the exit code."""
    try:
        with told_if_full(out):
            return asyncio.run(
                explore(
                    options, out, formats, fail_on, require, to_stdout=to_stdout, baseline=baseline, android=android
                )
            )
    except KeyboardInterrupt:  # the second Ctrl-C; the first one ends a run in good order
        return stopped_at_once(out)


def stopped_at_once(out: Path) -> int:
    """Print that the run was stopped at once, and how to render its reports. Returns the exit code.

    From then on, errors of code that is still running are not printed."""
    sys.unraisablehook = lambda _: None
    logging.getLogger("asyncio").disabled = True
    click.echo(f"Stopped at once. «trustwalk report {out}» renders what was seen until then.", err=True)
    return INTERRUPTED


async def explore(
    options: RunOptions,
    out: Path,
    formats: Sequence[str],
    fail_on: FailOn,
    require: Sequence[str] = (),
    *,
    to_stdout: bool = False,
    baseline: tuple[str, Outcomes] | None = None,
    android: Android | None = None,
) -> int:
    """`explore_and_tell` for callers with a running event loop, such as the demo with its servers."""
    with Progress() as progress, ended_by_signals():
        run = Run(options, out, [progress], android=android)
        outcome = await run.explore()
    return finish(run.journal, outcome, out, formats, fail_on, require, to_stdout=to_stdout, baseline=baseline)


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """A context manager in which SIGTERM and SIGHUP end the run as Ctrl-C does, with a report.

    SIGTERM comes from a timeout in CI, `timeout` or `docker stop`, SIGHUP from a closed terminal."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    try:
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, task.cancel)
    except (
        AttributeError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ):  # on Windows, or if the loop runs outside the main thread
        yield
        return
    try:
        yield
    finally:
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.remove_signal_handler(number)


def finish(
    journal: Journal,
    outcome: RunOutcome,
    out: Path,
    formats: Sequence[str],
    fail_on: FailOn,
    require: Sequence[str],
    *,
    to_stdout: bool = False,
    baseline: tuple[str, Outcomes] | None = None,
) -> int:
    """End the journal, render the reports and print where they are. Returns the exit code.

    With a baseline (its name and its outcomes), a failure counts only if the baseline did not have it.
    """
    compared = None
    if baseline is not None:
        compared = Compared(baseline[0], compare(baseline[1], outcomes(load(out))))
        journal.write(compared)
    difference = compared.difference if compared else None
    code = exit_code(outcome.verdicts, outcome.findings, fail_on, require, difference)
    code = closing_code(
        code, problem=outcome.problem, unfit=outcome.unfit, explored=bool(outcome.logs), interrupted=outcome.interrupted
    )
    end: Event = RunFinished(
        finished=outcome.finished or time.time(),
        exit_code=code,
        complete=not (outcome.interrupted or outcome.partial),
    )
    journal.write(end)
    journal.close()
    tell(out, formats, compared, lambda console: _explain(console, outcome, code), to_stdout=to_stdout)
    return code


def tell(
    out: Path, formats: Sequence[str], compared: Compared | None, explain: Callable[[Console], None], *, to_stdout: bool
) -> None:
    """Render the reports from a finished journal, print the table, and print where the reports are."""
    written = render(out, formats, None if to_stdout else out, compared)
    console = Console(stderr=to_stdout)
    if to_stdout:
        sys.stdout.flush()
        sys.stdout.buffer.write(written[formats[0]].encode())  # a report is UTF-8, whatever the terminal is
        sys.stdout.buffer.flush()
    console.print(verdict_table(load(out), width=console.width))
    explain(console)
    if compared is not None:
        console.print(render_difference(compared.difference), markup=False, highlight=False)
    if not to_stdout:
        report = out / ("report.html" if "html" in formats else "")
        console.print(f"Report: {report.resolve()}", soft_wrap=True, markup=False, highlight=False)


def _explain(console: Console, outcome: RunOutcome, code: int) -> None:
    """Print the findings, and the reason for the exit code. What the table already shows is left out."""
    if outcome.interrupted:
        console.print("Interrupted: the verdicts cover the time until then.", markup=False)
    elif outcome.problem:
        what = "Cut short" if any(log.steps for log in outcome.logs) else "Could not explore"
        console.print(f"{what}: {outcome.problem}", markup=False, highlight=False, soft_wrap=True)
    elif code == 3:
        shut = (v.why for v in outcome.verdicts if v.reason == "entry-not-reached")
        reason = next(shut, "") or unseen(outcome.verdicts, outcome.findings)
        console.print(
            reason or "No journey could be attempted: the explorer found no way into any of them.", markup=False
        )
    for line in met_lines(outcome.findings):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def met_lines(findings: Iterable[Finding]) -> list[str]:
    """Lines for at most three findings that no row of the table shows, and one line with the number of the others.

    Critical findings come first, then TLS failures that a session met at the target's own hosts."""
    findings = list(findings)
    grave = [one_line(f.text, 300) for f in findings if f.severity is Severity.CRITICAL]
    told = [*grave, *(one_line(f.text, 300) for f in findings if f.kind == MET and f.severity is Severity.HIGH)]
    return told[:3] + [f"And {len(told) - 3} more: see the report."] * (len(told) > 3)
