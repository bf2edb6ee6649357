"""Who explores: persona files as typed data. All times are seconds of the persona's own clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Expectation(_Strict):
    """What sets this persona apart, as a number that a neutral persona misses."""

    measure: str
    """A measure of `explorer.policy.measures` (for example `double-submits-per-submit`, `keyboard-share`)."""
    at_least: float | None = None
    """The measure is this much or more."""
    at_most: float | None = None
    """The measure is this much or less."""


class Persona(_Strict):
    """One way to use an app."""

    name: str
    """What `--persona` calls it. The name of a shipped persona replaces that one."""
    title: str
    """What reports call it."""
    about: str
    """Who it is, in one sentence."""
    patience: float = Field(gt=0, le=120)
    """How long it waits for an outcome before it gives up or tries again."""
    pace: float = Field(ge=0, le=30)
    """Pause between two actions; kept on a real surface only if a run asks for real pace."""
    retries: int = Field(ge=0, le=5, default=1)
    """How often it repeats a step that seemed to fail."""
    double_submit: float = Field(ge=0, le=1, default=0)
    """Chance to press a submit control twice at once."""
    typos: float = Field(ge=0, le=1, default=0)
    """Chance to mistype a field and correct it."""
    wrong_input: float = Field(ge=0, le=1, default=0)
    """Chance to fill a field with malformed or hostile input before the proper one."""
    hostile: bool = False
    """Its wrong input is hostile (markup, quotes, very long text) where `--allow hostile` says so."""
    curiosity: float = Field(ge=0, le=1, default=0.3)
    """How readily it looks at what no journey needs."""
    wandering: float = Field(ge=0, le=1, default=0)
    """Chance to go back and forth before it goes on."""
    keyboard: bool = False
    """Never touches the mouse."""
    tabs: int = Field(ge=1, le=4, default=1)
    """How many tabs it has open at once. In an app on a phone, which has none, it turns the phone instead."""
    reads: bool = False
    """Reads help texts and articles first, and scrolls to the end."""
    text_length: Literal["short", "usual", "long"] = "usual"
    """How much it writes into a text field."""
    fills_optional: bool = True
    """Fills fields that need not be filled."""
    emoji: bool = False
    """Writes emoji."""
    order: Literal["as-seen", "goals-first", "random"] = "goals-first"
    """In which order it does what it came for."""
    expectation: Expectation
    """How one can tell on paper that it is this persona."""


class PersonaError(ValueError):
    """A persona file that cannot be used, or a name that nobody has; a sentence with file and key."""


def load(extra_dirs: Iterable[Path] = ()) -> tuple[Persona, ...]:
    """The personas that ship with Trustwalk, then those of users' own folders; a same name replaces the shipped one.

    Raises PersonaError for a folder or file that cannot be read or does not fit.
    """
    return tuple({p.name: p for p, _ in located(extra_dirs)}.values())


def located(extra_dirs: Iterable[Path] = ()) -> Iterator[tuple[Persona, str]]:
    """Each persona with the file that it comes from."""
    for place in (resources.files("personas").joinpath("catalogue"), *extra_dirs):
        try:
            files = sorted((f for f in place.iterdir() if f.name.endswith((".yml", ".yaml"))), key=lambda f: f.name)
        except OSError as error:
            raise PersonaError(f"{place}: the folder cannot be read ({error.strerror}).") from error
        for file in files:
            yield _read(file), str(file)


def by_name(names: Iterable[str], extra_dirs: Iterable[Path] = ()) -> tuple[Persona, ...]:
    """The personas of these names, in this order; `all` stands for every one of them.

    Raises PersonaError for an unknown name, listing the known ones.
    """
    known = {p.name: p for p in load(extra_dirs)}
    wanted = list(names)
    if "all" in wanted:
        return tuple(known.values())
    missing = [n for n in wanted if n not in known]
    if missing:
        raise PersonaError(f"There is no persona «{missing[0]}». Known personas: {', '.join(sorted(known))}.")
    return tuple(known[n] for n in dict.fromkeys(wanted))


def neutral() -> Persona:
    """Nobody in particular: what personas are measured against."""
    return Persona(
        name="neutral",
        title="Neutral",
        about="Nobody in particular.",
        patience=10,
        pace=1,
        curiosity=0,
        expectation=Expectation(measure="actions", at_least=0),
    )


def _read(file: Traversable) -> Persona:
    try:
        return Persona.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise PersonaError(f"{file}: cannot be read as YAML ({' '.join(str(error).split())}).") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the whole file"
        raise PersonaError(f"{file}: {key}: {first['msg'][0].lower()}{first['msg'][1:]}.") from error
