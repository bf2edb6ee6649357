"""Reads `trustwalk.yml`, which holds options of `trustwalk run`. An option on the command line overrides the file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, create_model

from explorer.request.errors import first_problem
from explorer.request.option import RequestField, request_fields
from explorer.request.parsing import one_or_several
from explorer.request.request import RunRequest
from readers import yaml_text
from readers.regular import Unreadable

NAME = "trustwalk.yml"
KEYS: dict[str, RequestField] = {each.key: each for each in request_fields(RunRequest) if each.key}
"""The fields that the file may hold, by key."""


class ConfigError(Exception):
    """An invalid configuration file. The message is a sentence that names file, line and key."""


def _written(field: RequestField) -> Any:
    """The type of a key's value in the file. A list of one word may be written as that word."""
    kind = field.option.written or Annotated[field.info.annotation, *field.info.metadata]
    listed = field.several or field.key == "target"
    annotated = Annotated[kind, BeforeValidator(one_or_several)] if listed else kind
    return Annotated[annotated | None, Field(default=None, description=field.option.about)]


Config: type[BaseModel] = create_model(
    "Config",
    __config__=ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True),
    **{key: _written(field) for key, field in KEYS.items()},
)
"""The model of the whole file, with the types of RunRequest's fields."""


def load_config(path: Path | None = None) -> dict[str, Any]:
    """Read the file at `path`, or ./trustwalk.yml if it exists. Returns the values by the request's field names.

    Raises ConfigError for a named file that is missing, for invalid YAML, and for an unknown key or invalid value.
    """
    found = path or Path(NAME)
    if path is None and not found.is_file():
        return {}
    try:
        text, raw = yaml_text.read(found)
    except Unreadable as error:
        raise ConfigError(f"{found} {error}.") from error
    raw = raw or {}
    if not isinstance(raw, dict):
        raise ConfigError(f"{found} must hold keys and values, such as «persona: [curious, novice]».")
    raw = {str(key).replace("-", "_"): value for key, value in raw.items()}
    try:
        Config.model_validate(raw)
    except ValidationError as error:
        raise ConfigError(_sentence(found, text, error)) from error
    return {KEYS[key].name: _listed(KEYS[key], value) for key, value in raw.items() if value is not None}


def _listed(field: RequestField, value: Any) -> Any:
    return one_or_several(value) if field.several or field.key == "target" else value


def _sentence(path: Path, text: str, error: ValidationError) -> str:
    place, what = first_problem(error)
    key = place[0] if place else "?"
    spellings = (key, key.replace("_", "-"))
    line = next((n for n, row in enumerate(text.split("\n"), 1) if row.split(":")[0].strip() in spellings), 1)
    if error.errors()[0]["type"] == "extra_forbidden":
        what = f"there is no such key. Known: {', '.join(KEYS)}."
    return f"{path}, line {line}, «{key}»: {what}"


def template(schema: str) -> str:
    """A commented file to start from, with one line for each field that has a sample.

    `schema` is the path of the file's JSON Schema."""
    head = (
        f"# yaml-language-server: $schema={schema}",
        "# Options of `trustwalk run`. The command line wins. Every line is optional.",
        "# Do not put a password here: set TRUSTWALK_LOGIN=USER:PASSWORD in the environment.",
        "",
    )
    lines = []
    for key, field in KEYS.items():
        if field.option.sample:
            shown = f"# {key}: {field.option.sample}"
            lines.append(f"{shown:<40}  # {field.option.note}" if field.option.note else shown)
    return "\n".join([*head, *lines]) + "\n"
