"""`trustwalk devices`: lists the rows of devices.yml and the file that they come from."""

from __future__ import annotations

from pathlib import Path

import click

from explorer.devices.devices import Device, DeviceError, load_devices


@click.command(name="devices", short_help="list the devices")
@click.option("--devices", "file", type=click.Path(path_type=Path, dir_okay=False), help="Another devices.yml.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Output format.")
def command(file: Path | None, form: str) -> None:
    """List the devices that --device accepts, and the file that they come from."""
    try:
        found = load_devices(file)
    except DeviceError as error:
        raise click.UsageError(str(error)) from error
    if form == "json":
        import json

        rows = [
            {"name": name, **device.model_dump(exclude_none=True), "file": found.source}
            for name, device in found.devices.items()
        ]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    width = max((len(name) for name in found.devices), default=0)
    for name, device in found.devices.items():
        click.echo(f"{name:<{width}}  {device.kind:<8} {settings(device)}".rstrip())
    click.echo(f"From {found.source}.", err=True)


def settings(device: Device) -> str:
    """The settings of a row, in one line."""
    values = device.model_dump(exclude={"kind"}, exclude_defaults=True)
    return ", ".join(f"{key}: {_plain(value)}" for key, value in values.items())


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return "×".join(map(str, value))
    if isinstance(value, dict):
        return " ".join(f"{k}={v}" for k, v in value.items())
    return str(value).lower() if isinstance(value, bool) else str(value)
