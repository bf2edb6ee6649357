"""`trustwalk personas`: lists the personas and the file of each."""

from __future__ import annotations

import click

from explorer.cli.names import folder
from personas.persona import Persona, PersonaError, located


@click.command(name="personas", short_help="list the personas")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Output format.")
def command(form: str) -> None:
    """List the personas, including those in a folder `personas` beside trustwalk.yml."""
    try:
        found = {p.name: (p, file) for p, file in located(folder("personas"))}
    except PersonaError as error:
        raise click.UsageError(str(error)) from error
    if form == "json":
        import json

        click.echo(
            json.dumps([{**p.model_dump(), "file": file} for p, file in found.values()], indent=2, ensure_ascii=False)
        )
        return
    width = max(len(name) for name in found)
    for name, (persona, file) in found.items():
        click.echo(f"{click.style(name.ljust(width), bold=True)}  {persona.about}")
        click.echo(f"{' ' * width}  {_habits(persona)}")
        click.echo(click.style(f"{' ' * width}  {file}", dim=True))


def _habits(persona: Persona) -> str:
    """A persona's patience, retries and special habits, in a few words."""
    habits = [f"waits {persona.patience:g} s", f"{persona.retries} retries" if persona.retries != 1 else "1 retry"]
    told = {
        "presses twice": persona.double_submit,
        "mistypes": persona.typos,
        "wrong input first": persona.wrong_input,
        "explores a lot": persona.curiosity >= 0.5,
        "goes back and forth": persona.wandering,
        "keyboard only": persona.keyboard,
        f"{persona.tabs} tabs": persona.tabs > 1,
        "reads to the end": persona.reads,
        "short texts": persona.text_length == "short",
        "long texts": persona.text_length == "long",
        "emoji": persona.emoji,
        "only required fields": not persona.fills_optional,
    }
    return ", ".join([*habits, *(words for words, true in told.items() if true)])
