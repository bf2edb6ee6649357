"""Journeys (the goals of users): the contents of journey files as typed data.

A journey file is YAML in `flows/catalogue/` or in a user's own folder. Words are regular expressions. They ignore case
and match whole visible strings. Words are listed by language (`<language>: [...]`), so that one file serves many
languages. The words of the built-in journeys are in the language files (`flows.recognise.languages`).
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
    "error-page": "The browser's own error page is shown instead of the page or of a frame.",
    "empty-frame": "A frame stays empty.",
    "error-words": "An alert or a message contains a phrase that usually reports an error («failed», «try again»).",
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
    """Describes an element. All given keys must match; an omitted key matches anything."""

    roles: tuple[str, ...] = ()
    """WAI-ARIA roles, and `clickable` for elements that have no role and react to clicks."""
    kinds: tuple[str, ...] = ()
    """Kinds of field: email, password, search, file…"""
    words: Words = Field(default_factory=WordList)
    """Language → regular expressions, each for a whole visible name. `any` applies to every language."""
    hints: tuple[str, ...] = ()
    """Regular expressions for ids, classes and addresses. They are used for a control whose name matches no `words`."""
    unless: Words = Field(default_factory=WordList)
    """Language → regular expressions. An element does not match if one of them matches its whole name."""
    questions: bool = False
    """Whether a link whose name is a whole question («How do I restart it?») fits, too. It fits less well than a name."""


class Cues(_Strict):
    """Signs of success or failure. A sign counts only if it appears after the last action and was not there before."""

    words: Words = Field(default_factory=WordList)
    """Language → regular expressions, each for a whole visible text."""
    structure: tuple[SignName, ...] = ()
    """Names of signs that are recognised without words."""


class Stage(_Strict):
    """One step towards the goal. `do` says what a persona does with the recognised element."""

    id: str
    """The stage's name in reports: `open`, `submit`, `pay`."""
    do: Literal["tap", "fill", "submit", "say", "upload", "download", "read"]
    """What the persona does at this stage."""
    find: tuple[Recogniser, ...] = ()
    """The elements to act on, if the entry's recognisers and the form do not determine them."""
    form: Literal["", "ticket", "login", "payment", "chat", "upload", "contact", "search", "any"] = ""
    """The kind of form to act in, for `fill`, `submit`, `say` and `upload` (see `flows.recognise.forms`)."""
    optional: bool = False
    """Whether apps may lack this stage."""
    expects: bool = False
    """Whether a sign of success or failure is due after this stage."""


class Example(Scene):
    """A test case for the recognisers: a screen with elements as `role: name`, and the expected result."""

    language: str
    """The language tag of the texts, such as `de`."""


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
    """The journey's name for `--journey`: at most 60 characters, namely ASCII letters, digits, «.», «_» and «-».

    A journey with the id of a built-in one replaces it."""
    role: Role = Role.NONE
    """The purpose of the journey. A journey with the role `login` serves all journeys that need a login.

    A journey that replaces a built-in one and gives no role has the role of the built-in one."""
    title: str
    """The journey's title in reports."""
    about: str = ""
    """What the user does, in one sentence."""
    needs: tuple[str, ...] = ()
    """Ids or roles of journeys that may have to come first (`login`). They are done only if the app asks for them."""
    allow: str = ""
    """The permission that the last stage needs: a word of `--allow`, such as `payment`."""
    stops_before: str = ""
    """The stage that needs the permission in `allow`. Without the permission, reaching this stage is success."""
    entry: tuple[Recogniser, ...]
    """Describes the elements that lead to the journey; any one is enough."""
    stages: tuple[Stage, ...]
    """The stages, in order."""
    success: Cues
    """The signs that the journey succeeded."""
    failure: Cues = Field(default_factory=Cues)
    """The signs that the journey failed."""
    examples: tuple[Example, ...] = ()
    """Test cases for the recognisers."""

    def stage(self, name: str) -> Stage | None:
        """Returns the stage with the id `name`, or None."""
        return next((s for s in self.stages if s.id == name), None)


def permit(journeys: Iterable[Journey], allow: Iterable[str]) -> tuple[Journey, ...]:
    """Returns the journeys with `allow` applied: a permitted journey no longer stops before its last stage."""
    given = frozenset(allow)
    return tuple(j.model_copy(update={"stops_before": ""}) if j.allow and j.allow in given else j for j in journeys)


def needed(journey: Journey, among: Iterable[Journey]) -> tuple[str, ...]:
    """Returns the ids of the journeys in `among` that a journey needs. Its `needs` may name ids or roles."""
    return tuple(j.id for j in among if j.id != journey.id and (j.id in journey.needs or j.role in journey.needs))


class JourneyError(ValueError):
    """A journey file is invalid, or a journey is unknown. The message names the file and key, or the journey."""


def load_catalogue(extra_dirs: Iterable[Path] = ()) -> tuple[Journey, ...]:
    """Returns the built-in journeys, then those of the users' own folders.

    A journey with the id of a built-in one replaces it.

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
    """The built-in journeys in all languages, with their files. Cached, because their matchers are costly to build."""
    return tuple((in_all_languages(journey), file) for journey, file in _read(place))


def _read(place: Traversable) -> Iterator[tuple[Journey, str]]:
    for file, data in read_folder(place):
        try:
            yield Journey.model_validate(data), file
        except ValidationError as error:
            raise JourneyError(explain(file, error)) from error


def choose(journeys: Iterable[Journey], names: Iterable[str]) -> tuple[Journey, ...]:
    """Returns the journeys with these ids, in this order. An unknown id raises JourneyError, which lists all ids."""
    known = {j.id: j for j in journeys}
    missing = [n for n in names if n not in known]
    if missing:
        raise JourneyError(f"There is no journey «{missing[0]}». Known journeys: {', '.join(sorted(known))}.")
    return tuple(known[n] for n in names)


def read_folder(place: Traversable) -> Iterator[tuple[str, Any]]:
    """Yields path and content of each YAML file in a folder. Raises JourneyError for an unreadable folder or file."""
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
