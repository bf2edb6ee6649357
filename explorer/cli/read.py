"""`trustwalk read`: tells what failed and why, from a file that a customer sent (HAR, capture, certificates, log)."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from explorer.cli.full_disk import told_if_full
from explorer.cli.logs import tell_log
from explorer.cli.options import ListCommand, request_options
from explorer.cli.read_certificates import roots, tell_certificates
from explorer.cli.run import checked_formats, told_by_option
from explorer.cli.running import folder_for, tell
from explorer.evidence.files import recording_in
from explorer.evidence.recording import HOST_FAILED, Recording
from explorer.evidence.sniff import INSTEAD, Kind
from explorer.evidence.source import Source, opened
from explorer.request.request import RunRequest
from explorer.run.reading import journal_of
from explorer.run.run_outcome import RunOutcome
from explorer.targets.error import TargetError
from explorer.targets.resolve import Endpoint, parse_addresses
from explorer.tls.trust import TrustStore
from flows.incident import Severity, Verdict
from flows.journey import load_catalogue
from flows.signals import Family
from reports.journal.events import RunFinished
from reports.text_display import host_of, one_line

FAILURE, UNREADABLE, NOTHING = 1, 2, 3


@click.command(
    name="read",
    cls=ListCommand,
    short_help="read what a customer sent: HAR, net log, packet capture, certificates, log",
)
@click.argument("file", metavar="FILE|-")
@request_options(
    "out", metavar="DIR|-", help="Folder of the run (default: trustwalk-runs/<time>-<file>). «-» prints one report."
)
@request_options("formats", help="Reports to write (default: html json).")
@click.option(
    "--host",
    metavar="NAME",
    default="",
    help="For certificates: the host that they are for.  [default: the first name in them]",
)
@click.option(
    "--password-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="For a locked PKCS#12 file or key: a file with the password in its first line.  [default: a prompt]",
)
@click.option(
    "--ca",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A private root to trust in addition to the system's roots.",
)
@click.option("--resolve", multiple=True, metavar="HOST:PORT:ADDRESS", help="With --probe, as curl's.")
@click.option(
    "--probe",
    is_flag=True,
    help="Probe the failed hosts now: are they still broken, repaired since, or broken only where FILE was recorded?",
)
@click.option("--all-remedies", is_flag=True, help="For certificates: print the remedies for every kind of server.")
def command(
    file: str,
    out: str | None,
    formats: tuple[str, ...],
    host: str,
    password_file: Path | None,
    ca: tuple[Path, ...],
    resolve: tuple[str, ...],
    *,
    probe: bool,
    all_remedies: bool,
) -> None:
    """Read FILE (or standard input) and tell which journeys failed in it because of TLS, and why.

    The kind of FILE is detected from its content. Exit codes: 0 no failure in it, 1 failures, 2 wrong usage or
    unreadable file, 3 the file holds no request and no log line.
    """
    with told_by_option():
        trust = roots(ca)
        wanted = checked_formats(RunRequest.model_validate({"formats": formats}).formats)
    if out == "-" and len(wanted) != 1:
        raise click.BadParameter("«-» prints one format: name exactly one with --format.", param_hint="--out")
    try:
        places = {place: addresses[0] for place, addresses in map(parse_addresses, resolve)}
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--resolve") from error
    asked = _Asked(file, out, wanted, trust, places if probe else None)
    try:
        with opened(file, sys.stdin.buffer) as source:
            if source.kind is Kind.CERTIFICATES:
                code = tell_certificates(
                    source, host, password_file, trust, json="json" in formats, everything=all_remedies
                )
            else:
                code = _read(source, asked)
    except TargetError as error:
        click.echo(f"Error: {error}", err=True)
        code = UNREADABLE
    sys.exit(code)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The options of the command line. `probe` holds the addresses of --resolve, or None without --probe."""

    file: str
    out: str | None
    formats: tuple[str, ...]
    trust: TrustStore
    probe: dict[Endpoint, str] | None


def _read(source: Source, asked: _Asked) -> int:
    if source.kind in INSTEAD:
        raise TargetError(f"{source.name}: {INSTEAD[source.kind]}.")
    if source.kind is Kind.LOG:
        return tell_log(asked.file, source.stdin, "", "", probe=asked.probe is not None, form="text")
    return _tell(recording_in(source), asked)


def _tell(recording: Recording, asked: _Asked) -> int:
    """Write the run folder and the reports. Print the table and what it does not show. Returns the exit code."""
    to_stdout = asked.out == "-"
    folder = folder_for(None if to_stdout else asked.out, Path(asked.file).name if asked.file != "-" else "stdin")
    with told_if_full(folder):
        reading = journal_of(recording, load_catalogue(), folder, time.time(), asked.trust, asked.probe)
        journal, outcome = asyncio.run(reading)
        code = _exit_code(recording, outcome)
        journal.write(RunFinished(time.time(), code))
        journal.close()
        tell(folder, asked.formats, None, lambda console: _explain(console, recording, outcome), to_stdout=to_stdout)
    return code


def _exit_code(recording: Recording, outcome: RunOutcome) -> int:
    failed = any(v.verdict in (Verdict.FAILED, Verdict.BLOCKED) for v in outcome.verdicts)
    if failed or any(s.family is Family.TLS for log in outcome.logs for s in log.signals):
        return FAILURE
    return 0 if recording.requests else NOTHING


def _explain(console: Console, recording: Recording, outcome: RunOutcome) -> None:
    """Print what is known about each host's failure, the next step, and the findings whose severity is not low."""
    for (host, port), diagnosis in outcome.diagnoses.items():
        if not diagnosis.client_saw:
            continue
        console.print(Text(host_of(host, port), style="bold"), Text(one_line(diagnosis.why, 500)), soft_wrap=True)
        if diagnosis.alternatives or not diagnosis.causes:
            console.print(Text(f"  Ask the server: trustwalk probe {host_of(host, port)}"), soft_wrap=True)
    for finding in outcome.findings:
        if finding.severity is not Severity.LOW and finding.kind != HOST_FAILED:  # which stands above
            console.print(Text(f"• {one_line(finding.text, 400)}"), soft_wrap=True)
    if outcome.findings or outcome.diagnoses:
        console.print()
    console.print(Text(f"Read from {recording.source}."), soft_wrap=True)
