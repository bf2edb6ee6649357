"""The part of `trustwalk read` for certificates.

It judges a chain that somebody is about to install, as a probe would judge it afterwards.
"""

from __future__ import annotations

import asyncio
import json as json_text
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from explorer.cli.probe_screen import show
from explorer.evidence.certificates import MOST, CertificateFile, read_certificate_file
from explorer.evidence.chain_file import judge_file
from explorer.evidence.guarded import NeedsPassword
from explorer.evidence.source import Source
from explorer.request.errors import RequestError
from explorer.tls.chain import describe
from explorer.tls.probe_outcome import ProbeOutcome, as_json
from explorer.tls.trust import TrustError, TrustStore
from flows.incident import Severity
from reports.text_display import shown

FAULT = 1


def roots(ca: Sequence[Path]) -> TrustStore:
    """The trusted roots: the system's and those in the files of --ca. Raises RequestError if a file is unusable."""
    try:
        return TrustStore.load(ca)
    except TrustError as error:
        raise RequestError("ca", str(error)) from error


def tell_certificates(
    source: Source, host: str, password_file: Path | None, trust: TrustStore, *, json: bool, everything: bool
) -> int:
    """Print the judgement of a file of certificates. Returns the exit code.

    It is 1 if a client would refuse the certificates, or if the file has another grave fault, such as a key that
    belongs to another certificate. Raises TargetError."""
    data = source.whole(MOST)
    password = _first_line(password_file) if password_file else None
    try:
        found = read_certificate_file(source.name, data, password)
    except NeedsPassword:
        if password is not None or not sys.stdin.isatty():
            raise
        typed = click.prompt(f"Password of {source.name}", hide_input=True, err=True)
        found = read_certificate_file(source.name, data, typed.encode())
    if found.leaf is None and not host:
        return _bundle(found)
    outcome = asyncio.run(judge_file(found, host, trust, datetime.now(tz=UTC), source.name))
    if json:
        click.echo(json_text.dumps(as_json([outcome]), indent=2, ensure_ascii=False))
    else:
        show(Console(highlight=False), outcome, everything=everything)
        _aside(found)
    return FAULT if outcome.diagnosis.causes or _grave(outcome) else 0


def _grave(outcome: ProbeOutcome) -> bool:
    return any(f.severity in (Severity.CRITICAL, Severity.HIGH) and f.kind != "expiring" for f in outcome.findings)


def _first_line(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.readline(4096).rstrip(b"\r\n")


def _aside(found: CertificateFile) -> None:
    """Print which parts of the file could not be examined."""
    if found.locked:
        click.echo(
            "The private key is locked, so it is not known whether it belongs to the certificate. "
            "Unlock it with --password-file."
        )
    if found.broken:
        click.echo(f"{found.broken} blocks of the file are damaged and were left out.")


def _bundle(found: CertificateFile) -> int:
    """Print the certificates of a file that holds only roots and intermediates. Returns the exit code, 0."""
    many = len(found.certificates)
    what = "One certificate of an authority" if many == 1 else f"{many} certificates of authorities"
    click.echo(
        f"{what}, and none of a server: roots or intermediates. To judge the first one as a server's certificate, "
        "use --host NAME."
    )
    now = datetime.now(tz=UTC)
    table = Table("", "authority", "valid until", box=None, header_style="bold", padding=(0, 1))
    for certificate in found.certificates[:200]:
        facts = describe(certificate)
        over = facts.not_after < now
        table.add_row(
            Text("✗" if over else "✓", style="red" if over else "green"),
            Text(shown(facts.subject, 100)),
            Text(f"{facts.not_after:%Y-%m-%d}{', over' if over else ''}"),
        )
    Console(highlight=False).print(table)
    return 0
