"""The words of each language, one file a language: `words/<tag>.yml`, and `words/any.yml` for what all have in common.

The set of languages is what files there are. All words are regular expressions, matched without case. The files are read
when the first word is asked for, not when this module is imported, so that commands which need no words stay quick.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property, lru_cache
from importlib import resources
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo

COMMON = "any"
"""The tag of words that are the same in every language, and the file that holds them."""


def _are_expressions(words: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
    """Only where it is asked for: to compile thousands of expressions takes longer than to read them."""
    for word in words if info.context else ():
        try:
            re.compile(word)
        except re.error as error:
            raise ValueError(f"«{word}» is not a regular expression: {error}") from error
    return words


Expressions = Annotated[tuple[str, ...], AfterValidator(_are_expressions)]
"""Words of one group."""

FieldNature = Literal[
    "card-number",
    "card-expiry",
    "card-cvc",
    "card-name",
    "password",
    "email",
    "phone",
    "url",
    "username",
    "first-name",
    "last-name",
    "subject",
    "message",
    "order-number",
    "company",
    "street",
    "city",
    "postcode",
    "country",
    "search",
    "amount",
    "date",
    "code",
    "name",
]
"""What a form field may want. The order counts: of two that fit a label equally well, the first one is taken."""


class LanguageError(ValueError):
    """A file of words that cannot be used; a sentence with file and key."""


class _Strict(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        alias_generator=lambda name: name.replace("_", "-"),
    )


class General(_Strict):
    """Words that mean the same in every app, whatever the journey."""

    error: Expressions = ()
    """Something did not work, or may not be done."""
    clear: Expressions = ()
    """Trust is what failed: certificate, secure connection, encryption."""
    thanks: Expressions = ()
    """The app took what it was given: thanks, sent, created, saved, uploaded."""
    consent: Expressions = ()
    """A banner speaks of cookies or privacy."""
    agree: Expressions = ()
    """The whole name of a button that answers such a banner, be it yes or no."""
    close: Expressions = ()
    """The whole name of a button that closes what lies over the page."""
    danger: Expressions = ()
    """Pressing it would destroy something: never done without `--allow delete`."""
    ends: Expressions = ()
    """The whole name of a control that ends what the user has: leaves a channel, closes a ticket, archives."""
    logout: Expressions = ()
    """It ends the session."""
    login: Expressions = ()
    """It signs in."""
    signup: Expressions = ()
    """It makes an account, or helps with a forgotten password."""
    submit: Expressions = ()
    """It sends a form."""
    unsubmit: Expressions = ()
    """It stands beside a form and does not send it: cancel, preview, browse."""
    menu: Expressions = ()
    """It unfolds a menu."""
    hub: Expressions = ()
    """Where somebody who looks for help goes when nothing names it."""
    language: Expressions = ()
    """It changes the language: «language», the language's own name and its tag."""
    saved_card: Expressions = ()
    """A card is on file: pressing «Pay» might pay at once."""


class Forms(_Strict):
    """Words that tell what a form is for."""

    chat_box: Expressions = ()
    """The box that one writes a chat message into."""
    news: Expressions = ()
    """The form only subscribes to a newsletter."""
    agreement: Expressions = ()
    """The box that has to be ticked: terms, policy."""


class Typed(_Strict):
    """What a persona types in this language. Each text says that it is a test."""

    locale: str
    """Faker's locale for names and addresses."""
    note: str
    """One sentence for a message: this is a Trustwalk test, please ignore it."""
    subject: str
    """A subject line that asks for help with an order; `{n}` becomes a number."""
    hello: str
    """The first line of a chat, which asks for help with an order."""
    topic: str
    """One word to search for: order."""
    phone: str = ""
    """A telephone number that reaches nobody; empty for the common one."""


class Scene(_Strict):
    """A screen in a few words, to keep the recognisers true: elements as `role: name`, and what follows from them."""

    elements: tuple[str, ...] = ()
    """What can be acted on, as `role: name`."""
    texts: tuple[str, ...] = ()
    """What can only be read."""
    stage: str = ""
    """The stage that is due."""
    picks: str = ""
    """The element that must be chosen for it, as it stands in `elements`."""
    after: tuple[str, ...] = ()
    """What is shown after the action."""
    outcome: Literal["", "success", "failure"] = ""
    """What must follow from that."""


class StageWords(_Strict):
    """Words of one stage: of what is pressed there, where the entry's words do not say it."""

    find: Expressions = ()
    """Whole names of what is pressed."""
    unless: Expressions = ()
    """Whole names of what is not."""


class JourneyWords(_Strict):
    """Words of one journey of the catalogue; the journey's own file holds its structure."""

    entry: Expressions = ()
    """Whole names of what leads to it."""
    unless: Expressions = ()
    """Whole names of what does not."""
    success: Expressions = ()
    """Texts that say that it worked, where no structural sign does."""
    failure: Expressions = ()
    """Texts that say that it did not work, besides `general.error`."""
    stages: Mapping[str, StageWords] = Field(default_factory=dict)
    """Stage → its words."""
    examples: tuple[Scene, ...] = ()
    """Screens in this language that keep the words true."""


class Vocabulary(_Strict):
    """All words of one file."""

    general: General = General()
    """Words that mean the same in every app."""
    fields: Mapping[FieldNature, Expressions] = Field(default_factory=dict)
    """What a field wants → words of its label."""
    forms: Forms = Forms()
    """Words that tell what a form is for."""
    around_messages: Expressions = ()
    """Whole lines that a chat writes around messages, so that they are no answer: you, delivered, is typing."""
    developers: Mapping[str, Expressions] = Field(default_factory=dict)
    """What developers write into identifiers and addresses, whatever the app's language; only English has it."""
    innocent: tuple[str, ...] = ()
    """Names in menus that lead to no journey: no language's words may take them for an entry. No expressions."""
    journeys: Mapping[str, JourneyWords] = Field(default_factory=dict)
    """Journey of the catalogue → its words."""


class Language(Vocabulary):
    """One language: `words/<tag>.yml`."""

    name: str
    """What the language is called in English."""
    spaced: bool = True
    """Whether a word ends at a space, so that it must not match inside another one."""
    typed: Typed
    """What a persona types."""


class Common(Vocabulary):
    """What all languages have in common: `words/any.yml`."""

    fallback: str
    """The language to write in where a page's own is unknown."""
    unspaced: tuple[str, ...] = ()
    """Languages without a file here that are written without spaces, for journeys of users' own."""
    phone: str
    """A telephone number that reaches nobody."""


_V = TypeVar("_V", bound=Vocabulary)


class Languages:
    """All languages, and words by group over all of them."""

    def __init__(self, common: Common, spoken: Mapping[str, Language]) -> None:
        """The fallback comes first, then those with spaces between words: one expression holds neighbours of a kind."""
        self.common = common
        order = sorted(spoken, key=lambda tag: (tag != common.fallback, not spoken[tag].spaced, tag))
        self.spoken: Mapping[str, Language] = {tag: spoken[tag] for tag in order}

    @cached_property
    def unspaced(self) -> frozenset[str]:
        """Tags of languages where a word boundary means nothing."""
        return frozenset({COMMON, *self.common.unspaced, *(t for t, of in self.spoken.items() if not of.spaced)})

    @property
    def files(self) -> Mapping[str, Vocabulary]:
        """Tag → words, the common ones first."""
        return {COMMON: self.common, **self.spoken}

    def group(self, section: str, key: str = "") -> dict[str, Expressions]:
        """One group of words in every language that has it: `group("general", "error")`, `group("fields", "email")`."""
        found = {}
        for tag, words in self.files.items():
            part = getattr(words, section)
            if key:
                part = part.get(key, ()) if isinstance(part, Mapping) else getattr(part, key.replace("-", "_"))
            if part:
                found[tag] = part
        return found


@lru_cache(maxsize=1)
def languages() -> Languages:
    """All languages that there are files for. Raises LanguageError for a file that does not fit."""
    files = {
        f.name.removesuffix(".yml"): f.read_text(encoding="utf-8")
        for f in resources.files("flows").joinpath("recognise", "words").iterdir()
        if f.name.endswith(".yml")
    }
    common = read(f"{COMMON}.yml", files.pop(COMMON, ""), Common)
    spoken = {tag: read(f"{tag}.yml", text, Language) for tag, text in files.items()}
    if common.fallback not in spoken:
        raise LanguageError(f"{COMMON}.yml: fallback: there is no file {common.fallback}.yml.")
    return Languages(common, spoken)


def read(name: str, text: str, model: type[_V], *, compile_all: bool = False) -> _V:
    """One file of words; with `compile_all` every expression is tried as well. Raises LanguageError."""
    try:
        data = yaml.load(text, Loader=LOADER)  # noqa: S506 both loaders are safe ones
        return model.model_validate(data, context=compile_all or None)
    except yaml.YAMLError as error:
        raise LanguageError(f"{name}: cannot be read as YAML ({' '.join(str(error).split())}).") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the whole file"
        raise LanguageError(f"{name}: {key}: {first['msg'][0].lower()}{first['msg'][1:]}.") from error


LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one written in C, where PyYAML brings it: ten times as fast."""
