"""Persona files as typed data. All times are in seconds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from readers import yaml_text
from readers.regular import Unreadable

NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$"
"""The pattern for names of personas, which become part of file names."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Expectation(_Strict):
    """A measurable difference from a neutral persona: a bound that this persona meets and a neutral one does not."""

    measure: str
    """Name of a measure in `explorer.policy.measures` (for example `double-submits-per-submit`, `keyboard-share`)."""
    at_least: float | None = None
    """Lower bound of the measure."""
    at_most: float | None = None
    """Upper bound of the measure."""


class Persona(_Strict):
    """One way to use an app: patience, pace, errors and habits, as numbers."""

    name: str = Field(pattern=NAME)
    """Name for `--persona`: at most 60 of A–Z, a–z, 0–9, «.», «_», «-». Replaces a built-in persona of that name."""
    title: str
    """The persona's title in reports."""
    about: str
    """A description, in one sentence."""
    patience: float = Field(gt=0, le=120)
    """How long the persona waits for an outcome before it gives up or tries again, in seconds."""
    pace: float = Field(ge=0, le=30)
    """Pause between two actions, in seconds. In a browser or on a device, it applies only with `--real-pace`."""
    retries: int = Field(ge=0, le=5, default=1)
    """How often the persona repeats a step that seemed to fail."""
    double_submit: float = Field(ge=0, le=1, default=0)
    """Probability of pressing a submit control twice at once."""
    typos: float = Field(ge=0, le=1, default=0)
    """Probability of mistyping a field and correcting it."""
    wrong_input: float = Field(ge=0, le=1, default=0)
    """Probability of filling a field with malformed or hostile input before the valid one."""
    hostile: bool = False
    """Whether the wrong input is hostile (markup, quotes, very long text), if `--allow hostile` permits this."""
    curiosity: float = Field(ge=0, le=1, default=0.3)
    """How much the persona explores beyond what its journeys need, from 0 to 1."""
    wandering: float = Field(ge=0, le=1, default=0)
    """Probability of a detour to another page and back before continuing."""
    keyboard: bool = False
    """Whether the persona uses only the keyboard."""
    tabs: int = Field(ge=1, le=4, default=1)
    """How many tabs the persona has open at once. A native app has no tabs: there, a persona that opens more than one
    rotates the phone instead."""
    reads: bool = False
    """Whether the persona reads help texts and articles first, and scrolls to their end."""
    text_length: Literal["short", "usual", "long"] = "usual"
    """How much the persona writes into a text field."""
    fills_optional: bool = True
    """Whether the persona fills optional fields."""
    emoji: bool = False
    """Whether the persona writes emoji."""
    order: Literal["as-seen", "goals-first", "random"] = "goals-first"
    """The order in which the persona tries the journeys."""
    expectation: Expectation
    """The measure that distinguishes this persona."""


class PersonaError(ValueError):
    """An invalid persona file, or an unknown persona. The message is a sentence with file and key."""


def load(extra_dirs: Iterable[Path] = ()) -> tuple[Persona, ...]:
    """The built-in personas and those of users' own folders. A user's persona replaces a built-in one of that name.

    Raises PersonaError for an unreadable or invalid folder or file.
    """
    return tuple({p.name: p for p, _ in located(extra_dirs)}.values())


def located(extra_dirs: Iterable[Path] = ()) -> Iterator[tuple[Persona, str]]:
    """Each persona with its file."""
    for place in (resources.files("personas").joinpath("catalogue"), *extra_dirs):
        try:
            files = sorted((f for f in place.iterdir() if f.name.endswith((".yml", ".yaml"))), key=lambda f: f.name)
        except OSError as error:
            raise PersonaError(f"{place}: the folder cannot be read ({error.strerror}); make it readable.") from error
        for file in files:
            yield _read(file), str(file)


def by_name(names: Iterable[str], extra_dirs: Iterable[Path] = ()) -> tuple[Persona, ...]:
    """The personas with these names, in this order. `all` stands for all personas.

    Raises PersonaError for an unknown name. The message lists the known ones.
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
    """A neutral persona, with which the others are compared."""
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
        return Persona.model_validate(yaml_text.read(file)[1])
    except Unreadable as error:
        raise PersonaError(f"{file} {error}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the whole file"
        raise PersonaError(f"{file}: {key}: {first['msg'][0].lower()}{first['msg'][1:]}.") from error
