"""`trustwalk logs`: finds TLS failures in a saved log, without a device."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO, Protocol

import click
from rich.console import Console
from rich.text import Text

from explorer.monitors.logs.finding import LogFinding
from explorer.monitors.logs.scan import LogScanner
from explorer.monitors.logs.signatures import SignatureBook, make_book
from explorer.targets.error import TargetError
from explorer.targets.log_file import open_log
from flows.diagnosis import TITLES, Diagnosis

SCHEMA = "trustwalk.logs/1"
FOUND, UNREADABLE, NO_LOG = 1, 2, 3
MAX_KINDS = 10_000
"""The number of different failures whose repeats are counted. Repeats of any further failure are printed."""
MAX_PROBED = 64
"""The largest number of hosts that --probe contacts. Without a limit, a hostile log could name any number."""


@dataclass(slots=True)
class Reading:
    """What has been read so far.

    `recognised` is true if something looked like a log. `problem` says why reading stopped early; else it is empty."""

    lines: int = 0
    found: int = 0
    recognised: bool = False
    problem: str = ""


class Printer(Protocol):
    """Prints findings as they come, and a summary at the end."""

    def finding(self, finding: LogFinding) -> None: ...

    def end(self, reading: Reading, diagnoses: list[Diagnosis] | None) -> None: ...


@click.command(name="logs", short_help="find TLS failures in a saved log; needs no device")
@click.argument("file", metavar="FILE|-")
@click.option(
    "--platform", type=click.Choice(["android", "ios"]), help="Read lines of this platform only.  [default: both]"
)
@click.option(
    "--package",
    metavar="ID",
    default="",
    help="Keep only failures of this app, and those that the log attributes to no app.",
)
@click.option("--probe", is_flag=True, help="Probe the hosts that the log names, and tell the cause.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(file: str, platform: str | None, package: str, *, probe: bool, form: str) -> None:
    """Find TLS failures in a logcat, bugreport.zip, iOS log or stack trace.

    Exit codes: 0 no TLS failure, 1 TLS failures, 2 wrong usage or unreadable file, 3 the file holds no log.
    """
    sys.exit(tell_log(file, sys.stdin.buffer, platform or "", package, probe=probe, form=form))


def tell_log(file: str, stdin: BinaryIO, platform: str, package: str, *, probe: bool, form: str) -> int:
    """Print the TLS failures in a log. Returns the exit code. `stdin` is read if `file` is «-»."""
    printer: Printer = JsonPrinter() if form == "json" else TextPrinter()
    reading = Reading()
    places: dict[tuple[str, int], None] = {}
    try:
        for finding in _findings(file, stdin, make_book(), platform, package, reading):
            printer.finding(finding)
            if finding.host and len(places) < MAX_PROBED:
                places[finding.host, finding.port or 443] = None
    except TargetError as error:
        reading.problem = str(error)
    except KeyboardInterrupt:  # `adb logcat | trustwalk logs -` ends with Ctrl-C; the summary follows
        reading.problem = ""
    diagnoses = asyncio.run(_probe(list(places))) if probe and not reading.problem else None
    printer.end(reading, diagnoses)
    if reading.problem:
        click.echo(f"Error: {reading.problem}", err=True)
        return UNREADABLE
    if not reading.recognised:
        name = "standard input" if file == "-" else file
        click.echo(
            f"{name}: none of {reading.lines} lines looks like a log. Give the output of "
            "`adb logcat`, a bugreport.zip, an iOS console log or a stack trace.",
            err=True,
        )
        return NO_LOG
    return FOUND if reading.found else 0


def _findings(
    file: str, stdin: BinaryIO, book: SignatureBook, platform: str, package: str, reading: Reading
) -> Iterator[LogFinding]:
    """Yield the findings in a file's logs while the file is read, and update `reading`. Raises TargetError."""
    with open_log(file, stdin) as streams:
        for stream in streams:
            scanner = LogScanner(book, package, platform)
            before = reading.lines
            try:
                for block in stream.blocks:
                    for finding in scanner.feed(block):
                        reading.found += 1
                        yield replace(finding, file=stream.name)
                    reading.lines = before + scanner.lines
            finally:
                reading.recognised = reading.recognised or scanner.recognised
            for finding in scanner.close():
                reading.found += 1
                yield replace(finding, file=stream.name)
            reading.recognised = reading.recognised or scanner.recognised


async def _probe(places: list[tuple[str, int]]) -> list[Diagnosis]:
    """Probe the hosts one after the other, and return a diagnosis of each.

    A log does not tell who owns a host, so each host gets only one ordinary handshake. If a host cannot be probed, its
    diagnosis has no causes and says why."""
    from explorer.tls.diagnose import diagnose
    from explorer.tls.probe import probe

    told: list[Diagnosis] = []
    for host, port in places:
        try:
            told.append(diagnose(await probe(host, port, third_party=True)))
        except ValueError as error:  # the log names something that is no host
            told.append(Diagnosis(host, port, (), f"The host could not be probed: {error}.", "probe", None))
    return told


class JsonPrinter:
    """Prints one JSON object piece by piece, because a log of hundreds of megabytes may hold many findings."""

    def __init__(self) -> None:
        self._before = f'{{"schema": {json.dumps(SCHEMA)}, "findings": ['

    def finding(self, finding: LogFinding) -> None:
        """Print one finding."""
        click.echo(f"{self._before}\n  {json.dumps(finding.as_json(), ensure_ascii=False)}", nl=False)
        self._before = ","

    def end(self, reading: Reading, diagnoses: list[Diagnosis] | None) -> None:
        """Print the rest and close the object."""
        head = self._before if self._before != "," else ""
        rest: dict[str, object] = {"lines": reading.lines}
        if reading.problem:
            rest["complete"] = False
        if diagnoses is not None:
            rest["probes"] = [
                {"host": d.host, "port": d.port, "causes": [str(c) for c in d.causes], "why": d.why} for d in diagnoses
            ]
        click.echo(f"{head}\n], {json.dumps(rest, ensure_ascii=False)[1:]}")


class TextPrinter:
    """Prints text for people: what failed and where, the possible causes, and an excerpt of the log."""

    def __init__(self) -> None:
        self._console = Console(highlight=False, soft_wrap=True)
        self._told: dict[tuple[object, ...], tuple[int, int]] = {}
        """A failure that was printed → the number of its repeats, and the line of the last repeat."""

    def finding(self, finding: LogFinding) -> None:
        """Print one finding. A repeat of the same failure is only counted; `end` prints the count."""
        kind = (finding.file, finding.signature, finding.causes, finding.host, finding.port, finding.package)
        if kind in self._told:
            self._told[kind] = (self._told[kind][0] + 1, finding.line)
            return
        if len(self._told) < MAX_KINDS:
            self._told[kind] = (0, 0)
        head = Text(f"{finding.file + ': ' if finding.file else ''}line {finding.line}", style="bold")
        port = f":{finding.port}" if finding.port else ""
        for part in (finding.time, finding.package or finding.tag, f"{finding.host}{port}" if finding.host else ""):
            if part:
                head.append(f"  {part}", style="" if part is not finding.host else "bold")
        self._console.print(head)
        causes = Text("  ").append(str(finding.causes[0]), style="bold red")
        if len(finding.causes) == 1:
            causes.append(f": {TITLES[finding.causes[0]]}")
        else:
            others = ["", *(str(c) for c in finding.causes[1:-1])]
            causes.append(f"{', '.join(others)} or {finding.causes[-1]}")
            causes.append(
                f": {TITLES[finding.causes[0]]}, or one of the others. The log does not tell which.", style="default"
            )
        self._console.print(causes.append(f"  ({finding.signature})", style="dim"))
        self._console.print(Text(f"  {finding.excerpt}", style="dim"))
        if finding.host and len(finding.causes) > 1:
            self._console.print(Text(f"  Ask the server: trustwalk probe {finding.host}{port}"))
        self._console.print()

    def end(self, reading: Reading, diagnoses: list[Diagnosis] | None) -> None:
        """Print what the probes found, the counts of repeated failures, and the number of findings."""
        for diagnosis in diagnoses or []:
            named = ", ".join(str(c) for c in diagnosis.causes) or "no fault seen"
            self._console.print(Text(f"{diagnosis.host}:{diagnosis.port}  ", style="bold").append(named, style="red"))
            self._console.print(Text(f"  {diagnosis.why}"))
        for (file, signature, _, host, *_), (again, last) in self._told.items():
            if again:
                where = f"{host}: " if host else f"{file}: " if file else ""
                times = "once" if again == 1 else f"{again} times"
                self._console.print(Text(f"{where}{signature} again {times}, last at line {last}"))
        if reading.recognised:
            what = {0: "No TLS failure", 1: "1 TLS failure"}.get(reading.found, f"{reading.found} TLS failures")
            number = "1 line" if reading.lines == 1 else f"{reading.lines} lines"
            self._console.print(Text(f"{what} in {number}.", style="bold"))
