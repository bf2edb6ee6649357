"""`trustwalk redact`: writes a HAR, net log or log again without secrets, so that it can be sent."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from explorer.evidence.redacting import redacted
from explorer.evidence.source import opened
from explorer.targets.error import TargetError

UNREADABLE = 2


@click.command(name="redact", short_help="write a HAR, net log or log again without secrets")
@click.argument("file", metavar="FILE|-")
@click.option(
    "--out", required=True, metavar="FILE|-", help="Where the result goes: a new file, or «-» for standard output."
)
def command(file: str, out: str) -> None:
    """Write FILE (a HAR, net log or log) again without cookies, authorisation, bodies, values in addresses, tokens and
    e-mail addresses. What failed, where and why stays in it.

    Exit codes: 0 written, 2 wrong usage or unreadable file.
    """
    try:
        with opened(file, sys.stdin.buffer) as source:
            pieces = redacted(source)
            if out == "-":
                for piece in pieces:
                    sys.stdout.buffer.write(piece)
                sys.stdout.buffer.flush()
                return
            with Path(out).open("xb") as written:
                written.writelines(pieces)
    except TargetError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(UNREADABLE)
    except FileExistsError as error:
        raise click.BadParameter(f"{out} exists; name a new file.", param_hint="--out") from error
    except OSError as error:
        raise click.BadParameter(f"{out} cannot be written ({error.strerror}).", param_hint="--out") from error
