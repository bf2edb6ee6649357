"""Reads `trustwalk.yml`, which holds options of `trustwalk run`. An option on the command line overrides the file.

With `targets:`, the file holds several targets. Each of them has a name and may have options of its own, which override
those of the rest of the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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


NAME_OF_TARGET = r"^[a-z0-9][a-z0-9-]{0,39}$"
OF_THE_RUN = frozenset({"at_once", "baseline", "fail_on", "format", "headed", "out", "server", "shard"})
"""Keys that a target cannot have: they are about all targets, or about this machine."""
_STRICT = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
_OF_A_TARGET: dict[str, Any] = {
    "name": Annotated[str, Field(pattern=NAME_OF_TARGET, description="The target's name: a folder of the run.")],
    **{key: _written(each) for key, each in KEYS.items() if key not in OF_THE_RUN},
}
TargetConfig: type[BaseModel] = create_model("TargetConfig", __config__=_STRICT, **_OF_A_TARGET)
"""One of several targets: its name, and the keys of the file that may differ from target to target."""
_SEVERAL: Any = Annotated[
    tuple[TargetConfig, ...],  # type: ignore[valid-type] # pydantic reads it, and a created model is a class
    Field(default=(), max_length=1_000, description="Several targets, each with a name and options of its own."),
]
_OF_THE_FILE: dict[str, Any] = {key: _written(each) for key, each in KEYS.items()} | {"targets": _SEVERAL}
Config: type[BaseModel] = create_model("Config", __config__=_STRICT, **_OF_THE_FILE)
"""The model of the whole file, with the types of RunRequest's fields."""


@dataclass(frozen=True, slots=True)
class FileOptions:
    """The values of a file by the request's field names: `every` for all runs, and those of each named target."""

    every: Mapping[str, Any] = field(default_factory=dict)
    targets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def load_config(path: Path | None = None) -> dict[str, Any]:
    """The values of the file for all its targets, by the request's field names: `load_file`."""
    return dict(load_file(path).every)


def load_file(path: Path | None = None) -> FileOptions:
    """Read the file at `path`, or ./trustwalk.yml if it exists.

    Raises ConfigError for a named file that is missing, for invalid YAML, and for an unknown key or invalid value.
    """
    found = path or Path(NAME)
    if path is None and not found.is_file():
        return FileOptions()
    try:
        text, raw = yaml_text.read(found)
    except Unreadable as error:
        raise ConfigError(f"{found} {error}.") from error
    raw = raw or {}
    if not isinstance(raw, dict):
        raise ConfigError(f"{found} must hold keys and values, such as «persona: [curious, novice]».")
    raw = _spelled(raw)
    if isinstance(raw.get("targets"), list):
        raw["targets"] = [_spelled(each) if isinstance(each, dict) else each for each in raw["targets"]]
    try:
        Config.model_validate(raw)
    except ValidationError as error:
        raise ConfigError(_sentence(found, text, error)) from error
    blocks = raw.pop("targets", None) or []
    names = [block["name"] for block in blocks]
    if blocks and "target" in raw:
        raise ConfigError(f"{found} has both «target» and «targets». Write the single one among the others.")
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise ConfigError(f"{found}, «targets»: two targets are called «{twice}». Give each a name of its own.")
    if idle := next((block["name"] for block in blocks if not block.get("target")), ""):
        raise ConfigError(f"{found}, «targets»: «{idle}» has no «target». Give its address or package.")
    return FileOptions(_by_field(raw), {block["name"]: _by_field(block) for block in blocks})


def _spelled(raw: Mapping[Any, Any]) -> dict[str, Any]:
    """The keys with underscores; in the file, they may be written with dashes."""
    return {str(key).replace("-", "_"): value for key, value in raw.items()}


def _by_field(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {
        KEYS[key].name: _listed(KEYS[key], value) for key, value in raw.items() if key in KEYS and value is not None
    }


def _listed(field: RequestField, value: Any) -> Any:
    return one_or_several(value) if field.several or field.key == "target" else value


def _sentence(path: Path, text: str, error: ValidationError) -> str:
    place, what = first_problem(error)
    key = place[0] if place else "?"
    if key == "targets" and len(place) > 2:
        key = place[2]
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
    for key, each in KEYS.items():
        if each.option.sample:
            shown = f"# {key}: {each.option.sample}"
            lines.append(f"{shown:<40}  # {each.option.note}" if each.option.note else shown)
    return "\n".join([*head, *lines, *_SAMPLE]) + "\n"


_SAMPLE = (
    "",
    "# Several targets: «trustwalk run» explores all of them, «trustwalk run shop» this one. A target's options win over",
    "# those above. The password of «shop» comes from TRUSTWALK_LOGIN_SHOP=USER:PASSWORD.",
    "# targets:",
    "#   - {name: shop, target: https://shop.example/help, persona: [curious, novice]}",
    "#   - {name: bank, target: [https://bank.example/, bank.apk], login: anna}",
)
