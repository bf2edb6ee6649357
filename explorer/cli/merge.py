"""`trustwalk merge RUN…`: makes one run of the parts that several machines explored (`trustwalk run --shard`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from explorer.cli.completing import runs
from explorer.cli.diff import name_of, outcomes_at
from explorer.cli.full_disk import told_if_full
from explorer.cli.options import ListCommand, request_options
from explorer.cli.run import checked_formats, journey_ids, request_of, told_by_option
from explorer.cli.running import finish, folder_for
from explorer.run.merging import merge
from explorer.run.run_parts import MergeError, parts_at
from reports.journal.events import JournalError


@click.command(name="merge", cls=ListCommand, short_help="make one run of the parts that several machines explored")
@click.argument("run", nargs=-1, required=True, type=click.Path(path_type=Path), shell_complete=runs)
@request_options("out", "formats", "fail_on", "require", "baseline")
@click.pass_context
def command(ctx: click.Context, /, run: tuple[Path, ...], **given: Any) -> None:
    """Make one run of its parts: RUN… are the folders of `trustwalk run --shard 1/N` to `--shard N/N`.

    All sessions are judged together, as on one machine. Parts of different versions, targets or options are refused.

    Exit codes: those of «trustwalk run»; 2 also if the runs are not parts of one run, 3 also if a part is missing.
    """
    with told_by_option():
        request = request_of(given)
        required = journey_ids(request.require)
        formats = checked_formats(request.formats)
    to_stdout = request.out == "-"
    if to_stdout and len(formats) != 1:
        raise click.BadParameter("«-» prints one format: name exactly one with --format.", param_hint="--out")
    baseline = (name_of(request.baseline), outcomes_at(request.baseline)) if request.baseline else None
    try:
        parts, lacking = parts_at(run)
    except (MergeError, JournalError) as error:
        raise click.UsageError(str(error)) from error
    out = folder_for(None if to_stdout else request.out, "merged")
    with told_if_full(out):
        journal, outcome = merge(parts, lacking, out)
        code = finish(journal, outcome, out, formats, request.failing, required, to_stdout=to_stdout, baseline=baseline)
    ctx.exit(code)
