"""`trustwalk redact`: writes a copy of a HAR, net log, proxy session or log without secrets, so that it can be sent."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from explorer.evidence.redacting import redacted
from explorer.evidence.source import opened
from explorer.targets.error import TargetError
from explorer.targets.log_file import printable

UNREADABLE = 2


@click.command(name="redact", short_help="write a HAR, net log or log again without secrets")
@click.argument("file", metavar="FILE|-")
@click.option(
    "--out", required=True, metavar="FILE|-", help="Where the result goes: a new file, or «-» for standard output."
)
def command(file: str, out: str) -> None:
    """Write a copy of FILE that holds only what is known to be harmless.

    FILE is a HAR, a net log or a log, or a session of Fiddler, Charles or mitmproxy, whose copy is a HAR. The copy has no
    cookies, authorisation, bodies, values in addresses, tokens or e-mail addresses. It still shows what failed, where and
    why.

    Exit codes: 0 written, 2 wrong usage or unreadable file.
    """
    notes: list[str] = []
    try:
        with opened(file, sys.stdin.buffer) as source:
            pieces = redacted(source, notes)
            if out == "-":
                for piece in pieces:
                    sys.stdout.buffer.write(piece)
                sys.stdout.buffer.flush()
            else:
                _write(pieces, Path(out))
    except TargetError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(UNREADABLE)
    except FileExistsError as error:
        raise click.BadParameter(f"{printable(out)} exists; name a new file.", param_hint="--out") from error
    except OSError as error:
        raise click.BadParameter(
            f"{printable(out)} cannot be written ({error.strerror}).", param_hint="--out"
        ) from error
    for note in notes:
        click.echo(f"Note: {note}", err=True)


def _write(pieces: Iterator[bytes], out: Path) -> None:
    """Write a new file, whole or not at all. Raises FileExistsError, OSError, and what `pieces` raises."""
    if os.path.lexists(out):
        raise FileExistsError(out)
    with tempfile.NamedTemporaryFile(dir=out.parent, prefix=".redact-", delete=False) as written:
        halfway = Path(written.name)
        try:
            written.writelines(pieces)
            written.close()
            halfway.rename(out)
        finally:
            halfway.unlink(missing_ok=True)
