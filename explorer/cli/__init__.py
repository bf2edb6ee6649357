"""The command line, with one file per command.

A command's file is imported only when the command is called, so that `trustwalk --help` stays quick.
"""

from __future__ import annotations

import importlib
from typing import Any

import click
from click.shell_completion import CompletionItem

from explorer import __version__
from explorer.cli.output import whole_output

COMMANDS: tuple[tuple[str, str], ...] = (
    ("run", "explore a URL or an APK and tell which journeys fail"),
    ("demo", "explore the bundled support app, whose certificates are broken on purpose"),
    ("doctor", "check what is missing on this machine, and install it"),
    ("report", "render a run's reports again from its journal"),
    ("diff", "compare two runs: new, fixed and unchanged failures"),
    ("merge", "make one run of the parts that several machines explored"),
    ("logs", "find TLS failures in a saved log; needs no device"),
    ("read", "read what a customer sent: HAR, net log, certificates, log"),
    ("redact", "write a HAR, net log or log again without secrets"),
    ("probe", "probe TLS servers: chain, cause, remedy"),
    ("serve", "open a local page to start runs and read reports"),
    ("init", "write a commented trustwalk.yml"),
    ("personas", "list the personas"),
    ("journeys", "list the journeys"),
    ("devices", "list the devices"),
    ("completion", "print the completion script for your shell"),
    ("schema", "write JSON Schemas for your editor"),
)
"""Name → help text of each command. Its click command is `command` in `explorer/cli/<name>.py`."""


class _Lazy(click.Group):
    def main(self, *args: Any, **extra: Any) -> Any:
        """Run a command. If its output cannot be written, print an error message and exit with code 3."""
        with whole_output():
            return super().main(*args, **extra)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name, _ in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in dict(COMMANDS):
            return None
        command: click.Command = importlib.import_module(f"explorer.cli.{cmd_name}").command
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete the name of a command without importing the commands."""
        if not incomplete.startswith("-"):
            return [CompletionItem(name, help=about) for name, about in COMMANDS if name.startswith(incomplete)]
        return click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(COMMANDS)


@click.command(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="trustwalk")
def main() -> None:
    """Explore an app as its users would, and tell which journeys break because TLS fails, why, and what to change."""
