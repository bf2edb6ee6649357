"""Tables of the documentation, computed from the code when the site is built, so that they cannot go stale.

A page says `<!-- table: NAME -->` or `<!-- include: NAME -->`; an unknown name or a table without rows ends the build.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel

from explorer.cli import main
from explorer.devices.devices import load_devices
from flows.diagnosis import TITLES
from flows.journey import FAILURES, Cues, Example, Journey, Recogniser, Stage, load_catalogue
from flows.recognise.languages import languages as known_languages
from flows.recognise.signs import SIGNS
from personas.persona import Persona
from personas.persona import load as load_personas
from reports import FORMATS

HERE = Path(__file__).parent


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; cells are put on one line and cannot break out of it. Raises ValueError if it is empty."""
    lines = [[" ".join(str(cell).split()).replace("|", "\\|") for cell in row] for row in rows]
    if not lines:
        raise ValueError(f"the table with the columns {', '.join(head)} has no rows")
    return "\n".join(f"| {' | '.join(line)} |" for line in [list(head), ["---"] * len(head), *lines])


def code(text: object) -> str:
    return f"`{text}`"


def personas() -> str:
    head = ("persona", "who", "patience", "pause", "tries again", "measured by")
    return table(
        head,
        (
            (code(p.name), p.about or p.title, f"{p.patience:g} s", f"{p.pace:g} s", p.retries, _expectation(p))
            for p in load_personas()
        ),
    )


def _expectation(persona: Persona) -> str:
    wanted = persona.expectation
    bounds = [f"≥ {wanted.at_least:g}"] if wanted.at_least is not None else []
    bounds += [f"≤ {wanted.at_most:g}"] if wanted.at_most is not None else []
    return f"{wanted.measure} {' and '.join(bounds)}"


def journeys() -> str:
    rows = (
        (code(j.id), j.about or j.title, ", ".join(map(code, j.needs)) or "–", code(j.allow) if j.allow else "–")
        for j in load_catalogue()
    )
    return table(("journey", "what the user does", "may need", "done only with `--allow`"), rows)


def keys(*models: type[BaseModel]) -> str:
    """The keys of the files that people write, from the models that read them."""
    rows = (
        (
            code(f"{model.__name__.lower()}.{name}"),
            code(_type(field.annotation)),
            "required" if field.is_required() else code(field.get_default(call_default_factory=True)),
            field.description or "",
        )
        for model in models
        for name, field in model.model_fields.items()
    )
    return table(("key", "type", "default", "what it is"), rows)


def _type(annotation: Any) -> str:
    text = annotation.__name__ if isinstance(annotation, type) else str(annotation)
    return re.sub(
        r"\b(?:typing|collections\.abc|flows\.journey|flows\.recognise\.languages|personas\.persona)\.", "", text
    )


def languages() -> str:
    """The languages that there are files of words for."""
    spoken = sorted((words.name, tag) for tag, words in known_languages().spoken.items())
    return table(("language", "tag"), ((name, code(tag)) for name, tag in spoken))


def signs() -> str:
    """Structural signs of success with what their functions say of themselves, and those of failure."""
    rows = [(code(sign.name), "success", sign.find.__doc__ or "") for sign in SIGNS]
    return table(("sign", "of", "when"), [*rows, *((code(name), "failure", text) for name, text in FAILURES.items())])


def causes() -> str:
    return table(("cause", "in words"), ((code(cause.value), title) for cause, title in TITLES.items()))


def formats() -> str:
    rows = ((code(name), code(entry.file), entry.about) for name, entry in FORMATS.items())
    return table(("`--format`", "file", "what it is"), rows)


def devices() -> str:
    rows = load_devices(None)
    return table(
        ("device", "kind", "settings"), ((code(n), code(d.kind), _settings(d)) for n, d in rows.devices.items())
    )


def _settings(device: BaseModel) -> str:
    given = device.model_dump(exclude_defaults=True, exclude={"kind"})
    return ", ".join(f"{key}: {code(value)}" for key, value in given.items()) or "–"


def commands() -> str:
    """Usage, sentence and options of every command, as click has them."""
    assert isinstance(main, click.Group)
    parts = []
    context = click.Context(main, info_name="trustwalk")
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        if command is None:
            continue
        inner = click.Context(command, info_name=name, parent=context)
        options = [
            (code(entry[0]), entry[1])
            for parameter in command.get_params(inner)
            if (entry := parameter.get_help_record(inner)) is not None
        ]
        usage = " ".join([f"trustwalk {name}", *command.collect_usage_pieces(inner)])
        about = " ".join((command.help or command.short_help or "").split("\n\n")[0].split())
        parts.append(
            f"## trustwalk {name}\n\n```\n{usage}\n```\n\n{about}\n\n{table(('option', 'what it does'), options)}"
        )
    return "\n\n".join(parts)


TABLES: dict[str, Callable[[], str]] = {
    "causes": causes,
    "commands": commands,
    "devices": devices,
    "formats": formats,
    "journey-keys": lambda: keys(Journey, Recogniser, Stage, Cues, Example),
    "journeys": journeys,
    "languages": languages,
    "persona-keys": lambda: keys(Persona),
    "personas": personas,
    "signs": signs,
}


def included(name: str) -> str:
    """The Markdown that `make accuracy` and the like leave in `docs/measured/`."""
    path = HERE / "measured" / f"{name}.md"
    if path.is_file():
        return path.read_text(encoding="utf-8")
    return "*No figures have been recorded for this version yet.*"


def on_page_markdown(markdown: str, /, **_: Any) -> str:
    """mkdocs' event for each page: put the tables in. Raises ValueError for a table that nobody makes."""

    def fill(match: re.Match[str]) -> str:
        kind, name = match.groups()
        if kind == "include":
            return included(name)
        if name not in TABLES:
            raise ValueError(f"no table is called «{name}»; there is {', '.join(TABLES)}")
        return TABLES[name]()

    return re.sub(r"<!-- (table|include): ([\w-]+) -->", fill, markdown)
