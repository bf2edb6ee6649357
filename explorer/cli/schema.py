"""`trustwalk schema`: writes JSON Schemas of the files that people write, for completion and checks in editors."""

from __future__ import annotations

from pathlib import Path

import click

from explorer.cli.names import known_names
from explorer.cli.schema_models import ABOUT, MODELS, text
from readers.writing import write_own

FOLDER = Path(".trustwalk")
"""The folder beside trustwalk.yml into which `trustwalk init` writes the schemas. trustwalk.yml names one of them."""


@click.command(name="schema", short_help="write JSON Schemas for your editor")
@click.argument("name", required=False, type=click.Choice(list(MODELS)))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Write all schemas into this folder.")
def command(name: str | None, out: Path | None) -> None:
    """Print the JSON Schema of one kind of file, or write all of them with --out.

    The schemas hold the names of your own personas, journeys and devices. After you add one of these, write the schemas
    again.
    """
    if name and out:
        raise click.UsageError("Name one schema to print it, or write all of them with --out.")
    if name:
        click.echo(text(name, known_names()), nl=False)
    elif out:
        for path in write_all(out):
            click.echo(path)
    else:
        width = max(len(each) for each in MODELS)
        for each in MODELS:
            click.echo(f"{click.style(each.ljust(width), bold=True)}  {ABOUT[each]}")


def write_all(folder: Path) -> list[Path]:
    """Write every schema into a folder. Raises click.UsageError if that cannot be done."""
    known = known_names()
    paths = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in MODELS:
            paths.append(folder / f"{name}.schema.json")
            write_own(paths[-1], text(name, known))
    except OSError as error:
        raise click.UsageError(
            f"{folder} cannot be written ({error.strerror}); choose a folder that you may write to."
        ) from error
    return paths
