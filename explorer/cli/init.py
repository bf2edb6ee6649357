"""`trustwalk init`: writes a commented trustwalk.yml to start from."""

from __future__ import annotations

from pathlib import Path

import click

from explorer.cli.schema import FOLDER, write_all
from explorer.request.file import NAME, template


@click.command(name="init", short_help="write a commented trustwalk.yml")
def command() -> None:
    """Write a commented trustwalk.yml into this folder, and JSON Schemas for editors into .trustwalk/.

    If there already is a trustwalk.yml, nothing is changed.
    """
    path = Path(NAME)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(template(f"{FOLDER}/trustwalk.schema.json"))
    except FileExistsError as error:
        raise click.UsageError(
            f"{NAME} already exists; it was not changed. To get a new one, rename the old one first."
        ) from error
    except OSError as error:
        raise click.UsageError(
            f"{NAME} cannot be written ({error.strerror}); change to a folder that you may write to."
        ) from error
    write_all(FOLDER)
    click.echo(
        f"Wrote {NAME}, and schemas for editors into {FOLDER}/. All lines of {NAME} are comments: remove the # of each "
        "option that you want."
    )
