"""`trustwalk init`: write a commented trustwalk.yml to start from."""

from __future__ import annotations

from pathlib import Path

import click

from explorer.cli.schema import FOLDER, write_all
from explorer.request.file import NAME, template


@click.command(name="init", short_help="write a commented trustwalk.yml")
def command() -> None:
    """Write trustwalk.yml into this folder, and schemas for editors into .trustwalk/; an existing file is left alone."""
    path = Path(NAME)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(template(f"{FOLDER}/trustwalk.schema.json"))
    except FileExistsError as error:
        raise click.UsageError(f"{NAME} is here already; it was left as it is.") from error
    except OSError as error:
        raise click.UsageError(f"{NAME} cannot be written here ({error.strerror}).") from error
    write_all(FOLDER)
    click.echo(
        f"Wrote {NAME}, and schemas for editors into {FOLDER}/. Its lines are comments: take away the # of those that you want."
    )
