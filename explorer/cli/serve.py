"""`trustwalk serve`: serves a local page for people who do not use a terminal, and the same functions as an API."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from typing import Any, TextIO

import click

from explorer.run.file_lock import hold
from explorer.run.private_folder import drop_secrets
from explorer.server.app import listen, serve
from explorer.server.settings import UPLOAD_LIMIT, Settings
from explorer.targets.resolve import parse_resolve

PORT = 8484
LOCK = "server.lock"
"""Lock file that allows only one server per folder of runs.

Two servers would start each waiting run twice, and neither would know the other's runs."""


@click.command(name="serve", short_help="open a local page to start runs and read reports")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; only this machine can reach the default.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=PORT,
    show_default=True,
    help="Port to listen on; 0 takes any free one.",
)
@click.option(
    "--runs",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("trustwalk-runs"),
    show_default=True,
    help="Folder of the runs.",
)
@click.option(
    "--name", "names", multiple=True, metavar="HOST", help="Another host name under which the page may be opened."
)
@click.option("--at-once", type=click.IntRange(1, 32), default=2, show_default=True, help="Number of runs in parallel.")
@click.option(
    "--upload-limit",
    type=click.IntRange(1, 65_536),
    default=UPLOAD_LIMIT >> 20,
    show_default=True,
    metavar="MB",
    help="Largest package that can be uploaded.",
)
@click.option(
    "--devices",
    "devices_file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Another devices.yml.",
)
@click.option(
    "--ca",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True, resolve_path=True),
    help="A private root to trust in the runs started here.",
)
@click.option(
    "--resolve",
    multiple=True,
    metavar="HOST:PORT:ADDRESS",
    help="Use this address for a host and port, as curl does, in the runs started here.",
)
def command(**given: Any) -> None:
    """Serve a page on this machine to upload an app or type an address, watch the run and read the report.

    The printed address holds a token. Whoever has the token can start runs as you. Each start creates a new token,
    unless TRUSTWALK_TOKEN sets one.
    """
    try:
        resolve = tuple(parse_resolve(text) for text in given["resolve"])
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--resolve") from error
    token = _token()
    drop_secrets()
    try:
        listening = listen(given["host"], given["port"])
    except OSError as error:
        raise click.UsageError(
            f"Cannot listen on port {given['port']} of {given['host']} ({error.strerror}). Choose another port "
            "with --port, or 0 for any free one."
        ) from error
    settings = Settings(
        runs=given["runs"].resolve(),
        host=given["host"],
        port=listening.getsockname()[1],
        names=given["names"],
        at_once=given["at_once"],
        upload_limit=given["upload_limit"] << 20,
        devices_file=given["devices_file"],
        ca=given["ca"],
        resolve=resolve,
        token=token,
    )
    if not settings.host.startswith("127.") and settings.host not in ("localhost", "::1"):
        click.echo(
            "Warning: others on the network can reach this page, and connections to it are not encrypted.", err=True
        )

    def ready() -> None:
        click.echo(f"{settings.url}?token={settings.token}")
        click.echo("Open this address. Ctrl-C ends the server; its runs end too and keep what they saw.", err=True)

    with listening, _lock(settings):
        serve(settings, listening, ready)


def _lock(settings: Settings) -> TextIO:
    """The open lock file of the folder of runs.

    Raises UsageError if another server holds the lock, or if the folder cannot be written."""
    try:
        settings.own.mkdir(parents=True, exist_ok=True)
        lock = hold(settings.own / LOCK)
    except OSError as error:
        raise click.UsageError(
            f"Cannot write to {settings.runs} ({error.strerror}). Choose another folder with --runs."
        ) from error
    if lock is None:
        raise click.UsageError(
            f"Another «trustwalk serve» is using {settings.runs}. Open the page of that server, end that server, or "
            "choose another folder with --runs."
        )
    return lock


def _token() -> str:
    """The token from TRUSTWALK_TOKEN, or a new one for each start if that is not set.

    A fixed token is for servers that CI uses. Raises click.UsageError if its form is wrong."""
    token = os.environ.get("TRUSTWALK_TOKEN") or secrets.token_urlsafe(32)
    if not re.fullmatch(r"[A-Za-z0-9_-]{20,200}", token):
        raise click.UsageError(
            "TRUSTWALK_TOKEN must consist of 20 to 200 letters, digits, «-» and «_», so that nobody can guess it."
        )
    return token
