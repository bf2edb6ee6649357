"""`trustwalk journeys`: lists the journeys and the file of each."""

from __future__ import annotations

import click

from explorer.cli.names import folder
from flows.journey import JourneyError, located_catalogue


@click.command(name="journeys", short_help="list the journeys")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Output format.")
def command(form: str) -> None:
    """List the journeys, including those in a folder `journeys` beside trustwalk.yml."""
    try:
        found = {j.id: (j, file) for j, file in located_catalogue(folder("journeys"))}
    except JourneyError as error:
        raise click.UsageError(str(error)) from error
    if form == "json":
        import json

        rows = [
            {
                "id": j.id,
                "title": j.title,
                "about": j.about,
                "needs": list(j.needs),
                "allow": j.allow,
                "stages": [s.id for s in j.stages],
                "languages": languages,
                "file": file,
            }
            for j, file in found.values()
            for languages in [sorted({tag for r in j.entry for tag in r.words} - {"any"})]
        ]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    width = max(len(name) for name in found)
    for name, (journey, file) in found.items():
        click.echo(f"{click.style(name.ljust(width), bold=True)}  {journey.about or journey.title}")
        stops = (
            f"; stops before «{journey.stops_before}» without --allow {journey.allow}" if journey.stops_before else ""
        )
        click.echo(f"{' ' * width}  {' → '.join(s.id for s in journey.stages)}{stops}")
        click.echo(click.style(f"{' ' * width}  {file}", dim=True))
