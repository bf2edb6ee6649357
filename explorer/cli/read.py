"""`trustwalk read`: tells what failed, and why, from what a customer sent: a HAR, a net log, certificates, a log."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from explorer.cli.full_disk import told_if_full
from explorer.cli.logs import tell_log
from explorer.cli.options import ListCommand, request_options
from explorer.cli.run import checked_formats, told_by_option
from explorer.cli.running import folder_for, tell
from explorer.evidence.files import recording_in
from explorer.evidence.recording import Recording
from explorer.evidence.sniff import INSTEAD, Kind
from explorer.evidence.source import Source, opened
from explorer.request.request import RunRequest
from explorer.run.reading import journal_of
from explorer.run.run_outcome import RunOutcome
from explorer.targets.error import TargetError
from explorer.tls.trust import TrustStore
from flows.incident import Severity, Verdict
from flows.journey import load_catalogue
from flows.signals import Family
from reports.journal.events import RunFinished
from reports.text_display import host_of, one_line

FAILURE, UNREADABLE, NOTHING = 1, 2, 3


@click.command(name="read", cls=ListCommand, short_help="read what a customer sent: HAR, net log, certificates, log")
@click.argument("file", metavar="FILE|-")
@request_options(
    "out", metavar="DIR|-", help="Folder of the run (default: trustwalk-runs/<time>-<file>), or «-» with one format."
)
@request_options("formats", help="Reports to write (default: html json).")
def command(file: str, out: str | None, formats: tuple[str, ...]) -> None:
    """Read FILE (or standard input) and tell which journeys failed in it because of TLS, and why.

    What FILE is, is told by its content. Exit codes: 0 no failure in it, 1 failures, 2 wrong usage or unreadable file, 3
    the file holds nothing that could fail.
    """
    with told_by_option():
        wanted = checked_formats(RunRequest.model_validate({"formats": formats}).formats)
    if out == "-" and len(wanted) != 1:
        raise click.BadParameter("«-» prints one format: name exactly one with --format.", param_hint="--out")
    try:
        with opened(file, sys.stdin.buffer) as source:
            code = _read(source, file, out, wanted)
    except TargetError as error:
        click.echo(f"Error: {error}", err=True)
        code = UNREADABLE
    sys.exit(code)


def _read(source: Source, file: str, out: str | None, formats: Sequence[str]) -> int:
    if source.kind in INSTEAD:
        raise TargetError(f"{source.name}: {INSTEAD[source.kind]}.")
    if source.kind is Kind.LOG:
        return tell_log(file, source.stdin, "", "", probe=False, form="text")
    return _tell(recording_in(source), file, out, formats)


def _tell(recording: Recording, file: str, out: str | None, formats: Sequence[str]) -> int:
    """Write the run folder and its reports, print the table, and say what the table does not show."""
    folder = folder_for(None if out == "-" else out, Path(file).name if file != "-" else "stdin")
    with told_if_full(folder):
        reading = journal_of(recording, load_catalogue(), folder, time.time(), TrustStore.load())
        journal, outcome = asyncio.run(reading)
        code = _exit_code(recording, outcome)
        journal.write(RunFinished(time.time(), code))
        journal.close()
        tell(folder, formats, None, lambda console: _explain(console, recording, outcome), to_stdout=out == "-")
    return code


def _exit_code(recording: Recording, outcome: RunOutcome) -> int:
    failed = any(v.verdict in (Verdict.FAILED, Verdict.BLOCKED) for v in outcome.verdicts)
    if failed or any(s.family is Family.TLS for log in outcome.logs for s in log.signals):
        return FAILURE
    return 0 if recording.requests else NOTHING


def _explain(console: Console, recording: Recording, outcome: RunOutcome) -> None:
    """Print what each host's failure is known to be, the next step, and what a reader has to know of the file."""
    for (host, port), diagnosis in outcome.diagnoses.items():
        if not diagnosis.client_saw:
            continue
        console.print(Text(host_of(host, port), style="bold"), Text(one_line(diagnosis.why, 500)), soft_wrap=True)
        if diagnosis.alternatives or not diagnosis.causes:
            console.print(Text(f"  Ask the server: trustwalk probe {host_of(host, port)}"), soft_wrap=True)
    for finding in outcome.findings:
        if finding.severity is not Severity.LOW:
            console.print(Text(f"• {one_line(finding.text, 400)}"), soft_wrap=True)
    if outcome.findings or outcome.diagnoses:
        console.print()
    console.print(Text(f"Read from {recording.source}."), soft_wrap=True)
