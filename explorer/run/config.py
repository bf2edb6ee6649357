"""`trustwalk.yml`: every option of `trustwalk run`, written down once. The command line wins."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

NAME = "trustwalk.yml"


class ConfigError(Exception):
    """A configuration file that cannot be used, in a sentence that names file, line and key."""


class Config(BaseModel):
    """The keys of `trustwalk.yml`. Lists may be written as one word or several."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    target: tuple[str, ...] | None = None
    """A web address, a package, or one of each."""
    persona: tuple[str, ...] | None = None
    journey: tuple[str, ...] | None = None
    device: tuple[str, ...] | None = None
    devices: Path | None = None
    login: str | None = Field(default=None, pattern=r"^[^:]+$")
    """The user's name only: a password has no place in a file that is committed."""
    storage_state: Path | None = None
    steps: int | None = Field(default=None, ge=1, le=10_000)
    time: str | None = None
    seed: int | None = None
    out: str | None = None
    format: tuple[str, ...] | None = None
    ca: tuple[Path, ...] | None = None
    resolve: tuple[str, ...] | None = None
    allow_origin: tuple[str, ...] | None = None
    allow: tuple[Literal["payment", "delete", "hostile", "call", "mail"], ...] | None = None
    fail_on: str | None = None
    require: tuple[str, ...] | None = None
    baseline: Path | None = None
    evidence: tuple[Literal["har", "trace", "film", "none"], ...] | None = None
    server: str | None = Field(default=None, pattern=r"^[^?@]*$")
    """Without its token, which has no place in a file that is committed either."""
    private: bool | None = None
    headed: bool | None = None
    proxy: bool | None = None
    audit: bool | None = None

    @field_validator(
        "target",
        "persona",
        "journey",
        "device",
        "format",
        "ca",
        "resolve",
        "allow_origin",
        "allow",
        "require",
        "evidence",
        mode="before",
    )
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    def given(self) -> dict[str, Any]:
        """What the file says, by the names of the command's parameters."""
        names = self.parameters()
        values = self.model_dump(exclude_none=True)
        return {names.get(key, key): value for key, value in values.items()}

    @staticmethod
    def parameters() -> dict[str, str]:
        """The command's parameters for those keys that it calls otherwise."""
        return {
            "target": "targets", "devices": "devices_file", "login": "login_text", "time": "time_text", "format": "formats",
        }  # fmt: skip


def load_config(path: Path | None = None) -> Config:
    """The file at `path`, or `trustwalk.yml` in the working directory if there is one, or nothing.

    Raises ConfigError for a file that is missing (when named), no YAML, or has a key that does not exist.
    """
    found = path or Path(NAME)
    if path is None and not found.is_file():
        return Config()
    try:
        text = found.read_text(encoding="utf-8")
        raw = yaml.safe_load(text) or {}
    except OSError as error:
        raise ConfigError(f"{found} cannot be read ({error.strerror}).") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{found} is no YAML: {' '.join(str(error).split())}") from error
    if not isinstance(raw, dict):
        raise ConfigError(f"{found} must hold keys and values, such as «persona: [curious, novice]».")
    raw = {str(key).replace("-", "_"): value for key, value in raw.items()}
    try:
        return Config.model_validate(raw)
    except ValidationError as error:
        raise ConfigError(_sentence(found, text, error)) from error


def _sentence(path: Path, text: str, error: ValidationError) -> str:
    first = error.errors()[0]
    key = str(first["loc"][0]) if first["loc"] else "?"
    spellings = (key, key.replace("_", "-"))
    line = next((n for n, row in enumerate(text.split("\n"), 1) if row.split(":")[0].strip() in spellings), 1)
    what = first["msg"]
    if first["type"] == "extra_forbidden":
        what = f"there is no such key. Known: {', '.join(Config.model_fields)}"
    return f"{path}, line {line}, «{key}»: {what}."
