"""`trustwalk completion`: prints the script with which a shell completes commands, options and names."""

from __future__ import annotations

import os
from pathlib import Path

import click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "zsh", "fish")


@click.command(name="completion", short_help="print the completion script for your shell")
@click.argument("shell", required=False, type=click.Choice(SHELLS))
def command(shell: str | None) -> None:
    r"""Print the completion script for your shell. For bash, add the line below to ~/.bashrc; for zsh, add it to ~/.zshrc with
    «zsh» in place of «bash».

    \b
        eval "$(trustwalk completion bash)"

    For fish, save the output as ~/.config/fish/completions/trustwalk.fish.
    """
    from explorer.cli import main

    name = shell or Path(os.environ.get("SHELL", "")).name
    found = get_completion_class(name) if name in SHELLS else None
    if found is None:
        raise click.UsageError(f"Name your shell: {', '.join(SHELLS)}.")
    click.echo(found(main, {}, "trustwalk", "_TRUSTWALK_COMPLETE").source())
