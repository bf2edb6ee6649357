"""`trustwalk init`: write a commented trustwalk.yml to start from."""

from __future__ import annotations

from pathlib import Path

import click

from explorer.cli.schema import FOLDER, write_all
from explorer.run.config import NAME

TEMPLATE = f"""\
# yaml-language-server: $schema={FOLDER}/trustwalk.schema.json
# Options of `trustwalk run`, written down once; the command line wins. Every line is optional.
# A password has no place here: set TRUSTWALK_LOGIN=USER:PASSWORD in the environment.

# target: https://support.example/
# persona: [curious, impatient, novice]    # or all; `trustwalk personas` lists them
# journey: [start-chat, submit-ticket]     # default: all; `trustwalk journeys` lists them
# device: [desktop, phone]                 # rows of devices.yml
# steps: 200                               # actions of each session
# time: 10m                                # a cap; the seed counts in steps
# seed: 1
# format: [html, json, junit]
# ca: [private-root.pem]                   # a private root, for these runs only
# resolve: ["support.example:443:127.0.0.1"]
# allow_origin: ["https://help.example"]   # more origins that belong to the app
# allow: [payment]                         # what may be done for real
# fail_on: failed,blocked                  # also: degraded, other, expiring, expiring=14
# evidence: [har, trace]                   # also: film; or none
# audit: false                             # leave out accessibility, cookies and forms
# baseline: last-good/report.json          # only what is new against it fails
# require: [start-chat]                    # must be found and tried
# server: "http://desk.example:8484/"      # explore at a `trustwalk serve`; its token in TRUSTWALK_TOKEN
"""


@click.command(name="init", short_help="write a commented trustwalk.yml")
def command() -> None:
    """Write trustwalk.yml into this folder, and schemas for editors into .trustwalk/; an existing file is left alone."""
    path = Path(NAME)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(TEMPLATE)
    except FileExistsError as error:
        raise click.UsageError(f"{NAME} is here already; it was left as it is.") from error
    except OSError as error:
        raise click.UsageError(f"{NAME} cannot be written here ({error.strerror}).") from error
    write_all(FOLDER)
    click.echo(
        f"Wrote {NAME}, and schemas for editors into {FOLDER}/. Its lines are comments: take away the # of those that you want."
    )
