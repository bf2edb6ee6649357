"""What a user wants to get done: the journey files, as typed data.

A journey file is YAML in `flows/catalogue/` or in a user's own folder. Words are regular expressions, matched
without case against whole visible strings; `<language>: [...]` lists keep one file good for many languages. Words of the
journeys that ship stand in the languages' own files (`flows.recognise.languages`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, WithJsonSchema

from flows.recognise.languages import LOADER, Expressions, JourneyWords, Scene, StageWords, languages
from flows.recognise.matcher import WordList
from flows.recognise.signs import SIGNS


def _are_expressions(words: Mapping[str, tuple[str, ...]]) -> WordList:
    for language, expressions in words.items():
        for expression in expressions:
            try:
                re.compile(expression)
            except re.error as error:
                raise ValueError(f"«{expression}» ({language}) is not a regular expression: {error}") from error
    return WordList(words)


Words = Annotated[Mapping[str, tuple[str, ...]], AfterValidator(_are_expressions)]
"""Language tag → regular expressions; the tag `any` holds what is the same everywhere."""


FAILURES: Mapping[str, str] = {
    "error-page": "The browser's own error page is shown, in the page or in a frame.",
    "empty-frame": "A frame stays empty.",
    "error-words": "An alert or a message speaks of trouble, in the words that apps use for it.",
}
"""Signs of failure by name, each with when it is seen (`flows.recognise.outcome`)."""


def _is_known(name: str) -> str:
    if name not in SIGN_NAMES:
        raise ValueError(f"there is no sign «{name}». Known: {', '.join(SIGN_NAMES)}")
    return name


SIGN_NAMES: tuple[str, ...] = (*(sign.name for sign in SIGNS), *FAILURES)
"""Signs of success and of failure that need no words: a misspelt one would never be seen."""

SignName = Annotated[str, AfterValidator(_is_known), WithJsonSchema({"type": "string", "enum": list(SIGN_NAMES)})]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Recogniser(_Strict):
    """What an element looks like. All parts that are given must fit; an empty one fits anything."""

    roles: tuple[str, ...] = ()
    """WAI-ARIA roles, and `clickable` for what reacts without having one."""
    kinds: tuple[str, ...] = ()
    """Kinds of field: email, password, search, file…"""
    words: Words = Field(default_factory=WordList)
    """Language → regular expressions, each for a whole visible name; `any` holds what is the same everywhere."""
    hints: tuple[str, ...] = ()
    """Regular expressions over `Element.hints` and `href`: an alternative to `words` where a control has no name."""
    unless: Words = Field(default_factory=WordList)
    """Expressions that a whole name must not be."""


class Cues(_Strict):
    """Signs of success or failure, counted only if they appear with the last action."""

    words: Words = Field(default_factory=WordList)
    """Language → regular expressions, each for a whole text that is shown."""
    structure: tuple[SignName, ...] = ()
    """Signs that need no words."""


class Stage(_Strict):
    """One step towards the goal. `do` says what a persona does with what it recognised there."""

    id: str
    """What reports call the stage: `open`, `submit`, `pay`."""
    do: Literal["tap", "fill", "submit", "say", "upload", "download", "read"]
    """What is done there."""
    find: tuple[Recogniser, ...] = ()
    """What it is done to, where the entry's recognisers and the form do not say it."""
    form: Literal["", "ticket", "login", "payment", "chat", "upload", "contact", "search", "any"] = ""
    """What kind of form it is done in, for `fill`, `submit`, `say` and `upload` (see `flows.recognise.forms`)."""
    optional: bool = False
    """Not every app has it."""
    expects: bool = False
    """Success or failure of the journey is due after this stage."""


class Example(Scene):
    """A screen in a few words, to keep the recognisers true: elements as `role: name`, and what follows from them."""

    language: str
    """The language of its words: its tag."""


class Role(StrEnum):
    """What a journey is to the rest: its rules hang on this, and not on what the journey is called."""

    NONE = ""
    LOGIN = "login"  # opens what other journeys need; tried with the credentials given, and twice at most
    KNOWLEDGE = "knowledge"  # something to read: its failures are loud, its texts may speak of trouble
    CHAT = "chat"
    TICKET = "ticket"
    ACCOUNT = "account"
    PAYMENT = "payment"  # may cost money at one press
    UPLOAD = "upload"  # the file is the point of the form
    DOWNLOAD = "download"


class Journey(_Strict):
    """One thing that a user wants to get done."""

    id: str
    """What `--journey` calls it. The id of a shipped journey replaces that one."""
    role: Role = Role.NONE
    """What it is to the rest: a `login` of your own opens what needs one. A journey that replaces a shipped one has its role."""
    title: str
    """What reports call it."""
    about: str = ""
    """What the user does, in one sentence."""
    needs: tuple[str, ...] = ()
    """Journeys, or roles of journeys, that may have to come first (login), used when the app asks for them."""
    allow: str = ""
    """What `--allow` must name before its last stage is done (payment)."""
    stops_before: str = ""
    """The stage that is not entered without that permission: reaching it is success."""
    entry: tuple[Recogniser, ...]
    """What leads to the journey: any one of these."""
    stages: tuple[Stage, ...]
    """What is done, in this order."""
    success: Cues
    """How one sees that it worked."""
    failure: Cues = Field(default_factory=Cues)
    """How one sees that it did not."""
    examples: tuple[Example, ...] = ()
    """Screens that keep the recognisers true."""

    def stage(self, name: str) -> Stage | None:
        """The stage of that id."""
        return next((s for s in self.stages if s.id == name), None)


def permit(journeys: Iterable[Journey], allow: Iterable[str]) -> tuple[Journey, ...]:
    """The journeys with the permissions given: a permitted one no longer stops before its last stage."""
    given = frozenset(allow)
    return tuple(j.model_copy(update={"stops_before": ""}) if j.allow and j.allow in given else j for j in journeys)


def needed(journey: Journey, among: Iterable[Journey]) -> tuple[str, ...]:
    """Ids of the journeys that a journey needs: those it names, and those that have a role which it names."""
    return tuple(j.id for j in among if j.id != journey.id and (j.id in journey.needs or j.role in journey.needs))


class JourneyError(ValueError):
    """A journey or persona file that cannot be used, or a name that nobody has; a sentence with file and key."""


def load_catalogue(extra_dirs: Iterable[Path] = ()) -> tuple[Journey, ...]:
    """The journeys that ship with Trustwalk, then those of users' own folders; a same id replaces the shipped one.

    Those that ship know the words of all languages. Raises JourneyError for a folder or file that cannot be read or does
    not fit, LanguageError for a file of words.
    """
    found = {j.id: j for j, _ in located_catalogue(extra_dirs)}
    return tuple(found.values())


SHIPPED = resources.files("flows").joinpath("catalogue")


def in_all_languages(journey: Journey) -> Journey:
    """A journey of the catalogue with what the languages' files say of it, beside the words that it brings itself.

    Words of an entry or a stage go to the first of its recognisers.
    """
    spoken = {
        tag: words.journeys[journey.id] for tag, words in languages().files.items() if journey.id in words.journeys
    }
    if not spoken:
        return journey
    entry = _with(journey.entry, {t: (w.entry, w.unless) for t, w in spoken.items()})
    stages = [
        s.model_copy(update={"find": _with(s.find, {t: (w.find, w.unless) for t, w in _of_stage(spoken, s.id)})})
        for s in journey.stages
    ]
    scenes = [Example(language=t, **dict(scene)) for t, w in spoken.items() for scene in w.examples]
    return journey.model_copy(
        update={
            "entry": entry,
            "stages": tuple(stages),
            "success": _told(journey.success, {t: w.success for t, w in spoken.items()}),
            "failure": _told(journey.failure, {t: w.failure for t, w in spoken.items()}),
            "examples": (*journey.examples, *scenes),
        }
    )


def _of_stage(spoken: Mapping[str, JourneyWords], stage: str) -> Iterator[tuple[str, StageWords]]:
    return ((tag, words.stages[stage]) for tag, words in spoken.items() if stage in words.stages)


def _with(
    recognisers: tuple[Recogniser, ...], words: Mapping[str, tuple[Expressions, Expressions]]
) -> tuple[Recogniser, ...]:
    if not words:
        return recognisers
    first, *others = recognisers or (Recogniser(),)
    named = {
        "words": _added(first.words, {t: whole for t, (whole, _) in words.items()}),
        "unless": _added(first.unless, {t: unless for t, (_, unless) in words.items()}),
    }
    return (first.model_copy(update=named), *others)


def _told(cues: Cues, words: Mapping[str, Expressions]) -> Cues:
    return cues.model_copy(update={"words": _added(cues.words, words)})


def _added(own: Mapping[str, Expressions], more: Mapping[str, Expressions]) -> WordList:
    tags = dict.fromkeys((*more, *own))
    return WordList({t: found for t in tags if (found := (*own.get(t, ()), *more.get(t, ())))})


def located_catalogue(extra_dirs: Iterable[Path] = ()) -> Iterator[tuple[Journey, str]]:
    """Each journey with the file that it comes from."""
    roles: dict[str, Role] = {}
    for place in (SHIPPED, *extra_dirs):
        for file, data in read_folder(place):
            try:
                journey = Journey.model_validate(data)
                journey = in_all_languages(journey) if place is SHIPPED else journey
            except ValidationError as error:
                raise JourneyError(explain(file, error)) from error
            if not journey.role and journey.id in roles:
                journey = journey.model_copy(update={"role": roles[journey.id]})
            roles[journey.id] = journey.role
            yield journey, file


def choose(journeys: Iterable[Journey], names: Iterable[str]) -> tuple[Journey, ...]:
    """The journeys of these ids, in this order. Raises JourneyError for an unknown one, listing the known."""
    known = {j.id: j for j in journeys}
    missing = [n for n in names if n not in known]
    if missing:
        raise JourneyError(f"There is no journey «{missing[0]}». Known journeys: {', '.join(sorted(known))}.")
    return tuple(known[n] for n in names)


def read_folder(place: Traversable) -> Iterator[tuple[str, Any]]:
    """All YAML files of a folder as plain data, by name. Raises JourneyError if one cannot be read."""
    try:
        files = sorted((f for f in place.iterdir() if f.name.endswith((".yml", ".yaml"))), key=lambda f: f.name)
    except OSError as error:
        raise JourneyError(f"{place}: the folder cannot be read ({error.strerror}).") from error
    for file in files:
        try:
            yield str(file), yaml.load(file.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 a safe one
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise JourneyError(f"{file}: cannot be read as YAML ({' '.join(str(error).split())}).") from error


def explain(file: str, error: ValidationError) -> str:
    """A validation error in one sentence that names the file and the key."""
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"]) or "the whole file"
    return f"{file}: {key}: {first['msg'][0].lower()}{first['msg'][1:]}."
