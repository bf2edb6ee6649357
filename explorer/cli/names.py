"""The known names of personas, journeys and devices, including those in the user's own files.

Shell completion and the schemas for editors use them. An invalid file contributes no names; the commands that need it
report the error.
"""

from __future__ import annotations

from pathlib import Path

from explorer.devices.devices import DeviceError, load_devices
from explorer.policy.measures import MEASURES
from flows.journey import JourneyError, load_catalogue
from personas.persona import PersonaError, load
from reports import FORMATS


def folder(name: str) -> tuple[Path, ...]:
    """The folder `name` beside trustwalk.yml, as a tuple with one path; an empty tuple if there is no such folder."""
    return (Path(name),) if Path(name).is_dir() else ()


def personas() -> dict[str, str]:
    """Name → title of every persona."""
    try:
        return {p.name: p.title for p in load(folder("personas"))}
    except PersonaError:
        return {p.name: p.title for p in load()}


def journeys() -> dict[str, str]:
    """Id → title of every journey."""
    try:
        return {j.id: j.title for j in load_catalogue(folder("journeys"))}
    except JourneyError:
        return {j.id: j.title for j in load_catalogue()}


def devices(file: Path | None = None) -> dict[str, str]:
    """Name → kind of each row of devices.yml. `file` is used instead of the default file, if given."""
    try:
        return {name: row.kind for name, row in load_devices(file).devices.items()}
    except DeviceError:
        return {}


def known_names() -> dict[str, list[str]]:
    """Key in a file that users write, such as `persona` in trustwalk.yml → the known names for its value."""
    return {
        "persona": [*personas(), "all"],
        "journey": list(journeys()),
        "require": list(journeys()),
        "needs": list(journeys()),
        "device": list(devices()),
        "format": list(FORMATS),
        "measure": list(MEASURES),
    }
