"""`trustwalk diff OLD NEW`: compares two runs and prints new, fixed, unchanged and moved failures."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from readers import json_text
from readers.regular import read_bytes
from reports import FORMATS, render
from reports.difference import compare, document, outcomes
from reports.difference import render as as_text
from reports.failures import Difference, Outcomes
from reports.journal.events import MAX_BYTES, Compared, JournalError
from reports.summary import load


@click.command(name="diff", short_help="compare two runs: new, fixed and unchanged failures")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", *FORMATS]),
    default="text",
    show_default=True,
    help="text and json hold only the changes; the other formats are NEW's report with the changes marked in it.",
)
@click.pass_context
def command(ctx: click.Context, old: Path, new: Path, form: str) -> None:
    """Compare the failures of two runs. OLD and NEW are run folders or report.json files.

    A failure has moved if its cause or its host has changed. A journey that was not tried in NEW does not count as
    fixed.

    Exit codes: 0 nothing new fails, 1 something fails that did not fail before, 2 wrong usage.
    """
    difference = compare(outcomes_at(old), outcomes_at(new))
    sys.stdout.buffer.write(_told(form, difference, old, new).encode())
    sys.stdout.flush()
    ctx.exit(difference.exit_code)


def _told(form: str, difference: Difference, old: Path, new: Path) -> str:
    if form == "text":
        return as_text(difference)
    if form == "json":
        return json.dumps(document(difference), indent=2, ensure_ascii=False) + "\n"
    try:
        return render(new, [form], None, Compared(name_of(old), difference))[form]
    except JournalError as error:
        raise click.UsageError(
            f"{error} The format «{form}» describes a whole run, so NEW must be a run folder."
        ) from error


def name_of(path: Path) -> str:
    """The name that a report shows for a run. It is the name of the run's folder, never a path on this machine."""
    path = path.resolve()
    return path.parent.name if path.is_file() else path.name


def outcomes_at(path: Path) -> Outcomes:
    """The outcomes in a run folder, a journal or a report.json. Raises click.UsageError if they cannot be read."""
    try:
        if path.is_file() and path.suffix == ".json":
            return outcomes(json_text.loads(read_bytes(path, MAX_BYTES)))
        return outcomes(load(path))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise click.UsageError(
            f"{path} is neither a run folder nor a report.json ({type(error).__name__}: {error}); give one of these."
        ) from error
    except JournalError as error:
        raise click.UsageError(str(error)) from error
