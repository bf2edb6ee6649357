"""`trustwalk completion`: what a shell needs so that the tab key completes commands, options and names."""

from __future__ import annotations

import os
from pathlib import Path

import click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "zsh", "fish")


@click.command(name="completion", short_help="what your shell needs to complete commands and names")
@click.argument("shell", required=False, type=click.Choice(SHELLS))
def command(shell: str | None) -> None:
    r"""Print the script for your shell. For bash, put this into ~/.bashrc, and likewise for zsh:

    \b
        eval "$(trustwalk completion bash)"

    fish reads it from ~/.config/fish/completions/trustwalk.fish.
    """
    from explorer.cli import main

    name = shell or Path(os.environ.get("SHELL", "")).name
    found = get_completion_class(name) if name in SHELLS else None
    if found is None:
        raise click.UsageError(f"Say which shell: {', '.join(SHELLS)}.")
    click.echo(found(main, {}, "trustwalk", "_TRUSTWALK_COMPLETE").source())
