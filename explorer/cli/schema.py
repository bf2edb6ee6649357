"""`trustwalk schema`: JSON Schemas of the files that people write, for completion and checks in an editor."""

from __future__ import annotations

from pathlib import Path

import click

from explorer.cli.names import known_names
from explorer.cli.schema_models import ABOUT, MODELS, text

FOLDER = Path(".trustwalk")
"""Beside trustwalk.yml: `trustwalk init` writes them there, and names the one for trustwalk.yml at its head."""


@click.command(name="schema", short_help="JSON Schemas of the files that you write, for your editor")
@click.argument("name", required=False, type=click.Choice(list(MODELS)))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Write all of them into this folder.")
def command(name: str | None, out: Path | None) -> None:
    """Print the JSON Schema of one kind of file, or write all of them with --out.

    Your own personas, journeys and devices are offered as words: write them anew when you added some.
    """
    if name and out:
        raise click.UsageError("Name one to print it, or give --out to write all.")
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
            paths[-1].write_text(text(name, known), encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"{folder} cannot be written ({error.strerror}).") from error
    return paths
