"""Journeys, the goals of users: the journey files as typed data.

A journey file is YAML in `flows/catalogue/` or in a user's own folder. Words are regular expressions. They ignore case and
match whole visible strings. Lists by language (`<language>: [...]`) let one file serve many languages. The words of the
built-in journeys are in the files of the languages (`flows.recognise.languages`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, WithJsonSchema

from flows.recognise.languages import Expressions, JourneyWords, Languages, Scene, StageWords, languages
from flows.recognise.matcher import WordList
from flows.recognise.remembered import remembered
from flows.recognise.signs import SIGNS
from readers import yaml_text
from readers.regular import Unreadable


def _are_expressions(words: Mapping[str, tuple[str, ...]]) -> WordList:
    for language, expressions in words.items():
        for expression in expressions:
            try:
                re.compile(expression)
            except re.error as error:
                raise ValueError(f"«{expression}» ({language}) is not a regular expression: {error}") from error
    return WordList(words)


Words = Annotated[Mapping[str, tuple[str, ...]], AfterValidator(_are_expressions)]
"""Language tag → regular expressions. The tag `any` applies to every language."""


FAILURES: Mapping[str, str] = {
    "error-page": "The browser's own error page is shown, in the page or in a frame.",
    "empty-frame": "A frame stays empty.",
    "error-words": "An alert or a message contains a word or phrase that usually reports an error («failed», «try again»).",
}
"""Signs of failure: name → description (`flows.recognise.outcome`)."""


def _is_known(name: str) -> str:
    if name not in SIGN_NAMES:
        raise ValueError(f"there is no sign «{name}». Known: {', '.join(SIGN_NAMES)}")
    return name


SIGN_NAMES: tuple[str, ...] = (*(sign.name for sign in SIGNS), *FAILURES)
"""The names of all signs of success and failure that need no words. Any other name is refused."""

SignName = Annotated[str, AfterValidator(_is_known), WithJsonSchema({"type": "string", "enum": list(SIGN_NAMES)})]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Recogniser(_Strict):
    """Describes an element. All given parts must match; an empty part matches anything."""

    roles: tuple[str, ...] = ()
    """WAI-ARIA roles, and `clickable` for elements that react to clicks without a role."""
    kinds: tuple[str, ...] = ()
    """Kinds of field: email, password, search, file…"""
    words: Words = Field(default_factory=WordList)
    """Language → regular expressions, each for a whole visible name. `any` applies to every language."""
    hints: tuple[str, ...] = ()
    """Regular expressions for `Element.hints` and `href`: an alternative to `words` for a control without a name."""
    unless: Words = Field(default_factory=WordList)
    """Expressions that a whole name must not match."""
    questions: bool = False
    """Whether a link fits as well whose name is a whole question: «How do I restart it?». It fits less well than a name."""


class Cues(_Strict):
    """Signs of success or failure. They count only if they appear with the last action."""

    words: Words = Field(default_factory=WordList)
    """Language → regular expressions, each for a whole visible text."""
    structure: tuple[SignName, ...] = ()
    """Signs that need no words."""


class Stage(_Strict):
    """One step towards the goal. `do` says what a persona does with the recognised element."""

    id: str
    """The stage's name in reports: `open`, `submit`, `pay`."""
    do: Literal["tap", "fill", "submit", "say", "upload", "download", "read"]
    """What is done there."""
    find: tuple[Recogniser, ...] = ()
    """The elements to act on, if the entry's recognisers and the form do not determine them."""
    form: Literal["", "ticket", "login", "payment", "chat", "upload", "contact", "search", "any"] = ""
    """The kind of form to act in, for `fill`, `submit`, `say` and `upload` (see `flows.recognise.forms`)."""
    optional: bool = False
    """Not every app has it."""
    expects: bool = False
    """Whether the journey must succeed or fail after this stage."""


class Example(Scene):
    """A test case for the recognisers: a screen with elements as `role: name`, and the expected result."""

    language: str
    """The language of its words: its tag."""


class Role(StrEnum):
    """What a journey is for. Rules depend on this role, not on the journey's id."""

    NONE = ""
    LOGIN = "login"  # other journeys may need it; tried with the given credentials, at most twice
    KNOWLEDGE = "knowledge"  # something to read: failures are visible, and the texts themselves may mention errors
    CHAT = "chat"
    TICKET = "ticket"
    ACCOUNT = "account"
    PAYMENT = "payment"  # one press may cost money
    UPLOAD = "upload"  # the purpose of the form is the file
    DOWNLOAD = "download"


class Journey(_Strict):
    """One goal of a user."""

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")
    """Its name for `--journey`: letters of ASCII, digits, «.», «_» and «-», at most 60. A journey with the id of a built-in one replaces it."""
    role: Role = Role.NONE
    """What it is for: your own `login` serves journeys that need one. A journey that replaces a built-in one keeps its role."""
    title: str
    """Its title in reports."""
    about: str = ""
    """What the user does, in one sentence."""
    needs: tuple[str, ...] = ()
    """Journeys, or roles of journeys, that may have to come first (login). They are used if the app asks for them."""
    allow: str = ""
    """The permission that its last stage needs, as `--allow` names it (payment)."""
    stops_before: str = ""
    """The stage that needs that permission. Without it, reaching this stage is success."""
    entry: tuple[Recogniser, ...]
    """Describes the elements that lead to the journey; any one is enough."""
    stages: tuple[Stage, ...]
    """The stages, in order."""
    success: Cues
    """The signs that it worked."""
    failure: Cues = Field(default_factory=Cues)
    """The signs that it failed."""
    examples: tuple[Example, ...] = ()
    """Test cases for the recognisers."""

    def stage(self, name: str) -> Stage | None:
        """The stage with that id."""
        return next((s for s in self.stages if s.id == name), None)


def permit(journeys: Iterable[Journey], allow: Iterable[str]) -> tuple[Journey, ...]:
    """Returns the journeys with the permissions applied: a permitted one no longer stops before its last stage."""
    given = frozenset(allow)
    return tuple(j.model_copy(update={"stops_before": ""}) if j.allow and j.allow in given else j for j in journeys)


def needed(journey: Journey, among: Iterable[Journey]) -> tuple[str, ...]:
    """Returns the ids of the journeys that a journey needs. Its `needs` may name ids or roles."""
    return tuple(j.id for j in among if j.id != journey.id and (j.id in journey.needs or j.role in journey.needs))


class JourneyError(ValueError):
    """An invalid journey file, or an unknown journey. The message is a sentence with file and key."""


def load_catalogue(extra_dirs: Iterable[Path] = ()) -> tuple[Journey, ...]:
    """The built-in journeys, then those of the users' own folders. One with the id of a built-in journey replaces it.

    Built-in journeys have the words of all languages. Raises JourneyError for an unreadable or invalid folder or file,
    and LanguageError for an invalid file of words.
    """
    found = {j.id: j for j, _ in located_catalogue(extra_dirs)}
    return tuple(found.values())


SHIPPED = resources.files("flows").joinpath("catalogue")


def in_all_languages(journey: Journey) -> Journey:
    """Returns a built-in journey with the words of the languages' files added to its own words.

    The words of an entry or a stage are added to its first recogniser.
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
    """Yields each journey with the path of its file, built-in journeys first."""
    roles: dict[str, Role] = {}
    own = (each for place in extra_dirs for each in _read(place))
    for journey, file in (*_shipped(SHIPPED, languages()), *own):
        if not journey.role and journey.id in roles:
            journey = journey.model_copy(update={"role": roles[journey.id]})
        roles[journey.id] = journey.role
        yield journey, file


@remembered(1)
def _shipped(place: Traversable, spoken: Languages) -> tuple[tuple[Journey, str], ...]:
    """The built-in journeys in all languages. They are read once: their matchers are costly to make."""
    return tuple((in_all_languages(journey), file) for journey, file in _read(place))


def _read(place: Traversable) -> Iterator[tuple[Journey, str]]:
    for file, data in read_folder(place):
        try:
            yield Journey.model_validate(data), file
        except ValidationError as error:
            raise JourneyError(explain(file, error)) from error


def choose(journeys: Iterable[Journey], names: Iterable[str]) -> tuple[Journey, ...]:
    """The journeys with these ids, in this order. Raises JourneyError that lists the known ones."""
    known = {j.id: j for j in journeys}
    missing = [n for n in names if n not in known]
    if missing:
        raise JourneyError(f"There is no journey «{missing[0]}». Known journeys: {', '.join(sorted(known))}.")
    return tuple(known[n] for n in names)


def read_folder(place: Traversable) -> Iterator[tuple[str, Any]]:
    """All YAML files of a folder as plain data, by file. Raises JourneyError if one cannot be read."""
    try:
        files = sorted((f for f in place.iterdir() if f.name.endswith((".yml", ".yaml"))), key=lambda f: f.name)
    except OSError as error:
        raise JourneyError(f"{place}: the folder cannot be read ({error.strerror}).") from error
    for file in files:
        try:
            yield str(file), yaml_text.read(file)[1]
        except Unreadable as error:
            raise JourneyError(f"{file} {error}.") from error


def explain(file: str, error: ValidationError) -> str:
    """A validation error as one sentence with file and key."""
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"]) or "the whole file"
    return f"{file}: {key}: {first['msg'][0].lower()}{first['msg'][1:]}."
