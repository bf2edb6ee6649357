"""`trustwalk report RUN`: renders a run's reports again from its journal."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from explorer.cli.completing import runs
from explorer.cli.diff import name_of, outcomes_at
from explorer.cli.options import ListCommand, many
from explorer.request.parsing import split
from reports import FORMATS, render
from reports.difference import compare
from reports.journal.events import Compared, JournalError


@click.command(name="report", cls=ListCommand, short_help="render a run's reports again from its journal")
@click.argument("run", type=click.Path(path_type=Path), shell_complete=runs)
@many("--format", "formats", metavar="NAME…", help=f"Reports to write: {', '.join(FORMATS)} (default: html json).")
@click.option(
    "--out",
    metavar="DIR|-",
    help="Folder of the reports (default: the run's folder); «-» prints one format to standard output.",
)
@click.option(
    "--baseline", type=click.Path(path_type=Path, exists=True), help="An earlier run: mark what is new since then."
)
def command(run: Path, formats: tuple[str, ...], out: str | None, baseline: Path | None) -> None:
    """Render the reports of RUN (a run folder) again. This also works for a run that was cut off.

    Exit codes: 0 rendered, 2 wrong usage or no readable journal.
    """
    names = split(formats) or ("html", "json")
    for name in names:
        if name not in FORMATS:
            raise click.BadParameter(
                f"there is no format «{name}». Known: {', '.join(FORMATS)}.", param_hint="--format"
            )
    if out == "-" and len(names) != 1:
        raise click.BadParameter("«-» prints one format: name exactly one with --format.", param_hint="--out")
    folder = Path(out) if out and out != "-" else run if run.is_dir() else run.parent
    try:
        compared = None
        if baseline is not None:
            compared = Compared(name_of(baseline), compare(outcomes_at(baseline), outcomes_at(run)))
        told = render(run, names, None if out == "-" else folder, compared)
    except JournalError as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise click.BadParameter(
            f"{folder} cannot be written ({error.strerror}); name another folder.", param_hint="--out"
        ) from error
    if out == "-":
        sys.stdout.buffer.write(told[names[0]].encode())
        sys.stdout.flush()
        return
    for name in names:
        click.echo(folder / FORMATS[name].file)
